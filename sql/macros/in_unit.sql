-- 値を、小数点の移動だけで直せる別の単位に直す（千円から円、メートルからキロメートルなど）。
-- それ以外の単位の違い（同じ単位の言い換え、直せない単位）では、値をそのまま返す。直せない単位の値を比べてよいかは、人が決める。
-- 例: in_unit(342, '千円', '円') → 342000、in_unit(342000, '円', '千円') → 342、in_unit(12, '件', '手続') → 12
CREATE OR REPLACE MACRO in_unit(x, old_unit, new_unit) AS
  CASE WHEN old_unit = new_unit THEN CAST(x AS DECIMAL(38, 12))
  ELSE list_transform([{'x': x, 'o': unit_size(old_unit), 'n': unit_size(new_unit)}], lambda v:
    CASE
      WHEN v.o.base IS DISTINCT FROM v.n.base OR v.o.exponent = v.n.exponent THEN CAST(v.x AS DECIMAL(38, 12))
      WHEN v.o.exponent > v.n.exponent THEN CAST(CAST(v.x AS DECIMAL(38, 9)) * list_extract(
        [10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
          1000000000000, 10000000000000, 100000000000000, 1000000000000000],
        v.o.exponent - v.n.exponent) AS DECIMAL(38, 12))
      ELSE CAST(CAST(v.x AS DECIMAL(38, 9)) * list_extract(
        [0.1, 0.01, 0.001, 0.0001, 0.00001, 0.000001, 0.0000001, 0.00000001, 0.000000001, 0.0000000001, 0.00000000001,
          0.000000000001],
        v.n.exponent - v.o.exponent) AS DECIMAL(38, 12))
    END)[1] END;
