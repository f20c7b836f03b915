-- 対前年度増減率（%、0.1%単位、四捨五入）。前年度が正の数のときだけ。それ以外は空。
-- 例: change_pct(110, 100) → 10.0
CREATE OR REPLACE MACRO change_pct(current, previous) AS
  CASE WHEN previous > 0 THEN percent(current - previous, previous) END;
