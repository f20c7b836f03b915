-- 取組の進捗と自己評価の件数と構成比。一行が、計画・年度（または推進期間全体）・柱・区分・記号の一つ。
-- 再掲は数えない。構成比は柱「計」の行だけにあり、方法は計画の設定による（最大剰余法か四捨五入）。
-- scope: 令和6年度のような年度、または推進期間全体
-- pillar: 改革の柱。計は合計
-- measure: progress 進捗、self_rating 自己評価
-- initiatives: その記号の取組数
-- share_pct: 構成比（％、小数第一位）
WITH rated AS (
  SELECT municipality, plan, scope, pillar_no, pillar, 'progress' AS measure, progress AS symbol
  FROM marts.initiatives WHERE NOT relisted AND progress IS NOT NULL
  UNION ALL
  SELECT municipality, plan, scope, pillar_no, pillar, 'self_rating', self_rating
  FROM marts.initiatives WHERE NOT relisted AND self_rating IS NOT NULL),
lines AS (
  SELECT DISTINCT municipality, plan, scope, pillar_no, pillar, measure FROM rated
  UNION
  SELECT DISTINCT municipality, plan, scope, NULL, '計', measure FROM rated),
counted AS (
  SELECT
    l.municipality, l.plan, l.scope, l.pillar_no, l.pillar, l.measure, y.position, y.symbol, p.share_method,
    (SELECT count(*) FROM rated AS r
     WHERE r.municipality = l.municipality AND r.plan = l.plan AND r.scope = l.scope AND r.measure = l.measure
       AND (l.pillar = '計' OR r.pillar = l.pillar AND r.pillar_no IS NOT DISTINCT FROM l.pillar_no)
       AND r.symbol = y.symbol) AS initiatives
  FROM lines AS l
  JOIN meta.plans AS p ON p.municipality = l.municipality AND p.plan = l.plan
  JOIN meta.symbols AS y ON y.form = p.form AND y.measure = l.measure),
totals AS (
  SELECT municipality, plan, scope, measure, list(initiatives ORDER BY position) AS counts
  FROM counted WHERE pillar = '計' GROUP BY ALL)
SELECT
  c.municipality, c.plan, c.scope, c.pillar_no, c.pillar, c.measure, c.position, c.symbol, c.initiatives,
  CASE WHEN c.pillar = '計' THEN
    CASE c.share_method WHEN 'half_up' THEN half_up_share(t.counts)[c.position]
    ELSE largest_remainder(t.counts)[c.position] END
  END AS share_pct
FROM counted AS c
JOIN totals AS t USING (municipality, plan, scope, measure)
ORDER BY ALL
