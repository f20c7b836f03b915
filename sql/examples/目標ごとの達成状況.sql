-- 質問: 目標（柱・プロジェクト）ごとに、指標のうちいくつが目標を達成したか
-- 引数: year:整数 年度（西暦）。なければ、実績の報告がある最新の年度
-- 達成率は算出方法の違うものを平均できないので、達成した指標の数で見る。
SELECT
  municipality AS 自治体, plan AS 計画, coalesce(project, code) AS 目標, kind AS 種別,
  count(*) AS 指標, count(target) AS 目標値あり, count(actual) AS 報告済み, count(achieved) AS 判定できる,
  count(*) FILTER (achieved) AS 達成
FROM marts.indicator_years
WHERE fiscal_year = coalesce($year::INTEGER,
  (SELECT max(fiscal_year) FROM marts.indicator_years WHERE actual IS NOT NULL))
GROUP BY ALL
ORDER BY ALL
