-- 個別事業の一覧。一行が、現行計画または次期計画の一つの事業。
-- 範囲: 自治体ごと
-- 鍵: municipality, plan, table, group, subgroup, code, project
-- table: 現行計画、次期計画
-- standing: 次期計画では 継続・新規、現行計画では 継続・終了
-- counted: 事業数に数えるか
-- why_not: 事業数に数えない理由
-- summary: 概要
-- remarks: 備考（終了の事業では、終了理由）
-- former_name: 旧名称（名称の変わった事業だけ）
SELECT municipality, plan, "table", "group", subgroup, code, project, standing, departments, counted, why_not, sources,
  summary, remarks, former_name
FROM staging.projects
ORDER BY municipality, plan, "table", record_id
