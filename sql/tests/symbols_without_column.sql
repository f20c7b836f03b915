-- 横持ちの表（progress_table、rating_table）に列のない記号の取組。other に数えるので落ちないが、other を示さない表は資料にできない。
-- 資料の表に other の列（見出し「その他」など）を足すか、sql/marts のその表に記号の列を足す。
-- 範囲: 自治体ごと
-- 重大度: warning
SELECT municipality, plan, scope, 'progress_table' AS "table", other_symbols AS symbols, other AS initiatives
FROM marts.progress_table
WHERE pillar = '計' AND other > 0
UNION ALL
SELECT municipality, plan, scope, 'rating_table', other_symbols, other
FROM marts.rating_table
WHERE pillar = '計' AND other > 0
