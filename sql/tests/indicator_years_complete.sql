-- 集計に使う成果指標の目標と実績は、すべて達成状況の表に出ること。
SELECT i.municipality, i.indicator, f.scope AS fiscal_year, f.name, f.text
FROM staging.indicator_rows AS i
JOIN raw.fields AS f USING (record_id)
WHERE i.unit IS NOT DISTINCT FROM (
    SELECT arg_max(n.unit, n.sheet_year) FROM staging.indicator_rows AS n WHERE n.municipality = i.municipality AND n.key = i.key)
  AND (f.name = 'target' OR f.name = 'actual' AND f.value IS NOT NULL)
  AND NOT EXISTS (
    SELECT 1 FROM marts.indicator_years AS m
    WHERE m.municipality = i.municipality AND m.indicator = i.indicator AND m.fiscal_year = CAST(f.scope AS INTEGER))
