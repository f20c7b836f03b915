-- 最大剰余法の構成比は、合計が100.0になること。
-- 範囲: 自治体ごと
SELECT municipality, plan, scope, measure, sum(share_pct) AS total
FROM marts.initiative_tally
WHERE pillar = '計'
  AND (municipality, plan) IN (SELECT (municipality, plan) FROM meta.plans WHERE share_method = 'largest_remainder')
GROUP BY ALL
HAVING total <> 100.0
