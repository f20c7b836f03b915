-- 改革の柱・推進項目別の取組数。一行が、計画・年度の一つの推進項目、柱の小計、または計。
-- 年度の途中までに終わっていない取組を数える。開始年度の欄がある調査票の年度だけを数える。
-- 範囲: 自治体ごと
-- row_kind: item 推進項目、pillar 柱の小計、grand 計
-- fiscal_year: 年度（西暦）
-- initiatives: 取組数（再掲を含む）
-- relisted: うち再掲の取組数
-- net: 再掲を除いた取組数
-- 鍵: municipality, plan, fiscal_year, row_kind, pillar_no, pillar, item_no, item
-- sources: 数えた取組の名称のセル
-- relisted_sources: 再掲の取組の名称のセル
-- net_sources: 再掲でない取組の名称のセル
WITH active AS (
  SELECT municipality, plan, sheet_year, pillar_no, pillar, item_no, item, relisted,
    cells_of(sources, ['initiative']) AS sources
  FROM staging.initiative_items
  WHERE active
    AND (municipality, plan, sheet_year) IN (
      SELECT (municipality, plan, sheet_year) FROM staging.initiative_items WHERE dated))
SELECT
  municipality, plan, sheet_year AS fiscal_year,
  CASE WHEN grouping(pillar) = 1 THEN 'grand' WHEN grouping(item) = 1 THEN 'pillar' ELSE 'item' END AS row_kind,
  pillar_no,
  CASE WHEN grouping(pillar) = 1 THEN '計' ELSE pillar END AS pillar,
  item_no, item,
  count(*) AS initiatives,
  count(*) FILTER (relisted) AS relisted,
  count(*) FILTER (NOT relisted) AS net,
  all_cells(list(sources)) AS sources,
  all_cells(list(sources) FILTER (relisted)) AS relisted_sources,
  all_cells(list(sources) FILTER (NOT relisted)) AS net_sources
FROM active
GROUP BY GROUPING SETS (
  (municipality, plan, sheet_year, pillar_no, pillar, item_no, item),
  (municipality, plan, sheet_year, pillar_no, pillar),
  (municipality, plan, sheet_year))
ORDER BY municipality, plan, fiscal_year, row_kind, pillar_no, item_no, pillar, item
