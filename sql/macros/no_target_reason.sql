-- 目標が数値でない理由。目標の欄に書かれたまま（literal）と、同じ単位の二つ目の値（second）から決める。
-- 空欄、—、これから決めるというもの（未定、後に決定）は目標未設定。数値のない文章（全国平均以上）は目標が数値でない。
-- 例: no_target_reason('2回 11回', '11') → 目標が二つある、no_target_reason('全国平均以上', NULL) → 目標が数値でない
CREATE OR REPLACE MACRO no_target_reason(literal, second) AS
  CASE
    WHEN second IS NOT NULL THEN '目標が二つある'
    WHEN coalesce(dash(trim(literal)), '') IN ('', '－') THEN '目標未設定'
    WHEN regexp_matches(literal, '未定|未設定|未確定|未決定|決定|設定|検討|調整中|協議中|後日|確定次第|該当') THEN '目標未設定'
    ELSE '目標が数値でない'
  END;
