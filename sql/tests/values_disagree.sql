-- 同じ指標の同じ年度について、前の年度の調査票と値が違うもの。
-- 範囲: 自治体ごと
-- 指摘: values_disagree
SELECT
  n.municipality, n.department, n.path, n.sheet, n.cell,
  n.indicator || ' ' || wareki(n.fiscal_year) || ' ' || CAST(n.actual AS DECIMAL(38, 1)) AS found,
  CAST(o.actual AS DECIMAL(38, 1)) || '（' || o.path || ' ' || o.cell || '）' AS expected
FROM staging.indicator_values AS n
JOIN staging.indicator_values AS o ON o.municipality = n.municipality AND o.key = n.key AND o.newest > 1
WHERE n.newest = 1 AND n.actual IS DISTINCT FROM in_unit(o.actual, coalesce(o.unit, ''), coalesce(n.unit, ''))
  AND NOT confirmed(n.path, n.sheet, n.cell)
