-- 提出と記入の状況。一行が、一つの課の一つの調査（様式と年度）の、一つの取組または指標の、記入を求めた一つの項目。
-- 提出対象.csvにあって、載っているはずの取組・指標が何も分からない様式は、一行が一つの様式（recordとfieldは空）。
-- 範囲: 自治体ごと
-- 鍵: municipality, form, department, fiscal_year, kind, item, field
-- record: 取組または指標の名称
-- item: 取組または指標の鍵（年度を除く）
-- code: 番号
-- field: 項目の名前（raw.fieldsの項目）。空は、調査票に載っていればよい様式
-- title: 様式での項目の見出し
-- fiscal_year: 調査の年度（西暦）。記入を求めたのもこの年度の値
-- state: 記入済、該当なし、集計中、終了、取下げ、要修正（誤りの指摘がある）、未記入、未提出
-- by: だれが、または何がそう述べたか（課、判断.csvの職、前年度の調査票など）
-- said_on: いつ（判断.csvの日付。書かれたまま）
-- known_by: 載っているはずだと分かるもの（今年度の調査票、前の調査票、一覧のファイル名）
-- there: その年度の調査票に、その取組または指標が載っているか
-- sources: 値または空欄のセル。調査票になければ、前の調査票または一覧のセル
WITH asked AS (
  SELECT e.*, q.field, q.title, q.literal, q.unless
  FROM staging.expected_records AS e
  JOIN meta.asked AS q USING (form, kind)),
-- その年度の調査票に書かれた値
told AS (
  SELECT
    s.municipality, s.form, s.kind, s.department, s.survey_year, s.item, q.field,
    arg_min({'path': s.path, 'sheet': f.sheet, 'cell': f.cell, 'text': f.text, 'value': f.value, 'nature': f.nature},
      (f.value IS NULL, f.cell)) AS cell
  FROM staging.surveyed AS s
  JOIN meta.asked AS q USING (form, kind)
  JOIN raw.fields AS f ON f.record_id = s.record_id AND f.name = q.field
    AND (NOT q.by_year OR coalesce(TRY_CAST(f.scope AS INTEGER), s.survey_year) = s.survey_year)
    AND (NOT q.year_in_key OR s.of_year = s.survey_year)
  WHERE NOT s.excluded
  GROUP BY ALL),
-- 目標が「—」や文章（後に決定など）で、実績を求めない年度
unset AS (
  SELECT DISTINCT s.municipality, s.form, s.kind, s.department, s.survey_year, s.item, q.field
  FROM staging.surveyed AS s
  JOIN meta.asked AS q USING (form, kind)
  JOIN raw.fields AS f ON f.record_id = s.record_id AND f.name = q.unless
    AND coalesce(TRY_CAST(f.scope AS INTEGER), s.survey_year) = s.survey_year
  WHERE f.value IS NULL AND trim(f.text) <> ''),
-- 同じものに、その年度にほかの課が書いた答え（共管のもの）
shared AS (
  SELECT t.municipality, t.form, t.kind, t.survey_year, t.item, t.field, min(t.department) AS by
  FROM told AS t
  WHERE t.cell.value IS NOT NULL
  GROUP BY ALL),
-- 後の調査票に書かれた、その年度の値
later AS (
  SELECT DISTINCT s.municipality, s.form, s.kind, s.item, q.field,
    CASE WHEN q.year_in_key THEN s.of_year ELSE TRY_CAST(f.scope AS INTEGER) END AS survey_year
  FROM staging.surveyed AS s
  JOIN meta.asked AS q USING (form, kind)
  JOIN raw.fields AS f ON f.record_id = s.record_id AND f.name = q.field
  WHERE NOT s.excluded AND f.value IS NOT NULL AND (q.by_year OR q.year_in_key)
    AND CASE WHEN q.year_in_key THEN s.of_year ELSE TRY_CAST(f.scope AS INTEGER) END < s.survey_year),
-- 空欄のセル
blank AS (
  SELECT
    s.municipality, s.form, s.kind, s.department, s.survey_year, s.item, b.name AS field,
    arg_min({'path': s.path, 'sheet': b.sheet, 'cell': b.cell}, b.cell) AS cell
  FROM staging.surveyed AS s
  JOIN meta.asked AS q USING (form, kind)
  JOIN raw.blanks AS b ON b.record_id = s.record_id AND b.name = q.field
    AND (NOT q.by_year OR coalesce(TRY_CAST(b.scope AS INTEGER), s.survey_year) = s.survey_year)
  GROUP BY ALL),
-- 回答状況の欄に課が書いた語
answered AS (
  SELECT
    s.municipality, s.form, s.kind, s.department, s.survey_year, s.item, q.field,
    arg_min({'path': s.path, 'sheet': f.sheet, 'cell': f.cell, 'word': f.value}, f.cell) AS cell
  FROM staging.surveyed AS s
  JOIN meta.asked AS q USING (form, kind)
  JOIN raw.fields AS f ON f.record_id = s.record_id AND f.name = q.field || '_state'
    AND coalesce(TRY_CAST(f.scope AS INTEGER), s.survey_year) = s.survey_year
  WHERE f.value IS NOT NULL
  GROUP BY ALL),
-- 除いた記録
excluded AS (
  SELECT municipality, form, kind, department, survey_year, item, bool_and(excluded) AS excluded
  FROM staging.surveyed GROUP BY ALL),
-- 課がその様式を出したか
handed_in AS (
  SELECT municipality, form_id AS form, department, fiscal_year AS survey_year, any_value(status) AS status
  FROM marts.submissions GROUP BY ALL),
sent AS (SELECT DISTINCT municipality, form, department, survey_year FROM staging.surveyed),
placed AS (
  SELECT
    a.*, t.cell AS told, b.cell AS blank, w.cell AS word, coalesce(x.excluded, false) AS excluded, h.status,
    s.department IS NOT NULL AS sent, o.by AS shared_by, u.item IS NOT NULL AS unset, l.item IS NOT NULL AS told_later,
    coalesce(b.cell, {'path': a.path, 'sheet': a.sheet, 'cell': a.cell}) AS place
  FROM asked AS a
  LEFT JOIN told AS t ON t.municipality = a.municipality AND t.form = a.form AND t.kind = a.kind
    AND t.department = a.department AND t.survey_year = a.survey_year AND t.item = a.item AND t.field = a.field
  LEFT JOIN shared AS o ON o.municipality = a.municipality AND o.form = a.form AND o.kind = a.kind
    AND o.survey_year = a.survey_year AND o.item = a.item AND o.field = a.field
  LEFT JOIN unset AS u ON u.municipality = a.municipality AND u.form = a.form AND u.kind = a.kind
    AND u.department = a.department AND u.survey_year = a.survey_year AND u.item = a.item AND u.field = a.field
  LEFT JOIN later AS l ON l.municipality = a.municipality AND l.form = a.form AND l.kind = a.kind
    AND l.survey_year = a.survey_year AND l.item = a.item AND l.field = a.field
  LEFT JOIN blank AS b ON b.municipality = a.municipality AND b.form = a.form AND b.kind = a.kind
    AND b.department = a.department AND b.survey_year = a.survey_year AND b.item = a.item AND b.field = a.field
  LEFT JOIN answered AS w ON w.municipality = a.municipality AND w.form = a.form AND w.kind = a.kind
    AND w.department = a.department AND w.survey_year = a.survey_year AND w.item = a.item AND w.field = a.field
  LEFT JOIN excluded AS x ON x.municipality = a.municipality AND x.form = a.form AND x.kind = a.kind
    AND x.department = a.department AND x.survey_year = a.survey_year AND x.item = a.item
  LEFT JOIN handed_in AS h ON h.municipality = a.municipality AND h.form = a.form AND h.department = a.department
    AND h.survey_year = a.survey_year
  LEFT JOIN sent AS s ON s.municipality = a.municipality AND s.form = a.form AND s.department = a.department
    AND s.survey_year = a.survey_year),
-- 判断.csvの判断（該当なし、集計中、終了、取下げ）。空欄のセル、または名称のセルについてのもの
decided AS (
  SELECT
    p.municipality, p.form, p.kind, p.department, p.survey_year, p.item, p.field,
    arg_max({
      'word': replace(
        regexp_extract(d.decision, '該当なし|集計中|終了|取下げ|取り下げ'), '取り下げ', '取下げ'),
      'post': d.post, 'date': d.date}, (d.cell = p.place.cell, d.date)) AS decision
  FROM placed AS p
  JOIN meta.decisions AS d ON d.municipality = p.municipality AND d.kind = 'state'
    AND d.path IN (p.place.path, p.path) AND d.cell IN (p.place.cell, p.cell)
    AND coalesce(d.sheet, p.place.sheet, '') = coalesce(p.place.sheet, '')
  GROUP BY ALL),
judged AS (
  SELECT
    p.*, d.decision,
    CASE
      WHEN p.records IS NOT NULL AND p.excluded THEN '要修正'
      WHEN p.records IS NOT NULL AND p.field IS NULL THEN '記入済'
      WHEN p.told.value IS NOT NULL OR p.told_later OR p.shared_by IS NOT NULL THEN '記入済'
      WHEN regexp_matches(p.told.text, '該当|[nN]/[aA]|[ｎＮ]／[ａＡ]') THEN '該当なし'
      WHEN regexp_matches(p.told.text, '中(です)?[。）)]*$') THEN '集計中'
      WHEN p.literal AND regexp_matches(p.told.text, '[^\s　―—–‐ー－−-]') THEN '記入済'
      WHEN p.word IS NOT NULL THEN p.word.word
      WHEN d.decision IS NOT NULL THEN d.decision.word
      WHEN p.ended THEN '終了'
      WHEN p.records IS NOT NULL THEN '未記入'
      WHEN p.status = '要修正' AND NOT p.sent THEN '要修正'
      WHEN p.sent THEN '未記入'
      ELSE '未提出'
    END AS state
  FROM placed AS p
  LEFT JOIN decided AS d ON d.municipality = p.municipality AND d.form = p.form AND d.kind = p.kind
    AND d.department = p.department AND d.survey_year = p.survey_year AND d.item = p.item
    AND d.field IS NOT DISTINCT FROM p.field),
listed AS (
  SELECT
    municipality, plan, form, bureau, department, kind, item, code, name AS record, field, title,
    survey_year AS fiscal_year, state,
    CASE
      WHEN state = '記入済' AND told.value IS NULL AND told_later THEN '後の調査票'
      WHEN state = '記入済' AND told.value IS NULL AND shared_by IS NOT NULL THEN shared_by
      WHEN state IN ('記入済', '要修正') OR told.text IS NOT NULL OR word IS NOT NULL THEN department
      WHEN decision IS NOT NULL AND state = decision.word THEN coalesce(decision.post, '判断.csv')
      WHEN state = '終了' THEN ended_by
    END AS by,
    CASE WHEN decision IS NOT NULL AND state = decision.word THEN decision.date END AS said_on,
    known_by, records IS NOT NULL AS there,
    CASE
      WHEN told IS NOT NULL THEN {'path': told.path, 'sheet': told.sheet, 'cell': told.cell}
      WHEN word IS NOT NULL THEN {'path': word.path, 'sheet': word.sheet, 'cell': word.cell}
      ELSE place
    END AS stands_at
  FROM judged
  WHERE NOT (unset AND state = '未記入')
  UNION ALL
  -- 何を載せるべきかがまだ分からない様式
  SELECT s.municipality, p.plan, s.form_id, s.bureau, s.department, NULL, NULL, NULL, NULL, NULL, NULL, s.fiscal_year,
    CASE s.status WHEN '提出済' THEN '記入済' ELSE s.status END, NULL, NULL, '提出対象.csv', s.status <> '未提出',
    {'path': s.sources[1].path, 'sheet': NULL, 'cell': s.sources[1].cell}
  FROM marts.submissions AS s
  LEFT JOIN meta.plans AS p ON p.municipality = s.municipality AND p.form = s.form_id
  WHERE s.form_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM judged AS j
    WHERE j.municipality = s.municipality AND j.form = s.form_id AND j.department = s.department
      AND j.survey_year = s.fiscal_year))
SELECT
  * EXCLUDE (stands_at),
  [{'field': coalesce(field, 'record'), 'path': stands_at.path, 'sheet': stands_at.sheet,
    'cell': stands_at.cell}] AS sources
FROM listed
ORDER BY ALL
