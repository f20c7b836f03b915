-- 単位の、もとになる単位と、その十の何乗か。もとになる単位が同じ単位どうしは、小数点の移動だけで直せる。
-- 率の単位（人/千人）では、上の大きさから下の大きさを引く。単位がないか、－のときは、もとになる単位が空文字になる。
-- 例: unit_size('百万円') → {base: 円, exponent: 6}、unit_size('人/千人') → {base: 人/人, exponent: -3}
CREATE OR REPLACE MACRO unit_size(unit) AS
  list_transform([list_transform(string_split(canonical_unit(unit), '/'), lambda part: unit_part(part))], lambda parts:
    {'base': array_to_string(list_transform(parts, lambda p: p.base), '/'),
    'exponent': coalesce(parts[1].exponent, 0) - coalesce(parts[2].exponent, 0)})[1];
