-- 印字する達成率。丸めて100.0になっても達成していないときは、99.9とする。
-- 例: printed_rate(100.0, false) → 99.9、printed_rate(100.0, true) → 100.0
CREATE OR REPLACE MACRO printed_rate(rate, reached) AS
  CASE WHEN rate = 100.0 AND reached = false THEN 99.9 ELSE rate END;
