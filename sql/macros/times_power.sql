-- 数xの10の12乗倍に、整数mをn回掛けた数。10の18乗ごとに区切った整数の並び（小さい位から、length個）で返す。
-- 繰り上がりは一つ上の位へ送るだけなので、各位は10の18乗をわずかに超えることがある。
-- 例: times_power(3, 2, 2, 2) → [12000000000000, 0]（3×2×2）
CREATE OR REPLACE MACRO times_power(x, m, n, length) AS
  list_reduce(
    list_concat(
      [{'digits': list_transform(range(length), lambda i: CASE i
          WHEN 0 THEN CAST(x * 1000000000000 AS HUGEINT) % 1000000000000000000
          WHEN 1 THEN CAST(x * 1000000000000 AS HUGEINT) // 1000000000000000000 % 1000000000000000000
          WHEN 2 THEN CAST(x * 1000000000000 AS HUGEINT) // 1000000000000000000 // 1000000000000000000
          ELSE 0::HUGEINT END)}],
      list_transform(range(n), lambda i: {'digits': []::HUGEINT[]})),
    lambda made, next: {'digits': list_transform(made.digits, lambda digit, i:
      digit * CAST(m AS HUGEINT) % 1000000000000000000
        + coalesce(CASE WHEN i > 1 THEN made.digits[i - 1] END * CAST(m AS HUGEINT)
          // 1000000000000000000, 0))}).digits;
