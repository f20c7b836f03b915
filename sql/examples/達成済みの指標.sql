-- 質問: すでに目標を達成している指標はどれか
-- 引数: year:整数 年度（西暦）。なければ、実績の報告がある最新の年度
SELECT
  municipality AS 自治体, department AS 課, indicator AS 指標, subgroup AS 区分, unit AS 単位, target_literal AS 目標, actual AS 実績,
  method AS 方法, attainment_pct AS 達成率, fiscal_year AS 年度
FROM marts.indicator_years
WHERE achieved AND fiscal_year
  = coalesce($year::INTEGER, (SELECT max(fiscal_year) FROM marts.indicator_years WHERE actual IS NOT NULL))
ORDER BY municipality, department, code, indicator, subgroup
