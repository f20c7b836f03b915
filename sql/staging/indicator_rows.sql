-- 成果指標の行。一行が、一つの調査票の一つの指標。
-- 範囲: 自治体ごと
-- baseline: 基準値（単位の欄の単位で）
-- direction: 目指す方向（上昇、低下、維持）
-- changed: 一つ前の年度の調査票と、単位・方向・基準値のいずれかが違うか。空欄は、その前に書かれたものと比べる
-- generation: 同じ定義の組の番号。定義が変わり、判断.csvに「確認」がなければ、次の番号になる。番号の違う年度どうしは比べない
WITH written AS (
  SELECT
    k.record_id, k.municipality, k.department, k.key, k.sheet_year, k.path,
    coalesce(max(f.value) FILTER (f.name = 'plan'), any_value(k.plan)) AS plan,
    max(f.value) FILTER (f.name = 'code') AS code,
    max(f.value) FILTER (f.name = 'project') AS project,
    max(f.value) FILTER (f.name = 'indicator') AS indicator,
    max(f.value) FILTER (f.name = 'subgroup') AS subgroup,
    max(f.value) FILTER (f.name = 'kind') AS kind,
    max(f.value) FILTER (f.name = 'unit') AS unit,
    max(f.value) FILTER (f.name = 'direction') AS direction,
    TRY_CAST(max(f.value) FILTER (f.name = 'baseline_year') AS INTEGER) AS baseline_year,
    CAST(max(f.value) FILTER (f.name = 'baseline') AS DECIMAL(38, 12)) AS baseline,
    max(f.cell) FILTER (f.name = 'indicator') AS cell,
    max(f.sheet) AS sheet,
    list({'field': f.name, 'path': k.path, 'sheet': f.sheet, 'cell': f.cell} ORDER BY f.name, f.cell)
      FILTER (f.name IN ('indicator', 'unit', 'direction', 'baseline')) AS sources
  FROM staging.kept_records AS k
  JOIN raw.fields AS f USING (record_id)
  WHERE k.kind = 'indicator'
  GROUP BY ALL),
compared AS (
  SELECT
    *,
    lag(unit IGNORE NULLS) OVER older AS older_unit,
    coalesce(canonical_unit(unit) <> canonical_unit(older_unit), false) AS unit_changed,
    unit_changed OR coalesce(direction <> lag(direction IGNORE NULLS) OVER older, false)
      OR coalesce(baseline <> in_unit(
        (lag(stated IGNORE NULLS) OVER older).baseline, (lag(stated IGNORE NULLS) OVER older).unit,
        coalesce(unit, '')), false) AS changed
  FROM (SELECT *, CASE WHEN baseline IS NOT NULL THEN {'baseline': baseline, 'unit': coalesce(unit, '')} END AS stated
    FROM written) AS s
  WINDOW older AS (PARTITION BY municipality, key ORDER BY sheet_year, record_id)),
declared AS (
  SELECT
    *,
    changed AND NOT confirmed(path, sheet, cell)
      -- 小数点の移動だけでは直せない時間と月数の単位は、確認があっても比べない
      OR unit_changed AND canonical_unit(unit) IN ('秒', '分', '時間', '日', 'か月', '年')
        AND canonical_unit(older_unit) IN ('秒', '分', '時間', '日', 'か月', '年') AS parted
  FROM compared)
SELECT * EXCLUDE (parted, stated, unit_changed, older_unit),
  count(*) FILTER (parted) OVER (PARTITION BY municipality, key ORDER BY sheet_year, record_id) AS generation
FROM declared
ORDER BY record_id
