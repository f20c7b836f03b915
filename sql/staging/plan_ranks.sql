-- 計画の判定ランクの決まり（設定）。一行が、一つの計画。
-- 範囲: 自治体ごと
-- 鍵: municipality, plan
-- measured: 何で判定するか（attainment 達成率、progress 最終目標に対する進捗率）
-- methods: 判定する達成率の算式
-- achieved_symbol: 達成・未達成の判定だけをする指標の、達成の記号
-- missed_symbol: 達成・未達成の判定だけをする指標の、未達成の記号
-- levels: 段階（記号、下限、意味）。良いほうから
-- rule: 判定の決まり。資料に印字する文
-- legend: 記号の意味。資料に印字する文
WITH together AS (
  SELECT
    municipality, plan, measured, methods, achieved_symbol, missed_symbol,
    list({'symbol': symbol, 'at_least': at_least, 'meaning': meaning} ORDER BY position) AS levels
  FROM meta.ranks
  GROUP BY ALL)
SELECT
  *,
  CASE measured
    WHEN 'attainment' THEN '達成率（算式' || translate(array_to_string(methods, '・'), 'ABC', 'ＡＢＣ') || '）'
    ELSE '計画の最終年度の目標に対する進捗率' END
  || 'により、' || rank_rule(levels) || 'とする。'
  || CASE WHEN achieved_symbol IS NULL THEN ''
    ELSE '達成か未達成かだけを判定する指標は、達成を' || achieved_symbol || '、未達成を' || missed_symbol || 'とする。' END AS rule,
  array_to_string(list_transform(levels, lambda l: l.symbol || ' ' || l.meaning), '、') AS legend
FROM together
ORDER BY municipality, plan
