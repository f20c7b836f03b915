-- 個別事業の数。一行が、現行計画または次期計画の一つの取組（推進計画）、または計。
-- 現行計画では、名称に【計画終了…】とある事業を数えない。再掲の事業は数える。
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
WITH counted AS (
  SELECT *, min(record_id) OVER (PARTITION BY municipality, plan, "table", "group", subgroup) AS place
  FROM staging.projects
  WHERE NOT ("table" = '現行計画' AND project LIKE '%【計画終了%'))
SELECT
  municipality, plan, "table",
  CASE WHEN grouping(place) = 1 THEN 'total' ELSE 'row' END AS row_kind,
  CASE WHEN grouping(place) = 0 AND subgroup IS NOT NULL THEN "group" END AS "group",
  CASE WHEN grouping(place) = 1 THEN '計' ELSE coalesce(subgroup, "group") END AS name,
  count(*) FILTER (standing = '継続') AS continued,
  CASE WHEN "table" = '現行計画' THEN count(*) FILTER (standing = '終了') END AS ended,
  CASE WHEN "table" = '次期計画' THEN count(*) FILTER (standing = '新規') END AS new,
  count(*) AS total
FROM counted
GROUP BY GROUPING SETS (
  (municipality, plan, "table", place, "group", subgroup),
  (municipality, plan, "table"))
ORDER BY municipality, plan, "table", row_kind, place
