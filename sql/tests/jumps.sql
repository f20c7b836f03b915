-- 実績が前年度の百倍以上、または百分の一以下になった成果指標。位取りや単位の間違いのおそれがある。
-- 範囲: 自治体ごと
-- 重大度: warning
SELECT municipality, plan, indicator, subgroup, kind, fiscal_year, unit, previous_actual, actual
FROM marts.indicator_years
WHERE previous_actual > 0 AND actual > 0 AND (actual >= previous_actual * 100 OR actual * 100 <= previous_actual)
