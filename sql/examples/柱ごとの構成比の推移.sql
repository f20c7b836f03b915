-- 質問: 柱ごとに、進捗（または自己評価）の構成比は年度を追ってどう変わったか
-- 引数: measure:progress|self_rating 進捗か自己評価。なければ progress（進捗）
-- 計の構成比は資料の表のもの。柱の構成比は、件数から、計画の設定（最大剰余法か四捨五入）と同じ決まりで計算する。
WITH counted AS (
  SELECT
    t.municipality, t.plan, t.scope, min(t.pillar_no) AS pillar_no, t.pillar, max(p.share_method) AS share_method,
    list(t.symbol ORDER BY t.position) AS symbols, list(t.initiatives ORDER BY t.position) AS counts,
    list(t.share_pct ORDER BY t.position) AS shares
  FROM marts.initiative_tally AS t
  LEFT JOIN (SELECT municipality, plan, max(share_method) AS share_method FROM meta.plans GROUP BY ALL) AS p
    ON p.municipality = t.municipality AND p.plan = t.plan
  WHERE t.measure = coalesce($measure, 'progress')
  GROUP BY ALL
), years AS (
  SELECT DISTINCT municipality, plan, scope, fiscal_year FROM marts.initiatives
), rows AS (
  SELECT
    c.*, y.fiscal_year, unnest(range(1, len(c.symbols) + 1)) AS position, unnest(c.symbols) AS symbol,
    unnest(c.counts) AS initiatives,
    unnest(CASE WHEN c.pillar = '計' THEN c.shares WHEN c.share_method = 'half_up' THEN half_up_share(c.counts)
      ELSE largest_remainder(c.counts) END) AS share
  FROM counted AS c
  LEFT JOIN years AS y ON y.municipality = c.municipality AND y.plan = c.plan AND y.scope = c.scope
)
SELECT municipality AS 自治体, plan AS 計画, pillar AS 改革の柱, scope AS 対象, symbol AS 記号, initiatives AS 件数, share AS 構成比
FROM rows
ORDER BY municipality, plan, pillar_no, pillar, fiscal_year NULLS LAST, position
