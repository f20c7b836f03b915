-- 一つ前の年度の調査票と、単位・目指す方向・基準値のいずれかが違い、判断.csvに「確認」のない成果指標。前年度とは比べない。
-- 範囲: 自治体ごと
-- 指摘: definition_changed
WITH rows AS (
  SELECT *, row_number() OVER (PARTITION BY municipality, key ORDER BY sheet_year, record_id) AS place
  FROM staging.indicator_rows)
SELECT
  n.municipality, n.department, n.path, n.sheet, n.cell,
  n.indicator || '（' || concat_ws('、', n.unit, n.direction, CAST(n.baseline AS DECIMAL(38, 2))) || '）' AS found,
  concat_ws('、', o.unit, o.direction, CAST(o.baseline AS DECIMAL(38, 2))) AS expected
FROM rows AS n
JOIN rows AS o ON o.municipality = n.municipality AND o.key = n.key AND o.place = n.place - 1
WHERE n.generation > o.generation
