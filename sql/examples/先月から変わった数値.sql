-- 質問: 先月のデータから、どの指標の実績や目標が変わったか
-- 比較: 先月
SELECT
  coalesce(now.municipality, old.municipality) AS 自治体, coalesce(now.department, old.department) AS 課,
  coalesce(now.indicator, old.indicator) AS 指標,
  coalesce(now.subgroup, old.subgroup) AS 区分, coalesce(now.fiscal_year, old.fiscal_year) AS 年度,
  old.target AS 先月の目標, now.target AS 目標, old.actual AS 先月の実績, now.actual AS 実績
FROM marts.indicator_years AS now
FULL JOIN before.marts.indicator_years AS old
  ON now.municipality = old.municipality AND now.plan IS NOT DISTINCT FROM old.plan
    AND now.code IS NOT DISTINCT FROM old.code
  AND now.indicator = old.indicator AND now.subgroup IS NOT DISTINCT FROM old.subgroup
    AND now.kind IS NOT DISTINCT FROM old.kind
  AND now.fiscal_year = old.fiscal_year
WHERE now.target IS DISTINCT FROM old.target OR now.actual IS DISTINCT FROM old.actual
ORDER BY ALL
