-- 改革の柱と推進項目の名称。一行が、計画の一つの推進項目。
-- 課によって書き方が違うときは、最も多い書き方を採る。番号のない柱は名称で区別する。
SELECT
  municipality, plan, pillar_no, item_no,
  CASE WHEN pillar_no IS NULL THEN pillar_text END AS pillar_key,
  CASE WHEN item_no IS NULL THEN item_text END AS item_key,
  mode(pillar_text ORDER BY pillar_text) AS item_pillar,
  mode(item_text ORDER BY item_text) AS item
FROM staging.initiative_rows
WHERE pillar_text IS NOT NULL AND item_text IS NOT NULL
GROUP BY ALL
