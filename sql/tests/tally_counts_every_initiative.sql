-- 記号のある取組が、一つ残らず件数に入っていること（様式にない記号が紛れると漏れる）。
-- 範囲: 自治体ごと
WITH rated AS (
  SELECT municipality, plan, scope, count(progress) AS progress
  FROM marts.initiatives AS i
  WHERE NOT relisted
    OR EXISTS (SELECT 1 FROM meta.plans AS p WHERE p.municipality = i.municipality AND p.plan = i.plan
      AND p.count_relisted)
  GROUP BY ALL)
SELECT r.*, t.counted
FROM rated AS r
LEFT JOIN (
  SELECT municipality, plan, scope, sum(initiatives) AS counted
  FROM marts.initiative_tally WHERE pillar = '計' AND measure = 'progress' GROUP BY ALL) AS t
  USING (municipality, plan, scope)
WHERE r.progress > 0 AND r.progress IS DISTINCT FROM t.counted
