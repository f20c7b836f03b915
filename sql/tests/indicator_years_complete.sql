-- 集計に使う成果指標の目標と実績の年度は、すべて達成状況の表に出ること。
SELECT i.municipality, i.indicator, f.scope AS fiscal_year, f.name, f.text
FROM staging.indicator_rows AS i
JOIN raw.fields AS f USING (record_id)
WHERE (f.name = 'target' OR f.name = 'actual' AND f.value IS NOT NULL)
  AND NOT EXISTS (
    SELECT 1 FROM staging.indicator_facts AS m
    JOIN marts.indicator_years AS y ON y.municipality = m.municipality AND y.fiscal_year = m.fiscal_year AND y.indicator = i.indicator
    WHERE m.municipality = i.municipality AND m.key = i.key AND m.fiscal_year = CAST(f.scope AS INTEGER))
