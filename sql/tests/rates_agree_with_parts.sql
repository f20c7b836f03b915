-- 達成率（算式A）は、実績を目標で割った割合との差が0.05ポイント以下であること。増減は、実績から前年度の実績を引いた差であること。
-- 検算の桁あふれを避けるため、一兆未満の値について調べる。
-- 範囲: 自治体ごと
SELECT municipality, plan, indicator, subgroup, kind, fiscal_year, actual, target, attainment_pct, previous_actual,
  change
FROM marts.indicator_years
WHERE change <> actual - previous_actual
  OR CASE
    WHEN method = 'A' AND abs(actual) < 1000000000000 AND abs(target) < 1000000000000
      AND abs(attainment_pct) < 1000000000
    THEN abs(attainment_pct::DECIMAL(10, 1) * target::DECIMAL(24, 12) - actual::DECIMAL(24, 12) * 100)
      > abs(target::DECIMAL(24, 12)) * 0.05::DECIMAL(3, 2)
    ELSE false
  END
