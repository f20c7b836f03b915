-- 記入を求めて、答えのない項目。前の調査票にあって載っていないものは、別に示す（disappeared）。
-- 範囲: 自治体ごと
-- 指摘: not_answered
SELECT
  municipality, department, sources[1].path AS path, sources[1].sheet AS sheet, sources[1].cell AS cell,
  '「' || concat_ws('　', code, record) || '」' || coalesce('の' || wareki(fiscal_year) || title, '') AS found,
  CASE WHEN there THEN '空欄' ELSE known_by || 'にあって、' || wareki(fiscal_year) || 'の調査票に載っていない' END AS expected
FROM marts.expected
WHERE state = '未記入' AND (there OR NOT ends_with(known_by, 'の調査票'))
  OR state = '未提出' AND ends_with(known_by, '.csv') AND record IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM marts.submissions AS s
    WHERE s.municipality = expected.municipality AND s.form_id = expected.form
      AND s.department = expected.department AND s.fiscal_year = expected.fiscal_year)
