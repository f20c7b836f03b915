-- 公表値台帳にある値が、いまの調査票では違う値になっているもの（遡及改定）。
-- 同じ事実を二つの調査票が書いているときは、新しい年度の調査票の値と比べる。一つの年度に二つの課が書いている事実
-- （二つの課が同じ名称で書いたツールなど）は、どちらの値が公表されたか分からないので、比べない。
-- 範囲: 自治体ごと
-- 指摘: published_revised
WITH stated AS (
  SELECT
    w.municipality, w.department, w.path, f.sheet, f.cell, f.text, try_cast(f.value AS DECIMAL(38, 12)) AS value,
    concat_ws('｜', r.form, r.kind, r.key, f.name, f.scope, f.unit) AS fact,
    coalesce(try_cast(f.scope AS INTEGER), try_cast(y.value AS INTEGER), r.fiscal_year) AS fact_year,
    w.fiscal_year, r.record_id
  FROM raw.records AS r
  JOIN meta.workbooks AS w USING (workbook_id)
  JOIN raw.fields AS f USING (record_id)
  LEFT JOIN raw.fields AS y ON y.record_id = r.record_id AND y.name = 'year' AND y.value IS NOT NULL
  WHERE NOT r.excluded AND NOT r.superseded AND w.status = 'read' AND try_cast(f.value AS DECIMAL(38, 12)) IS NOT NULL
  QUALIFY row_number() OVER (
      PARTITION BY w.municipality, fact, fact_year ORDER BY w.fiscal_year DESC, r.record_id) = 1
    AND count(DISTINCT w.department) OVER (PARTITION BY w.municipality, fact, fact_year, w.fiscal_year) = 1)
SELECT
  s.municipality, s.department, s.path, s.sheet, s.cell, s.text AS found,
  regexp_replace(CAST(p.value AS VARCHAR), '\.?0+$', '') || '（会議 ' || p.meeting || '）' AS expected
FROM staging.published_facts AS p
JOIN stated AS s USING (municipality, fact, fact_year)
WHERE s.value <> p.value
