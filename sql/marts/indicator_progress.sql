-- 成果指標の進捗率。一行が、一つの指標の一つの年度（marts.indicator_years と同じ行）。
-- 最終目標に対する進捗率は、（実績−基準値）÷（最終目標−基準値）。経路に対する進捗率は、その年度にあるべき値までの歩みを100としたもの。
-- 基準値、最終目標、途中の目標は、同じ定義（単位、方向、基準値）の年度のものだけを使う。
-- 範囲: 自治体ごと
-- 鍵: municipality, plan, code, indicator, subgroup, kind, fiscal_year
-- kind: 種別（成果、実績）
-- direction: 目指す方向（上昇、低下、維持）
-- nature: 実績値の確からしさ（確定、速報、見込、推計、暫定、集計中。書かれていなければ空）
-- span: 実績値が何についての値か（単年度、累計、年度末時点、月平均、年度途中。書かれていなければ空）
-- baseline: 基準値
-- final_target: 最終目標。計画の最終年度の目標値。なければ、数値で書かれた最も後の年度の目標値
-- final_target_year: 最終目標の年度（西暦）
-- final_target_basis: 最終目標の採り方（計画の最終年度、最後に書かれた目標）
-- progress_pct: 最終目標に対する進捗率（%）
-- progress_pct_numerator: 進捗率の分子（実績−基準値）
-- progress_pct_denominator: 進捗率の分母（最終目標−基準値）
-- no_progress_reason: 進捗率を出せない理由（最終目標なし、基準値なし、方向なし、維持の指標、基準値で達成済み、年度途中、未報告）
-- expected: その年度にあるべき値
-- expected_basis: あるべき値の採り方。その年度の目標、または何年度の値と何年度の値を結ぶ直線か
-- diff_from_expected: 実績からあるべき値を引いた差
-- path_pct: 経路に対する進捗率（%）。（実績−基準値）÷（あるべき値−基準値）
-- path_pct_numerator: 経路に対する進捗率の分子。直線のときは、分母とともに、結んだ年数を掛けた値
-- path_pct_denominator: 経路に対する進捗率の分母
-- on_path: あるべき値に届いているか。丸める前の値で判定する
-- no_path_reason: 経路に対する進捗率を出せない理由（進捗率を出せない理由のほか、基準年度なし、基準年度以前、最後の目標より後、数が大きすぎて計算できない、経路が進まない）
-- sources: 値の出どころ（項目、ファイル、シート、セル）
-- progress_pct_sources: 実績、基準値、方向、最終目標のセル
-- path_pct_sources: 実績、基準値、方向と、あるべき値のもとになった基準年度と目標のセル
-- expected_sources: あるべき値のもとになった基準値、基準年度、目標のセル
-- diff_from_expected_sources: 実績と、あるべき値のもとになったセル
WITH ends AS ( -- 設定に書かれた計画の最終年度。同じ計画に二つの年度が書かれていれば、採らない
  SELECT municipality, plan, any_value(last_year) AS last_year
  FROM meta.plans
  WHERE stated
  GROUP BY ALL
  HAVING min(last_year) = max(last_year)),
years AS (
  SELECT
    i.municipality, i.plan, i.code, i.project, i.indicator, i.subgroup, i.kind, i.unit, i.fiscal_year, i.department,
    i.direction, i.baseline, i.target, i.actual, i.nature, i.span, i.target_span, i.sources,
    s.key, s.generation, s.newest_generation, s.baseline_year, s.baseline_year_sources, e.last_year
  FROM marts.indicator_years AS i
  JOIN staging.indicator_series AS s
    ON s.municipality = i.municipality AND s.fiscal_year = i.fiscal_year AND s.indicator = i.indicator
      AND s.plan IS NOT DISTINCT FROM i.plan AND s.code IS NOT DISTINCT FROM i.code
      AND s.subgroup IS NOT DISTINCT FROM i.subgroup AND s.kind IS NOT DISTINCT FROM i.kind
  LEFT JOIN ends AS e ON e.municipality = i.municipality AND e.plan = i.plan),
stated AS (
  SELECT
    municipality, key, generation,
    list({'name': '目標', 'year': fiscal_year, 'value': target, 'cells': cells_of(sources, ['target']),
      'span': value_span(target_span, indicator)} ORDER BY fiscal_year) AS targets
  FROM years
  WHERE target IS NOT NULL
  GROUP BY ALL),
framed AS (
  SELECT
    y.*, t.targets,
    coalesce(list_filter(t.targets, lambda p: p.year = y.last_year)[1],
      CASE WHEN y.newest_generation THEN t.targets[-1] END) AS final,
    CASE WHEN y.baseline_year < t.targets[1].year AND y.baseline IS NOT NULL
      THEN list_concat(
        [{'name': '基準値', 'year': y.baseline_year, 'value': y.baseline,
          'cells': list_concat(cells_of(y.sources, ['baseline']), y.baseline_year_sources),
          'span': t.targets[1].span}], t.targets)
      ELSE t.targets END AS points,
    list_filter(points, lambda p: p.year <= y.fiscal_year)[-1] AS before,
    list_filter(points, lambda p: p.year >= y.fiscal_year)[1] AS after
  FROM years AS y
  LEFT JOIN stated AS t USING (municipality, key, generation)),
measured AS (
  SELECT
    *,
    -- 年度途中の値は、年度の値ではないので、進捗率を出さない。累計や月平均の値は、同じ期間の目標とだけ比べる
    CASE WHEN span = '年度途中' THEN '年度途中'
      WHEN final IS NOT NULL AND value_span(span, indicator) <> final.span THEN '期間が違う'
      ELSE no_progress_reason(actual, baseline, final.value, direction) END AS no_progress,
    CASE WHEN before.year = after.year THEN CASE WHEN before.name = '目標' THEN before.value END
      ELSE interpolated(fiscal_year, before.year, before.value, after.year, after.value) END AS expected,
    CASE WHEN before.year = after.year THEN actual - baseline
      ELSE (actual - baseline) * (after.year - before.year) END AS path_n,
    CASE WHEN before.year = after.year THEN before.value - baseline
      ELSE (before.value - baseline) * (after.year - before.year)
        + (after.value - before.value) * (fiscal_year - before.year) END AS path_d,
    list_sort(list_distinct(list_concat(before.cells, after.cells))) AS path_cells
  FROM framed),
judged AS (
  SELECT
    *,
    CASE
      WHEN no_progress IS NOT NULL THEN no_progress
      WHEN before.span <> final.span OR after.span <> final.span THEN '期間が違う'
      WHEN expected IS NULL AND fiscal_year <= baseline_year THEN '基準年度以前'
      WHEN expected IS NULL AND fiscal_year > targets[-1].year THEN '最後の目標より後'
      WHEN expected IS NULL AND baseline_year IS NULL THEN '基準年度なし'
      WHEN expected IS NULL THEN '数が大きすぎて計算できない'
      WHEN direction = '上昇' AND path_d <= 0 OR direction = '低下' AND path_d >= 0 THEN '経路が進まない'
    END AS no_path
  FROM measured)
SELECT
  municipality, plan, code, project, indicator, subgroup, kind, unit, fiscal_year, department, direction,
  baseline, baseline_year, target, actual, nature, span,
  final.value AS final_target, final.year AS final_target_year,
  CASE WHEN final.year = last_year THEN '計画の最終年度' WHEN final IS NOT NULL THEN '最後に書かれた目標' END
    AS final_target_basis,
  CASE WHEN no_progress IS NULL THEN progress_pct(actual, baseline, final.value, direction) END AS progress_pct,
  CASE WHEN no_progress IS NULL THEN actual - baseline END AS progress_pct_numerator,
  CASE WHEN no_progress IS NULL THEN final.value - baseline END AS progress_pct_denominator,
  no_progress AS no_progress_reason,
  expected,
  CASE WHEN expected IS NULL THEN NULL WHEN before.year = after.year THEN 'その年度の目標'
    ELSE before.name || '（' || wareki(before.year) || '）と' || after.name || '（' || wareki(after.year) || '）を結ぶ直線' END
    AS expected_basis,
  CASE WHEN no_path IS NULL THEN point_change(actual, expected) END AS diff_from_expected,
  CASE WHEN no_path IS NULL THEN TRY(percent(path_n, path_d)) END AS path_pct,
  CASE WHEN no_path IS NULL THEN path_n END AS path_pct_numerator,
  CASE WHEN no_path IS NULL THEN path_d END AS path_pct_denominator,
  CASE WHEN no_path IS NULL THEN reaches(path_n, path_d, 100) END AS on_path,
  no_path AS no_path_reason,
  list_sort(list_distinct(list_concat(sources, final.cells, path_cells))) AS sources,
  list_concat(cells_of(sources, ['actual', 'baseline', 'direction']), final.cells) AS progress_pct_sources,
  list_sort(list_distinct(list_concat(cells_of(sources, ['actual', 'baseline', 'direction']), path_cells)))
    AS path_pct_sources,
  path_cells AS expected_sources,
  list_concat(cells_of(sources, ['actual']), path_cells) AS diff_from_expected_sources
FROM judged
ORDER BY municipality, plan, code, indicator, subgroup, kind, fiscal_year
