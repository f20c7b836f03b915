-- 成果指標の年度ごとの値が、どの指標のどの定義の組のものか。一行が、marts.indicator_years の一行。
-- 進捗率や推移のように、いくつもの年度を比べるとき、定義の変わった年度と比べないために使う。
-- 範囲: 自治体ごと
-- 鍵: municipality, plan, code, indicator, subgroup, kind, fiscal_year
-- kind: 種別（成果、実績）
-- generation: 同じ定義の組の番号（staging.indicator_rows）
-- newest_generation: その指標の最も新しい定義の組か
-- baseline_year: 基準年度（西暦）。基準値を採った調査票に書かれたもの。年度として読めないときは空
-- baseline_year_sources: 基準年度のセル
WITH written AS (
  SELECT
    i.*,
    [{'field': 'baseline_year', 'path': i.path, 'sheet': f.sheet, 'cell': f.cell}] AS year_cells
  FROM staging.indicator_rows AS i
  LEFT JOIN raw.fields AS f ON f.record_id = i.record_id AND f.name = 'baseline_year'),
-- 名称などは、marts.indicator_years と同じ採り方をする。
described AS (
  SELECT
    municipality, key, generation,
    arg_max(plan, sheet_year) AS plan, arg_max(code, sheet_year) AS code, arg_max(indicator, sheet_year) AS indicator,
    arg_max(subgroup, sheet_year) AS subgroup, arg_max(kind, sheet_year) AS kind,
    arg_max({'year': baseline_year, 'cells': year_cells}, sheet_year) FILTER (baseline IS NOT NULL) AS based
  FROM written
  GROUP BY ALL)
SELECT
  f.municipality, d.plan, d.code, d.indicator, d.subgroup, d.kind, f.fiscal_year, f.key, f.generation,
  f.generation = max(f.generation) OVER (PARTITION BY f.municipality, f.key) AS newest_generation,
  d.based.year AS baseline_year,
  CASE WHEN d.based.year IS NULL THEN [] ELSE d.based.cells END AS baseline_year_sources
FROM staging.indicator_facts AS f
JOIN described AS d USING (municipality, key, generation)
ORDER BY municipality, key, fiscal_year
