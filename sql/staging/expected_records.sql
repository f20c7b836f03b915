-- 調査に載っているはずの記録。一行が、一つの課の一つの調査（様式と年度）の、一つの取組または指標。
-- その年度の調査票にあるもの、その課の前の調査票にあったもの、指標.csvと取組.csvにあるものの全部。計画の期間の後のものは除く。
-- 一覧に開始年度のないものは、計画の最初の年度から載っているはずのものとする。
-- 範囲: 自治体ごと
-- survey_year: 調査の年度（西暦）
-- item: 年度を除いた鍵
-- code: 番号
-- name: 取組または指標の名称
-- known_by: 何によって分かるか（今年度の調査票、前の調査票、または一覧のファイル名）
-- records: その年度の調査票の記録の番号。調査票になければ空
-- ended: その年度より前に終わったことが、前の調査票か一覧に書いてあるか
-- ended_by: それを書いているもの
-- path: 記録のあるファイル。その年度の調査票になければ、前の調査票または一覧
-- sheet: シート名（同じく）
-- cell: 名称のセル（同じく）
WITH surveys AS (
  SELECT municipality, form_id AS form, fiscal_year AS survey_year FROM marts.submissions WHERE form_id IS NOT NULL
  UNION
  SELECT municipality, form, survey_year FROM staging.surveyed),
-- その課がその様式に答えた年度
answered AS (SELECT DISTINCT municipality, form, department, survey_year FROM staging.surveyed),
own AS (
  SELECT
    municipality, form, kind, department, survey_year, item, list(record_id ORDER BY record_id) AS records,
    arg_min(bureau, record_id) AS bureau, arg_min(plan, record_id) AS plan, arg_min(code, record_id) AS code,
    arg_min(name, record_id) AS name, max(end_year) AS end_year, arg_min(path, record_id) AS path,
    arg_min(sheet, record_id) AS sheet, arg_min(cell, record_id) AS cell
  FROM staging.surveyed
  GROUP BY ALL),
-- 前の調査票にあったもの。前の調査票とは、その課がその様式に答えた、いちばん近い前の年度のもの
before AS (
  SELECT o.* REPLACE (s.survey_year AS survey_year), o.survey_year AS said_in
  FROM own AS o
  JOIN surveys AS s ON s.municipality = o.municipality AND s.form = o.form AND s.survey_year > o.survey_year
  WHERE o.survey_year = (
    SELECT max(a.survey_year) FROM answered AS a
    WHERE a.municipality = o.municipality AND a.form = o.form AND a.department = o.department
      AND a.survey_year < s.survey_year)),
listed AS (
  SELECT l.*, s.survey_year
  FROM raw.listed AS l
  JOIN surveys AS s ON s.municipality = l.municipality AND s.form = l.form
    AND s.survey_year >= coalesce(l.first_year, s.survey_year)),
-- ほかの課の調査票に移ったもの：前の調査票では持っていなかった課が、今年度は持っている
moved AS (
  SELECT b.municipality, b.form, b.kind, b.department, b.survey_year, b.item
  FROM before AS b
  JOIN own AS o ON o.municipality = b.municipality AND o.form = b.form AND o.kind = b.kind AND o.item = b.item
    AND o.survey_year = b.survey_year AND o.department <> b.department
  WHERE NOT EXISTS (
    SELECT 1 FROM before AS x
    WHERE x.municipality = o.municipality AND x.form = o.form AND x.kind = o.kind AND x.item = o.item
      AND x.survey_year = o.survey_year AND x.department = o.department)),
-- すべて。同じものは、今年度の調査票、前の調査票、一覧の順に一つ
known AS (
  SELECT 1 AS place, municipality, form, kind, bureau, department, survey_year, item, plan, code, name,
    '今年度の調査票' AS known_by, records, coalesce(end_year < survey_year, false) AS ended, path, sheet, cell
  FROM own
  UNION ALL
  SELECT 2, b.municipality, b.form, b.kind, b.bureau, b.department, b.survey_year, b.item, b.plan, b.code, b.name,
    wareki(b.said_in) || 'の調査票', NULL, coalesce(b.end_year < b.survey_year, false), b.path, b.sheet, b.cell
  FROM before AS b
  ANTI JOIN moved AS m USING (municipality, form, kind, department, survey_year, item)
  UNION ALL
  SELECT 3, l.municipality, l.form, l.kind, l.bureau, l.department, l.survey_year, l.key, l.plan, l.code, l.name,
    regexp_extract(l.path, '[^/]+$'), NULL, coalesce(l.last_year < l.survey_year, false), l.path, NULL, l.cell
  FROM listed AS l
  -- 一覧の課と違う課が答えていれば、それでよい
  WHERE NOT EXISTS (
    SELECT 1 FROM own AS o
    WHERE o.municipality = l.municipality AND o.form = l.form AND o.kind = l.kind AND o.item = l.key
      AND o.survey_year = l.survey_year AND o.department <> l.department))
SELECT
  k.municipality, k.form, k.kind, k.bureau, k.department, k.survey_year, k.item,
  arg_min(k.plan, k.place) AS plan, arg_min(k.code, k.place) AS code, arg_min(k.name, k.place) AS name,
  arg_min(k.known_by, k.place) AS known_by, arg_min(k.records, k.place) AS records,
  bool_or(k.ended) AS ended, arg_min(k.known_by, k.place) FILTER (k.ended) AS ended_by,
  arg_min(k.path, k.place) AS path, arg_min(k.sheet, k.place) AS sheet,
  arg_min(k.cell, k.place) AS cell
FROM known AS k
LEFT JOIN meta.plans AS p ON p.municipality = k.municipality AND p.form = k.form AND p.plan = k.plan
WHERE k.survey_year <= coalesce(p.last_year, k.survey_year)
  AND (k.place < 3 OR k.survey_year >= coalesce(p.first_year, k.survey_year))
GROUP BY k.municipality, k.form, k.kind, k.bureau, k.department, k.survey_year, k.item
ORDER BY ALL
