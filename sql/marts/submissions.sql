-- 調査票の提出の状況。一行が、提出すべき一つの様式と一つの課。
-- 範囲: 自治体ごと
-- 鍵: municipality, fiscal_year, bureau, department, form
-- fiscal_year: 年度（西暦）
-- form: 様式名
-- due: 提出期限
-- status: 提出済、要修正（開けない、版が複数ある、誤りがある）、未提出
-- sources: 提出対象.csvの行（提出期限の欄があればそのセル）
SELECT
  municipality, fiscal_year, bureau, department, form, form_id, due, status,
  [{'field': 'due', 'path': path, 'sheet': NULL::VARCHAR, 'cell': cell}] AS sources
FROM raw.submissions
ORDER BY ALL
