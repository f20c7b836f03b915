-- 数値に※や＊の付いた欄で、何の断りかが欄の中に書かれていないもの。数値は使うが、印は資料に出ない。断りが要るなら、欄に書くか、資料の注に書く。
-- 範囲: 自治体ごと
-- 重大度: info
SELECT w.municipality, w.department, w.path, f.sheet, f.cell, f.text
FROM raw.fields AS f
JOIN raw.records AS r USING (record_id)
JOIN meta.workbooks AS w USING (workbook_id)
WHERE try_cast(f.value AS DECIMAL(38, 12)) IS NOT NULL AND regexp_matches(f.text, '[※＊*]')
  AND f.nature IS NULL AND f.remark IS NULL AND NOT r.excluded
