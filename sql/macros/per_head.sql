-- 人口一人当たりの値。金額は円単位（小数は四捨五入）、それ以外は小数第2位まで（四捨五入）。人口で割れない単位のとき、人口が正の数でないときは空。
-- 例: per_head(2040000, '千円', 217000) → 9401、per_head(1085000, '冊', 217000) → 5.00
CREATE OR REPLACE MACRO per_head(value, unit, population) AS
  CASE WHEN population > 0 THEN CASE per_head_unit(unit)
    WHEN '円' THEN quotient(in_unit(value, unit, '円'), population, 0)
    ELSE CASE WHEN per_head_unit(unit) IS NOT NULL
      THEN quotient(in_unit(value, unit, regexp_replace(unit, '^(千万|百万|十億|百億|千|万|億|兆)(.)', '\2')), population, 2) END
  END END;
