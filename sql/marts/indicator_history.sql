-- 大綱の指標の五年間の推移（横持ち、資料の表の形）。一行が、一つの指標の、ある年度までの五年間。
-- 範囲: 自治体ごと
-- sources: 五年間の最後の年度の、すべての項目のセル
-- last_year: 五年間の最後の年度（西暦）
-- digits: 印字する小数の桁数（人数は0、ほかは1）
-- v1: 四年前の実績値。v2、v3、v4と続き、v5が最後の年度
-- p1: 四年前の計画値。p5が最後の年度
-- a1: 四年前の値の時点。a5が最後の年度
-- gap: 最後の年度の、実績値から計画値を引いた差
-- value_sources: 最後の年度の実績値のセル
-- gap_sources: 最後の年度の実績値と計画値のセル
-- meets_standard: 最後の年度に目標・基準を満たすか
-- v1_sources: 四年前の実績値のセル
-- v2_sources: 三年前の実績値のセル
-- v3_sources: 二年前の実績値のセル
-- v4_sources: 前年度の実績値のセル
-- v5_sources: 最後の年度の実績値のセル
-- p1_sources: 四年前の計画値のセル
-- p2_sources: 三年前の計画値のセル
-- p3_sources: 二年前の計画値のセル
-- p4_sources: 前年度の計画値のセル
-- p5_sources: 最後の年度の計画値のセル
-- a1_sources: 四年前の時点のセル
-- a2_sources: 三年前の時点のセル
-- a3_sources: 二年前の時点のセル
-- a4_sources: 前年度の時点のセル
-- a5_sources: 最後の年度の時点のセル
WITH years AS (
  SELECT
    municipality, indicator, fiscal_year, value, plan_value, replace(as_of, ' ', '') AS as_of, value_sources,
    cells_of(sources, ['plan_value']) AS plan_value_sources, cells_of(sources, ['as_of']) AS as_of_sources
  FROM marts.finance_indicators)
-- 一つの指標の一つの年度は一行なので、any_valueはその行の値になる
SELECT
  l.municipality, l.plan, l.indicator, l.fiscal_year AS last_year, l.unit,
  CASE WHEN l.unit = '人' THEN 0 ELSE 1 END AS digits,
  replace(l.standard, ' ', '') AS standard, replace(l.standard_as_of, ' ', '') AS standard_as_of,
  replace(l.as_of, ' ', '') AS as_of, l.value, l.plan_value, l.diff_from_plan AS gap, l.meets_standard,
  l.sources, l.value_sources, l.diff_from_plan_sources AS gap_sources,
  any_value(y.value) FILTER (y.fiscal_year = l.fiscal_year - 4) AS v1,
  any_value(y.value_sources) FILTER (y.fiscal_year = l.fiscal_year - 4) AS v1_sources,
  any_value(y.value) FILTER (y.fiscal_year = l.fiscal_year - 3) AS v2,
  any_value(y.value_sources) FILTER (y.fiscal_year = l.fiscal_year - 3) AS v2_sources,
  any_value(y.value) FILTER (y.fiscal_year = l.fiscal_year - 2) AS v3,
  any_value(y.value_sources) FILTER (y.fiscal_year = l.fiscal_year - 2) AS v3_sources,
  any_value(y.value) FILTER (y.fiscal_year = l.fiscal_year - 1) AS v4,
  any_value(y.value_sources) FILTER (y.fiscal_year = l.fiscal_year - 1) AS v4_sources,
  any_value(y.value) FILTER (y.fiscal_year = l.fiscal_year) AS v5,
  any_value(y.value_sources) FILTER (y.fiscal_year = l.fiscal_year) AS v5_sources,
  any_value(y.plan_value) FILTER (y.fiscal_year = l.fiscal_year - 4) AS p1,
  any_value(y.plan_value_sources) FILTER (y.fiscal_year = l.fiscal_year - 4) AS p1_sources,
  any_value(y.plan_value) FILTER (y.fiscal_year = l.fiscal_year - 3) AS p2,
  any_value(y.plan_value_sources) FILTER (y.fiscal_year = l.fiscal_year - 3) AS p2_sources,
  any_value(y.plan_value) FILTER (y.fiscal_year = l.fiscal_year - 2) AS p3,
  any_value(y.plan_value_sources) FILTER (y.fiscal_year = l.fiscal_year - 2) AS p3_sources,
  any_value(y.plan_value) FILTER (y.fiscal_year = l.fiscal_year - 1) AS p4,
  any_value(y.plan_value_sources) FILTER (y.fiscal_year = l.fiscal_year - 1) AS p4_sources,
  any_value(y.plan_value) FILTER (y.fiscal_year = l.fiscal_year) AS p5,
  any_value(y.plan_value_sources) FILTER (y.fiscal_year = l.fiscal_year) AS p5_sources,
  any_value(y.as_of) FILTER (y.fiscal_year = l.fiscal_year - 4) AS a1,
  any_value(y.as_of_sources) FILTER (y.fiscal_year = l.fiscal_year - 4) AS a1_sources,
  any_value(y.as_of) FILTER (y.fiscal_year = l.fiscal_year - 3) AS a2,
  any_value(y.as_of_sources) FILTER (y.fiscal_year = l.fiscal_year - 3) AS a2_sources,
  any_value(y.as_of) FILTER (y.fiscal_year = l.fiscal_year - 2) AS a3,
  any_value(y.as_of_sources) FILTER (y.fiscal_year = l.fiscal_year - 2) AS a3_sources,
  any_value(y.as_of) FILTER (y.fiscal_year = l.fiscal_year - 1) AS a4,
  any_value(y.as_of_sources) FILTER (y.fiscal_year = l.fiscal_year - 1) AS a4_sources,
  any_value(y.as_of) FILTER (y.fiscal_year = l.fiscal_year) AS a5,
  any_value(y.as_of_sources) FILTER (y.fiscal_year = l.fiscal_year) AS a5_sources
FROM marts.finance_indicators AS l
JOIN years AS y USING (municipality, indicator)
GROUP BY ALL
ORDER BY ALL
