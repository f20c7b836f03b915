-- 目指す方向が上昇（低下）の成果指標で、後の年度の目標が前の年度の目標より低い（高い）もの。書き間違いのおそれがある。
-- 範囲: 自治体ごと
-- 重大度: warning
SELECT n.municipality, n.plan, n.indicator, n.subgroup, n.kind, n.direction, o.fiscal_year AS earlier_year,
  o.target AS earlier, n.fiscal_year, n.target
FROM marts.indicator_years AS n
ASOF JOIN (SELECT * FROM marts.indicator_years WHERE target IS NOT NULL) AS o
  ON o.municipality = n.municipality AND o.plan = n.plan AND o.code IS NOT DISTINCT FROM n.code
    AND o.indicator = n.indicator
  AND o.subgroup IS NOT DISTINCT FROM n.subgroup AND o.kind IS NOT DISTINCT FROM n.kind
    AND o.unit IS NOT DISTINCT FROM n.unit
  AND o.fiscal_year < n.fiscal_year
WHERE n.direction = '上昇' AND n.target < o.target OR n.direction = '低下' AND n.target > o.target
