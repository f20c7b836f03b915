-- 事業の個票。最も新しい年度の個票だけを採る。一行が、一つの個票。
-- 範囲: 自治体ごと
-- current_state: 現状
-- ideal: 理想的な姿
-- actions: 主な取組
-- former_name: 旧名称
-- summary: 概要
-- schedule: 工程（段、初めの年度、終わりの年度、文）。年度をまたいで結合したセルは一つの工程
WITH sheets AS (
  SELECT k.* FROM staging.kept_records AS k
  WHERE k.kind = 'project_sheet'
    AND k.sheet_year = (SELECT max(n.sheet_year) FROM staging.kept_records AS n
      WHERE n.kind = k.kind AND n.municipality = k.municipality AND n.plan IS NOT DISTINCT FROM k.plan)),
steps AS (
  SELECT record_id, CAST(substr(name, 5) AS INTEGER) AS line, CAST(min(scope) AS INTEGER) AS first_year,
    CAST(max(scope) AS INTEGER) AS last_year, value
  FROM raw.fields
  WHERE regexp_matches(name, '^step[0-9]$') AND regexp_matches(scope, '^[0-9]{4}$') AND value <> ''
  GROUP BY record_id, name, sheet, cell, value),
schedules AS (
  SELECT record_id, list({'line': line, 'first_year': first_year, 'last_year': last_year, 'text': value}
    ORDER BY line, first_year) AS schedule
  FROM steps GROUP BY record_id)
SELECT
  k.record_id, k.municipality, k.plan, k.sheet_year, k.department, k.path, k.sheet, k.key,
  max(f.value) FILTER (f.name = 'code') AS code,
  max(f.value) FILTER (f.name = 'project') AS project,
  string_split(max(f.value) FILTER (f.name = 'departments'), chr(10)) AS departments,
  max(f.value) FILTER (f.name = 'former_name') AS former_name,
  max(f.value) FILTER (f.name = 'summary') AS summary,
  max(f.value) FILTER (f.name = 'current_state') AS current_state,
  max(f.value) FILTER (f.name = 'ideal') AS ideal,
  max(f.value) FILTER (f.name = 'actions') AS actions,
  any_value(s.schedule) AS schedule,
  list_sort(list(DISTINCT {'field': f.name, 'path': k.path, 'sheet': f.sheet, 'cell': f.cell})) AS sources
FROM sheets AS k
JOIN raw.fields AS f USING (record_id)
LEFT JOIN schedules AS s USING (record_id)
GROUP BY k.record_id, k.municipality, k.plan, k.sheet_year, k.department, k.path, k.sheet, k.key
ORDER BY k.record_id
