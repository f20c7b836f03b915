-- 成果指標の年度ごとの値。一行が、一つの指標の一つの年度。
-- 一行の目標と実績は、一つの課のものだけを使う。その年度を書いた最も新しい調査票の課を採る。その課の書いた値をすべて
-- 同じ値で書いている前の課があれば（課が替わり、新しい課が一部だけを書いたとき）、そろっているほうを採る。
-- 同じ課の二つの調査票が同じ年度を書いているときは、目標と実績のそれぞれについて、数値が書いてあるうち新しい年度の調査票を採る。
-- 定義（単位、方向、基準値）の違う調査票の値は混ぜない。目標と実績の数値がそろう定義の組を採り、なければ実績のある組、
-- それもなければ最も新しい組を採る。
-- 定義の変更が確認されているときは、最も新しい単位に直して採る。
-- 範囲: 自治体ごと
-- generation: 同じ定義の組の番号（staging.indicator_rows）
-- unit: 値の単位
-- department: 採った課
-- target_literal: 目標値の欄に書かれたまま（「—」や文章を含む）
-- comparator: 目標の向き（ge 以上、gt 超、le 以下、lt 未満）
WITH units AS (
  SELECT municipality, key, generation, arg_max(unit, (sheet_year, record_id)) AS unit
  FROM staging.indicator_rows GROUP BY ALL),
written AS (
  SELECT
    i.municipality, i.key, i.department, i.sheet_year, i.record_id, i.generation, u.unit,
    CAST(f.scope AS INTEGER) AS fiscal_year, f.name, f.text, f.comparator,
    in_unit(CAST(f.value AS DECIMAL(38, 12)), coalesce(i.unit, ''), coalesce(u.unit, '')) AS value,
    {'field': f.name, 'path': i.path, 'sheet': f.sheet, 'cell': f.cell} AS source
  FROM staging.indicator_rows AS i
  JOIN units AS u USING (municipality, key, generation)
  JOIN raw.fields AS f USING (record_id)
  WHERE f.name = 'target' OR f.name = 'actual' AND f.value IS NOT NULL),
-- 課と定義の組ごとに、目標と実績のそれぞれを一つ
newest AS (
  SELECT *, max(sheet_year) OVER (PARTITION BY municipality, key, fiscal_year, department, generation) AS told
  FROM written
  QUALIFY row_number() OVER (
    PARTITION BY municipality, key, fiscal_year, department, generation, name
    ORDER BY value IS NULL, sheet_year DESC, record_id) = 1),
told AS (
  SELECT
    municipality, key, fiscal_year, department, generation, unit, told,
    max(text) FILTER (name = 'target') AS target_literal,
    max(value) FILTER (name = 'target') AS target,
    max(comparator) FILTER (name = 'target') AS comparator,
    max(value) FILTER (name = 'actual') AS actual,
    list(source ORDER BY name DESC) AS sources
  FROM newest
  GROUP BY ALL),
-- その年度を書いた最も新しい調査票の課
holders AS (
  SELECT municipality, key, fiscal_year, arg_max(department, (told, generation)) AS holder
  FROM told GROUP BY ALL),
-- 前の課のものは、新しい課の書いた値をすべて同じ値で書いているときだけ採れる
allowed AS (
  SELECT t.*, t.department = h.holder AS holds
  FROM told AS t
  JOIN holders AS h USING (municipality, key, fiscal_year)
  WHERE t.department = h.holder
    OR NOT EXISTS (
      SELECT 1 FROM told AS n
      WHERE n.municipality = t.municipality AND n.key = t.key AND n.fiscal_year = t.fiscal_year
        AND n.department = h.holder
        AND (n.generation <> t.generation OR n.target <> t.target OR n.actual <> t.actual
          OR n.target IS NOT NULL AND t.target IS NULL OR n.actual IS NOT NULL AND t.actual IS NULL
          OR n.comparator <> t.comparator
          OR n.target IS NULL AND n.target_literal IS NOT NULL AND dash(n.target_literal) <> '－'
            AND n.target_literal IS DISTINCT FROM t.target_literal)))
SELECT municipality, key, fiscal_year, generation, unit, department, target_literal, target, comparator, actual, sources
FROM allowed
QUALIFY row_number() OVER (
  PARTITION BY municipality, key, fiscal_year
  ORDER BY actual IS NOT NULL AND target IS NOT NULL DESC, actual IS NOT NULL DESC, holds DESC, generation DESC) = 1
