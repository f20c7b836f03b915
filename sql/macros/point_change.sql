-- ポイント差。割合どうしの差を、引いたままの値で返す（率にしない）。
-- 例: point_change(47.3, 45.4) → 1.9
CREATE OR REPLACE MACRO point_change(current, previous) AS
  CAST(current AS DECIMAL(38, 12)) - CAST(previous AS DECIMAL(38, 12));
