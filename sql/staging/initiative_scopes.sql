-- 取組の進捗と自己評価。一行が、一つの取組の一つの年度（または推進期間全体）。
-- 同じ年度を二つの調査票が書いているときは、新しい年度の調査票を採る。
-- 範囲: 自治体ごと
-- scope: 西暦の年度、または whole（推進期間全体）
-- scope_year: 年度（西暦）。推進期間全体は空
WITH rated AS (
  SELECT
    f.record_id, f.scope,
    max(f.value) FILTER (f.name = 'progress') AS progress,
    max(f.value) FILTER (f.name = 'self_rating') AS self_rating,
    list({'field': f.name, 'path': k.path, 'sheet': f.sheet, 'cell': f.cell} ORDER BY f.name, f.cell) AS sources
  FROM raw.fields AS f
  JOIN staging.kept_records AS k USING (record_id)
  WHERE k.kind = 'initiative' AND f.name IN ('progress', 'self_rating')
  GROUP BY ALL),
relisted_blank AS (
  SELECT record_id, CAST(sheet_year AS VARCHAR) AS scope, NULL AS progress, NULL AS self_rating, [] AS sources
  FROM staging.initiative_items AS i
  WHERE relisted AND active
    AND NOT EXISTS (SELECT 1 FROM rated WHERE rated.record_id = i.record_id
      AND rated.scope = CAST(i.sheet_year AS VARCHAR)))
SELECT
  i.municipality, i.plan, i.department, i.key, s.scope,
  CASE WHEN s.scope <> 'whole' THEN CAST(s.scope AS INTEGER) END AS scope_year,
  s.progress, s.self_rating, i.record_id, i.sheet_year, i.relisted, s.sources
FROM (FROM rated UNION ALL BY NAME FROM relisted_blank) AS s
JOIN staging.initiative_items AS i USING (record_id)
QUALIFY row_number() OVER (
  PARTITION BY i.municipality, i.plan, i.department, i.key, s.scope ORDER BY i.sheet_year DESC, i.record_id) = 1
ORDER BY i.record_id, s.scope
