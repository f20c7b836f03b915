-- 前の調査票にあって、この年度の調査票に載っていない取組・指標。終わったことも取り下げたことも書いていないもの。
-- 課が調査票を出していないときは、提出対象.csvにあれば未提出（not_submitted）として示し、ここには出さない。
-- 範囲: 自治体ごと
-- 指摘: disappeared
SELECT DISTINCT
  municipality, department, sources[1].path AS path, sources[1].sheet AS sheet, sources[1].cell AS cell,
  '「' || concat_ws('　', code, record) || '」が' || wareki(fiscal_year) AS found, known_by AS expected
FROM marts.expected
WHERE NOT there AND ends_with(known_by, 'の調査票')
  AND (state = '未記入' OR state = '未提出' AND NOT EXISTS (
    SELECT 1 FROM marts.submissions AS s
    WHERE s.municipality = expected.municipality AND s.form_id = expected.form
      AND s.department = expected.department AND s.fiscal_year = expected.fiscal_year))
