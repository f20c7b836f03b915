-- 成果指標の実績の推移。一行が、一つの指標の一つの年度。実績の数値がある年度だけ。年度途中の値は入らない。
-- 初めの年度は、同じ定義（単位、方向、基準値、単年度か累計かなど）で実績のある最初の年度。定義の変わる前の年度からは数えない。
-- 値は、いまの値（公表した後に改められたものは、改めた値）。
-- 範囲: 自治体ごと
-- 鍵: municipality, plan, code, indicator, subgroup, kind, fiscal_year
-- kind: 種別（成果、実績）
-- nature: 実績値の確からしさ（確定、速報、見込、推計、暫定、集計中。書かれていなければ空）
-- span: 実績値が何についての値か（単年度、累計、年度末時点、月平均。書かれていなければ空）
-- first_year: 初めの年度（西暦）
-- first_actual: 初めの年度の実績値
-- years: 初めの年度からの経過年数
-- reported_years: 初めの年度からこの年度までに、実績のある年度の数
-- redefined: 初めの年度の前に、定義の違う年度があるか
-- ratio_to_first: 初めの年度を100とする比（0.1単位）。初めの年度が正の数のときだけ
-- direction: 目指す方向（上昇、低下、維持）
-- average_change_pct: 年平均増減率（%）。（実績÷初めの実績）の経過年数の累乗根−1。どちらも正の数のときだけ。割合と点の指標では空
-- average_change_points: 年平均増減ポイント（小数第2位まで）。割合（%、ポイント）の指標だけ。点の指標では点
-- average_change_unit: 年平均の増減の単位（%、ポイント、点）
-- no_average_reason: 年平均を出せない理由（初めの年度、累計の値、0以下の値）
-- sources: 値の出どころ（項目、ファイル、シート、セル）
-- average_change_pct_sources: この年度と初めの年度の実績のセル
-- average_change_points_sources: この年度と初めの年度の実績のセル
-- ratio_to_first_sources: この年度と初めの年度の実績のセル
-- first_actual_sources: 初めの年度の実績のセル
WITH reported AS (
  SELECT
    i.municipality, i.plan, i.code, i.project, i.indicator, i.subgroup, i.kind, i.unit, i.fiscal_year, i.department,
    i.direction, i.actual, i.nature, i.span,
    value_span(i.span, i.indicator) AS compared_span, i.sources, s.key, s.generation,
    cells_of(i.sources, ['actual']) AS cells,
    CASE canonical_unit(i.unit) WHEN '%' THEN 'ポイント' WHEN 'ポイント' THEN 'ポイント' WHEN '点' THEN '点' ELSE '%' END
      AS average_change_unit
  FROM marts.indicator_years AS i
  JOIN staging.indicator_series AS s
    ON s.municipality = i.municipality AND s.fiscal_year = i.fiscal_year AND s.indicator = i.indicator
      AND s.plan IS NOT DISTINCT FROM i.plan AND s.code IS NOT DISTINCT FROM i.code
      AND s.subgroup IS NOT DISTINCT FROM i.subgroup AND s.kind IS NOT DISTINCT FROM i.kind
  WHERE i.actual IS NOT NULL AND i.span IS DISTINCT FROM '年度途中'),
first_years AS (
  SELECT
    municipality, key, generation, compared_span, min(fiscal_year) AS first_year,
    arg_min(actual, fiscal_year) AS first_actual,
    arg_min(list_transform(cells, lambda c:
      {'field': 'first_actual', 'path': c.path, 'sheet': c.sheet, 'cell': c.cell}), fiscal_year) AS first_cells,
    first_year > min(first_year) OVER (PARTITION BY municipality, key) AS redefined
  FROM reported
  GROUP BY municipality, key, generation, compared_span),
counted AS (
  SELECT
    r.*, f.first_year, f.first_actual, f.first_cells, f.redefined, r.fiscal_year - f.first_year AS years,
    count(*) OVER (PARTITION BY r.municipality, r.key, r.generation, r.compared_span
      ORDER BY r.fiscal_year) AS reported_years,
    list_concat(r.cells, f.first_cells) AS both_cells
  FROM reported AS r
  JOIN first_years AS f
    ON f.municipality = r.municipality AND f.key = r.key AND f.generation = r.generation
      AND f.compared_span = r.compared_span)
SELECT
  municipality, plan, code, project, indicator, subgroup, kind, unit, fiscal_year, department, direction, actual,
  nature, span, first_year, first_actual, years, reported_years, redefined,
  ratio_to_previous(actual, first_actual) AS ratio_to_first,
  CASE WHEN average_change_unit = '%' AND span IS DISTINCT FROM '累計'
    THEN average_change_pct(actual, first_actual, years) END AS average_change_pct,
  CASE WHEN average_change_unit <> '%' AND span IS DISTINCT FROM '累計'
    THEN average_change_points(actual, first_actual, years) END AS average_change_points,
  average_change_unit,
  CASE
    WHEN years = 0 THEN '初めの年度'
    -- 累計は増えるだけなので、年平均の増減率では比べられない
    WHEN span = '累計' THEN '累計の値'
    WHEN average_change_unit = '%' AND (actual <= 0 OR first_actual <= 0) THEN '0以下の値'
    WHEN average_change_pct IS NULL AND average_change_points IS NULL THEN '数が大きすぎて計算できない'
  END AS no_average_reason,
  list_sort(list_concat(sources, first_cells)) AS sources,
  both_cells AS average_change_pct_sources, both_cells AS average_change_points_sources,
  both_cells AS ratio_to_first_sources, first_cells AS first_actual_sources
FROM counted
ORDER BY municipality, plan, code, indicator, subgroup, kind, fiscal_year
