-- 大綱の指標の値。一行が、一つの指標の一つの年度。
-- 同じ年度を二つの調査票が書いているときは、新しい年度の調査票を採る。
-- 範囲: 自治体ごと
-- standard: 目標・基準（原文）
-- standard_value: 目標・基準の数値
-- standard_unit: 目標・基準の単位
-- comparator: 目標・基準の向き（ge 以上、le 以下、gt 超、lt 未満）
-- standard_as_of: いつの目標・基準か（原文）
-- as_of: いつの値か（原文）。時点の欄になければ、値のセルの断り
-- nature: 実績値の確かさ（確定、速報、見込、推計、暫定、集計中）
-- span: 実績値がいつの間の値か（単年度、累計、年度末時点、月平均、年度途中）
-- approx: 実績値がおよその値か
WITH facts AS (
  SELECT
    k.record_id, k.municipality, k.plan, k.department, k.key, k.sheet_year, k.path,
    max(f.value) FILTER (f.name = 'indicator') AS indicator,
    CAST(max(f.value) FILTER (f.name = 'year') AS INTEGER) AS fiscal_year,
    max(f.text) FILTER (f.name = 'standard') AS standard,
    TRY_CAST(max(f.value) FILTER (f.name = 'standard') AS DECIMAL(38, 6)) AS standard_value,
    max(f.unit) FILTER (f.name = 'standard') AS standard_unit,
    max(f.comparator) FILTER (f.name = 'standard') AS comparator,
    max(f.value) FILTER (f.name = 'standard_as_of') AS standard_as_of,
    coalesce(max(f.value) FILTER (f.name = 'as_of'), max(f.as_of) FILTER (f.name = 'actual')) AS as_of,
    max(f.nature) FILTER (f.name = 'actual') AS nature,
    max(f.span) FILTER (f.name = 'actual') AS span,
    coalesce(bool_or(f.approx) FILTER (f.name = 'actual'), false) AS approx,
    CAST(max(f.value) FILTER (f.name = 'actual') AS DECIMAL(38, 6)) AS actual,
    coalesce(max(f.unit) FILTER (f.name = 'actual'), max(f.unit) FILTER (f.name = 'plan_value')) AS unit,
    CAST(max(f.value) FILTER (f.name = 'plan_value') AS DECIMAL(38, 6)) AS plan_value,
    max(f.cell) FILTER (f.name = 'actual') AS cell,
    max(f.sheet) AS sheet,
    list({'field': f.name, 'path': k.path, 'sheet': f.sheet, 'cell': f.cell} ORDER BY f.name, f.cell) AS sources
  FROM staging.kept_records AS k
  JOIN raw.fields AS f USING (record_id)
  WHERE k.kind = 'indicator_value'
  GROUP BY ALL)
SELECT
  *,
  row_number() OVER (PARTITION BY municipality, key ORDER BY sheet_year DESC, record_id) AS newest,
  min(record_id) OVER (PARTITION BY municipality, indicator) AS position
FROM facts
ORDER BY record_id
