-- 同じ取組の同じ年度について、前の年度の調査票と進捗・自己評価が違うもの。
-- 範囲: 自治体ごと
-- 指摘: values_disagree
SELECT
  n.municipality, n.department, n.path, n.sheet, f.cell,
  i.initiative || ' ' || f.name || ' ' || f.value AS found,
  g.value || '（' || o.path || ' ' || g.cell || '）' AS expected
FROM staging.kept_records AS n
JOIN raw.fields AS f ON f.record_id = n.record_id AND f.name IN ('progress', 'self_rating')
JOIN staging.initiative_items AS i ON i.record_id = n.record_id
JOIN staging.kept_records AS o
  ON o.municipality = n.municipality AND o.department = n.department AND o.form = n.form AND o.key = n.key
  AND o.sheet_year < n.sheet_year
JOIN raw.fields AS g ON g.record_id = o.record_id AND g.name = f.name AND g.scope = f.scope
WHERE f.scope <> 'whole' AND f.value IS DISTINCT FROM g.value
  AND NOT confirmed(n.path, n.sheet, f.cell)
