-- 年度別の推移の取組数が、推進項目別の取組数（再掲を除く）と合うこと。
-- 範囲: 自治体ごと
SELECT f.municipality, f.plan, f.fiscal_year, f.initiatives AS flow, c.net AS counts
FROM marts.yearly_flow AS f
JOIN marts.counts_by_item AS c
  ON c.municipality = f.municipality AND c.plan = f.plan AND c.fiscal_year = f.fiscal_year AND c.row_kind = 'grand'
WHERE f.kind = '当該年度取組数' AND f.last AND f.initiatives <> c.net
