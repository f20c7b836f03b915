package brief

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kyogikai/pipelines/warehouse"
)

// answers is a Querier that knows its answers: the tree is tested here, the warehouse elsewhere.
type answers map[string]warehouse.Result

func (a answers) Query(_ context.Context, query string, _ ...any) (warehouse.Result, error) {
	return a[query], nil
}

const sample = "---\ntitle: 題\nqueries:\n  rows: ROWS\n  one: ONE\n" +
	"snippets: {note: '※{{n (v \"one\" \"n\")}}件'}\n---\n" + `
# 概要

値は**{{n (v "one" "n")}}**件、*{{v "one" "s"}}*です。
続きの行。

## 内訳

- 一
- 二
  - 三

1. 甲
2. 乙

> **ポイント**
>
> - 要点

` + "```table" + `
columns: [{width: 3, align: left}, {}, {}]
head:
  - [名, 数, <]
  - [^, 一, 二]
body:
  - query: rows
    merge: [1]
    cells: ["{{.name}}", "{{n .n}}", －]
  - total: true
    align: center
    cells: [計, <, "{{v ` + "`one` `n`" + `}}"]
notes: ["{{snippet ` + "`note`" + `}}", ""]
` + "```" + `

※1 注
`

const tree = `[{"kind":"heading","level":1,"number":"1","spans":[{"text":"概要"}]},` +
	`{"kind":"paragraph","spans":[{"text":"値は"},{"text":"1,200","strong":true},{"text":"件、"},{"text":"*_[x]_* | ` +
	`\u003cb\u003e","raised":true},{"text":"です。続きの行。"}]},` +
	`{"kind":"heading","level":2,"number":"(1)","spans":[{"text":"内訳"}]},` +
	`{"kind":"list","items":[{"marker":"・","spans":[{"text":"一"}]},{"marker":"・","spans":[{"text":"二"}],` +
	`"items":[{"marker":"・","spans":[{"text":"三"}]}]}]},` +
	`{"kind":"list","items":[{"marker":"①","spans":[{"text":"甲"}]},{"marker":"②","spans":[{"text":"乙"}]}]},` +
	`{"kind":"box","label":"ポイント","blocks":[{"kind":"list","items":[{"marker":"✓","spans":[{"text":"要点"}]}]}]},` +
	`{"kind":"table","table":{"id":"表1","columns":[{"width":3,"align":"left"},{"width":0,"align":"right"},{"width":0,` +
	`"align":"right"}],` +
	`"head":[{"cells":[{"text":"名","col_span":1,"row_span":2,"align":"center"},{"text":"数","col_span":2,"row_span":1,` +
	`"align":"center"}]},` +
	`{"cells":[{"text":"一","col_span":1,"row_span":1,"align":"center"},{"text":"二","col_span":1,"row_span":1,` +
	`"align":"center"}]}],` +
	`"rows":[{"cells":[{"text":"a","row_span":2},{"text":"1"},{"text":"－"}]},{"cells":[{"text":"2"},{"text":"－"}]},` +
	`{"cells":[{"text":"b","row_span":1},{"text":"3"},{"text":"－"}]},` +
	`{"cells":[{"text":"計","col_span":2,"align":"center"},{"text":"1200"}],"total":true}],"notes":["※1,200件"]}},` +
	`{"kind":"note","spans":[{"text":"※1 注"}]}]`

func TestTemplateBecomesTree(t *testing.T) {
	n := func(s string) warehouse.Number { return warehouse.Number(s) }
	on := answers{
		"ROWS": {Columns: []string{"name", "n"}, Rows: [][]any{{"a", n("1")}, {"a", n("2")}, {"b", n("3")}}},
		"ONE":  {Columns: []string{"n", "s"}, Rows: [][]any{{n("1200"), "*_[x]_* | <b>"}}},
	}
	fsys := fstest.MapFS{"templates/briefs/a.md": {Data: []byte(sample)}}
	m := Meeting{Kind: "総務協議会資料", Date: time.Date(2025, 10, 21, 0, 0, 0, 0, time.UTC)}
	paper, err := Render(context.Background(), fsys, m, Item{Brief: "a.md", Department: "総務部行政管理課"}, on)
	if err != nil {
		t.Fatal(err)
	}
	doc := paper.Document
	got, err := json.Marshal(doc.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != tree {
		t.Errorf("got:\n%s\nwant:\n%s", got, tree)
	}
	if len(doc.Box) != 3 || doc.Box[1] != "令和7年10月21日" {
		t.Errorf("box %q", doc.Box)
	}
}

func TestChoosesTheComingMeetingElseTheLatest(t *testing.T) {
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	meetings := []Meeting{
		{ID: "a", Date: day("2025-10-21")}, {ID: "b", Date: day("2025-12-16")}, {ID: "c", Date: day("2026-02-17")},
	}
	for today, want := range map[string]string{
		"2025-01-01": "a", "2025-10-21": "a", "2025-10-22": "b", "2026-02-17": "c", "2026-11-22": "c",
	} {
		m, err := Choose(meetings, "", day(today))
		if err != nil || m.ID != want {
			t.Errorf("on %s: %s, %v, want %s", today, m.ID, err, want)
		}
	}
	if got := len(Coming(meetings, day("2026-11-22"))); got != 0 {
		t.Errorf("%d coming meetings after the last", got)
	}
}

// A small line in a cell is data, no text; a chart that cannot show its values truly is refused, with its line.
func TestSparksAndUnfitCharts(t *testing.T) {
	n := func(s string) warehouse.Number { return warehouse.Number(s) }
	on := answers{"ROWS": {Columns: []string{"name", "a", "b", "c"}, Rows: [][]any{
		{"甲", n("1"), nil, n("-2.50")}, {"乙", n("2"), n("3"), n("4")},
	}}}
	render := func(body string) (Paper, error) {
		fsys := fstest.MapFS{"templates/briefs/a.md": {Data: []byte("---\ntitle: 題\nqueries: {rows: ROWS}\n---\n" + body)}}
		return Render(context.Background(), fsys, Meeting{}, Item{Brief: "a.md"}, on)
	}
	p, err := render(
		"文のすぐ下。\n```table\ncolumns: [{}, {}]\nhead: [[名, 推移]]\nbody: [{query: rows, cells: ['{{.name}}', '{{spark .a .b " +
			".c}}']}]\n```\nすぐ後の文。\n",
	)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Document.Blocks) != 3 || p.Document.Blocks[1].Table == nil {
		t.Fatalf("blocks %+v", p.Document.Blocks)
	}
	if c := p.Document.Blocks[1].Table.Rows[0].Cells[1]; c.Text != "" || len(c.Spark) != 3 || c.Spark[0] != "1" ||
		c.Spark[1] != "" || c.Spark[2] != "-2.5" {
		t.Errorf("got %+v", c)
	}
	chart := func(kind, series string) string {
		return "\n```chart\nkind: " + kind + "\nquery: rows\ncategory: '{{.name}}'\nseries: [" + series + "]\n```\n"
	}
	one := "{name: 値, value: c, text: '{{n .c}}'}"
	for name, c := range map[string]struct{ body, want string }{
		"negative shares":    {chart("shares", one), "a.md:7: 負の値は、この種類の図（shares）では示せません"},
		"shares of no whole": {chart("shares", "{name: 値, value: a, text: '{{n .a}}'}"), "構成比の合計が100になりません"},
		"two rates": {
			chart("attainment", "{name: 甲, value: a, text: '{{n .a}}'}, {name: 乙, value: a, text: '{{n .a}}'}"), "系列は一つだけです",
		},
		"unknown kind":   {chart("pie", one), "図の kind「pie」"},
		"unknown column": {chart("bars", "{name: 値, value: x, text: ''}"), "「x」の列がありません"},
		"unknown page":   {"\n```page\nB5\n```\n", "紙「B5」は使えません"},
		"no title":       {"\n```title\n```\n", "表題がありません"},
		"bad align":      {"\n```table\ncolumns: [{align: rihgt}]\nhead: []\nbody: []\n```\n", "align「rihgt」を使えません"},
	} {
		if _, err := render(c.body); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
}

// A merged cell ends where another group begins: a figure never slips under another head.
func TestMergedCellsEndAtGroups(t *testing.T) {
	on := answers{"ROWS": {Columns: []string{"group", "name", "n"}, Rows: [][]any{
		{"一", "甲", "10"}, {"一", "乙", "20"}, {"二", "丙", "30"},
	}}}
	fsys := fstest.MapFS{"templates/briefs/a.md": {Data: []byte("---\ntitle: 題\nqueries: {rows: ROWS}\n---\n```table\n" +
		"columns: [{}, {}, {}]\nhead: [[い, ろ, は]]\n" +
		"body: [{query: rows, merge: [1], group: [{text: '群{{.group}}'}], cells: [同じ, '{{.name}}', '{{.n}}']}]\n```\n")}}
	p, err := Render(context.Background(), fsys, Meeting{}, Item{Brief: "a.md"}, on)
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, row := range p.Document.Blocks[0].Table.Rows {
		for _, c := range row.Cells {
			got += fmt.Sprintf("%s/%d ", c.Text, max(c.RowSpan, 1))
		}
		got += "| "
	}
	if want := "群一/1 | 同じ/2 甲/1 10/1 | 乙/1 20/1 | 群二/1 | 同じ/1 丙/1 30/1 | "; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
