package begin

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/fiscal"
)

// Template is the file of a small template to begin with, about the indicators of a plan. Its plan and year stand in it and
// hold where a meeting gives none. name is the file's, with or without its ending.
func Template(name, plan string, year int) File {
	title := strings.TrimSuffix(path.Base(name), ".md")
	text := strings.NewReplacer(
		"TITLE", quoted(title), "PLAN", quoted(plan), "YEAR", strconv.Itoa(year), "FISCAL", fiscal.Wareki(year),
	).Replace(firstTemplate)
	text = strings.ReplaceAll(text, "~~~", "```")
	return File{Path: path.Join(brief.TemplatesDir, title+".md"), Data: []byte(text)}
}

// TemplateName reports whether a name can be that of a template: a file in one folder.
func TemplateName(name string) bool {
	title := strings.TrimSuffix(name, ".md")
	return title != "" && brief.SafeName(title) == title && !hidden.MatchString(title)
}

var hidden = regexp.MustCompile(`^[.\s]|\s$`)

const firstTemplate = `---
title: TITLE   # 資料の表題
# 会議の設定（templates/meetings）の parameters が、ここの値に代わる
parameters: {plan: PLAN, year: YEAR}   # FISCAL
# 問合せ。$municipality は会議の、$plan と $year は上の値。表と列は docs/データ辞書.md にある。
# sources の列は、値の出どころのセル（列ごとに違うときは 列名_sources）。kyogikai trace がここをたどる。
queries:
  total: |
    SELECT count(*) AS indicators, count(actual) AS reported, count(*) FILTER (achieved) AS achieved,
      all_cells(list(cells_of(sources, ['indicator']))) AS sources,
      all_cells(list(cells_of(sources, ['actual']))) AS reported_sources,
      all_cells(list(cells_of(sources, ['target', 'actual'])) FILTER (achieved IS NOT NULL)) AS achieved_sources
    FROM marts.indicator_years
    WHERE municipality = $municipality AND plan = $plan AND fiscal_year = $year
  indicators: |
    SELECT indicator || coalesce('（' || nullif(subgroup, '－') || '）', '') AS name, kind, department, unit, target, actual,
      dash(target_literal) AS target_literal, no_actual_reason, method, printed_rate(attainment_pct, achieved) AS rate, no_rate_reason,
      attainment_pct_numerator AS rate_numerator, attainment_pct_denominator AS rate_denominator,
      sources, attainment_pct_sources AS rate_sources
    FROM marts.indicator_years
    WHERE municipality = $municipality AND plan = $plan AND fiscal_year = $year
    ORDER BY natural_order(code), kind DESC, indicator, subgroup
  left_out: |
    SELECT count(*) AS things, all_cells(list(sources)) AS sources FROM marts.left_out
    WHERE municipality = $municipality AND fiscal_year = $year AND coalesce(form, 'A') = 'A'
  missing: |
    SELECT count(*) AS departments, all_cells(list(sources)) AS sources FROM marts.submissions
    WHERE municipality = $municipality AND fiscal_year = $year AND form_id = 'A' AND status = '未提出'
---

# 進捗のまとめ

{{/* この中は注で、資料には出ない。値は「問合せの名前」「列」で書く。n は三桁ごとの点、wareki は和暦。 */ -}}
「{{param "plan"}}」の{{wareki (param "year")}}の指標は{{n (v "total" "indicators")}}件で、実績の数値があるものは{{n (v "total" "reported")}}件、目標を達成したものは{{n (v "total" "achieved")}}件です。

# 指標ごとの状況

~~~table
id: 指標ごと
columns: [{width: 24, align: left}, {width: 12, align: left}, {width: 10}, {width: 10}, {width: 5, align: center}, {width: 10}]
head: [[指標, 所管課, 目標値, 実績値, 算式, 達成率]]
body:
  - query: indicators
    empty: この年度の指標は、まだありません   # 行が一つもないときの文
    row: "{{.name}}・{{.kind}}・{{.department}}"   # 行の番地
    cells:
      - "{{.name}}"
      - "{{.department}}"
      - "{{if .target}}{{n .target}}{{.unit}}{{else}}{{if .target_literal}}{{.target_literal}}{{else}}－{{end}}{{end}}"
      - "{{if .actual}}{{n .actual}}{{.unit}}{{else}}－（{{.no_actual_reason}}）{{end}}"
      - "{{if .method}}{{.method}}{{else}}－{{end}}"
      - "{{if .rate}}{{pct .rate}}{{else}}－（{{.no_rate_reason}}）{{end}}"
notes:
  - ※算式　Ａ：実績÷目標　Ｂ：（基準値－実績）÷（基準値－目標）　Ｃ：目標÷実績　Ｄ：達成・未達成の判定のみ
  - ※「－」は値がないことを、括弧内はその理由を示す。
  - "{{if positive (v ` + "`left_out` `things`" + `)}}※不備があり、除いたもの：{{n (v ` + "`left_out` `things`" + `)}}件{{end}}"
  - "{{if positive (v ` + "`missing` `departments`" + `)}}※調査票が未提出の課：{{n (v ` + "`missing` `departments`" + `)}}課{{end}}"
~~~
`
