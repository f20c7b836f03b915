-- 質問: 見込や推計の値で、目標に届きそうな指標・届きそうにない指標はどれか
-- 引数: year:整数 年度（西暦）。なければ、見込か推計の値がある最新の年度
SELECT
  municipality AS 自治体, plan AS 計画, department AS 課, indicator AS 指標, subgroup AS 区分, outlook AS 達成見込み,
  nature AS 値の確からしさ, actual AS 実績, target_literal AS 目標, unit AS 単位, attainment_pct AS 達成率, method AS 方法
FROM marts.ratings
WHERE outlook IS NOT NULL
  AND fiscal_year = coalesce($year::INTEGER, (SELECT max(fiscal_year) FROM marts.ratings WHERE outlook IS NOT NULL))
ORDER BY municipality, plan, outlook DESC, department, code, indicator, subgroup, kind
