-- 質問: 一つ一つの指標は、前年度からどれだけ変わったか
-- 引数: year:整数 年度（西暦）。なければ、前年度と比べられる最新の年度
-- 引数: department 課。なければすべて
-- 増減率は、前年度が0より大きく、単位が％でないときだけある。
SELECT
  municipality AS 自治体, department AS 課, indicator AS 指標, subgroup AS 区分, unit AS 単位, direction AS 方向,
  previous_actual AS 前年度, actual AS 実績, change AS 増減, change_pct AS 増減率, fiscal_year AS 年度
FROM marts.indicator_years
WHERE change IS NOT NULL AND ($department::VARCHAR IS NULL OR department = $department)
  AND fiscal_year = coalesce($year::INTEGER,
    (SELECT max(fiscal_year) FROM marts.indicator_years WHERE change IS NOT NULL))
ORDER BY municipality, department, code, indicator, subgroup
