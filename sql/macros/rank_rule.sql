-- 判定ランクの決まりを、資料に印字する文にする。levelsは、良いほうから並ぶ、記号と下限（%）の並び。最後の段階には下限がない。
-- 例: rank_rule([{'symbol': '◎', 'at_least': 100}, {'symbol': '○', 'at_least': 80}, {'symbol': '△', 'at_least': NULL}])
-- → ◎ 100%以上、○ 80%以上100%未満、△ 80%未満
CREATE OR REPLACE MACRO rank_rule(levels) AS
  array_to_string(list_transform(levels, lambda l, i:
    l.symbol || ' ' || coalesce(plain_number(l.at_least) || '%以上', '')
    || CASE WHEN i > 1 THEN plain_number(levels[i - 1].at_least) || '%未満' ELSE '' END), '、');
