-- 個別事業の数の計は、取組ごとの数の合計と等しいこと。
-- 範囲: 自治体ごと
SELECT municipality, plan, "table", total, details
FROM (
  SELECT
    municipality, plan, "table",
    sum(total) FILTER (row_kind = 'total') AS total,
    sum(total) FILTER (row_kind = 'row') AS details
  FROM marts.project_counts
  GROUP BY ALL) AS counted
WHERE total IS DISTINCT FROM details
