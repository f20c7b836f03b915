-- 質問: 先月のデータから、どの取組の進捗や自己評価が変わったか
-- 比較: 先月
SELECT
  coalesce(now.municipality, old.municipality) AS 自治体, coalesce(now.initiative, old.initiative) AS 取組,
  array_to_string(coalesce(now.departments, old.departments), '、') AS 担当課, coalesce(now.scope, old.scope) AS 対象,
  old.progress AS 先月の進捗, now.progress AS 進捗, old.self_rating AS 先月の自己評価, now.self_rating AS 自己評価
FROM marts.initiatives AS now
FULL JOIN before.marts.initiatives AS old
  ON now.municipality = old.municipality AND now.plan IS NOT DISTINCT FROM old.plan
    AND now.departments = old.departments
  AND now.initiative = old.initiative AND now.relisted = old.relisted AND now.item IS NOT DISTINCT FROM old.item
    AND now.scope = old.scope
WHERE now.progress IS DISTINCT FROM old.progress OR now.self_rating IS DISTINCT FROM old.self_rating
ORDER BY ALL
