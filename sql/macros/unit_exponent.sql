-- 単位の大きさが、もとになる単位の十の何乗か（unit_sizeのとおり）。単位がなければ0。
-- 例: unit_exponent('百万円') → 6、unit_exponent('件') → 0、unit_exponent('km') → 6
CREATE OR REPLACE MACRO unit_exponent(unit) AS unit_size(unit).exponent;
