-- 四捨五入。xを小数第digits位までに丸める（負の数は0から遠いほうへ）。digitsは0から6まで。丸めるのは一度だけ。
-- 小数（DECIMAL）と整数だけで計算する。実数（DOUBLE）を渡してはならない。渡されたときは、小数第9位までの小数とみなす。
-- 例: half_up(95.05, 1) → 95.1、half_up(-0.285, 2) → -0.29、half_up(0.4999999999999, 0) → 0
CREATE OR REPLACE MACRO half_up(x, digits) AS
  CASE WHEN typeof(x) = 'DOUBLE' THEN rounded(CAST(x AS DECIMAL(38, 9)), digits)
  ELSE rounded(x, digits) END;
