-- デジタル推進計画の一つの取組の一つの年度は、一行だけであること。
-- 範囲: 自治体ごと
SELECT municipality, plan, fiscal_year, goal, measure, no, name, count(*) AS copies
FROM marts.initiative_texts
GROUP BY ALL
HAVING count(*) > 1
