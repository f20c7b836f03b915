-- 単位の書き方をそろえる。全角と半角、括弧の注（税込など）、一年あたりの断り（/年）、言い換え（箇所とか所、名と人、
-- 件数と件、延べ人数と人、％とパーセント）の違いを、定義の変更とみなさないため。率の単位（円/件）は、上と下のそれぞれをそろえる。
-- 例: canonical_unit('箇所') → か所、canonical_unit('名') → 人、canonical_unit('回線') → 回線、canonical_unit('円/件数') → 円/件
CREATE OR REPLACE MACRO canonical_unit(unit) AS
  array_to_string(list_transform(
    string_split(regexp_replace(regexp_replace(translate(replace(replace(replace(replace(replace(replace(
      replace(replace(unit, '㎡', 'm2'), '㎢', 'km2'), '㎥', 'm3'), '㏊', 'ha'), '㎞', 'km'), '㎏', 'kg'), '㌫', 'パーセント'),
      'CO₂', 'CO2'), '％／（）　－', '%/() -'), '\(.*?\)|\s', '', 'g'), '/(年度|年間|1?年)$', ''), '/'),
    lambda part: list_transform([regexp_extract(regexp_replace(part, '^(?:延べ|のべ|述べ|延)([^長].{0,2})$', '\1'),
        '^((?:[十百千]?[万億兆]|[百千])[^貨葉])?(.*)$', ['scaled', 'rest'])], lambda s:
      CASE WHEN s.scaled = '' THEN '' ELSE s.scaled[:-2] END
        || unit_spelling(unit_counter(s.scaled[-1] || s.rest)))[1]), '/');
