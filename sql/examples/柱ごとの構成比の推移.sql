-- 質問: 柱ごとに、進捗（または自己評価）の構成比は年度を追ってどう変わったか
-- 引数: measure progress（進捗）か self_rating（自己評価）。なければ progress
-- 構成比を持つのは計画の計だけなので、柱の構成比は件数から同じ決まり（最大剰余法、合計100.0）で計算する。
WITH counted AS (
  SELECT municipality, plan, scope, min(pillar_no) AS pillar_no, pillar, list(symbol ORDER BY position) AS symbols, list(initiatives ORDER BY position) AS counts
  FROM marts.initiative_tally
  WHERE measure = coalesce($measure, 'progress')
  GROUP BY ALL
)
SELECT
  municipality AS 自治体, plan AS 計画, pillar AS 改革の柱, scope AS 対象, unnest(symbols) AS 記号, unnest(counts) AS 件数,
  unnest(largest_remainder(counts)) AS 構成比
FROM counted
ORDER BY municipality, plan, pillar_no, pillar, scope
