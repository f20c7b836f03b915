-- 削減時間の見込み。最も新しい年度の一覧だけを採る。一行が、一つのツール・取組。数値のある行の計を最後に置く。
-- 範囲: 自治体ごと
-- 鍵: municipality, plan, tool
-- municipality: 自治体
-- plan: 計画
-- position: 調査票での並び順
-- tool: ツール・取組
-- hours_literal: 削減時間（書かれたまま）
-- hours: 年間の削減時間（時間）
-- people_literal: 人数換算（書かれたまま）
-- people: 人数換算（人分）
-- people_computed: 削減時間を、計画の設定の一人当たりの年間時間で割った人数（設定がなければ空）
-- hours_per_person: 一人当たりの年間時間（設定）
-- hours_source: 一人当たりの年間時間の出典（設定）
-- status: number 数値がある、missing まだ記入されていない、computed 計算した計
-- sources: 値の出どころ（項目、ファイル、シート、セル）
WITH lines AS (
  SELECT
    k.record_id, k.municipality, k.plan,
    max(f.value) FILTER (f.name = 'tool') AS tool,
    max(f.text) FILTER (f.name = 'hours') AS hours_literal,
    CAST(max(f.value) FILTER (f.name = 'hours') AS DECIMAL(38, 12)) AS hours,
    max(f.text) FILTER (f.name = 'people') AS people_literal,
    CAST(max(f.value) FILTER (f.name = 'people') AS DECIMAL(38, 12)) AS people,
    list({'field': f.name, 'path': k.path, 'sheet': f.sheet, 'cell': f.cell} ORDER BY f.name, f.cell) AS sources
  FROM staging.kept_records AS k
  JOIN raw.fields AS f USING (record_id)
  WHERE k.kind = 'reduction'
    AND k.sheet_year = (SELECT max(n.sheet_year) FROM staging.kept_records AS n
      WHERE n.kind = k.kind AND n.municipality = k.municipality AND n.plan IS NOT DISTINCT FROM k.plan)
  GROUP BY ALL),
hours AS (
  SELECT municipality, plan, any_value(hours_per_person) AS hours_per_person, any_value(hours_source) AS hours_source
  FROM meta.plans WHERE form = 'E' GROUP BY ALL),
numbered AS (SELECT *
  FROM (SELECT *, 1 + max(record_id) OVER (PARTITION BY municipality, plan) AS behind FROM lines) AS l
  WHERE hours IS NOT NULL AND replace(replace(tool, '　', ''), ' ', '')
  NOT IN ('合計', '計', '総計')),
all_lines AS (
  SELECT
    municipality, plan, record_id AS position, tool, hours_literal, hours, people_literal, people,
    CASE WHEN hours IS NULL THEN 'missing' ELSE 'number' END AS status, sources
  FROM lines
  UNION ALL
  SELECT
    municipality, plan, any_value(behind), '（数値のある行の計）', NULL, sum(hours), NULL, sum(people), 'computed',
    flatten(list(sources ORDER BY record_id))
  FROM numbered
  GROUP BY ALL)
SELECT
  l.municipality, l.plan, l.position, l.tool, l.hours_literal, l.hours, l.people_literal, l.people,
  people(l.hours, h.hours_per_person) AS people_computed, h.hours_per_person, h.hours_source, l.status, l.sources
FROM all_lines AS l
LEFT JOIN hours AS h USING (municipality, plan)
ORDER BY l.municipality, l.plan, l.position
