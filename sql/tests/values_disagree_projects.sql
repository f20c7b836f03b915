-- 個票の番号・事業名・旧名称・主管課が、個別事業の一覧の次期計画の事業と違うもの。
-- 範囲: 自治体ごと
-- 指摘: values_disagree
WITH plans AS (
  SELECT DISTINCT municipality, plan FROM staging.projects WHERE "table" = '次期計画'),
pairs AS (
  SELECT s.*, p.record_id AS listed_id, p.project AS listed_project, p.former_name AS listed_former,
    p.departments AS listed_departments, k.key AS listed_key
  FROM staging.project_sheets AS s
  JOIN plans AS n ON n.municipality = s.municipality AND n.plan IS NOT DISTINCT FROM s.plan
  LEFT JOIN staging.projects AS p ON p."table" = '次期計画' AND p.municipality = s.municipality
    AND p.plan IS NOT DISTINCT FROM s.plan AND p.code = s.code
  LEFT JOIN staging.kept_records AS k ON k.record_id = p.record_id),
differ AS (
  SELECT *, 'project' AS field, code || ' ' || project AS found, '（一覧に同じ番号の事業がありません）' AS expected
  FROM pairs WHERE listed_id IS NULL
  UNION ALL
  SELECT *, 'project', project, listed_project FROM pairs WHERE key <> listed_key
  UNION ALL
  SELECT *, 'former_name', former_name, listed_former FROM pairs WHERE former_name <> listed_former
  UNION ALL
  SELECT *, 'departments', array_to_string(departments, '、'), array_to_string(listed_departments, '、') FROM pairs
  WHERE list_sort(departments) <> list_sort(listed_departments))
SELECT d.municipality, d.department, d.path, f.sheet, f.cell, d.found, d.expected
FROM differ AS d
JOIN raw.fields AS f ON f.record_id = d.record_id AND f.name = d.field
WHERE NOT confirmed(d.path, f.sheet, f.cell)
