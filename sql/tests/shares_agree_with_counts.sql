-- 印字する構成比は、件数から計算した割合との差が0.1ポイントに満たないこと。
-- 範囲: 自治体ごと
SELECT s.municipality, s.plan, s.scope, s.measure, s.symbol, s.initiatives, t.total, s.share_pct
FROM marts.initiative_tally AS s
JOIN (
  SELECT municipality, plan, scope, measure, sum(initiatives) AS total
  FROM marts.initiative_tally WHERE pillar = '計' GROUP BY ALL) AS t USING (municipality, plan, scope, measure)
WHERE s.pillar = '計' AND abs(s.share_pct * t.total - s.initiatives * 100) >= t.total * 0.1::DECIMAL(2, 1)
