-- 横持ちの表（progress_table、rating_table）の記号ごとの数の和が、取組数とも、件数の表（initiative_tally）とも合うこと。
-- 範囲: 自治体ごと
WITH wide AS (
  SELECT municipality, plan, scope, pillar_no, pillar, 'progress' AS measure, initiatives,
    coalesce(ahead, 0) + coalesce(on_plan, 0) + coalesce(partly_late, 0) + coalesce(all_late, 0)
      + coalesce(not_done, 0) + other AS symbols
  FROM marts.progress_table
  UNION ALL
  SELECT municipality, plan, scope, pillar_no, pillar, 'self_rating', initiatives,
    coalesce(a, 0) + coalesce(b, 0) + coalesce(c, 0) + coalesce("none", 0) + other
  FROM marts.rating_table),
tally AS (
  SELECT municipality, plan, scope, pillar_no, pillar, measure, sum(initiatives)::BIGINT AS initiatives
  FROM marts.initiative_tally
  WHERE measure IN ('progress', 'self_rating')
  GROUP BY ALL)
SELECT coalesce(w.municipality, t.municipality) AS municipality, coalesce(w.plan, t.plan) AS plan,
  coalesce(w.scope, t.scope) AS scope, coalesce(w.pillar, t.pillar) AS pillar,
  coalesce(w.measure, t.measure) AS measure, w.initiatives, w.symbols, t.initiatives AS tally
FROM wide AS w
FULL JOIN tally AS t
  ON t.municipality = w.municipality AND t.plan = w.plan AND t.scope = w.scope AND t.pillar = w.pillar
    AND t.pillar_no IS NOT DISTINCT FROM w.pillar_no AND t.measure = w.measure
WHERE w.symbols IS DISTINCT FROM w.initiatives OR w.initiatives IS DISTINCT FROM t.initiatives
