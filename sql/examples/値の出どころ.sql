-- 質問: ある指標の値は、どの調査票のどのセルか
-- 引数: word 指標の名前の一部
-- 引数: year:整数 年度（西暦）。なければすべて
SELECT i.indicator AS 指標, i.subgroup AS 区分, i.fiscal_year AS 年度, s.field AS 項目, s.path AS ファイル, s.sheet AS シート,
  s.cell AS セル, c.text AS 書かれたまま
FROM marts.indicator_years AS i, unnest(i.sources) AS t(s)
LEFT JOIN meta.workbooks AS w ON w.path = s.path
LEFT JOIN raw.cells AS c ON c.workbook_id = w.workbook_id AND c.sheet = s.sheet AND c.cell = s.cell
WHERE contains(i.indicator, coalesce($word, '')) AND ($year::INTEGER IS NULL OR i.fiscal_year = $year)
ORDER BY ALL
