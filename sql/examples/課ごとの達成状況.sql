-- 質問: 課ごとに、指標のうちいくつが目標を達成したか
-- 引数: year:整数 年度（西暦）。なければ、実績の報告がある最新の年度
WITH departments AS ( -- 同じ名前の課が二つの部にあっても、一つに数える
  SELECT municipality, department, min(position) AS position FROM meta.departments GROUP BY ALL
)
SELECT
  i.municipality AS 自治体, i.department AS 課,
  count(*) AS 指標, count(target) AS 目標値あり, count(actual) AS 報告済み, count(achieved) AS 判定できる,
  count(*) FILTER (achieved) AS 達成
FROM marts.indicator_years AS i
LEFT JOIN departments AS d ON d.municipality = i.municipality AND d.department = i.department
WHERE fiscal_year = coalesce($year::INTEGER,
  (SELECT max(fiscal_year) FROM marts.indicator_years WHERE actual IS NOT NULL))
GROUP BY i.municipality, i.department
ORDER BY i.municipality, min(d.position), i.department
