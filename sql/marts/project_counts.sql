-- 個別事業の数。一行が、現行計画または次期計画の一つの取組（推進計画）、または計。
-- 現行計画では、計画の期間中にすでに終了した事業（staging.projects の counted）を数えない。再掲の事業は数える。
-- 範囲: 自治体ごと
-- 鍵: municipality, plan, table, row_kind, group, name
-- municipality: 自治体
-- plan: 計画
-- table: 現行計画、次期計画
-- row_kind: row 取組、total 計
-- group: 基本方針、または重点事業・個別事業の別
-- name: 事業推進計画、または取組
-- continued: 継続の事業数
-- ended: 終了の事業数（次期計画では空）
-- new: 新規の事業数（現行計画では空）
-- total: 事業数
-- listed: 一覧に載る事業数（数えないものを含む）
-- sources: 数えた事業の名称のセル
-- continued_sources: 継続の事業の、継続・終了・新規の欄のセル
-- ended_sources: 終了の事業の、継続・終了の欄のセル
-- new_sources: 新規の事業の、継続・新規の欄のセル
-- listed_sources: 一覧に載る事業の名称のセル
WITH counted AS (
  SELECT *, min(record_id) OVER (PARTITION BY municipality, plan, "table", "group", subgroup) AS place
  FROM staging.projects)
SELECT
  municipality, plan, "table",
  CASE WHEN grouping(place) = 1 THEN 'total' ELSE 'row' END AS row_kind,
  CASE WHEN grouping(place) = 0 AND subgroup IS NOT NULL THEN "group" END AS "group",
  CASE WHEN grouping(place) = 1 THEN '計' ELSE coalesce(subgroup, "group") END AS name,
  count(*) FILTER (counted AND standing = '継続') AS continued,
  CASE WHEN "table" = '現行計画' THEN count(*) FILTER (counted AND standing = '終了') END AS ended,
  CASE WHEN "table" = '次期計画' THEN count(*) FILTER (counted AND standing = '新規') END AS new,
  count(*) FILTER (counted) AS total,
  count(*) AS listed,
  all_cells(list(cells_of(sources, ['project'])) FILTER (counted)) AS sources,
  all_cells(list(cells_of(sources, ['novelty', 'outcome'])) FILTER (counted AND standing = '継続')) AS continued_sources,
  all_cells(list(cells_of(sources, ['novelty', 'outcome'])) FILTER (counted AND standing = '終了')) AS ended_sources,
  all_cells(list(cells_of(sources, ['novelty', 'outcome'])) FILTER (counted AND standing = '新規')) AS new_sources,
  all_cells(list(cells_of(sources, ['project']))) AS listed_sources
FROM counted
GROUP BY GROUPING SETS (
  (municipality, plan, "table", place, "group", subgroup),
  (municipality, plan, "table"))
ORDER BY municipality, plan, "table", row_kind, place
