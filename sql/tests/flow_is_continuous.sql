-- 前の年度の取組数から完了と取りやめを引くと、次の年度の継続取組になること。
-- 範囲: 自治体ごと
WITH years AS (
  SELECT municipality, plan, fiscal_year,
    sum(initiatives) FILTER (kind = '継続取組') AS continued,
    sum(initiatives) FILTER (kind = '当該年度取組数') AS total,
    sum(initiatives) FILTER (kind IN ('完了', '取りやめ')) AS ended
  FROM marts.yearly_flow GROUP BY ALL)
SELECT a.municipality, a.plan, a.fiscal_year, a.total, a.ended, b.continued
FROM years AS a
JOIN years AS b ON b.municipality = a.municipality AND b.plan = a.plan AND b.fiscal_year = a.fiscal_year + 1
WHERE a.total - a.ended <> b.continued
