-- 進捗・自己評価の記号のある取組が、記号ごとに一つ残らず件数に入っていること（様式にない記号が紛れると漏れる）。
-- 範囲: 自治体ごと
WITH rated AS (
  SELECT municipality, plan, scope, relisted, 'progress' AS measure, progress AS symbol FROM marts.initiatives
  UNION ALL
  SELECT municipality, plan, scope, relisted, 'self_rating', self_rating FROM marts.initiatives),
written AS (
  SELECT municipality, plan, scope, measure, symbol, count(*) AS initiatives
  FROM rated AS r
  WHERE symbol IS NOT NULL
    AND (NOT relisted OR EXISTS (SELECT 1 FROM meta.plans AS p
      WHERE p.municipality = r.municipality AND p.plan = r.plan AND p.count_relisted))
  GROUP BY ALL)
SELECT w.municipality, w.plan, w.scope, w.measure, w.symbol, w.initiatives, t.initiatives AS counted
FROM written AS w
LEFT JOIN marts.initiative_tally AS t
  ON t.municipality = w.municipality AND t.plan = w.plan AND t.scope = w.scope AND t.measure = w.measure
    AND t.symbol = w.symbol AND t.pillar = '計'
WHERE w.initiatives IS DISTINCT FROM t.initiatives
