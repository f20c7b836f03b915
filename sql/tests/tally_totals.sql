-- 柱ごとの件数の合計が、計と合うこと。
-- 範囲: 自治体ごと
SELECT municipality, plan, scope, measure,
  sum(initiatives) FILTER (pillar <> '計') AS pillars, sum(initiatives) FILTER (pillar = '計') AS total
FROM marts.initiative_tally
GROUP BY ALL
HAVING pillars IS DISTINCT FROM total
