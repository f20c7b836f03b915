-- 年月日の年度。4月1日から翌年3月31日まで、始まりの年の西暦。
-- 例: fiscal_year(DATE '2025-03-31') → 2024
CREATE OR REPLACE MACRO fiscal_year(day) AS
  CAST(year(day) - CASE WHEN month(day) < 4 THEN 1 ELSE 0 END AS INTEGER);
