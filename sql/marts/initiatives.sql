-- 行財政改革の取組。一行が、計画の一つの取組の一つの年度または推進期間全体（再掲は別の行）。
-- 範囲: 自治体ごと
-- 鍵: municipality, plan, departments, initiative, relisted, item, scope
-- code: 調査票の番号
-- pillar: 改革の柱（番号を除く）
-- item: 推進項目（番号を除く）
-- initiative: 取組名（再掲の印を除く）
-- relisted: 再掲の行か
-- scope: 令和6年度のような年度、または推進期間全体
-- fiscal_year: 年度（西暦）。推進期間全体は空
-- progress: 進捗（◎○△▲×）
-- self_rating: 自己評価（A B C －）
-- departments: 所管課の並び
-- narrative: 実績内容
-- sources: 値の出どころ（項目、ファイル、シート、セル）
SELECT
  s.municipality, s.plan, i.code, i.pillar_no, i.pillar, i.item_no, i.item, i.initiative, s.relisted,
  coalesce(wareki(s.scope_year), '推進期間全体') AS scope,
  s.scope_year AS fiscal_year,
  s.progress, s.self_rating, [s.department] AS departments, i.narrative,
  list_concat(i.sources, s.sources) AS sources
FROM staging.initiative_scopes AS s
JOIN staging.initiative_items AS i USING (record_id)
ORDER BY ALL
