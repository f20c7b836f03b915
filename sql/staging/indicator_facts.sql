-- 成果指標の年度ごとの値。一行が、一つの指標の一つの年度。
-- 同じ年度を二つの調査票が書いているときは、目標と実績のそれぞれについて、数値が書いてあるうち新しい年度の調査票を採る。
-- 定義（単位、方向、基準値）の違う調査票の値は混ぜない。目標と実績の数値がそろう定義の組を採り、なければ実績のある組、
-- それもなければ最も新しい組を採る。
-- 定義の変更が確認されているときは、最も新しい単位に直して採る。
-- 範囲: 自治体ごと
-- generation: 同じ定義の組の番号（staging.indicator_rows）
-- unit: 値の単位
-- target_literal: 目標値の欄に書かれたまま（「—」や文章を含む）
-- comparator: 目標の向き（ge 以上、gt 超、le 以下、lt 未満）
WITH units AS (
  SELECT municipality, key, generation, arg_max(unit, (sheet_year, record_id)) AS unit
  FROM staging.indicator_rows GROUP BY ALL),
written AS (
  SELECT
    i.municipality, i.key, i.sheet_year, i.record_id, i.generation, u.unit,
    CAST(f.scope AS INTEGER) AS fiscal_year, f.name, f.text, f.comparator,
    in_unit(CAST(f.value AS DECIMAL(38, 12)), coalesce(i.unit, ''), coalesce(u.unit, '')) AS value,
    {'field': f.name, 'path': i.path, 'sheet': f.sheet, 'cell': f.cell} AS source
  FROM staging.indicator_rows AS i
  JOIN units AS u USING (municipality, key, generation)
  JOIN raw.fields AS f USING (record_id)
  WHERE f.name = 'target' OR f.name = 'actual' AND f.value IS NOT NULL),
chosen AS (
  SELECT municipality, key, fiscal_year, generation
  FROM written
  GROUP BY municipality, key, fiscal_year, generation
  QUALIFY row_number() OVER (
    PARTITION BY municipality, key, fiscal_year
    ORDER BY count(value) FILTER (name = 'actual') > 0 AND count(value) FILTER (name = 'target') > 0 DESC,
      count(value) FILTER (name = 'actual') > 0 DESC, generation DESC) = 1),
newest AS (
  SELECT * FROM written
  JOIN chosen USING (municipality, key, fiscal_year, generation)
  QUALIFY row_number() OVER (PARTITION BY municipality, key, fiscal_year, name ORDER BY value IS NULL, sheet_year DESC,
    record_id) = 1)
SELECT
  municipality, key, fiscal_year, generation, unit,
  max(text) FILTER (name = 'target') AS target_literal,
  max(value) FILTER (name = 'target') AS target,
  max(comparator) FILTER (name = 'target') AS comparator,
  max(value) FILTER (name = 'actual') AS actual,
  list(source ORDER BY name DESC) AS sources
FROM newest
GROUP BY ALL
ORDER BY municipality, key, fiscal_year
