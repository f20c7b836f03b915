-- 質問: 課ごとに、前年度より良くなった指標・悪くなった指標はいくつか
-- 引数: year:整数 年度（西暦）。なければ、前年度と比べられる最新の年度
-- 単位の違う指標の増減は足せないので、数で見る。良いか悪いかは、指標の方向（上昇・低下）で決める。維持の指標は増減だけを数える。
WITH compared AS (
  SELECT *, CASE direction WHEN '上昇' THEN sign(change) WHEN '低下' THEN -sign(change) END AS better
  FROM marts.indicator_years
  WHERE change IS NOT NULL
    AND fiscal_year = coalesce($year::INTEGER,
      (SELECT max(fiscal_year) FROM marts.indicator_years WHERE change IS NOT NULL))
)
SELECT
  municipality AS 自治体, department AS 課, fiscal_year AS 年度, count(*) AS 比べられる指標,
  count(*) FILTER (better > 0) AS 良くなった, count(*) FILTER (better < 0) AS 悪くなった, count(*) FILTER (change = 0) AS 変わらない,
  count(*) FILTER (change > 0) AS 増えた, count(*) FILTER (change < 0) AS 減った
FROM compared
GROUP BY ALL
ORDER BY ALL
