-- 質問: 指標の実績は、年度ごとにいくらで、初めの年度から年に平均どれだけ増減したか
-- 引数: word 指標の名前の一部。なければ、すべて
SELECT
  municipality AS 自治体, plan AS 計画, indicator AS 指標, subgroup AS 区分, wareki(fiscal_year) AS 年度, actual AS 実績,
  unit AS 単位, ratio_to_first AS 初めの年度を100とする比, wareki(first_year) AS 初めの年度,
  coalesce(average_change_pct, average_change_points) AS 年平均増減, average_change_unit AS 年平均増減の単位,
  no_average_reason AS 年平均のない理由
FROM marts.trend
WHERE contains(indicator, coalesce($word, ''))
ORDER BY municipality, plan, code, indicator, subgroup, kind, fiscal_year
