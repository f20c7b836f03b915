-- 二つの年度の値を直線で結んだときの、その間の年度の値（小数第12位までに四捨五入）。間の年度でなければ空。
-- 例: interpolated(2026, 2024, 100, 2028, 200) → 150
CREATE OR REPLACE MACRO interpolated(year, from_year, from_value, to_year, to_value) AS
  CASE WHEN year BETWEEN from_year AND to_year AND from_year < to_year THEN
    TRY(CAST(from_value AS DECIMAL(38, 12))
      + CAST(sign(CAST(to_value AS DECIMAL(38, 12)) - from_value) AS HUGEINT)
      * CAST((2 * CAST(abs(CAST(to_value AS DECIMAL(38, 12)) - from_value) * 1000000000000 AS HUGEINT)
            * (year - from_year) + (to_year - from_year))
          // (2 * (to_year - from_year)) AS DECIMAL(38, 0)) * 0.000000000001::DECIMAL(12, 12))
  END;
