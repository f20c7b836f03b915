-- 成果指標の年度ごとの値。一行が、一つの指標の一つの年度。
-- 一行の目標と実績は、一つの課のものだけを使う。その年度を書いた最も新しい調査票の課を採る。その課の書いた値をすべて
-- 同じ値で書いている前の課があれば（課が替わり、新しい課が一部だけを書いたとき）、そろっているほうを採る。
-- そのような前の課がいくつもあれば、新しい調査票の課を採る。
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
-- answer: 実績の欄に、数値ではなく書かれた答え（集計中、該当なし）
-- nature: 実績の確かさ（確定、速報、見込、推計、暫定、集計中）
-- span: 実績がいつの間の値か（単年度、累計、年度末時点、月平均、年度途中）
-- as_of: 実績がいつの時点の値か（書かれたまま）
-- approx: 実績がおよその値か
-- second: 実績のセルの二つ目の値
-- second_unit: 二つ目の値の単位
-- remark: 実績についての備考（受付開始など）
-- target_span: 目標がいつの間の値か
-- target_approx: 目標がおよその値か
-- target_change: 目標が増減で書かれた値か（increase 増加、decrease 減少）
-- target_second: 数値にできない目標の、同じ単位の二つ目の値
WITH units AS (
  SELECT municipality, key, generation, arg_max(unit, (sheet_year, record_id)) AS unit
  FROM staging.indicator_rows GROUP BY ALL),
written AS (
  SELECT
    i.municipality, i.key, i.department, i.sheet_year, i.record_id, i.generation, u.unit,
    CAST(f.scope AS INTEGER) AS fiscal_year, f.name, f.text, f.comparator,
    f.nature, f.span, f.as_of, f.approx, f.change, f.second, f.second_unit, f.remark,
    CASE
      WHEN i.unit IS NULL THEN CAST(f.value AS DECIMAL(38, 12)) -- 単位の欄が空の調査票の値は、書かれたまま
      ELSE in_unit(CAST(f.value AS DECIMAL(38, 12)), i.unit, u.unit)
    END AS value,
    {'field': f.name, 'path': i.path, 'sheet': f.sheet, 'cell': f.cell} AS source
  FROM staging.indicator_rows AS i
  JOIN units AS u USING (municipality, key, generation)
  JOIN raw.fields AS f USING (record_id)
  WHERE f.name = 'target' OR f.name = 'actual' AND f.value IS NOT NULL),
-- 課と定義の組ごとに、目標と実績のそれぞれを一つ。told は、その課がその年度を書いた最も新しい調査票の年度
newest AS (
  SELECT *, max(sheet_year) OVER (PARTITION BY municipality, key, fiscal_year, department) AS told
  FROM written
  QUALIFY row_number() OVER (
    PARTITION BY municipality, key, fiscal_year, department, generation, name
    ORDER BY value IS NULL, sheet_year DESC, record_id) = 1),
-- 数値のないものは目標だけ
told AS (
  SELECT
    municipality, key, fiscal_year, department, generation, unit, told,
    any_value(text) FILTER (name = 'target') AS target_literal,
    any_value(value) FILTER (name = 'target') AS target,
    any_value(comparator) FILTER (name = 'target') AS comparator,
    any_value(value) FILTER (name = 'actual') AS actual,
    any_value(nature) FILTER (name = 'actual') AS nature,
    any_value(span) FILTER (name = 'actual') AS span,
    any_value(as_of) FILTER (name = 'actual') AS as_of,
    coalesce(any_value(approx) FILTER (name = 'actual'), false) AS approx,
    TRY_CAST(any_value(second) FILTER (name = 'actual') AS DECIMAL(38, 12)) AS second,
    any_value(second_unit) FILTER (name = 'actual') AS second_unit,
    any_value(remark) FILTER (name = 'actual') AS remark,
    any_value(span) FILTER (name = 'target') AS target_span,
    coalesce(any_value(approx) FILTER (name = 'target'), false) AS target_approx,
    any_value(change) FILTER (name = 'target') AS target_change,
    any_value(second) FILTER (value IS NULL) AS target_second,
    list(source ORDER BY name DESC) AS sources
  FROM newest
  GROUP BY ALL),
-- その年度を書いた最も新しい調査票の課
holders AS (
  SELECT municipality, key, fiscal_year, arg_max(department, (told, generation)) AS holder
  FROM told GROUP BY ALL),
-- 前の課のものは、新しい課の書いた値をすべて同じ値で、実績は同じ断り（年度途中、見込など）で書いているときだけ採れる
allowed AS (
  SELECT t.*
  FROM told AS t
  JOIN holders AS h USING (municipality, key, fiscal_year)
  WHERE t.department = h.holder
    OR NOT EXISTS (
      SELECT 1 FROM told AS n
      WHERE n.municipality = t.municipality AND n.key = t.key AND n.fiscal_year = t.fiscal_year
        AND n.department = h.holder
        AND (n.generation <> t.generation OR n.actual <> t.actual -- 実績のない前の課は、後の順で採られない
          OR n.actual IS NOT NULL AND (n.span IS DISTINCT FROM t.span OR n.nature IS DISTINCT FROM t.nature)
          OR n.target IS NOT NULL AND (n.target IS DISTINCT FROM t.target OR n.comparator IS DISTINCT FROM t.comparator)
          OR n.target IS NULL AND dash(trim(n.target_literal)) NOT IN ('', '－')
            AND n.target_literal IS DISTINCT FROM t.target_literal))),
-- 実績の欄に書かれたもの。数値のない年度では、これが答え（集計中など）になる
answers AS (
  SELECT i.municipality, i.key, i.department, CAST(f.scope AS INTEGER) AS fiscal_year,
    arg_max(f.text, (i.sheet_year, i.record_id)) AS answer
  FROM staging.indicator_rows AS i
  JOIN raw.fields AS f USING (record_id)
  WHERE f.name = 'actual' AND dash(trim(f.text)) <> '－'
  GROUP BY ALL)
SELECT a.* EXCLUDE (told), CASE WHEN a.actual IS NULL THEN w.answer END AS answer
FROM allowed AS a
LEFT JOIN answers AS w USING (municipality, key, department, fiscal_year)
QUALIFY row_number() OVER (
  PARTITION BY municipality, key, fiscal_year
  ORDER BY actual IS NOT NULL AND target IS NOT NULL DESC, actual IS NOT NULL DESC, told DESC, generation DESC) = 1
ORDER BY municipality, key, fiscal_year
