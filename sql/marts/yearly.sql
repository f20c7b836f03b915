-- 年度別の取組数の推移（横持ち、資料の表の形）。一行が、計画・区分の一つ。
-- 年度の列は令和2年度から令和6年度まで。他の年度は marts.yearly_flow にある。－は該当なし。
-- 範囲: 自治体ごと
-- sources: その区分に数えた取組のセル
-- kind: 継続取組、追加取組、当該年度取組数、完了、取りやめ、推進期間における総取組数
-- total: 推進期間における総取組数（その行だけ）
WITH wide AS (
  SELECT
    municipality, plan, position, kind,
    max(coalesce(initiatives::VARCHAR, '－')) FILTER (fiscal_year = 2020) AS "R2",
    max(coalesce(initiatives::VARCHAR, '－')) FILTER (fiscal_year = 2021) AS "R3",
    max(coalesce(initiatives::VARCHAR, '－')) FILTER (fiscal_year = 2022) AS "R4",
    max(coalesce(initiatives::VARCHAR, '－')) FILTER (fiscal_year = 2023) AS "R5",
    max(coalesce(initiatives::VARCHAR, '－')) FILTER (fiscal_year = 2024) AS "R6",
    NULL::BIGINT AS total, all_cells(list(sources)) AS sources
  FROM marts.yearly_flow
  GROUP BY ALL),
whole AS (
  SELECT municipality, plan, 6 AS position, '推進期間における総取組数' AS kind, sum(initiatives)::BIGINT AS total,
    all_cells(list(sources)) AS sources
  FROM marts.initiative_tally
  WHERE scope = '推進期間全体' AND pillar = '計' AND measure = 'progress'
  GROUP BY ALL)
FROM wide UNION ALL BY NAME FROM whole
ORDER BY municipality, plan, position
