-- 大綱の指標で、前年度の値と単位が違い、小数点の移動だけでは直せず、判断.csvに「確認」のないもの。推移の表では、前年度の値と並べない。
-- 範囲: 自治体ごと
-- 指摘: definition_changed
SELECT
  n.municipality, n.department, n.path, n.sheet, n.cell,
  n.indicator || ' ' || wareki(n.fiscal_year) || '（' || n.unit || '）' AS found,
  o.indicator || ' ' || wareki(o.fiscal_year) || '（' || o.unit || '）' AS expected
FROM staging.indicator_values AS n
JOIN staging.indicator_values AS o
  ON o.municipality = n.municipality AND o.indicator = n.indicator AND o.fiscal_year = n.fiscal_year - 1
WHERE n.newest = 1 AND o.newest = 1 AND n.actual IS NOT NULL AND o.actual IS NOT NULL
  AND n.unit <> '' AND o.unit <> '' AND n.unit <> o.unit AND unit_size(n.unit).base <> unit_size(o.unit).base
  AND NOT confirmed(n.path, n.sheet, n.cell)
