-- 予算と決算の執行率。一行が、様式の一つの事業の一つの年度。
-- 項目 budget（予算現額）と settlement（決算額）のある様式の記録から作る。事業の名称は、項目 project のもの。
-- 同じ年度を二つの調査票が書いているときは、予算と決算のそれぞれについて、数値が書いてあるうち新しい年度の調査票を採る。
-- 範囲: 自治体ごと
-- 鍵: municipality, plan, form, department, key, fiscal_year
-- project: 事業名（様式に項目 project がなければ空）
-- budget: 予算現額（unitの単位で）
-- settlement: 決算額（unitの単位で）
-- remaining: 不用額など、予算現額から決算額を引いた額
-- execution_pct: 執行率（%）。決算額÷予算現額
-- execution_pct_numerator: 執行率の分子（決算額）
-- execution_pct_denominator: 執行率の分母（予算現額）
-- no_execution_reason: 執行率を出せない理由（予算なし、決算なし、予算0、負の値、予算と決算の単位が違う）
-- sources: 値の出どころ（項目、ファイル、シート、セル）
-- budget_sources: 予算現額のセル
-- settlement_sources: 決算額のセル
-- remaining_sources: 予算現額と決算額のセル
-- execution_pct_sources: 予算現額と決算額のセル
WITH named AS (
  SELECT
    k.record_id, k.municipality, k.plan, k.form, k.department, k.key, k.sheet_year, k.path,
    max(f.value) FILTER (f.name = 'code') AS code,
    max(f.value) FILTER (f.name = 'project') AS project,
    TRY_CAST(max(f.value) FILTER (f.name = 'year') AS INTEGER) AS own_year,
    list({'field': f.name, 'path': k.path, 'sheet': f.sheet, 'cell': f.cell})
      FILTER (f.name IN ('project', 'year')) AS name_cells
  FROM staging.kept_records AS k
  JOIN raw.fields AS f USING (record_id)
  GROUP BY ALL),
-- 予算と決算のそれぞれについて、数値の書いてあるうち最も新しい年度の調査票を採る。
written AS (
  SELECT
    n.*, coalesce(TRY_CAST(f.scope AS INTEGER), n.own_year, n.sheet_year) AS fiscal_year, f.name, f.unit,
    CAST(f.value AS DECIMAL(38, 12)) AS value,
    {'field': f.name, 'path': n.path, 'sheet': f.sheet, 'cell': f.cell} AS source
  FROM named AS n
  JOIN raw.fields AS f USING (record_id)
  WHERE f.name IN ('budget', 'settlement')
  QUALIFY row_number() OVER (
    PARTITION BY n.municipality, n.plan, n.form, n.department, n.key, fiscal_year, f.name
    ORDER BY f.value IS NULL, n.sheet_year DESC, n.record_id) = 1),
amounts AS (
  SELECT
    municipality, plan, form, department, key, fiscal_year,
    arg_max(code, sheet_year) AS code, arg_max(project, sheet_year) AS project,
    any_value(unit) FILTER (name = 'budget') AS budget_unit,
    any_value(unit) FILTER (name = 'settlement') AS settlement_unit,
    any_value(value) FILTER (name = 'budget') AS written_budget,
    any_value(value) FILTER (name = 'settlement') AS settlement,
    list(source ORDER BY name) AS amount_cells,
    all_cells(list(name_cells)) AS name_cells
  FROM written
  GROUP BY ALL),
one_unit AS (
  SELECT
    *,
    coalesce(settlement_unit, budget_unit) AS unit,
    in_unit(written_budget, coalesce(budget_unit, unit), unit) AS budget,
    -- 位取りだけの違い（千円と円）は直して比べる
    budget_unit <> settlement_unit AND regexp_replace(budget_unit, '^(千万|百万|十億|百億|千|万|億|兆)(.)', '\2')
      <> regexp_replace(settlement_unit, '^(千万|百万|十億|百億|千|万|億|兆)(.)', '\2') AS apart
  FROM amounts),
judged AS (
  SELECT *,
    CASE WHEN apart THEN '予算と決算の単位が違う' ELSE no_execution_reason(settlement, budget) END AS why_not
  FROM one_unit)
SELECT
  municipality, plan, form, department, key, code, project, fiscal_year, unit,
  CASE WHEN apart THEN NULL ELSE budget END AS budget, settlement,
  CASE WHEN NOT coalesce(apart, false) THEN budget - settlement END AS remaining,
  CASE WHEN why_not IS NULL THEN execution_pct(settlement, budget) END AS execution_pct,
  CASE WHEN why_not IS NULL THEN settlement END AS execution_pct_numerator,
  CASE WHEN why_not IS NULL THEN budget END AS execution_pct_denominator,
  why_not AS no_execution_reason,
  list_sort(list_concat(name_cells, amount_cells)) AS sources,
  cells_of(amount_cells, ['budget']) AS budget_sources, cells_of(amount_cells, ['settlement']) AS settlement_sources,
  amount_cells AS remaining_sources, amount_cells AS execution_pct_sources
FROM judged
ORDER BY municipality, plan, form, department, key, fiscal_year
