-- 推進項目別の取組数の合計が、柱の小計および計と合うこと。
-- 範囲: 自治体ごと
SELECT municipality, plan, fiscal_year,
  sum(initiatives) FILTER (row_kind = 'item') AS items,
  sum(initiatives) FILTER (row_kind = 'pillar') AS pillars,
  sum(initiatives) FILTER (row_kind = 'grand') AS grand
FROM marts.counts_by_item
GROUP BY ALL
HAVING items <> grand OR pillars <> grand
