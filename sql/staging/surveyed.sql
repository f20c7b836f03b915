-- 調査票に載っている記録。一行が、一つの課の一つの調査（様式と年度）での、一つの取組または指標（再掲の行を除く）。
-- 範囲: 自治体ごと
-- survey_year: 調査票が報告する年度（西暦）
-- item: 年度を除いた鍵。年度が鍵に入る様式でも、同じ指標なら同じ
-- of_year: 年度が鍵に入る様式で、その記録の年度（西暦）。ほかは空
-- code: 番号
-- name: 取組または指標の名称
-- end_year: 終了年度（西暦）。続いているものは空
-- excluded: 誤りの指摘があり、集計から除いた記録か
SELECT
  r.record_id, w.municipality, w.bureau, w.department, r.form, r.kind, r.fiscal_year AS survey_year,
  CASE WHEN q.year_in_key THEN regexp_replace(regexp_replace(r.key, '\|\d{4}$', ''), '^\d{4}\|', '') ELSE r.key END
    AS item,
  CASE WHEN q.year_in_key
    THEN CAST(coalesce(nullif(regexp_extract(r.key, '\|(\d{4})$', 1), ''),
      nullif(regexp_extract(r.key, '^(\d{4})\|', 1), '')) AS INTEGER) END AS of_year,
  coalesce(max(f.value) FILTER (f.name = 'plan'), any_value(p.plan)) AS plan,
  max(f.value) FILTER (f.name = 'code') AS code,
  coalesce(max(f.value) FILTER (f.cell = r.cell AND f.scope IS NULL), any_value(r.key)) AS name,
  TRY_CAST(max(f.value) FILTER (f.name = 'end_year') AS INTEGER) AS end_year,
  r.excluded OR w.status <> 'read' AS excluded,
  w.path, r.sheet, r.cell
FROM raw.records AS r
JOIN meta.workbooks AS w USING (workbook_id)
JOIN (SELECT form, kind, bool_or(year_in_key) AS year_in_key FROM meta.asked GROUP BY ALL) AS q
  ON q.form = r.form AND q.kind = r.kind
LEFT JOIN meta.plans AS p ON p.municipality = w.municipality AND p.form = r.form
LEFT JOIN raw.fields AS f USING (record_id)
WHERE r.fiscal_year IS NOT NULL
GROUP BY ALL
HAVING NOT coalesce(bool_or(f.name = 'relisted'), false)
ORDER BY r.record_id
