-- デジタル推進計画の取組状況（文章）。一行が、計画の一つの取組の一つの年度。
-- 複数の課が答えた取組は、組織.csvの順に、異なる文章を改行でつなぐ。
-- 範囲: 自治体ごと
-- 鍵: municipality, plan, fiscal_year, goal, measure, no, name
-- municipality: 自治体
-- plan: 計画
-- fiscal_year: 年度（西暦）
-- goal_no: 基本目標の番号
-- goal: 基本目標
-- measure_no: 施策の番号
-- measure: 施策
-- no: 取組の番号
-- name: 主な取組
-- summary: 事業概要
-- text: 実施状況・実施予定
-- relisted: 再掲か。番号が－で、同じ名称の番号のある取組が、同じ計画と年度にあるもの
-- departments: 担当課（組織.csvの順）
-- sources: 文章の出どころ（項目、ファイル、シート、セル）
WITH texts AS (
  SELECT municipality, key, fiscal_year, answer, min(position) AS position
  FROM staging.text_answers GROUP BY ALL),
joined AS (
  SELECT municipality, key, fiscal_year, string_agg(answer, chr(10) ORDER BY position, answer) AS text
  FROM texts GROUP BY ALL),
named AS (
  SELECT DISTINCT municipality, key, fiscal_year, unnest(departments) AS department
  FROM staging.text_answers),
owners AS (
  SELECT n.municipality, n.key, n.fiscal_year,
    list(n.department ORDER BY coalesce(o.position, 999999), n.department) AS departments
  FROM named AS n
  LEFT JOIN meta.departments AS o ON o.municipality = n.municipality AND o.department = n.department
  GROUP BY ALL),
merged AS (
  SELECT
    a.municipality, a.plan, a.fiscal_year,
    arg_min(a.goal_no, a.position) AS goal_no, arg_min(a.goal, a.position) AS goal,
    arg_min(a.measure_no, a.position) AS measure_no, arg_min(a.measure, a.position) AS measure,
    arg_min(a.code, a.position) AS no, arg_min(a.initiative, a.position) AS name,
    arg_min(a.summary, a.position) AS summary,
    any_value(j.text) AS text, any_value(w.departments) AS departments,
    flatten(list(a.sources ORDER BY a.position, a.record_id)) AS sources, min(a.record_id) AS place
  FROM staging.text_answers AS a
  JOIN joined AS j USING (municipality, key, fiscal_year)
  LEFT JOIN owners AS w USING (municipality, key, fiscal_year)
  GROUP BY a.municipality, a.plan, a.fiscal_year, a.key)
SELECT
  municipality, plan, fiscal_year, goal_no, goal, measure_no, measure, no, name, summary, text, departments,
  coalesce(contains(name, '再掲') OR dash(no) = '－' AND count(*) FILTER (dash(no) <> '－') OVER (
    PARTITION BY municipality, plan, fiscal_year, replace(replace(name, ' ', ''), '　', '')) > 0, false) AS relisted,
  sources
FROM merged
ORDER BY municipality, plan, fiscal_year, goal_no, measure_no, place
