-- 成果指標の一つの年度は、一行だけであること。
-- 範囲: 自治体ごと
SELECT municipality, plan, code, indicator, subgroup, kind, fiscal_year, count(*) AS copies
FROM marts.indicator_years
GROUP BY ALL
HAVING count(*) > 1
