-- 質問: 二年続けて計画より遅れている（△・▲・×）取組はどれか
SELECT
  b.municipality AS 自治体, b.plan AS 計画, b.pillar AS 改革の柱, b.initiative AS 取組, array_to_string(b.departments, '、') AS 担当課,
  wareki(a.fiscal_year) AS 前の年度, a.progress AS 前の進捗, wareki(b.fiscal_year) AS 年度, b.progress AS 進捗
FROM marts.initiatives AS a
JOIN marts.initiatives AS b
  ON b.municipality = a.municipality AND b.plan = a.plan AND b.code IS NOT DISTINCT FROM a.code
  AND b.initiative = a.initiative AND b.relisted = a.relisted AND b.fiscal_year = a.fiscal_year + 1
WHERE a.progress IN ('△', '▲', '×') AND b.progress IN ('△', '▲', '×')
ORDER BY ALL
