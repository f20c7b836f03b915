-- 大綱の指標の五年間の推移（横持ち、資料の表の形）。一行が、一つの指標の、ある年度までの五年間。
-- last_year: 五年間の最後の年度（西暦）
-- digits: 印字する小数の桁数（人数は0、ほかは1）
-- v1: 四年前の実績値。v2、v3、v4と続き、v5が最後の年度
-- p1: 四年前の計画値。p5が最後の年度
-- a1: 四年前の値の時点。a5が最後の年度
-- gap: 最後の年度の、実績値から計画値を引いた差
-- meets_standard: 最後の年度に目標・基準を満たすか
SELECT
  l.municipality, l.plan, l.indicator, l.fiscal_year AS last_year, l.unit,
  CASE WHEN l.unit = '人' THEN 0 ELSE 1 END AS digits,
  replace(l.standard, ' ', '') AS standard, replace(l.standard_as_of, ' ', '') AS standard_as_of,
  replace(l.as_of, ' ', '') AS as_of, l.value, l.plan_value, l.diff_from_plan AS gap, l.meets_standard,
  max(y.value) FILTER (y.fiscal_year = l.fiscal_year - 4) AS v1,
  max(y.value) FILTER (y.fiscal_year = l.fiscal_year - 3) AS v2,
  max(y.value) FILTER (y.fiscal_year = l.fiscal_year - 2) AS v3,
  max(y.value) FILTER (y.fiscal_year = l.fiscal_year - 1) AS v4,
  max(y.value) FILTER (y.fiscal_year = l.fiscal_year) AS v5,
  max(y.plan_value) FILTER (y.fiscal_year = l.fiscal_year - 4) AS p1,
  max(y.plan_value) FILTER (y.fiscal_year = l.fiscal_year - 3) AS p2,
  max(y.plan_value) FILTER (y.fiscal_year = l.fiscal_year - 2) AS p3,
  max(y.plan_value) FILTER (y.fiscal_year = l.fiscal_year - 1) AS p4,
  max(y.plan_value) FILTER (y.fiscal_year = l.fiscal_year) AS p5,
  max(replace(y.as_of, ' ', '')) FILTER (y.fiscal_year = l.fiscal_year - 4) AS a1,
  max(replace(y.as_of, ' ', '')) FILTER (y.fiscal_year = l.fiscal_year - 3) AS a2,
  max(replace(y.as_of, ' ', '')) FILTER (y.fiscal_year = l.fiscal_year - 2) AS a3,
  max(replace(y.as_of, ' ', '')) FILTER (y.fiscal_year = l.fiscal_year - 1) AS a4,
  max(replace(y.as_of, ' ', '')) FILTER (y.fiscal_year = l.fiscal_year) AS a5
FROM marts.finance_indicators AS l
JOIN marts.finance_indicators AS y
  ON y.municipality = l.municipality AND y.indicator = l.indicator
  AND y.fiscal_year BETWEEN l.fiscal_year - 4 AND l.fiscal_year
GROUP BY ALL
ORDER BY ALL
