-- 柱と推進項目の番号と名称をそろえた取組の行。一行が、調査票の一行。
-- 番号のない柱・推進項目は、同じ名称に番号を付けている他の行の番号を採る。名称は番号ごとに最も多い書き方を採る。
-- 範囲: 自治体ごと
-- active: 調査票の年度に実施している取組か（前の年度までに終わっていない）
WITH pillar_numbers AS (
  SELECT municipality, plan, pillar_text, min(pillar_no) AS number
  FROM staging.initiative_rows GROUP BY ALL),
with_pillar AS (
  SELECT r.* REPLACE (coalesce(r.pillar_no, p.number) AS pillar_no)
  FROM staging.initiative_rows AS r
  LEFT JOIN pillar_numbers AS p USING (municipality, plan, pillar_text)),
item_numbers AS (
  SELECT municipality, plan, pillar_no, item_text, min(item_no) AS number
  FROM with_pillar GROUP BY ALL),
with_item AS (
  SELECT r.* REPLACE (coalesce(r.item_no, i.number) AS item_no)
  FROM with_pillar AS r
  LEFT JOIN item_numbers AS i USING (municipality, plan, pillar_no, item_text)),
pillars AS (
  SELECT municipality, plan, pillar_no, mode(pillar_text ORDER BY pillar_text) AS pillar
  FROM with_item GROUP BY ALL),
items AS (
  SELECT municipality, plan, pillar_no, item_no, mode(item_text ORDER BY item_text) AS item
  FROM with_item GROUP BY ALL)
SELECT
  r.*,
  coalesce(p.pillar, r.pillar_text) AS pillar,
  coalesce(i.item, r.item_text) AS item,
  coalesce(r.end_year >= r.sheet_year, true) AS active
FROM with_item AS r
LEFT JOIN pillars AS p USING (municipality, plan, pillar_no)
LEFT JOIN items AS i USING (municipality, plan, pillar_no, item_no)
ORDER BY r.record_id
