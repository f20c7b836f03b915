-- 個別事業の一覧。一行が、現行計画または次期計画の一つの事業。次期計画の事業には、同じ番号の個票の文が付く。
-- 範囲: 自治体ごと
-- 鍵: municipality, plan, table, group, subgroup, code, project
-- table: 現行計画、次期計画、個票（一覧になく、個票だけがある事業）
-- standing: 次期計画では 継続・新規、現行計画では 継続・終了
-- counted: 事業数に数えるか
-- why_not: 事業数に数えない理由
-- summary: 概要
-- remarks: 備考（終了の事業では、終了理由）
-- former_name: 旧名称（名称の変わった事業だけ）
-- sheet_summary: 個票の概要
-- current_state: 個票の現状
-- ideal: 個票の理想的な姿
-- actions: 個票の主な取組
-- schedule: 個票の工程（段、初めの年度、終わりの年度、文）。年度をまたいで結合したセルは一つの工程
WITH sheets AS (
  SELECT *,
    list_filter(
      sources, lambda s: NOT list_contains(['code', 'project', 'departments', 'stated_department'], s.field)
    ) AS cells
  FROM staging.project_sheets),
listed AS (
  SELECT p.*, s.record_id AS sheet_id
  FROM staging.projects AS p
  LEFT JOIN sheets AS s ON p."table" = '次期計画' AND s.municipality = p.municipality
    AND s.plan IS NOT DISTINCT FROM p.plan AND s.code = p.code
  QUALIFY row_number() OVER (PARTITION BY p.record_id ORDER BY s.project = p.project DESC NULLS LAST, s.record_id) = 1),
every AS (
  SELECT record_id, municipality, plan, "table", "group", subgroup, code, project, standing, departments, counted,
    why_not, sources, summary, remarks, former_name, sheet_id
  FROM listed
  UNION ALL
  SELECT record_id, municipality, plan, '個票', NULL, NULL, code, project, NULL, departments, true, NULL,
    cells_of(sources, ['code', 'project', 'departments']), NULL, NULL, NULL, record_id
  FROM sheets WHERE record_id NOT IN (SELECT sheet_id FROM listed WHERE sheet_id IS NOT NULL))
SELECT e.municipality, e.plan, "table", "group", subgroup, e.code, e.project, standing, e.departments, counted, why_not,
  list_concat(e.sources, s.cells) AS sources,
  coalesce(e.summary, s.summary) AS summary, remarks, coalesce(e.former_name, s.former_name) AS former_name,
  s.summary AS sheet_summary, s.current_state, s.ideal, s.actions, s.schedule
FROM every AS e
LEFT JOIN sheets AS s ON s.record_id = e.sheet_id
ORDER BY e.municipality, e.plan, "table", e.record_id
