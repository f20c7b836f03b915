-- 質問: 計画より遅れている（△・▲・×）取組はどれか。その説明は
-- 引数: year:整数 年度（西暦）。なければ最新の年度
SELECT
  municipality AS 自治体, pillar AS 改革の柱, initiative AS 取組, array_to_string(departments, '、') AS 担当課, progress AS 進捗,
  self_rating AS 自己評価, narrative AS 説明
FROM marts.initiatives
WHERE progress IN ('△', '▲', '×') AND NOT relisted
  AND fiscal_year = coalesce($year::INTEGER, (SELECT max(fiscal_year) FROM marts.initiatives))
ORDER BY ALL
