-- 質問: 計画の設定した判定ランクで、指標はどの段階か（決まりと、ランクのない理由も）
-- 引数: year:整数 年度（西暦）。なければ、実績の報告がある最新の年度
-- ランクは丸める前の率で決まる。率は rate_printed を印字すると、段階の境で食い違わない。
SELECT
  municipality AS 自治体, plan AS 計画, department AS 課, indicator AS 指標, subgroup AS 区分, rank AS 判定,
  rank_meaning AS 意味, rate_printed AS 率, method AS 方法, no_rank_reason AS ランクのない理由, rule AS 決まり
FROM marts.ratings
WHERE fiscal_year = coalesce($year::INTEGER,
  (SELECT max(fiscal_year) FROM marts.indicator_years WHERE actual IS NOT NULL))
ORDER BY municipality, plan, department, code, indicator, subgroup, kind
