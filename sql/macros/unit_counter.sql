-- 数える単位の書き方をそろえる。ヶ所・箇所をか所に、人数・件数を人・件に、日間・年間を日・年にする。
-- 例: unit_counter('ヶ所') → か所、unit_counter('件数') → 件、unit_counter('係数') → 係数、unit_counter('時間') → 時間
CREATE OR REPLACE MACRO unit_counter(name) AS
  regexp_replace(regexp_replace(regexp_replace(name,
    '^[ヶヵカケ箇個](所|月|国|年|村)', 'か\1'), '^(.*[^指係関総])数$', '\1'), '^(年|か月|日|時間|分|秒)間$', '\1');
