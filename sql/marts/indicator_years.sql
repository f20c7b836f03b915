-- 成果指標の達成状況。一行が、一つの指標の一つの年度。目標の欄が空欄でない年度と、実績の数値がある年度。
-- 範囲: 自治体ごと
-- municipality: 自治体
-- plan: 計画
-- code: 事業番号（指標番号）
-- project: 事業名（基本目標など、調査票の事業の欄）
-- indicator: 指標名
-- department: その年度の値を報告した課
-- subgroup: 区分（内訳）
-- kind: 種別（成果、実績）
-- unit: 単位。値はすべてこの単位で
-- fiscal_year: 年度（西暦）
-- baseline: 基準値
-- target: 目標値（文章などで数値がないときは空）
-- target_literal: 目標値の欄に書かれたまま
-- comparator: 目標の向き（ge 以上、gt 超、le 以下、lt 未満）
-- direction: 目指す方向（上昇、低下、維持）
-- actual: 実績値
-- answer: 実績の欄に、数値ではなく書かれた答え（集計中、該当なし）
-- nature: 実績の確かさ（確定、速報、見込、推計、暫定、集計中）。断りがなければ空
-- span: 実績がいつの間の値か（単年度、累計、年度末時点、月平均、年度途中）。断りがなければ空
-- as_of: 実績がいつの時点の値か（書かれたまま）
-- approx: 実績がおよその値か
-- second: 実績のセルの二つ目の値（320件（1,290人）の1290）
-- second_unit: 二つ目の値の単位
-- remark: 実績についての備考（受付開始など）
-- target_span: 目標がいつの間の値か
-- target_approx: 目標がおよその値か
-- target_change: 目標が増減で書かれた値か（increase 増加、decrease 減少）
-- method: 達成率の算式（A 実績÷目標、B 基準からの改善、C 目標÷実績、D 判定のみ）
-- attainment_pct: 達成率（%）
-- attainment_pct_numerator: 達成率の分子（A 実績、B 基準値−実績、C 目標）
-- attainment_pct_denominator: 達成率の分母（A 目標、B 基準値−目標、C 実績）
-- no_rate_reason: 達成率を出せない理由（目標未設定、目標が数値でない、目標が二つある、未報告、集計中、該当なし、年度未到来、
--   報告の対象外、除外、年度途中、期間が違う、目標0、実績0、基準値で達成済み、基準型、負の値）
-- no_actual_reason: 実績がない理由（未報告、集計中、該当なし、年度未到来、報告の対象外、除外）。実績があるときは空
-- achieved: 目標を達成したか。丸める前の値で判定する。年度途中の値と、目標と期間の違う値（累計など）では空
-- previous_actual: 前年度の実績値。前年度の資料で公表した値が公表値台帳にあれば、その値。定義（単位、方向、基準値）が変わり、判断.csvに「確認」がないときは空
-- previous_actual_today: 公表した後に前年度の実績値が改められたとき、いまの値（遡及改定）。そうでなければ空
-- change: 対前年度増減。単位が%とポイントのものはポイント差。前年度と期間（累計、年度途中など）の違う値では空
-- change_today: 遡及改定のとき、改定後の前年度の値との増減
-- change_pct: 対前年度増減率（%）。単位が%とポイントのもの、前年度が0以下のものは空
-- change_pct_numerator: 対前年度増減率の分子（実績−前年度の実績）
-- change_pct_denominator: 対前年度増減率の分母（前年度の実績）
-- change_pct_today: 遡及改定のとき、改定後の前年度の値との増減率
-- 鍵: municipality, plan, code, indicator, subgroup, kind, fiscal_year
-- sources: 値の出どころ（項目、ファイル、シート、セル）
-- attainment_pct_sources: 達成率のもとになった実績・目標・基準値・方向のセル
-- change_sources: 今年度と前年度の実績のセル
-- change_pct_sources: 今年度と前年度の実績のセル
WITH described AS (
  SELECT
    municipality, key, generation,
    arg_max(plan, sheet_year) AS plan, arg_max(code, sheet_year) AS code, arg_max(project, sheet_year) AS project,
    arg_max(indicator, sheet_year) AS indicator,
    arg_max(subgroup, sheet_year) AS subgroup, arg_max(kind, sheet_year) AS kind,
    arg_max(direction, sheet_year) AS direction,
    arg_max(in_unit(baseline, coalesce(unit, ''), coalesce(newest_unit, '')), sheet_year) AS baseline,
    arg_max(sources, sheet_year) AS sources,
    arg_max(cells_of(sources, ['baseline']), sheet_year) FILTER (baseline IS NOT NULL) AS baseline_cells
  FROM (
    SELECT *, last_value(unit) OVER (
      PARTITION BY municipality, key, generation ORDER BY sheet_year
      ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS newest_unit
    FROM staging.indicator_rows) AS i
  GROUP BY ALL),
surveyed AS (SELECT municipality, key, list(sheet_year) AS years FROM staging.indicator_rows GROUP BY ALL),
-- 誤りの指摘があって除いた行の年度。ほかの課の行が残るとき、報告がないのではないことを示すため
excluded AS (
  SELECT DISTINCT w.municipality, r.key, r.fiscal_year
  FROM raw.records AS r
  JOIN meta.workbooks AS w USING (workbook_id)
  WHERE r.kind = 'indicator' AND r.excluded),
judged AS (
  SELECT
    d.* EXCLUDE (sources, baseline_cells), f.* EXCLUDE (municipality, key, generation, sources, target_second),
    CASE
      WHEN f.actual IS NULL AND f.answer IS NULL AND x.fiscal_year IS NOT NULL THEN '除外'
      WHEN f.actual IS NULL THEN no_actual_reason(f.answer, f.fiscal_year, y.years)
    END AS no_actual_reason,
    CASE
      WHEN f.target IS NULL THEN no_target_reason(f.target_literal, f.target_second)
      WHEN f.actual IS NULL THEN no_actual_reason
      WHEN f.span = '年度途中' THEN '年度途中'
      WHEN value_span(f.span, d.indicator) <> value_span(f.target_span, d.indicator) THEN '期間が違う'
    END AS not_judged,
    value_span(f.span, d.indicator) = value_span(p.span, d.indicator) AND (f.span IS DISTINCT FROM '年度途中'
      OR as_of_month(f.as_of) = as_of_month(p.as_of)) AS comparable,
    coalesce(u.own_value, p.actual) AS previous_actual,
    CASE WHEN u.own_value <> p.actual THEN p.actual END AS previous_actual_today,
    list_distinct(list_concat(d.sources, d.baseline_cells, f.sources,
      list_transform(cells_of(p.sources, ['actual']),
        lambda s: {'field': 'previous_actual', 'path': s.path, 'sheet': s.sheet, 'cell': s.cell}))) AS sources,
    judged_direction(d.direction, f.comparator) AS judged_as
  FROM staging.indicator_facts AS f
  JOIN described AS d USING (municipality, key, generation)
  JOIN surveyed AS y USING (municipality, key)
  LEFT JOIN excluded AS x
    ON x.municipality = f.municipality AND x.key = f.key AND x.fiscal_year = f.fiscal_year
  LEFT JOIN staging.indicator_facts AS p
    ON p.municipality = f.municipality AND p.key = f.key AND p.generation = f.generation
      AND p.fiscal_year = f.fiscal_year - 1
  -- 公表した値。単位が変わったものとは比べない。
  LEFT JOIN staging.published_facts AS u
    ON u.municipality = p.municipality
      AND u.fact_year = p.fiscal_year
      AND u.fact = concat_ws('｜', 'A', 'indicator', p.key, 'actual', p.fiscal_year, p.unit)
    AND p.actual IS NOT NULL)
SELECT
  municipality, plan, code, project, indicator, subgroup, kind, unit, fiscal_year, department, baseline, target,
  target_literal, comparator,
  direction, actual,
  answer, nature, span, as_of, approx, second, second_unit, remark, target_span, target_approx, target_change,
  CASE WHEN not_judged IS NULL THEN attainment_method(actual, target, baseline, judged_as) END AS method,
  CASE WHEN not_judged IS NULL THEN attainment_pct(actual, target, baseline, judged_as) END AS attainment_pct,
  coalesce(not_judged, no_rate_reason(actual, target, baseline, judged_as)) AS no_rate_reason,
  no_actual_reason,
  CASE WHEN not_judged IS NULL THEN achieved(actual, target, comparator, judged_as) END AS achieved,
  previous_actual, previous_actual_today,
  CASE WHEN comparable THEN point_change(actual, previous_actual) END AS change,
  CASE WHEN comparable THEN point_change(actual, previous_actual_today) END AS change_today,
  CASE WHEN comparable AND NOT in_points(unit) THEN change_pct(actual, previous_actual) END AS change_pct,
  CASE WHEN comparable AND NOT in_points(unit) THEN change_pct(actual, previous_actual_today) END AS change_pct_today,
  CASE WHEN attainment_pct IS NOT NULL THEN CASE method WHEN 'A' THEN actual WHEN 'B' THEN baseline - actual
    WHEN 'C' THEN target END END AS attainment_pct_numerator,
  CASE WHEN attainment_pct IS NOT NULL THEN CASE method WHEN 'A' THEN target WHEN 'B' THEN baseline - target
    WHEN 'C' THEN actual END END AS attainment_pct_denominator,
  CASE WHEN change_pct IS NOT NULL THEN actual - previous_actual END AS change_pct_numerator,
  CASE WHEN change_pct IS NOT NULL THEN previous_actual END AS change_pct_denominator,
  list_sort(sources) AS sources,
  list_sort(cells_of(sources, ['actual', 'target', 'baseline', 'direction'])) AS attainment_pct_sources,
  list_sort(cells_of(sources, ['actual', 'previous_actual'])) AS change_sources,
  list_sort(cells_of(sources, ['actual', 'previous_actual'])) AS change_pct_sources
FROM judged
ORDER BY municipality, plan, code, indicator, subgroup, kind, fiscal_year
