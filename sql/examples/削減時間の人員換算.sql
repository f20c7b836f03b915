-- 質問: 削減した時間は、何人分に当たるか
-- 引数: hours:数 一人当たりの年間時間。なければ設定（kyogikai.yaml）の値、それもなければ換算しない
SELECT
  municipality AS 自治体, plan AS 計画, tool AS 手段, hours AS 削減時間, people_literal AS 調査票の人数,
  people(hours, coalesce($hours::DECIMAL(18, 6), hours_per_person)) AS 人数,
  coalesce($hours::DECIMAL(18, 6), hours_per_person) AS 一人当たりの時間,
  CASE WHEN $hours IS NULL THEN hours_source ELSE '問合せで指定' END AS 出典
FROM marts.reduction
ORDER BY municipality, plan, position
