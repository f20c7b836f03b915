-- 取組の一行は、計画・課・取組・推進項目・再掲・年度で一つに決まること。
-- 範囲: 自治体ごと
SELECT municipality, plan, departments, initiative, relisted, CASE WHEN relisted THEN item END AS item, scope,
  count(*) AS n
FROM marts.initiatives
GROUP BY ALL
HAVING n > 1
