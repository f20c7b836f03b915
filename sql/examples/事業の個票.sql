-- 質問: 次期計画の事業の、現状、理想的な姿、主な取組と、いつ何をするかは何か
-- 個票（または事務事業評価シート）のある事業。工程は、段ごとに年度の順で並べる。
SELECT
  municipality AS 自治体, code AS 番号, project AS 事業, array_to_string(departments, '、') AS 主管課,
  coalesce(sheet_summary, summary) AS 概要,
  current_state AS 現状, ideal AS 理想的な姿, actions AS 主な取組,
  array_to_string([wareki(s.first_year)
    || CASE WHEN s.last_year > s.first_year THEN '～' || wareki(s.last_year) ELSE '' END
    || '　' || s.text FOR s IN schedule], chr(10)) AS 工程
FROM marts.projects
WHERE "table" <> '現行計画' AND (current_state IS NOT NULL OR schedule IS NOT NULL)
ORDER BY municipality, plan, NOT regexp_matches(code, '^[①-⑳]'), natural_order(code)
