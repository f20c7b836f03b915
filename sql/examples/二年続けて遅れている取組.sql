-- 質問: 二年続けて計画より遅れている（△・▲・×）取組はどれか
-- 同じ取組かどうかは、自治体・計画・担当課・取組名・推進項目で決める（番号は年によって書き方が変わる）。再掲の行は除く。
SELECT
  b.municipality AS 自治体, b.plan AS 計画, b.pillar AS 改革の柱, b.initiative AS 取組, array_to_string(b.departments, '、') AS 担当課,
  wareki(a.fiscal_year) AS 前の年度, a.progress AS 前の進捗, wareki(b.fiscal_year) AS 年度, b.progress AS 進捗
FROM marts.initiatives AS a
JOIN marts.initiatives AS b
  ON b.municipality = a.municipality AND b.plan IS NOT DISTINCT FROM a.plan AND b.departments = a.departments
  AND b.initiative = a.initiative AND b.item IS NOT DISTINCT FROM a.item AND b.fiscal_year = a.fiscal_year + 1
WHERE NOT a.relisted AND NOT b.relisted AND a.progress IN ('△', '▲', '×') AND b.progress IN ('△', '▲', '×')
ORDER BY ALL
