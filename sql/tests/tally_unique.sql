-- 進捗と自己評価の件数は、計画・年度・柱・区分・記号ごとに一行だけであること。
-- 範囲: 自治体ごと
SELECT municipality, plan, scope, pillar, measure, symbol, count(*) AS copies
FROM marts.initiative_tally
GROUP BY ALL
HAVING count(*) > 1
