-- 率の上または下の一つの単位（canonical_unitでそろえたもの）の、もとになる単位と、その十の何乗か。
-- 位取り（千・百万・億など）と、量の単位の大きさを合わせる。何の量か（CO2）は、もとになる単位に残す。
-- 千葉・百貨のような語の頭は、位取りとみなさない。
-- 例: unit_part('百万円') → {base: 円, exponent: 6}、unit_part('km') → {base: mm, exponent: 6}
CREATE OR REPLACE MACRO unit_part(unit) AS
  list_transform([regexp_extract(unit, '^((?:[十百千]?[万億兆]|[百千])[^貨葉])?(.*?)(-?CO2(?:e|eq)?)?$',
      ['scaled', 'rest', 'of_what'])], lambda u:
    list_transform([{'name': u.scaled[-1] || u.rest, 'measure': unit_measure(u.scaled[-1] || u.rest)}], lambda n: {
      'base': coalesce(n.measure.base, n.name) || CASE WHEN u.of_what <> '' THEN '-CO2' ELSE '' END,
      'exponent': coalesce(n.measure.exponent, 0) + coalesce(MAP {
        '百': 2, '千': 3, '万': 4, '億': 8, '兆': 12, '十万': 5, '百万': 6, '千万': 7, '十億': 9, '百億': 10, '千億': 11,
        '十兆': 13, '百兆': 14, '千兆': 15}[u.scaled[:-2]], 0)})[1])[1];
