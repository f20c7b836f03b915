-- 調査票の提出の状況。一行が、提出すべき一つの様式と一つの課。
-- fiscal_year: 年度（西暦）
-- form: 様式名
-- due: 提出期限
-- status: 提出済、要修正（開けない、版が複数ある、誤りがある）、未提出
SELECT municipality, fiscal_year, bureau, department, form, form_id, due, status
FROM raw.submissions
