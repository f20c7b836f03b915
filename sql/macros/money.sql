-- 円の金額を、千円・百万円・億円の単位に直して小数第digits位まで四捨五入する。
-- 円は小数第6位まで、十の二十乗円までを扱う。
-- 例: money(2040000000, '億円', 1) → 20.4
CREATE OR REPLACE MACRO money(yen, unit, digits) AS
  half_up(
    CAST(yen AS DECIMAL(26, 6))
    * CASE unit WHEN '円' THEN 1 WHEN '千円' THEN 0.001 WHEN '百万円' THEN 0.000001 WHEN '億円' THEN 0.00000001 END, digits);
