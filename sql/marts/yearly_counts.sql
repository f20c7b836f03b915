-- 年度ごとの取組数。一行が、計画の一つの年度（計画の最初の年度から最後の年度まで、何年でも）。
-- marts.yearly_flow を一年度一行に並べたもの。marts.yearly は令和2年度から令和6年度までの計画の形で、他の計画にはこの表を使う。
-- 範囲: 自治体ごと
-- last: 推進期間の最終年度か（最終年度の完了・取りやめは数えず空とする）
-- continued: 継続取組の数
-- added: 追加取組の数
-- total: 当該年度取組数（継続取組と追加取組の和）
-- completed: その年度に完了した取組の数
-- dropped: その年度に取りやめた取組の数
-- sources: 数えた取組の開始年度・終了年度・終了の別のセル
-- continued_sources: 継続取組のセル（数が0のときは調べたすべての取組のセル。以下同じ）
-- added_sources: 追加取組のセル
-- total_sources: 当該年度に数えた取組のセル
-- completed_sources: 完了した取組のセル
-- dropped_sources: 取りやめた取組のセル
SELECT
  municipality, plan, fiscal_year, last,
  any_value(initiatives) FILTER (kind = '継続取組') AS continued,
  any_value(initiatives) FILTER (kind = '追加取組') AS added,
  any_value(initiatives) FILTER (kind = '当該年度取組数') AS total,
  any_value(initiatives) FILTER (kind = '完了') AS completed,
  any_value(initiatives) FILTER (kind = '取りやめ') AS dropped,
  all_cells(list(sources)) AS sources,
  any_value(sources) FILTER (kind = '継続取組') AS continued_sources,
  any_value(sources) FILTER (kind = '追加取組') AS added_sources,
  any_value(sources) FILTER (kind = '当該年度取組数') AS total_sources,
  any_value(sources) FILTER (kind = '完了') AS completed_sources,
  any_value(sources) FILTER (kind = '取りやめ') AS dropped_sources
FROM marts.yearly_flow
GROUP BY ALL
ORDER BY ALL
