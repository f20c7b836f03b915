-- 人口で割ってよい単位か。金額は「円」、人数や件数などは位取りを除いた単位を返す。
-- 割合（%、ポイント、倍）、点、時間、順位など、人口で割っても意味のないものと、知らない単位は空。
-- 例: per_head_unit('百万円') → 円、per_head_unit('千人') → 人、per_head_unit('%') → 空
CREATE OR REPLACE MACRO per_head_unit(unit) AS
  list_filter(
    [canonical_unit(regexp_replace(unit, '^(千万|百万|十億|百億|千|万|億|兆)(.)', '\2'))],
    lambda u: u IN ('円', '人', '件', '回', '冊', '台', 'か所', '戸', '世帯', '団体', '社', '店', '店舗', '事業所', '施設', '棟',
      '本', '枚', '個', '食', 't', 'kg', 'g', 'kWh', 'MWh', 'L', 'kL', 'm', 'km', 'm2', 'ha', 'm3'))[1];
