package brief

import (
	"context"
	"encoding/json"
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

const sample = "---\ntitle: 題\nqueries:\n  rows: ROWS\n  one: ONE\nsnippets: {note: '※{{n (v \"one\" \"n\")}}件'}\n---\n" + `
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
	`{"kind":"paragraph","spans":[{"text":"値は"},{"text":"1,200","strong":true},{"text":"件、*_[x]_* | \u003cb\u003eです。続きの行。"}]},` +
	`{"kind":"heading","level":2,"number":"(1)","spans":[{"text":"内訳"}]},` +
	`{"kind":"list","items":[{"marker":"・","spans":[{"text":"一"}]},{"marker":"・","spans":[{"text":"二"}],"items":[{"marker":"・","spans":[{"text":"三"}]}]}]},` +
	`{"kind":"list","items":[{"marker":"①","spans":[{"text":"甲"}]},{"marker":"②","spans":[{"text":"乙"}]}]},` +
	`{"kind":"box","label":"ポイント","blocks":[{"kind":"list","items":[{"marker":"✓","spans":[{"text":"要点"}]}]}]},` +
	`{"kind":"table","table":{"id":"表1","columns":[{"width":3,"align":"left"},{"width":0,"align":"right"},{"width":0,"align":"right"}],` +
	`"head":[{"cells":[{"text":"名","col_span":1,"row_span":2,"align":"center"},{"text":"数","col_span":2,"row_span":1,"align":"center"}]},` +
	`{"cells":[{"text":"一","col_span":1,"row_span":1,"align":"center"},{"text":"二","col_span":1,"row_span":1,"align":"center"}]}],` +
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
	meetings := []Meeting{{ID: "a", Date: day("2025-10-21")}, {ID: "b", Date: day("2025-12-16")}, {ID: "c", Date: day("2026-02-17")}}
	for today, want := range map[string]string{"2025-01-01": "a", "2025-10-21": "a", "2025-10-22": "b", "2026-02-17": "c", "2026-11-22": "c"} {
		m, err := Choose(meetings, "", day(today))
		if err != nil || m.ID != want {
			t.Errorf("on %s: %s, %v, want %s", today, m.ID, err, want)
		}
	}
	if got := len(Coming(meetings, day("2026-11-22"))); got != 0 {
		t.Errorf("%d coming meetings after the last", got)
	}
}
