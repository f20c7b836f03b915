-- 集計に使う成果指標の目標と実績の年度は、すべて達成状況の表に出ること。数値のある実績は、値のない行にならないこと。
-- 範囲: 自治体ごと
WITH written AS (
  SELECT i.municipality, i.key, CAST(f.scope AS INTEGER) AS fiscal_year,
    count(f.value) FILTER (f.name = 'actual') AS actuals
  FROM staging.indicator_rows AS i
  JOIN raw.fields AS f USING (record_id)
  WHERE f.name = 'target' OR f.name = 'actual' AND f.value IS NOT NULL
  GROUP BY ALL)
SELECT w.municipality, w.key, w.fiscal_year, w.actuals
FROM written AS w
LEFT JOIN staging.indicator_facts AS m USING (municipality, key, fiscal_year)
WHERE m.key IS NULL OR w.actuals > 0 AND m.actual IS NULL
UNION ALL
SELECT NULL, '表の行数が違う', NULL,
  (SELECT count(*) FROM staging.indicator_facts) - (SELECT count(*) FROM marts.indicator_years)
WHERE (SELECT count(*) FROM staging.indicator_facts) <> (SELECT count(*) FROM marts.indicator_years)
