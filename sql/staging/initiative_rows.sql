-- 行財政改革の取組の行。一行が、調査票の一行（年度ごと、再掲の行も一行）。
-- 範囲: 自治体ごと
-- relisted: 再掲の行か
-- start_year: 開始年度（西暦）
-- end_year: 終了年度（西暦）。続いている取組は空
-- dated: 調査票に開始年度の欄があるか（年度別の推移に使えるか）
SELECT
  k.record_id, k.municipality, k.plan, k.first_year, k.last_year, k.sheet_year, k.department, k.key, k.path,
  max(f.value) FILTER (f.name = 'code') AS code,
  TRY_CAST(max(f.value) FILTER (f.name = 'pillar_no') AS INTEGER) AS pillar_no,
  max(f.value) FILTER (f.name = 'pillar') AS pillar_text,
  TRY_CAST(max(f.value) FILTER (f.name = 'item_no') AS INTEGER) AS item_no,
  max(f.value) FILTER (f.name = 'item') AS item_text,
  max(f.value) FILTER (f.name = 'initiative') AS initiative,
  bool_or(f.name = 'relisted') AS relisted,
  TRY_CAST(max(f.value) FILTER (f.name = 'start_year') AS INTEGER) AS start_year,
  max(f.value) FILTER (f.name = 'ended') AS ended,
  TRY_CAST(max(f.value) FILTER (f.name = 'end_year') AS INTEGER) AS end_year,
  max(f.value) FILTER (f.name = 'narrative') AS narrative,
  bool_or(f.name = 'start_year') AS dated,
  list({'field': f.name, 'path': k.path, 'sheet': f.sheet, 'cell': f.cell} ORDER BY f.name, f.cell)
    FILTER (f.scope IS NULL) AS sources
FROM staging.kept_records AS k
JOIN raw.fields AS f USING (record_id)
WHERE k.kind = 'initiative'
GROUP BY ALL
ORDER BY k.record_id
