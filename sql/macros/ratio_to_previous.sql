-- 前年度を100とする比（0.1単位、四捨五入）。前年度が正の数のときだけ。それ以外は空。
-- 例: ratio_to_previous(110, 100) → 110.0
CREATE OR REPLACE MACRO ratio_to_previous(current, previous) AS
  CASE WHEN previous > 0 THEN percent(current, previous) END;
