-- デジタル推進計画の取組への回答。一行が、一つの課の一つの取組の一つの年度。
-- 同じ年度を二つの調査票が書いているときは、新しい年度の調査票を採る。
-- 範囲: 自治体ごと
-- answer: 実施状況・実施予定の文章（空欄は空）
-- position: 回答した課の表示順（組織.csv）
SELECT
  k.record_id, k.municipality, k.plan, k.department, coalesce(o.position, 999999) AS position, k.key,
  TRY_CAST(max(f.value) FILTER (f.name = 'goal_no') AS INTEGER) AS goal_no,
  max(f.value) FILTER (f.name = 'goal') AS goal,
  TRY_CAST(max(f.value) FILTER (f.name = 'measure_no') AS INTEGER) AS measure_no,
  max(f.value) FILTER (f.name = 'measure') AS measure,
  max(f.value) FILTER (f.name = 'code') AS code,
  max(f.value) FILTER (f.name = 'initiative') AS initiative,
  max(f.value) FILTER (f.name = 'summary') AS summary,
  string_split(max(f.value) FILTER (f.name = 'departments'), chr(10)) AS departments,
  coalesce(TRY_CAST(s.scope AS INTEGER), k.sheet_year) AS fiscal_year,
  nullif(trim(s.text), '') AS answer,
  list({'field': f.name, 'path': k.path, 'sheet': f.sheet, 'cell': f.cell} ORDER BY f.name, f.cell)
    FILTER (f.name IN ('initiative', 'departments') OR f.name = 'status' AND f.scope = s.scope) AS sources
FROM staging.kept_records AS k
JOIN raw.fields AS f USING (record_id)
LEFT JOIN raw.fields AS s ON s.record_id = k.record_id AND s.name = 'status'
LEFT JOIN meta.departments AS o ON o.municipality = k.municipality AND o.department = k.department
WHERE k.kind = 'initiative_text'
GROUP BY k.record_id, k.municipality, k.plan, k.department, o.position, k.key, k.sheet_year, s.scope, s.text
QUALIFY k.sheet_year = max(k.sheet_year) OVER (
  PARTITION BY k.municipality, k.department, k.key, coalesce(TRY_CAST(s.scope AS INTEGER), k.sheet_year))
ORDER BY k.record_id, fiscal_year, answer
