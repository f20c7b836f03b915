-- 正の数どうしの比（a÷b）と、分数のn乗（p÷qのn乗）を、誤差なく比べる。大きければ1、等しければ0、小さければ-1。
-- a×qのn乗と、b×pのn乗を、10の18乗ごとに区切った整数の並び（小さい位から）にして掛け、差の符号を大きい位から決める。
-- 何乗でも桁あふれしない。p、q、nは0以上の整数で、p、qは10の15乗まで、nは60までとする。
-- 例: compare_power(110, 100, 11, 10, 1) → 0、compare_power(2, 1, 14, 10, 2) → 1（2は1.96より大きい）
CREATE OR REPLACE MACRO compare_power(a, b, p, q, n) AS
  CAST(sign(list_reduce(
    list_reverse(list_transform(
      list_zip(
        times_power(CAST(a AS DECIMAL(38, 12)), q, n, 4 + CAST(n AS INTEGER)),
        times_power(CAST(b AS DECIMAL(38, 12)), p, n, 4 + CAST(n AS INTEGER))),
      lambda pair: pair[1] - pair[2])),
    -- ±10で止めても符号は変わらない。次の位の差は、10の18乗の1.1倍に届かない。
    lambda above, digit: greatest(-10, least(10, above * 1000000000000000000 + digit)))) AS INTEGER);
