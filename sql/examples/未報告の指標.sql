-- 質問: 目標があるのに、実績が報告されていない指標はどれか
-- 引数: year:整数 年度（西暦）。なければ、実績の報告がある最新の年度
SELECT municipality AS 自治体, department AS 課, code AS 番号, indicator AS 指標, subgroup AS 区分, kind AS 種別, unit AS 単位,
  target AS 目標, fiscal_year AS 年度
FROM marts.indicator_years
WHERE fiscal_year = coalesce($year::INTEGER,
  (SELECT max(fiscal_year) FROM marts.indicator_years WHERE actual IS NOT NULL))
  AND no_actual_reason = '未報告' AND dash(target_literal) <> '－'
ORDER BY ALL
