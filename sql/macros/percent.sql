-- 百分率。nをdで割った割合を、0.1%単位に四捨五入する（負の数は0から遠いほうへ）。dが0なら、0で割った答えが空なので、空。
-- 小数第12位までの数を整数にそろえて割る。二進小数を使わない。
-- 例: percent(105, 119) → 88.2、percent(-1, 8) → -12.5
CREATE OR REPLACE MACRO percent(n, d) AS
  CAST(
    sign(CAST(n AS DECIMAL(38, 12))) * sign(CAST(d AS DECIMAL(38, 12)))
    * ((2 * CAST(abs(CAST(n AS DECIMAL(38, 12))) * 1000000000000 AS HUGEINT) * 1000
        + CAST(abs(CAST(d AS DECIMAL(38, 12))) * 1000000000000 AS HUGEINT))
       // (2 * CAST(abs(CAST(d AS DECIMAL(38, 12))) * 1000000000000 AS HUGEINT)))
  AS DECIMAL(36, 0)) * 0.1::DECIMAL(2, 1);
