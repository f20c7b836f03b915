-- 成果指標の達成状況のまとめ。一行が、計画・年度の一つの種別、または計。率の算式が違うものは平均せず、達成した数でまとめる。
-- 範囲: 自治体ごと
-- 鍵: municipality, plan, fiscal_year, kind
-- kind: 種別（成果、実績）。計は合計
-- indicators: 指標の数
-- with_target: 目標値が数値である指標の数
-- without_target: 目標値が数値でない（未定、文章など）指標の数
-- reported: 実績が報告された指標の数
-- judged: 目標と実績がそろい、達成を判定した指標の数
-- achieved: 目標を達成した指標の数
-- sources: 数えた指標の名称のセル
-- with_target_sources: 目標値が数値であるセル
-- without_target_sources: 目標値が数値でない指標の、名称と目標値のセル
-- judged_sources: 達成を判定した指標の目標と実績のセル
-- reported_sources: 実績のセル
-- achieved_sources: 達成した指標の目標と実績のセル
SELECT
  municipality, plan, fiscal_year, CASE WHEN grouping(kind) = 1 THEN '計' ELSE kind END AS kind,
  count(*) AS indicators,
  count(target) AS with_target,
  count(*) FILTER (target IS NULL) AS without_target,
  count(actual) AS reported,
  count(achieved) AS judged,
  count(*) FILTER (achieved) AS achieved,
  all_cells(list(cells_of(sources, ['indicator']))) AS sources,
  all_cells(list(cells_of(sources, ['target'])) FILTER (target IS NOT NULL)) AS with_target_sources,
  all_cells(list(cells_of(sources, ['indicator', 'target'])) FILTER (target IS NULL)) AS without_target_sources,
  all_cells(list(cells_of(sources, ['actual']))) AS reported_sources,
  all_cells(list(cells_of(sources, ['target', 'actual'])) FILTER (achieved IS NOT NULL)) AS judged_sources,
  all_cells(list(cells_of(sources, ['target', 'actual'])) FILTER (achieved)) AS achieved_sources
FROM marts.indicator_years
GROUP BY GROUPING SETS ((municipality, plan, fiscal_year, kind), (municipality, plan, fiscal_year))
ORDER BY municipality, plan, fiscal_year, kind
