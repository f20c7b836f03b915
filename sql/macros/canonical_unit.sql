-- 単位の言い方をそろえる。同じ単位の言い換え（箇所とか所、名と人、ptとポイント）を、定義の変更とみなさないため。
-- 例: canonical_unit('箇所') → か所、canonical_unit('名') → 人、canonical_unit('件') → 件
CREATE OR REPLACE MACRO canonical_unit(unit) AS
  CASE
    WHEN regexp_matches(unit, '^(箇所|個所|ヶ所|ヵ所|カ所|ケ所)$') THEN 'か所'
    WHEN unit = '名' THEN '人'
    WHEN unit IN ('pt', 'ｐｔ') THEN 'ポイント'
    WHEN unit IN ('％', 'パーセント') THEN '%'
    ELSE unit
  END;
