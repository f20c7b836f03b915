-- 進捗と自己評価の件数が、計画・年度ごとに合うこと。片方だけ書かれた取組があると合わない。
-- 範囲: 自治体ごと
-- 重大度: warning
SELECT municipality, plan, scope, pillar,
  sum(initiatives) FILTER (measure = 'progress') AS progress,
  sum(initiatives) FILTER (measure = 'self_rating') AS self_rating
FROM marts.initiative_tally
GROUP BY ALL
HAVING progress IS DISTINCT FROM self_rating
