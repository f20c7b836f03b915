-- 年度別の取組数の推移（縦持ち）。一行が、計画・年度・区分の一つ。
-- sourcesは、数が0のときは調べたすべての取組のセル。
-- 推進期間の最も新しい調査票の開始年度・終了年度から数える。再掲は数えない。
-- 範囲: 自治体ごと
-- kind: 継続取組、追加取組、当該年度取組数、完了、取りやめ
-- fiscal_year: 年度（西暦）
-- 鍵: municipality, plan, fiscal_year, kind
-- sources: 数えた取組の開始年度・終了年度・終了の別のセル
-- last: 推進期間の最終年度か（最終年度の完了・取りやめは数えず空とする）
WITH newest AS (
  SELECT * REPLACE (cells_of(sources, ['start_year', 'end_year', 'ended']) AS sources)
  FROM staging.initiative_items
  WHERE NOT relisted AND sheet_year <= last_year
    AND (municipality, plan, sheet_year) IN (
      SELECT (municipality, plan, sheet_year) FROM staging.initiative_items WHERE dated)
  QUALIFY sheet_year = max(sheet_year) OVER (PARTITION BY municipality, plan)),
flow AS (
  SELECT
    n.municipality, n.plan, y.fiscal_year, y.fiscal_year = n.last_year AS last,
    count(*) FILTER (n.start_year < y.fiscal_year AND coalesce(n.end_year >= y.fiscal_year, true)) AS continued,
    all_cells(list(n.sources) FILTER (n.start_year < y.fiscal_year
      AND coalesce(n.end_year >= y.fiscal_year, true))) AS continued_from,
    count(*) FILTER (n.start_year = y.fiscal_year) AS added,
    all_cells(list(n.sources) FILTER (n.start_year = y.fiscal_year)) AS added_from,
    count(*) FILTER (n.end_year = y.fiscal_year AND n.ended = '完了') AS completed,
    all_cells(list(n.sources) FILTER (n.end_year = y.fiscal_year AND n.ended = '完了')) AS completed_from,
    count(*) FILTER (n.end_year = y.fiscal_year AND n.ended = '取りやめ') AS dropped,
    all_cells(list(n.sources) FILTER (n.end_year = y.fiscal_year AND n.ended = '取りやめ')) AS dropped_from,
    all_cells(list(n.sources)) AS examined
  FROM newest AS n, LATERAL (SELECT unnest(range(n.first_year, n.last_year + 1))::INTEGER AS fiscal_year) AS y
  GROUP BY ALL)
SELECT municipality, plan, fiscal_year, last, k.position, k.kind, k.initiatives,
  CASE WHEN k.initiatives = 0 THEN examined ELSE k.sources END AS sources
FROM flow, LATERAL (
  VALUES
    (1, '継続取組', continued, continued_from), (2, '追加取組', added, added_from),
    (3, '当該年度取組数', continued + added, all_cells([continued_from, added_from])),
    (4, '完了', CASE WHEN NOT last THEN completed END, completed_from),
    (5, '取りやめ', CASE WHEN NOT last THEN dropped END, dropped_from)
) AS k (position, kind, initiatives, sources)
ORDER BY ALL
