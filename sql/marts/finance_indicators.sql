-- 大綱に掲げる指標（職員数、基金残高など）。一行が、自治体の一つの指標の一つの年度。
-- 範囲: 自治体ごと
-- standard: 目標・基準（原文）
-- standard_as_of: いつの目標・基準か（原文）
-- fiscal_year: 年度（西暦）
-- as_of: いつの値か（原文）
-- value: 実績値（unitの単位で）
-- nature: 実績値の確かさ（確定、速報、見込、推計、暫定、集計中）。断りがなければ空
-- span: 実績値がいつの間の値か（単年度、累計、年度末時点、月平均、年度途中）。断りがなければ空
-- approx: 実績値がおよその値か
-- plan_value: 計画値
-- diff_from_plan: 実績値から計画値を引いた差
-- meets_standard: 目標・基準を満たすか。以上・以下などの向きがない基準と、単位が実績値と違う基準では空
-- 鍵: municipality, plan, indicator, fiscal_year
-- sources: 値の出どころ（項目、ファイル、シート、セル）
-- value_sources: 実績値のセル
-- diff_from_plan_sources: 実績値と計画値のセル
SELECT
  municipality, plan, indicator, standard, standard_as_of, fiscal_year, as_of, actual AS value, unit,
  nature, span, approx, plan_value,
  actual - plan_value AS diff_from_plan,
  CASE
    WHEN canonical_unit(standard_unit) IS DISTINCT FROM canonical_unit(unit) THEN NULL
    WHEN comparator = 'ge' THEN actual >= standard_value
    WHEN comparator = 'gt' THEN actual > standard_value
    WHEN comparator = 'le' THEN actual <= standard_value
    WHEN comparator = 'lt' THEN actual < standard_value
  END AS meets_standard,
  sources, cells_of(sources, ['actual']) AS value_sources,
  cells_of(sources, ['actual', 'plan_value']) AS diff_from_plan_sources
FROM staging.indicator_values
WHERE newest = 1
ORDER BY municipality, indicator, fiscal_year, plan
