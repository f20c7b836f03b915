-- 構成比（四捨五入）。件数の並びを受け取り、それぞれを0.1%単位に四捨五入する。合計は100.0にならないことがある。
-- 合計が0のときは、0で割った答えが空なので、すべてNULL。整数だけで計算する。
-- 出典: 国の統計（決算カードなど）の構成比。
-- 例: half_up_share([6, 105, 7, 1, 0]) → [5.0, 88.2, 5.9, 0.8, 0.0]
CREATE OR REPLACE MACRO half_up_share(counts) AS
  list_transform(counts, lambda n:
    CAST((2 * n::HUGEINT * 1000 + list_sum(counts)::HUGEINT) // (2 * list_sum(counts)::HUGEINT)
      AS DECIMAL(18, 0))
    * 0.1::DECIMAL(2, 1));
