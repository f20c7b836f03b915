-- 質問: 職員数や基金残高などの指標は、年度ごとにいくらで、基準を満たしたか
SELECT municipality AS 自治体, indicator AS 指標, wareki(fiscal_year) AS 年度, value AS 実績, unit AS 単位, plan_value AS 計画値,
  diff_from_plan AS 計画との差, standard AS 基準, meets_standard AS 満たした
FROM marts.finance_indicators
ORDER BY municipality, indicator, fiscal_year
