-- 集計に使う記録。一行が、調査票から読み取った一つの記録。
-- 誤りの指摘がある記録と、その課が同じ取組（指標）について出した他の年度の記録は除く。ほかの課の記録は除かない。
-- 同じことを別の課も報告していて、そちらを採るときは、使わない（superseded）。
-- 範囲: 自治体ごと
-- sheet_year: 調査票が報告する年度（西暦）
-- plan: その様式が属する計画（設定）
SELECT
  r.record_id, r.form, r.kind, r.key, r.fiscal_year AS sheet_year, r.sheet, r."row", r.cell,
  w.path, w.municipality, w.bureau, w.department, p.plan, p.first_year, p.last_year
FROM raw.records AS r
JOIN meta.workbooks AS w USING (workbook_id)
LEFT JOIN meta.plans AS p ON p.municipality = w.municipality AND p.form = r.form
WHERE NOT r.superseded AND NOT EXISTS (
  SELECT 1
  FROM raw.records AS x
  JOIN meta.workbooks AS v USING (workbook_id)
  WHERE x.excluded
    AND v.municipality = w.municipality AND v.department = w.department
    AND x.form = r.form AND x.kind = r.kind AND x.key = r.key)
ORDER BY r.record_id
