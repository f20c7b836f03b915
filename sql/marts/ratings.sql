-- 成果指標の判定ランク。一行が、一つの指標の一つの年度（marts.indicator_years と同じ行）。
-- 段階は計画の設定（kyogikai.yaml の ranks）のとおりで、既定の段階はない。設定がなければランクはなく、その理由がある。
-- ランクは、丸める前の達成率（または進捗率）で決める。
-- 範囲: 自治体ごと
-- 鍵: municipality, plan, code, indicator, subgroup, kind, fiscal_year
-- kind: 種別（成果、実績）
-- target_literal: 目標値の欄に書かれたまま
-- achieved: 目標を達成したか
-- nature: 実績値の確からしさ（確定、速報、見込、推計、暫定、集計中。書かれていなければ空）。見込のランクには、その旨を添えて印字する
-- span: 実績値が何についての値か（単年度、累計、年度末時点、月平均、年度途中。書かれていなければ空）
-- outlook: 達成見込み（達成見込み、未達成見込み）。見込か推計の値だけ
-- method: 達成率の算式（A 実績÷目標、B 基準からの改善、C 目標÷実績、D 判定のみ）
-- attainment_pct: 達成率（%）
-- progress_pct: 最終目標に対する進捗率（%）
-- final_target: 最終目標
-- final_target_year: 最終目標の年度（西暦）
-- measured: 何で判定するか（attainment 達成率、progress 最終目標に対する進捗率）
-- rank: 判定ランクの記号
-- rank_meaning: 記号の意味
-- no_rank_reason: ランクのない理由
-- rate: ランクのもとになった率（%、0.1%単位に四捨五入）
-- rate_printed: 印字する率。四捨五入した率が別の段階に入るときは、段階に合うほうへ0.1ずらす（79.96%を80.0%としない）
-- rule: 判定の決まり。ランクを印字する資料に、あわせて印字する文
-- legend: 記号の意味。資料に印字する文
-- sources: 値の出どころ（項目、ファイル、シート、セル）
-- rank_sources: ランクのもとになったセルと設定
-- rate_sources: 率のもとになったセル
-- rate_printed_sources: 率のもとになったセル
-- attainment_pct_sources: 達成率のもとになった実績・目標・基準値・方向のセル
-- outlook_sources: 達成見込みのもとになった実績と目標のセル
-- progress_pct_sources: 進捗率のもとになった実績・基準値・方向・最終目標のセル
WITH candidates AS (
  SELECT
    i.*, p.progress_pct, p.progress_pct_numerator, p.progress_pct_denominator, p.no_progress_reason, p.final_target,
    p.final_target_year, p.final_target_basis, p.progress_pct_sources, p.sources AS all_sources,
    k.measured, k.methods, k.levels, k.rule, k.legend,
    CASE i.achieved WHEN true THEN k.achieved_symbol WHEN false THEN k.missed_symbol END AS judged_symbol
  FROM marts.indicator_years AS i
  JOIN marts.indicator_progress AS p
    ON p.municipality = i.municipality AND p.fiscal_year = i.fiscal_year AND p.indicator = i.indicator
      AND p.plan IS NOT DISTINCT FROM i.plan AND p.code IS NOT DISTINCT FROM i.code
      AND p.subgroup IS NOT DISTINCT FROM i.subgroup AND p.kind IS NOT DISTINCT FROM i.kind
  LEFT JOIN staging.plan_ranks AS k ON k.municipality = i.municipality AND k.plan = i.plan),
allowed AS (
  SELECT
    *,
    CASE
      WHEN measured IS NULL THEN '判定ランクの設定なし'
      WHEN span = '年度途中' THEN '年度途中'
      WHEN measured = 'progress' THEN CASE
        WHEN no_progress_reason IS NOT NULL THEN no_progress_reason
        WHEN final_target_basis <> '計画の最終年度' THEN '計画の最終年度の目標なし' END
      WHEN method = 'D' THEN CASE WHEN judged_symbol IS NULL THEN '達成・未達成の判定だけ' END
      WHEN attainment_pct IS NULL THEN no_rate_reason
      WHEN NOT list_contains(methods, method) THEN '算式' || translate(method, 'ABC', 'ＡＢＣ') || 'は対象外'
      -- 「90を超える」目標に実績が90のときなど。100%以上の段階とも、達成していないとも言えてしまう
      WHEN reaches(attainment_pct_numerator, attainment_pct_denominator, 100) <> achieved
        THEN '達成率と達成の判定が合わない'
    END AS why_not,
    CASE WHEN why_not IS NULL THEN CASE measured WHEN 'progress' THEN progress_pct_numerator
      ELSE attainment_pct_numerator END END AS n,
    CASE WHEN why_not IS NULL THEN CASE measured WHEN 'progress' THEN progress_pct_denominator
      ELSE attainment_pct_denominator END END AS d
  FROM candidates),
ranked AS (
  SELECT
    *,
    CASE WHEN why_not IS NOT NULL THEN NULL WHEN measured = 'attainment' AND method = 'D' THEN judged_symbol
      ELSE rank_symbol(n, d, levels) END AS rank,
    CASE WHEN why_not IS NULL THEN CASE measured WHEN 'progress' THEN progress_pct ELSE attainment_pct END END AS rate,
    CASE measured WHEN 'progress' THEN progress_pct_sources WHEN 'attainment' THEN attainment_pct_sources ELSE [] END
      AS rate_sources
  FROM allowed)
SELECT
  municipality, plan, code, project, indicator, subgroup, kind, unit, fiscal_year, department,
  target, target_literal, actual, nature, span, achieved,
  CASE WHEN span IS DISTINCT FROM '年度途中' THEN outlook(achieved, nature) END AS outlook,
  method, attainment_pct, final_target, final_target_year, progress_pct,
  measured, rank,
  list_filter(levels, lambda l: l.symbol = rank)[1].meaning AS rank_meaning,
  coalesce(why_not, CASE WHEN rank IS NULL THEN '数が大きすぎて計算できない' END) AS no_rank_reason,
  rate,
  CASE
    WHEN rank_symbol(rate, 100, levels) = rank
      THEN CASE measured WHEN 'attainment' THEN printed_rate(rate, achieved) ELSE rate END
    WHEN rank IS NOT NULL THEN rate + CASE WHEN reaches(n, d, rate) THEN 0.1 ELSE -0.1 END
  END AS rate_printed,
  rule, legend,
  all_sources AS sources,
  CASE WHEN rank IS NULL THEN rate_sources ELSE list_concat(rate_sources, from_settings(['ranks'])) END AS rank_sources,
  rate_sources, rate_sources AS rate_printed_sources, attainment_pct_sources, progress_pct_sources,
  cells_of(all_sources, ['actual', 'target']) AS outlook_sources
FROM ranked
ORDER BY municipality, plan, code, indicator, subgroup, kind, fiscal_year
