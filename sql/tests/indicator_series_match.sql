-- 進捗率と判定ランクの表には、達成状況の表（marts.indicator_years）の行が、一つも欠けず、一度ずつあること。
-- 範囲: 自治体ごと
WITH counted AS (
  SELECT municipality, plan, code, indicator, subgroup, kind, fiscal_year, 1 AS years, 0 AS progress, 0 AS ratings
  FROM marts.indicator_years
  UNION ALL
  SELECT municipality, plan, code, indicator, subgroup, kind, fiscal_year, 0, 1, 0 FROM marts.indicator_progress
  UNION ALL
  SELECT municipality, plan, code, indicator, subgroup, kind, fiscal_year, 0, 0, 1 FROM marts.ratings)
SELECT municipality, plan, code, indicator, subgroup, kind, fiscal_year, sum(years) AS years, sum(progress) AS progress,
  sum(ratings) AS ratings
FROM counted
GROUP BY ALL
HAVING sum(years) <> 1 OR sum(progress) <> 1 OR sum(ratings) <> 1
