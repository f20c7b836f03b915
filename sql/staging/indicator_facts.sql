-- 成果指標の年度ごとの値。一行が、一つの指標の一つの年度。
-- 同じ年度を二つの調査票が書いているときは、目標と実績のそれぞれについて、数値が書いてあるうち新しい年度の調査票を採る。
-- 単位が新しい調査票と違う調査票の値は採らない（比べられない。指摘 definition_changed がある）。
-- target_literal: 目標値の欄に書かれたまま（「—」や文章を含む）
-- comparator: 目標の向き（ge 以上、gt 超、le 以下、lt 未満）
WITH units AS (
  SELECT municipality, key, arg_max(unit, sheet_year) AS unit
  FROM staging.indicator_rows GROUP BY ALL),
written AS (
  SELECT
    i.municipality, i.key, i.sheet_year, i.record_id, CAST(f.scope AS INTEGER) AS fiscal_year, f.name, f.text, f.comparator,
    CAST(f.value AS DECIMAL(38, 12)) AS value,
    {'field': f.name, 'path': i.path, 'sheet': f.sheet, 'cell': f.cell} AS source
  FROM staging.indicator_rows AS i
  JOIN units AS u ON u.municipality = i.municipality AND u.key = i.key AND u.unit IS NOT DISTINCT FROM i.unit
  JOIN raw.fields AS f USING (record_id)
  WHERE (f.name = 'target' OR f.name = 'actual' AND f.value IS NOT NULL)),
newest AS (
  SELECT * FROM written
  QUALIFY row_number() OVER (PARTITION BY municipality, key, fiscal_year, name ORDER BY value IS NULL, sheet_year DESC, record_id) = 1)
SELECT
  municipality, key, fiscal_year,
  max(text) FILTER (name = 'target') AS target_literal,
  max(value) FILTER (name = 'target') AS target,
  max(comparator) FILTER (name = 'target') AS comparator,
  max(value) FILTER (name = 'actual') AS actual,
  list(source ORDER BY name DESC) AS sources
FROM newest
GROUP BY ALL
