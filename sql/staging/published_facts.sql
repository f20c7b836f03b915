-- 公表した値。一行が、公表値台帳にある一つの事実（どの調査票の、何の、何年度の値か）について、最も新しい会議で公表した値。
-- 数値でないもの、何の数値か決められないものは入らない。
-- 範囲: 自治体ごと
-- 鍵: municipality, fact, fact_year
-- fact: 何の数値か（様式｜種類｜鍵｜項目｜年度｜単位、または 表｜行｜列）
-- fact_year: 何年度の数値か（西暦）。年度のない事実は空
-- value: 公表した値
-- own_value: その年度を報告した資料で公表した値。なければ空
-- meeting: 公表した会議
SELECT
  municipality, fact, fact_year, arg_max(value, (held, figure)) AS value, arg_max(meeting, (held, figure)) AS meeting,
  arg_max(value, (held, figure)) FILTER (reported_year = fact_year) AS own_value
FROM meta.published
WHERE fact IS NOT NULL AND value IS NOT NULL
GROUP BY municipality, fact, fact_year
ORDER BY municipality, fact, fact_year
