-- 質問: 事業ごとの予算現額、決算額、執行率はいくらか（執行率の低い順）
-- 予算現額（budget）と決算額（settlement）の項目のある様式から作る。
SELECT
  municipality AS 自治体, department AS 課, coalesce(project, key) AS 事業, wareki(fiscal_year) AS 年度, budget AS 予算現額,
  settlement AS 決算額, unit AS 単位, execution_pct AS 執行率, no_execution_reason AS 執行率のない理由
FROM marts.execution
ORDER BY execution_pct NULLS LAST, municipality, department, 事業, fiscal_year
