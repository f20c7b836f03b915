-- 同じ成果指標の同じ年度の目標または実績について、前の年度の調査票と数値が違うもの。
-- 課が替わった指標では、前の課だけが書いた値で、新しい課の行に使わなかったものも示す（二つの課の値は一行に混ぜない）。
-- 範囲: 自治体ごと
-- 指摘: values_disagree
WITH written AS (
  SELECT
    i.municipality, i.department, i.path, i.key, i.indicator, i.sheet_year, i.record_id, f.name,
    CAST(f.scope AS INTEGER) AS fiscal_year,
    CAST(f.value AS DECIMAL(38, 12)) AS value, i.unit, f.text, f.sheet, f.cell
  FROM staging.indicator_rows AS i
  JOIN raw.fields AS f USING (record_id)
  WHERE f.name = 'target' OR f.name = 'actual' AND f.value IS NOT NULL)
SELECT
  n.municipality, n.department, n.path, n.sheet, n.cell,
  n.indicator || ' ' || wareki(n.fiscal_year) || ' ' || n.text AS found,
  o.text || '（' || o.path || ' ' || o.cell || '）' AS expected
FROM written AS n
JOIN written AS o USING (municipality, key, fiscal_year, name)
WHERE n.sheet_year > o.sheet_year AND o.value IS NOT NULL
  AND n.value IS DISTINCT FROM in_unit(o.value, coalesce(o.unit, ''), coalesce(n.unit, ''))
  AND NOT confirmed(n.path, n.sheet, n.cell)
UNION ALL
SELECT
  o.municipality, o.department, o.path, o.sheet, o.cell,
  o.indicator || ' ' || wareki(o.fiscal_year) || ' （' || h.department || 'の記載なし）', o.text || '（' || o.department || '）'
FROM written AS o
JOIN staging.indicator_facts AS h USING (municipality, key, fiscal_year)
WHERE h.department <> o.department AND o.value IS NOT NULL
  AND CASE o.name WHEN 'target' THEN h.target ELSE h.actual END IS NULL
  AND NOT confirmed(o.path, o.sheet, o.cell)
