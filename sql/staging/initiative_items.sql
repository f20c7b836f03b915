-- 柱と推進項目の名称をそろえた取組の行。一行が、調査票の一行。
-- active: 調査票の年度に実施している取組か（前の年度までに終わっていない）
WITH pillar_names AS (
  SELECT municipality, plan, pillar_no, mode(pillar_text ORDER BY pillar_text) AS pillar
  FROM staging.initiative_rows
  WHERE pillar_no IS NOT NULL
  GROUP BY ALL)
SELECT
  r.*,
  coalesce(p.pillar, r.pillar_text) AS pillar,
  coalesce(i.item, r.item_text) AS item,
  coalesce(r.end_year >= r.sheet_year, true) AS active
FROM staging.initiative_rows AS r
LEFT JOIN pillar_names AS p USING (municipality, plan, pillar_no)
LEFT JOIN staging.pillars AS i
  ON i.municipality = r.municipality AND i.plan = r.plan
  AND i.pillar_no = r.pillar_no AND i.item_no = r.item_no
