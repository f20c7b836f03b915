-- 構成比（最大剰余法）。件数の並びを受け取り、0.1%単位で合計が100.0になる構成比の並びを返す。
-- 決め方: 件数×1000÷合計の整数部を取り、足りない分を余りの大きい順に0.1ずつ配る。余りが同じなら前の列を優先する。
-- 合計が0のときは、0で割った答えが空なので、すべてNULL。整数だけで計算し、二進小数を使わない。
-- 出典: 総務協議会資料（令和7年10月21日）の構成比の四つの行は、この方法だけで再現できる。
-- 例: largest_remainder([6, 105, 7, 1, 0]) → [5.1, 88.2, 5.9, 0.8, 0.0]
CREATE OR REPLACE MACRO largest_remainder(counts) AS
  list_transform(counts, lambda n, i:
    CAST(
      n::HUGEINT * 1000 // list_sum(counts)::HUGEINT
      + CASE WHEN
          len(list_filter(counts, lambda m, j:
            m::HUGEINT * 1000 % list_sum(counts)::HUGEINT > n::HUGEINT * 1000 % list_sum(counts)::HUGEINT
            OR m::HUGEINT * 1000 % list_sum(counts)::HUGEINT = n::HUGEINT * 1000 % list_sum(counts)::HUGEINT AND j < i))
          < 1000 - list_sum(list_transform(counts, lambda k: k::HUGEINT * 1000 // list_sum(counts)::HUGEINT))
        THEN 1 ELSE 0 END
      AS DECIMAL(18, 0)) * 0.1::DECIMAL(2, 1));
