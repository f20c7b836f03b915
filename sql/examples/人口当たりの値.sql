-- 質問: 指標の値は、人口一人当たり（千人当たり）いくらか
-- 引数: year:整数 年度（西暦）。なければ、人口.csvにある最新の年度
-- 人口は、同じ年度の人口.csvのものだけを使う。人口の出典と基準日を、あわせて示す。
SELECT
  municipality AS 自治体, plan AS 計画, indicator AS 指標, subgroup AS 区分, wareki(fiscal_year) AS 年度, value AS 実績,
  unit AS 単位, per_head AS 一人当たり, per_head_unit AS 一人当たりの単位, per_thousand AS 千人当たり, population AS 人口,
  population_as_of AS 人口の基準日, population_source AS 人口の出典, no_per_head_reason AS 値のない理由
FROM marts.per_head
WHERE value IS NOT NULL
  AND fiscal_year = coalesce($year::INTEGER, (SELECT max(fiscal_year) FROM meta.population))
ORDER BY municipality, plan, origin, code, indicator, subgroup, kind
