-- 質問: 課ごとに、直っていない指摘はいくつか
SELECT
  municipality AS 自治体, department AS 課, count(*) FILTER (severity = 'error') AS 誤り,
  count(*) FILTER (severity = 'warning') AS 注意,
  count(*) FILTER (severity = 'info') AS 参考, string_agg(DISTINCT code, '、' ORDER BY code) AS 種類
FROM meta.findings
GROUP BY ALL
ORDER BY 誤り DESC, 注意 DESC, 自治体, 課
