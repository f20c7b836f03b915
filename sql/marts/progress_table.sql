-- 進捗状況の表（横持ち、資料の表の形）。一行が、計画・年度（または推進期間全体）の一つの柱または計。
-- 記号ごとの列は ◎○△▲× の五つ。様式に他の記号があれば、その取組は other に数える（落とさない）。
-- 範囲: 自治体ごと
-- initiatives: 取組数（再掲を除く）
-- ahead: ◎ 計画を上回って進んだ取組の数
-- on_plan: ○ 計画どおり進んだ取組の数
-- partly_late: △ 一部が遅れた取組の数
-- all_late: ▲ 全体的に遅れた取組の数
-- not_done: × 未実施の取組の数
-- other: 上の五つの列のない記号の取組の数（なければ0）
-- other_symbols: 列のない記号で、取組のあるものの並び（様式の順）
-- good_pct: ◎と○の構成比の和（印字する構成比の和。計の行だけ）
-- behind_pct: △▲×の構成比の和（印字する構成比の和。計の行だけ）
-- other_pct: 列のない記号の構成比の和（印字する構成比の和。計の行だけ）
-- late: all_late と同じ（▲の取組数。古い名前）
-- late_pct: behind_pct と同じ（△▲×の構成比の和。▲の構成比は all_late_pct。古い名前）
-- sources: 取組数と構成比のもとになった、すべての記号のセル
-- ahead_sources: ◎が書かれたセル
-- on_plan_sources: ○が書かれたセル
-- partly_late_sources: △が書かれたセル
-- all_late_sources: ▲が書かれたセル
-- not_done_sources: ×が書かれたセル
-- other_sources: 列のない記号が書かれたセル
-- late_sources: all_late_sources と同じ（古い名前）
-- ahead_pct_numerator: ◎の構成比の分子（取組数）
-- ahead_pct_denominator: ◎の構成比の分母（取組数）
-- on_plan_pct_numerator: ○の構成比の分子（取組数）
-- on_plan_pct_denominator: ○の構成比の分母（取組数）
-- partly_late_pct_numerator: △の構成比の分子（取組数）
-- partly_late_pct_denominator: △の構成比の分母（取組数）
-- all_late_pct_numerator: ▲の構成比の分子（取組数）
-- all_late_pct_denominator: ▲の構成比の分母（取組数）
-- not_done_pct_numerator: ×の構成比の分子（取組数）
-- not_done_pct_denominator: ×の構成比の分母（取組数）
-- other_pct_numerator: 列のない記号の構成比の和の分子（取組数）
-- other_pct_denominator: 列のない記号の構成比の和の分母（取組数）
-- good_pct_numerator: ◎と○の構成比の和の分子（取組数）
-- good_pct_denominator: ◎と○の構成比の和の分母（取組数）
-- behind_pct_numerator: △▲×の構成比の和の分子（取組数）
-- behind_pct_denominator: △▲×の構成比の和の分母（取組数）
-- late_pct_numerator: behind_pct_numerator と同じ（古い名前）
-- late_pct_denominator: behind_pct_denominator と同じ（古い名前）
WITH wide AS (
  SELECT
    municipality, plan, scope, pillar_no, pillar,
    sum(initiatives)::BIGINT AS initiatives,
    max(initiatives) FILTER (symbol = '◎') AS ahead, any_value(sources) FILTER (symbol = '◎') AS ahead_sources,
    max(initiatives) FILTER (symbol = '○') AS on_plan, any_value(sources) FILTER (symbol = '○') AS on_plan_sources,
    max(initiatives) FILTER (symbol = '△') AS partly_late,
    any_value(sources) FILTER (symbol = '△') AS partly_late_sources,
    max(initiatives) FILTER (symbol = '▲') AS all_late, any_value(sources) FILTER (symbol = '▲') AS all_late_sources,
    max(initiatives) FILTER (symbol = '×') AS not_done, any_value(sources) FILTER (symbol = '×') AS not_done_sources,
    coalesce(sum(initiatives) FILTER (symbol NOT IN ('◎', '○', '△', '▲', '×')), 0)::BIGINT AS other,
    coalesce(list(symbol ORDER BY position)
      FILTER (symbol NOT IN ('◎', '○', '△', '▲', '×') AND initiatives > 0), []) AS other_symbols,
    all_cells(list(sources) FILTER (symbol NOT IN ('◎', '○', '△', '▲', '×'))) AS other_sources,
    max(share_pct) FILTER (symbol = '◎') AS ahead_pct,
    max(share_pct) FILTER (symbol = '○') AS on_plan_pct,
    max(share_pct) FILTER (symbol = '△') AS partly_late_pct,
    max(share_pct) FILTER (symbol = '▲') AS all_late_pct,
    max(share_pct) FILTER (symbol = '×') AS not_done_pct,
    CASE WHEN count(share_pct) > 0 THEN
      coalesce(sum(share_pct) FILTER (symbol NOT IN ('◎', '○', '△', '▲', '×')), 0) END AS other_pct,
    sum(share_pct) FILTER (symbol IN ('◎', '○')) AS good_pct,
    sum(share_pct) FILTER (symbol IN ('△', '▲', '×')) AS behind_pct,
    sum(initiatives) FILTER (symbol IN ('◎', '○'))::BIGINT AS good_of,
    sum(initiatives) FILTER (symbol IN ('△', '▲', '×'))::BIGINT AS behind_of,
    all_cells(list(sources)) AS sources
  FROM marts.initiative_tally
  WHERE measure = 'progress'
  GROUP BY ALL)
SELECT
  * EXCLUDE (good_of, behind_of),
  CASE WHEN ahead_pct IS NOT NULL THEN ahead END AS ahead_pct_numerator,
  CASE WHEN ahead_pct IS NOT NULL THEN initiatives END AS ahead_pct_denominator,
  CASE WHEN on_plan_pct IS NOT NULL THEN on_plan END AS on_plan_pct_numerator,
  CASE WHEN on_plan_pct IS NOT NULL THEN initiatives END AS on_plan_pct_denominator,
  CASE WHEN partly_late_pct IS NOT NULL THEN partly_late END AS partly_late_pct_numerator,
  CASE WHEN partly_late_pct IS NOT NULL THEN initiatives END AS partly_late_pct_denominator,
  CASE WHEN all_late_pct IS NOT NULL THEN all_late END AS all_late_pct_numerator,
  CASE WHEN all_late_pct IS NOT NULL THEN initiatives END AS all_late_pct_denominator,
  CASE WHEN not_done_pct IS NOT NULL THEN not_done END AS not_done_pct_numerator,
  CASE WHEN not_done_pct IS NOT NULL THEN initiatives END AS not_done_pct_denominator,
  CASE WHEN other_pct IS NOT NULL THEN other END AS other_pct_numerator,
  CASE WHEN other_pct IS NOT NULL THEN initiatives END AS other_pct_denominator,
  CASE WHEN good_pct IS NOT NULL THEN good_of END AS good_pct_numerator,
  CASE WHEN good_pct IS NOT NULL THEN initiatives END AS good_pct_denominator,
  CASE WHEN behind_pct IS NOT NULL THEN behind_of END AS behind_pct_numerator,
  CASE WHEN behind_pct IS NOT NULL THEN initiatives END AS behind_pct_denominator,
  all_late AS late, all_late_sources AS late_sources, behind_pct AS late_pct,
  behind_pct_numerator AS late_pct_numerator, behind_pct_denominator AS late_pct_denominator
FROM wide
ORDER BY ALL
