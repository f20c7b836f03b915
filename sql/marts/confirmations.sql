-- 数値確認票への回答。一行が、一つの課の、資料のもとになる一つの値（前の版の票では、資料に印字する一つの数値）。
-- 範囲: 自治体ごと
-- 鍵: municipality, department, figure, subject, round, path, cell
-- figure: 値の番地（会議／調査票／様式｜記録の種類｜同じものかどうかを決める語｜項目｜年度。前の版の票では、会議／案件／表／行／列）
-- subject: 課が確かめた値（確認票を作ったときに読んだ値。前の版の票では、印字か、課の調査票のセル）
-- round: 何回目の確認票か
-- answer: 確認、訂正、または空（未回答）
-- correction: 訂正後の値
-- confirmed_on: 確認日（書かれたまま）
-- post: 確認者の職
-- remarks: 備考
-- cell: 確認の欄のセル。未回答のときは番地の欄のセル
-- sources: 回答の欄のセル
SELECT
  w.municipality, w.bureau, w.department, w.path,
  any_value(f.sheet) AS sheet,
  coalesce(any_value(f.cell) FILTER (f.name = 'answer'), any_value(f.cell) FILTER (f.name = 'figure')) AS cell,
  max(f.text) FILTER (f.name = 'figure') AS figure,
  max(f.text) FILTER (f.name = 'subject') AS subject,
  coalesce(try_cast(max(f.text) FILTER (f.name = 'round') AS INTEGER), 1) AS round,
  -- 「確認（要訂正）」のように書かれたものは、訂正とみなす。
  CASE WHEN bool_or(regexp_matches(f.text, '訂正|修正|誤')) FILTER (f.name = 'answer') THEN '訂正'
    ELSE max(f.value) FILTER (f.name = 'answer') END AS answer,
  max(f.text) FILTER (f.name = 'correction') AS correction,
  max(f.text) FILTER (f.name = 'confirmed_on') AS confirmed_on,
  max(f.text) FILTER (f.name = 'post') AS post,
  max(f.text) FILTER (f.name = 'remarks') AS remarks,
  list({'field': f.name, 'path': w.path, 'sheet': f.sheet, 'cell': f.cell} ORDER BY f.name, f.cell)
    FILTER (f.name IN ('answer', 'correction', 'confirmed_on', 'post')) AS sources
FROM raw.records AS r
JOIN meta.workbooks AS w USING (workbook_id)
JOIN raw.fields AS f USING (record_id)
WHERE r.form = 'K' AND NOT r.excluded AND w.status = 'read'
GROUP BY r.record_id, w.municipality, w.bureau, w.department, w.path
ORDER BY ALL
