-- 質問: 判定ランクごとに、指標はいくつか
-- 引数: year:整数 年度（西暦）。なければ、実績の報告がある最新の年度
-- 並びは設定のとおり、良いほうから。ランクのない指標は、理由ごとに数える。
SELECT
  r.municipality AS 自治体, r.plan AS 計画, coalesce(r.rank, '－') AS 判定,
  coalesce(r.rank_meaning, r.no_rank_reason) AS 意味または理由, count(*) AS 指標
FROM marts.ratings AS r
LEFT JOIN meta.ranks AS k ON k.municipality = r.municipality AND k.plan = r.plan AND k.symbol = r.rank
WHERE r.fiscal_year = coalesce($year::INTEGER,
  (SELECT max(fiscal_year) FROM marts.indicator_years WHERE actual IS NOT NULL))
GROUP BY ALL
ORDER BY r.municipality, r.plan, min(k.position) NULLS LAST, 意味または理由
