-- 自己評価の表（横持ち、資料の表の形）。一行が、計画・年度（または推進期間全体）の一つの柱または計。
-- 記号ごとの列は A B C － の四つ。様式に他の記号があれば、その取組は other に数える（落とさない）。
-- 範囲: 自治体ごと
-- initiatives: 取組数（再掲を除く）
-- a: A 想定以上の成果の取組の数
-- b: B おおむね想定どおりの取組の数
-- c: C 想定どおりの成果が得られなかった取組の数
-- none: － 評価対象外の取組の数
-- other: 上の四つの列のない記号の取組の数（なければ0）
-- other_symbols: 列のない記号で、取組のあるものの並び（様式の順）
-- good_pct: AとBの構成比の和（印字する構成比の和。計の行だけ）
-- poor_pct: Cと－の構成比の和（印字する構成比の和。計の行だけ）
-- other_pct: 列のない記号の構成比の和（印字する構成比の和。計の行だけ）
-- sources: 取組数と構成比のもとになった、すべての記号のセル
-- a_sources: Aが書かれたセル
-- b_sources: Bが書かれたセル
-- c_sources: Cが書かれたセル
-- none_sources: －が書かれたセル
-- other_sources: 列のない記号が書かれたセル
-- a_pct_numerator: Aの構成比の分子（取組数）
-- a_pct_denominator: Aの構成比の分母（取組数）
-- b_pct_numerator: Bの構成比の分子（取組数）
-- b_pct_denominator: Bの構成比の分母（取組数）
-- c_pct_numerator: Cの構成比の分子（取組数）
-- c_pct_denominator: Cの構成比の分母（取組数）
-- none_pct_numerator: －の構成比の分子（取組数）
-- none_pct_denominator: －の構成比の分母（取組数）
-- other_pct_numerator: 列のない記号の構成比の和の分子（取組数）
-- other_pct_denominator: 列のない記号の構成比の和の分母（取組数）
-- good_pct_numerator: AとBの構成比の和の分子（取組数）
-- good_pct_denominator: AとBの構成比の和の分母（取組数）
-- poor_pct_numerator: Cと－の構成比の和の分子（取組数）
-- poor_pct_denominator: Cと－の構成比の和の分母（取組数）
WITH wide AS (
  SELECT
    municipality, plan, scope, pillar_no, pillar,
    sum(initiatives)::BIGINT AS initiatives,
    max(initiatives) FILTER (symbol = 'A') AS a, any_value(sources) FILTER (symbol = 'A') AS a_sources,
    max(initiatives) FILTER (symbol = 'B') AS b, any_value(sources) FILTER (symbol = 'B') AS b_sources,
    max(initiatives) FILTER (symbol = 'C') AS c, any_value(sources) FILTER (symbol = 'C') AS c_sources,
    max(initiatives) FILTER (symbol = '－') AS "none", any_value(sources) FILTER (symbol = '－') AS none_sources,
    coalesce(sum(initiatives) FILTER (symbol NOT IN ('A', 'B', 'C', '－')), 0)::BIGINT AS other,
    coalesce(list(symbol ORDER BY position)
      FILTER (symbol NOT IN ('A', 'B', 'C', '－') AND initiatives > 0), []) AS other_symbols,
    all_cells(list(sources) FILTER (symbol NOT IN ('A', 'B', 'C', '－'))) AS other_sources,
    max(share_pct) FILTER (symbol = 'A') AS a_pct,
    max(share_pct) FILTER (symbol = 'B') AS b_pct,
    max(share_pct) FILTER (symbol = 'C') AS c_pct,
    max(share_pct) FILTER (symbol = '－') AS none_pct,
    CASE WHEN count(share_pct) > 0 THEN
      coalesce(sum(share_pct) FILTER (symbol NOT IN ('A', 'B', 'C', '－')), 0) END AS other_pct,
    sum(share_pct) FILTER (symbol IN ('A', 'B')) AS good_pct,
    sum(share_pct) FILTER (symbol IN ('C', '－')) AS poor_pct,
    sum(initiatives) FILTER (symbol IN ('A', 'B'))::BIGINT AS good_of,
    sum(initiatives) FILTER (symbol IN ('C', '－'))::BIGINT AS poor_of,
    all_cells(list(sources)) AS sources
  FROM marts.initiative_tally
  WHERE measure = 'self_rating'
  GROUP BY ALL)
SELECT
  * EXCLUDE (good_of, poor_of),
  CASE WHEN a_pct IS NOT NULL THEN a END AS a_pct_numerator,
  CASE WHEN a_pct IS NOT NULL THEN initiatives END AS a_pct_denominator,
  CASE WHEN b_pct IS NOT NULL THEN b END AS b_pct_numerator,
  CASE WHEN b_pct IS NOT NULL THEN initiatives END AS b_pct_denominator,
  CASE WHEN c_pct IS NOT NULL THEN c END AS c_pct_numerator,
  CASE WHEN c_pct IS NOT NULL THEN initiatives END AS c_pct_denominator,
  CASE WHEN none_pct IS NOT NULL THEN "none" END AS none_pct_numerator,
  CASE WHEN none_pct IS NOT NULL THEN initiatives END AS none_pct_denominator,
  CASE WHEN other_pct IS NOT NULL THEN other END AS other_pct_numerator,
  CASE WHEN other_pct IS NOT NULL THEN initiatives END AS other_pct_denominator,
  CASE WHEN good_pct IS NOT NULL THEN good_of END AS good_pct_numerator,
  CASE WHEN good_pct IS NOT NULL THEN initiatives END AS good_pct_denominator,
  CASE WHEN poor_pct IS NOT NULL THEN poor_of END AS poor_pct_numerator,
  CASE WHEN poor_pct IS NOT NULL THEN initiatives END AS poor_pct_denominator
FROM wide
ORDER BY ALL
