-- 執行率を出せない理由。出せるときは空。
-- 例: no_execution_reason(5, 0) → 予算0
CREATE OR REPLACE MACRO no_execution_reason(settlement, budget) AS
  CASE
    WHEN budget IS NULL THEN '予算なし'
    WHEN settlement IS NULL THEN '決算なし'
    WHEN budget < 0 OR settlement < 0 THEN '負の値'
    WHEN budget = 0 THEN '予算0'
  END;
