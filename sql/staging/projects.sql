-- 個別事業。最も新しい年度の一覧だけを採る。一行が、現行計画または次期計画の一つの事業。
-- 範囲: 自治体ごと
-- table: 現行計画、次期計画
-- standing: 次期計画では 継続・新規、現行計画では 継続・終了
-- counted: 事業数に数えるか。現行計画の、名称に計画終了の印（計画の設定 ended_mark）がある事業は数えない。再掲の事業は数える
-- why_not: 数えない理由（名称の印に書かれた語）
-- summary: 概要
-- remarks: 備考（終了の事業では、終了理由）
-- former_name: 旧名称（名称の変わった事業だけ）
WITH listed AS (
  SELECT
    k.record_id, k.municipality, k.plan, k.sheet_year, k.department,
    CASE k.kind WHEN 'current_project' THEN '現行計画' ELSE '次期計画' END AS "table",
    max(f.value) FILTER (f.name = 'group') AS "group",
    max(f.value) FILTER (f.name = 'subgroup') AS subgroup,
    max(f.value) FILTER (f.name = 'code') AS code,
    max(f.value) FILTER (f.name = 'project') AS project,
    max(f.value) FILTER (f.name IN ('novelty', 'outcome')) AS standing,
    string_split(max(f.value) FILTER (f.name = 'departments'), chr(10)) AS departments,
    max(f.value) FILTER (f.name = 'summary') AS summary,
    max(f.value) FILTER (f.name = 'remarks') AS remarks,
    max(f.value) FILTER (f.name = 'former_name') AS former_name,
    list({'field': f.name, 'path': k.path, 'sheet': f.sheet, 'cell': f.cell} ORDER BY f.name, f.cell) AS sources
  FROM staging.kept_records AS k
  JOIN raw.fields AS f USING (record_id)
  WHERE k.kind IN ('planned_project', 'current_project')
    AND k.sheet_year = (SELECT max(n.sheet_year) FROM staging.kept_records AS n
      WHERE n.kind = k.kind AND n.municipality = k.municipality AND n.plan IS NOT DISTINCT FROM k.plan)
  GROUP BY ALL),
marks AS (SELECT municipality, plan, any_value(ended_mark) AS ended_mark FROM meta.plans GROUP BY ALL)
SELECT
  l.*,
  NOT ("table" = '現行計画' AND contains(project, coalesce(m.ended_mark, '【計画終了'))) AS counted,
  CASE WHEN NOT counted THEN regexp_extract(substr(project, instr(project, coalesce(m.ended_mark, '【計画終了'))),
    '^[【（(]*([^】]*)', 1) END AS why_not
FROM listed AS l
LEFT JOIN marks AS m USING (municipality, plan)
ORDER BY l.record_id
