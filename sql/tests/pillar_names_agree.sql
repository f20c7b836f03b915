-- 同じ番号の柱・推進項目に、違う名称が付いているもの。番号の付け間違いがあると、別の柱に数えられる。
-- 範囲: 自治体ごと
-- 重大度: warning
SELECT municipality, plan, pillar_no, item_no, list(DISTINCT coalesce(item_text, pillar_text)) AS names
FROM staging.initiative_items
WHERE pillar_no IS NOT NULL
GROUP BY municipality, plan, pillar_no, item_no
HAVING len(names) > 1
