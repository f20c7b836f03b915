-- 割り算。nをdで割り、小数第digits位までに四捨五入する（負の数は0から遠いほうへ）。digitsは0から6まで。dが0なら、0で割った答えが空なので、空。
-- 小数第12位までの数を整数にそろえて割る。二進小数を使わない。数が大きすぎて整数に収まらないときは空。
-- 例: quotient(2040000000, 217000, 0) → 9401、quotient(1, 8, 2) → 0.13
CREATE OR REPLACE MACRO quotient(n, d, digits) AS
  TRY(CAST(
    CAST(sign(CAST(n AS DECIMAL(38, 12))) * sign(CAST(d AS DECIMAL(38, 12))) AS HUGEINT)
    * ((2 * CAST(abs(CAST(n AS DECIMAL(38, 12))) * 1000000000000 AS HUGEINT)
          * list_extract([1, 10, 100, 1000, 10000, 100000, 1000000], digits + 1)
        + CAST(abs(CAST(d AS DECIMAL(38, 12))) * 1000000000000 AS HUGEINT))
       // (2 * CAST(abs(CAST(d AS DECIMAL(38, 12))) * 1000000000000 AS HUGEINT)))
    * list_extract([1000000, 100000, 10000, 1000, 100, 10, 1], digits + 1)
  AS DECIMAL(32, 0)) * 0.000001::DECIMAL(6, 6));
