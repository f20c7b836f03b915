-- 単位の頭に付く位取り（千・万・百万・億など）が、十の何乗か。付いていなければ0。
-- 例: unit_exponent('百万円') → 6、unit_exponent('件') → 0
CREATE OR REPLACE MACRO unit_exponent(unit) AS
  CASE
    WHEN unit SIMILAR TO '(十億|百万|千万|百億|千|万|億|兆).+' THEN
      CASE WHEN unit LIKE '千万%' THEN 7 WHEN unit LIKE '百万%' THEN 6 WHEN unit LIKE '十億%' THEN 9
        WHEN unit LIKE '百億%' THEN 10
        WHEN unit LIKE '千%' THEN 3 WHEN unit LIKE '万%' THEN 4 WHEN unit LIKE '億%' THEN 8 ELSE 12 END
    ELSE 0
  END;
