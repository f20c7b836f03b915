-- 皆増・皆減。前年度が0で今年度に数があれば皆増、その逆なら皆減、それ以外は空。金額と統計の表だけで使う。
-- 例: newly_word(5, 0) → 皆増
CREATE OR REPLACE MACRO newly_word(current, previous) AS
  CASE WHEN previous = 0 AND current > 0 THEN '皆増' WHEN previous > 0 AND current = 0 THEN '皆減' END;
