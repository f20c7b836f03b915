package brief

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"kyogikai/pipelines/warehouse"
)

// addressed renders a template and gives its figures' addresses below the item, with the texts.
func addressed(t *testing.T, body string, on answers) map[string]string {
	t.Helper()
	queries := ""
	for name := range on {
		queries += "  " + name + ": " + name + "\n"
	}
	fsys := fstest.MapFS{"templates/briefs/a.md": {Data: []byte("---\ntitle: 題\nqueries:\n" + queries + "---\n" + body)}}
	p, err := Render(context.Background(), fsys, Meeting{ID: "m"}, Item{Number: "1", Title: "題", Brief: "a.md"}, on)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range p.Figures {
		at := strings.TrimPrefix(f.Address, "m/1/")
		if _, twice := out[at]; twice {
			t.Errorf("two figures have the address %s", at)
		}
		out[at] = f.Text
	}
	return out
}

func result(columns []string, rows ...[]any) warehouse.Result {
	for _, row := range rows {
		for i, v := range row {
			if n, ok := v.(int); ok {
				row[i] = warehouse.Number(strconv.Itoa(n))
			}
		}
	}
	return warehouse.Result{Columns: columns, Rows: rows}
}

const numberedTable = "```table\nid: 表\n" +
	"columns: [{width: 4, align: center}, {width: 9, align: left}, {width: 4, align: center}, {}]\n" +
	"head: [[HEAD, 名, 型, 値]]\nbody:\n  - query: rows\n" +
	"    cells: ['{{.no}}', '{{.name}}', '{{.kind}}', '{{if .n}}{{n .n}}{{else}}－{{end}}']\n```\n"

func rowsOf(rows ...[]any) answers {
	return answers{"rows": result([]string{"no", "name", "kind", "n"}, rows...)}
}

// A row is named by its number and the name behind it; by what stands behind that, where rows share both; by their
// order only where a reader cannot tell them apart.
func TestRowsAreNamedByNumberAndName(t *testing.T) {
	table := strings.Replace(numberedTable, "HEAD", "番号", 1)
	for name, c := range map[string]struct {
		rows [][]any
		want map[string]string
	}{
		"a name each": {
			[][]any{{"1-1", "甲", "成果", 10}, {"1-1", "乙", "成果", 20}, {"①-1", "甲", "成果", 30}},
			map[string]string{"表/1-1・甲/値": "10", "表/1-1・乙/値": "20", "表/①-1・甲/値": "30"},
		},
		"－ above": {
			[][]any{{"1-1", "甲", "成果", nil}, {"1-1", "乙", "成果", 20}}, map[string]string{"表/1-1・乙/値": "20"},
		},
		"one name, two kinds": {
			[][]any{{"1-1", "甲", "成果", 10}, {"1-1", "甲", "実績", 20}, {"1-1", "乙", "実績", 30}},
			map[string]string{"表/1-1・甲・成果/値": "10", "表/1-1・甲・実績/値": "20", "表/1-1・乙/値": "30"},
		},
		"one name, － above": {
			[][]any{{"1-1", "甲", "成果", nil}, {"1-1", "甲", "実績", 20}}, map[string]string{"表/1-1・甲・実績/値": "20"},
		},
		"alike": {
			[][]any{{"1-1", "甲", "成果", 10}, {"1-1", "甲", "成果", nil}, {"1-1", "甲", "成果", 30}},
			map[string]string{"表/1-1・甲・成果/値": "10", "表/1-1・甲・成果（3）/値": "30"},
		},
		"a width is no difference": {
			[][]any{{"1-1", "甲", "成果", 10}, {"１-１", "甲", "実績", 20}},
			map[string]string{"表/1-1・甲・成果/値": "10", "表/１-１・甲・実績/値": "20"},
		},
		"no number": {[][]any{{"", "甲", "成果", 10}}, map[string]string{"表/甲/値": "10"}},
		"a number in the name is a figure still": {
			[][]any{{"1-1", "第2期", "成果", 10}}, map[string]string{"表/1-1・第2期/名": "第2期", "表/1-1・第2期/値": "10"},
		},
	} {
		got := addressed(t, table, rowsOf(c.rows...))
		for at, text := range c.want {
			if got[at] != text {
				t.Errorf("%s: %s prints %q, want %q (of %v)", name, at, got[at], text, got)
			}
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// A column that numbers nothing does not take the one behind it, which may be a value; one that says of what kind a
// row is names it too, one that judges it does not; and where the template names its rows, they are named so.
func TestWhatNamesRows(t *testing.T) {
	rows := [][]any{{"令和7年度", "一部", "成果", 10}}
	if got := addressed(t, strings.Replace(numberedTable, "HEAD", "年度", 1), rowsOf(rows...)); got["表/令和7年度/値"] != "10" {
		t.Errorf("of years: %v", got)
	}
	for _, head := range []string{"番号", "Ｎｏ．", "No", "事業番号", "コード"} {
		got := addressed(t, strings.Replace(numberedTable, "HEAD", head, 1), rowsOf(rows...))
		if got["表/令和7年度・一部/値"] != "10" {
			t.Errorf("of %s: %v", head, got)
		}
	}
	for _, c := range []struct{ head, align, at string }{
		{"名", "left", "表/1-1・甲/値"}, {"内容", "left", "表/1-1・甲/値"}, {"指標名", "center", "表/1-1・甲/値"}, {"状況", "center", "表/1-1/値"},
	} {
		named := strings.NewReplacer("HEAD", "番号", "名,", c.head+",", "left", c.align).Replace(numberedTable)
		if got := addressed(t, named, rowsOf([]any{"1-1", "甲", "成果", 10})); got[c.at] != "10" {
			t.Errorf("behind the number stands %s, %s: %v", c.head, c.align, got)
		}
	}
	for head, at := range map[string]string{
		"種別": "表/1-1・甲・成果/値", "指標の種別": "表/1-1・甲・成果/値", "指標区分": "表/1-1・甲・成果/値", "判定区分": "表/1-1・甲/値", "所管課": "表/1-1・甲/値",
	} {
		kinds := strings.NewReplacer("HEAD", "番号", "型", head).Replace(numberedTable)
		if got := addressed(t, kinds, rowsOf([]any{"1-1", "甲", "成果", 10})); got[at] != "10" {
			t.Errorf("behind the name stands %s: %v", head, got)
		}
	}
	named := "    row: '{{.kind}}の{{.name}}'\n    cells"
	own := strings.NewReplacer("HEAD", "番号", "    cells", named).Replace(numberedTable)
	if got := addressed(t, own, rowsOf(rows...)); got["表/成果の一部/値"] != "10" {
		t.Errorf("as the template says: %v", got)
	}
}

// Rows of one name in two groups are told apart by the groups; a merged cell is of the rows that it covers, not of the
// first; two tables of one id have addresses of their own.
func TestGroupsMergedCellsAndTables(t *testing.T) {
	on := answers{"rows": result([]string{"pillar", "item", "n", "all"},
		[]any{"甲", "い", nil, 3}, []any{"甲", "ろ", 3, 3}, []any{"乙", "い", 4, 4})}
	table := "```table\nid: 表\ncolumns: [{width: 4, align: left}, {}, {}]\nhead: [[項目, 数, 計]]\nbody:\n  - query: rows\n" +
		"    group: [{text: '{{.pillar}}'}]\n" +
		"    cells: ['{{.item}}', '{{if .n}}{{n .n}}{{else}}－{{end}}', '{{n .all}}']\n```\n"
	got := addressed(t, table, on)
	for at, text := range map[string]string{
		"表/甲・い/計": "3", "表/ろ/数": "3", "表/ろ/計": "3", "表/乙・い/数": "4", "表/乙・い/計": "4",
	} {
		if got[at] != text {
			t.Errorf("groups: %s prints %q (of %v)", at, got[at], got)
		}
	}
	merged := "```table\nid: 表\ncolumns: [{width: 4, align: left}, {width: 4, align: left}, {}, {}]\n" +
		"head: [[柱, 項目, 数, 計]]\n" +
		"body:\n  - query: rows\n    merge: [1, 4]\n" +
		"    cells: ['{{.pillar}}', '{{.item}}', '{{if .n}}{{n .n}}{{else}}－{{end}}', '{{n .all}}']\n```\n"
	want := map[string]string{"表/甲/計": "3", "表/甲・ろ/数": "3", "表/乙・い/数": "4", "表/乙/計": "4"}
	if got := addressed(t, merged, on); len(got) != len(want) || got["表/甲/計"] != "3" || got["表/乙/計"] != "4" ||
		got["表/甲・ろ/数"] != "3" || got["表/乙・い/数"] != "4" {
		t.Errorf("merged: %v, want %v", got, want)
	}
	twice := addressed(t, merged+"\n文\n\n"+merged, on)
	if twice["表/甲/計"] != "3" || twice["表-2/甲/計"] != "3" || len(twice) != 2*len(want) {
		t.Errorf("two tables of one id: %v", twice)
	}
}

// Addresses of before count what is printed under a number; those that more than one row had say so.
func TestAddressesOfBefore(t *testing.T) {
	fsys := fstest.MapFS{"templates/briefs/a.md": {Data: []byte("---\ntitle: 題\nqueries: {rows: rows}\n---\n" +
		strings.Replace(numberedTable, "HEAD", "番号", 1))}}
	on := rowsOf(
		[]any{"1-1", "甲", "成果", nil}, []any{"1-1", "乙", "成果", 20}, []any{"1-1", "丙", "成果", 30},
		[]any{"1-2", "丁", "成果", 40},
	)
	p, err := Render(context.Background(), fsys, Meeting{ID: "m"}, Item{Number: "1", Title: "題", Brief: "a.md"}, on)
	if err != nil {
		t.Fatal(err)
	}
	type before struct {
		address, former string
		ordered         bool
	}
	var got []before
	for _, f := range p.Figures {
		got = append(got, before{f.Address, f.Former, f.Ordered})
	}
	want := []before{
		{"m/1/表/1-1・乙/値", "m/1/表/1-1/値", true}, {"m/1/表/1-1・丙/値", "m/1/表/1-1/値#2", true},
		{"m/1/表/1-2・丁/値", "m/1/表/1-2/値", false},
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Bars of one name are told apart by their order among the bars, not among those that are drawn.
func TestCategoriesOfOneName(t *testing.T) {
	chart := "```chart\nid: 図\nkind: bars\nquery: rows\ncategory: '{{.no}}'\nROWseries:\n" +
		"  - {name: 値, value: n, text: '{{if .n}}{{n .n}}{{else}}－{{end}}'}\n```\n"
	on := rowsOf([]any{"甲", "い", "成果", nil}, []any{"甲", "ろ", "成果", 20}, []any{"乙", "は", "成果", 30})
	if got := addressed(t, strings.Replace(chart, "ROW", "", 1), on); got["図/甲（2）/値"] != "20" || got["図/乙/値"] != "30" {
		t.Errorf("%v", got)
	}
	if got := addressed(t, strings.Replace(chart, "ROW", "row: '{{.no}}{{.name}}'\n", 1), on); got["図/甲ろ/値"] != "20" {
		t.Errorf("as the template says: %v", got)
	}
}
