-- 質問: どの調査票から、いくつの指標の値を採ったか
SELECT s.path AS 調査票, count(DISTINCT (i.municipality, i.plan, i.code, i.indicator, i.subgroup, i.kind)) AS 指標,
  count(DISTINCT (s.sheet, s.cell)) AS セル
FROM marts.indicator_years AS i, unnest(i.sources) AS t(s)
GROUP BY ALL
ORDER BY ALL
