-- 一年度一行の取組数（yearly_counts）が、縦持ちの推移（yearly_flow）とどの年度・区分でも合うこと。どちらかにしかない行もないこと。
-- 範囲: 自治体ごと
WITH long AS (
  SELECT municipality, plan, fiscal_year, k.kind, k.initiatives
  FROM marts.yearly_counts, LATERAL (
    VALUES ('継続取組', continued), ('追加取組', added), ('当該年度取組数', total), ('完了', completed), ('取りやめ', dropped)
  ) AS k (kind, initiatives))
SELECT municipality, plan, fiscal_year, kind, f.initiatives AS flow, l.initiatives AS counts
FROM marts.yearly_flow AS f
FULL JOIN long AS l USING (municipality, plan, fiscal_year, kind)
WHERE f.initiatives IS DISTINCT FROM l.initiatives OR f.kind IS NULL OR l.kind IS NULL
