-- 集計から除いたもの。一行が、除いた一つの行または一つのファイル。
-- 範囲: 自治体ごと
-- 鍵: path, sheet, cell, form, kind
-- sources: 除いた行または表のセル（ファイルはセルが空）
-- kind: row 行、file ファイル
-- form: 様式の記号。開けないファイルは、その課が提出すべき様式（それも分からなければ空）
-- what: 除いた取組・指標の名称。ファイルは空
WITH all_left_out AS (
  SELECT
    w.municipality, w.fiscal_year, r.form, w.department, 'row' AS kind, w.path, r.sheet, r.cell,
    -- その記録そのものの名称。事業の名称は、ほかに名称がないときだけ
    coalesce(max(f.value) FILTER (f.name = 'indicator'), max(f.value) FILTER (f.name = 'initiative'),
      max(f.value) FILTER (f.name = 'tool'), max(f.value) FILTER (f.name = 'project'),
      max(f.value) FILTER (f.cell = r.cell AND f.scope IS NULL)) AS what
  FROM raw.records AS r
  JOIN meta.workbooks AS w USING (workbook_id)
  LEFT JOIN raw.fields AS f USING (record_id)
  WHERE r.excluded AND w.status = 'read'
  GROUP BY ALL
  UNION ALL
  SELECT municipality, fiscal_year, unnest(string_split(form, ';')), department, 'file', path, NULL, NULL, NULL
  FROM meta.workbooks
  WHERE status = 'left_out'
  UNION ALL
  SELECT w.municipality, w.fiscal_year, s.form_id, w.department, 'file', w.path, NULL, NULL, NULL
  FROM meta.workbooks AS w
  LEFT JOIN marts.submissions AS s
    ON s.municipality = w.municipality AND s.fiscal_year = w.fiscal_year AND s.department = w.department
    AND s.status = '要修正'
  WHERE w.status = 'unreadable'
    AND w.path IN (SELECT path FROM meta.findings WHERE severity = 'error') -- 調査票のほかに置いてあるだけのものを除く
  UNION ALL
  SELECT w.municipality, w.fiscal_year, unnest(string_split(w.form, ';')), w.department, 'file', w.path, f.sheet, NULL,
    NULL
  FROM meta.findings AS f
  JOIN meta.workbooks AS w USING (path)
  WHERE f.severity = 'error' AND f.sheet IS NOT NULL AND f.cell IS NULL AND w.status = 'read') -- シートを丸ごと除いたもの
SELECT *, [{'field': 'left_out', 'path': path, 'sheet': sheet, 'cell': cell}] AS sources
FROM all_left_out
ORDER BY ALL
