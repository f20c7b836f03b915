-- 人口当たりの値。一行が、成果指標（marts.indicator_years）か大綱の指標（marts.finance_indicators）の一つの年度。
-- 人口は、人口.csv の同じ年度のもの（基準日がその年度の4月1日から翌年3月31日までの日）だけを使う。前後の年度の人口では割らない。
-- 金額と、人数や件数などの数だけを割る。割合、点、時間などの指標と、すでに割合や平均である指標（名称で見る）には値がない。
-- 範囲: 自治体ごと
-- 鍵: municipality, plan, origin, code, indicator, subgroup, kind, fiscal_year
-- origin: どの表の指標か（成果指標、大綱の指標）
-- kind: 種別（成果、実績）。大綱の指標では空
-- nature: 実績値の確からしさ（確定、速報、見込、推計、暫定、集計中。書かれていなければ空）
-- span: 実績値が何についての値か（単年度、累計、年度末時点、月平均、年度途中。書かれていなければ空）
-- value: 実績値（unitの単位で）
-- population: 人口（人）
-- population_as_of: 人口の基準日
-- population_source: 人口の出典
-- per_head: 人口一人当たりの値。金額は円（小数を四捨五入）、ほかは小数第2位まで（四捨五入）
-- per_head_unit: per_headの単位（位取りを除いた単位）
-- per_thousand: 人口千人当たりの値（小数第2位まで、四捨五入）。金額では空
-- no_per_head_reason: 人口当たりの値のない理由（未報告、年度途中、人口で割れない単位、割合か平均の指標、その年度の人口なし）
-- sources: 値の出どころ（項目、ファイル、シート、セル）
-- per_head_sources: 実績と人口のセル
-- per_thousand_sources: 実績と人口のセル
-- population_sources: 人口のセル
WITH figures AS (
  SELECT
    municipality, plan, '成果指標' AS origin, code, indicator, subgroup, kind, fiscal_year, unit, actual AS value,
    nature, span, sources, cells_of(sources, ['actual']) AS value_cells
  FROM marts.indicator_years
  UNION ALL BY NAME
  SELECT
    municipality, plan, '大綱の指標' AS origin, indicator, fiscal_year, unit, CAST(value AS DECIMAL(38, 12)) AS value,
    sources, value_sources AS value_cells
  FROM marts.finance_indicators),
divided AS (
  SELECT
    f.*, p.population, p.as_of, p.source,
    CASE WHEN p.population IS NULL THEN []
      ELSE [{'field': 'population', 'path': p.path, 'sheet': NULL::VARCHAR, 'cell': p.cell}] END AS population_cells,
    CASE
      WHEN f.value IS NULL THEN '未報告'
      WHEN f.span = '年度途中' THEN '年度途中'
      WHEN per_head_unit(f.unit) IS NULL THEN '人口で割れない単位'
      WHEN regexp_matches(f.indicator || coalesce(f.subgroup, ''), '当たり|あたり|平均|割合|単価|(率|比)($|[（(])')
        THEN '割合か平均の指標'
      WHEN p.population IS NULL THEN 'その年度の人口なし'
    END AS why_not
  FROM figures AS f
  LEFT JOIN meta.population AS p ON p.municipality = f.municipality AND p.fiscal_year = f.fiscal_year)
SELECT
  municipality, plan, origin, code, indicator, subgroup, kind, fiscal_year, unit, value, nature, span,
  population, as_of AS population_as_of, source AS population_source,
  CASE WHEN why_not IS NULL THEN per_head(value, unit, population) END AS per_head,
  CASE WHEN why_not IS NULL THEN per_head_unit(unit) END AS per_head_unit,
  CASE WHEN why_not IS NULL AND per_head_unit(unit) <> '円'
    THEN per_head(value, unit, population * 0.001) END AS per_thousand,
  coalesce(why_not, CASE WHEN per_head IS NULL THEN '数が大きすぎて計算できない' END) AS no_per_head_reason,
  list_sort(list_distinct(list_concat(sources, population_cells))) AS sources,
  list_concat(value_cells, population_cells) AS per_head_sources,
  list_concat(value_cells, population_cells) AS per_thousand_sources,
  population_cells AS population_sources
FROM divided
ORDER BY municipality, plan, origin, code, indicator, subgroup, kind, fiscal_year
