-- 取組の進捗と自己評価の件数と構成比。一行が、計画・年度（または推進期間全体）・柱・区分・記号の一つ。
-- 再掲は、計画の設定（count_relisted）で数えるとしたときだけ数える。
-- 構成比は柱「計」の行だけにあり、方法は計画の設定（share_method）による（最大剰余法か四捨五入）。
-- 範囲: 自治体ごと
-- 鍵: municipality, plan, scope, pillar_no, pillar, measure, symbol
-- scope: 令和6年度のような年度、または推進期間全体
-- pillar: 改革の柱。計は合計
-- measure: progress 進捗、self_rating 自己評価
-- initiatives: その記号の取組数
-- share_pct: 構成比（％、小数第一位）
-- sources: その記号が書かれたセル
-- share_pct_sources: 構成比の分母になった、すべての記号のセル
WITH rated AS (
  SELECT municipality, plan, scope, pillar_no, pillar, relisted, 'progress' AS measure, progress AS symbol, sources
  FROM marts.initiatives WHERE progress IS NOT NULL
  UNION ALL
  SELECT municipality, plan, scope, pillar_no, pillar, relisted, 'self_rating', self_rating, sources
  FROM marts.initiatives WHERE self_rating IS NOT NULL),
kept AS (
  SELECT r.* REPLACE (cells_of(r.sources, [r.measure]) AS sources)
  FROM rated AS r
  WHERE NOT r.relisted
    OR EXISTS (SELECT 1 FROM meta.plans AS p WHERE p.municipality = r.municipality AND p.plan = r.plan
      AND p.count_relisted)),
-- 計画の構成比の方法。様式ごとに違って設定されていれば、初めの様式のもの。一つの計画の中で方法を混ぜない。
methods AS (
  SELECT municipality, plan, arg_min(share_method, form) AS share_method
  FROM meta.plans
  WHERE form IN (SELECT form FROM meta.symbols)
  GROUP BY ALL),
grades AS (
  -- 計画の記号。二つの様式が同じ記号を使っていても、一つと数える。
  SELECT municipality, plan, share_method, measure, symbol,
    row_number() OVER (PARTITION BY municipality, plan, measure ORDER BY least_position, symbol) AS position
  FROM (
    SELECT p.municipality, p.plan, y.measure, y.symbol, min(y.position) AS least_position
    FROM meta.plans AS p
    JOIN meta.symbols AS y ON y.form = p.form
    GROUP BY ALL) AS listed
  JOIN methods USING (municipality, plan)),
lines AS (
  SELECT municipality, plan, scope, pillar_no, pillar, measure FROM kept
  UNION
  SELECT municipality, plan, scope, NULL, '計', measure FROM kept),
counted AS (
  SELECT
    l.municipality, l.plan, l.scope, l.pillar_no, l.pillar, l.measure, y.position, y.symbol, y.share_method,
    count(r.symbol) AS initiatives, all_cells(list(r.sources)) AS sources
  FROM lines AS l
  JOIN grades AS y ON y.municipality = l.municipality AND y.plan = l.plan AND y.measure = l.measure
  LEFT JOIN kept AS r
    ON r.municipality = l.municipality AND r.plan = l.plan AND r.scope = l.scope AND r.measure = l.measure
      AND r.symbol = y.symbol
    AND (l.pillar = '計' OR r.pillar = l.pillar AND r.pillar_no IS NOT DISTINCT FROM l.pillar_no)
  GROUP BY ALL),
totals AS (
  SELECT municipality, plan, scope, measure, list(initiatives ORDER BY position) AS counts,
    all_cells(list(sources)) AS sources
  FROM counted WHERE pillar = '計' GROUP BY ALL)
SELECT
  c.municipality, c.plan, c.scope, c.pillar_no, c.pillar, c.measure, c.position, c.symbol, c.initiatives,
  CASE WHEN c.pillar = '計' THEN
    CASE c.share_method WHEN 'half_up' THEN half_up_share(t.counts)[c.position]
    ELSE largest_remainder(t.counts)[c.position] END
  END AS share_pct,
  c.sources,
  CASE WHEN c.pillar = '計' THEN t.sources END AS share_pct_sources
FROM counted AS c
JOIN totals AS t USING (municipality, plan, scope, measure)
ORDER BY ALL
