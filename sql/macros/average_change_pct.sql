-- 年平均増減率（%、0.1%単位、四捨五入）。（今の値÷初めの値）の、経過年数の累乗根から1を引いたもの。
-- どちらの値も正の数で、経過年数が1から60までのときだけ。それ以外は空。
-- 二進小数で見当を付け、その前後の0.1%ごとに、四捨五入の境を経過年数だけ掛けたものと誤差なく比べて決める（compare_power）。
-- 例: average_change_pct(121, 100, 2) → 10.0、average_change_pct(50, 100, 1) → -50.0
CREATE OR REPLACE MACRO average_change_pct(current, first, years) AS
  CASE WHEN first > 0 AND current > 0 AND years BETWEEN 1 AND 60 THEN
    TRY(CAST(list_extract(
      list_filter(
        list_transform([-2, -1, 0, 1, 2], lambda near: near + CAST(round(
          (pow(CAST(current AS DOUBLE) / CAST(first AS DOUBLE), 1.0 / years) - 1) * 1000) AS BIGINT)),
        lambda k: rounds_to(current, first, years, k)), 1) AS DECIMAL(20, 0)) * 0.1::DECIMAL(2, 1))
  END;
