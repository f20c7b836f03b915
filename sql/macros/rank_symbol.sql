-- 判定ランクの記号。割合（n÷d）を、丸める前の値で、段階の下限と良いほうから順に比べる。下限のない段階は、残りのすべて。
-- levelsは、記号（symbol）と下限（at_least、%）の並び。割合がなければ空。
-- 例: rank_symbol(80, 100, [{'symbol': '◎', 'at_least': 100}, {'symbol': '○', 'at_least': 80}, {'symbol': '△', 'at_least': NULL}]) → ○
CREATE OR REPLACE MACRO rank_symbol(n, d, levels) AS
  CASE WHEN reaches(n, d, 0) IS NOT NULL THEN
    list_extract(list_filter(levels, lambda l: l.at_least IS NULL OR reaches(n, d, l.at_least)), 1).symbol END;
