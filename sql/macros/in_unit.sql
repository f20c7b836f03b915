-- 値を、位取りだけが違う別の単位に直す（千円から円など）。それ以外の単位の違いでは、値をそのまま返す。
-- 例: in_unit(342, '千円', '円') → 342000、in_unit(342000, '円', '千円') → 342、in_unit(12, '件', '手続') → 12
CREATE OR REPLACE MACRO in_unit(x, old_unit, new_unit) AS
  CASE
    WHEN old_unit = new_unit THEN CAST(x AS DECIMAL(38, 12))
    WHEN regexp_replace(old_unit, '^(千万|百万|十億|百億|千|万|億|兆)(.)', '\2')
      = regexp_replace(new_unit, '^(千万|百万|十億|百億|千|万|億|兆)(.)', '\2')
    THEN CAST(
      CASE
        WHEN unit_exponent(old_unit) >= unit_exponent(new_unit)
        THEN CAST(x AS DECIMAL(38, 9)) * list_extract(
          [1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
            1000000000000],
          1 + unit_exponent(old_unit) - unit_exponent(new_unit))
        ELSE CAST(x AS DECIMAL(38, 9)) * list_extract(
          [1, 0.1, 0.01, 0.001, 0.0001, 0.00001, 0.000001, 0.0000001, 0.00000001, 0.000000001, 0.0000000001,
            0.00000000001, 0.000000000001],
          1 + unit_exponent(new_unit) - unit_exponent(old_unit))
      END AS DECIMAL(38, 12))
    ELSE CAST(x AS DECIMAL(38, 12))
  END;
