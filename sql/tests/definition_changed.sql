-- 前の年度の調査票と、単位・目指す方向・基準値のいずれかが違う成果指標。前年度との比較ができないおそれがある。
-- 指摘: definition_changed
SELECT
  n.municipality, n.department, n.path, n.sheet, n.cell,
  n.indicator || '（' || concat_ws('、', n.unit, n.direction, CAST(n.baseline AS DECIMAL(38, 2))) || '）' AS found,
  concat_ws('、', o.unit, o.direction, CAST(o.baseline AS DECIMAL(38, 2))) AS expected
FROM staging.indicator_rows AS n
JOIN staging.indicator_rows AS o USING (municipality, key)
WHERE n.sheet_year > o.sheet_year
  AND (n.unit <> o.unit OR n.direction <> o.direction OR n.baseline <> o.baseline)
