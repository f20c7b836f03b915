-- 執行率（%、0.1%単位、四捨五入）。決算額÷予算現額。予算現額が正の数で、決算額が0以上のときだけ。それ以外は空。
-- 例: execution_pct(9876, 10000) → 98.8
CREATE OR REPLACE MACRO execution_pct(settlement, budget) AS
  CASE WHEN no_execution_reason(settlement, budget) IS NULL THEN percent(settlement, budget) END;
