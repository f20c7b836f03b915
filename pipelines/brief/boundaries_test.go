package brief

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/document"
	"kyogikai/pipelines/warehouse"
)

// drawn is a chart of so many series of values; its categories are as many as the values of the first.
func drawn(kind string, series ...[]string) *document.Chart {
	c := &document.Chart{Kind: kind}
	for i := range series[0] {
		c.Categories = append(c.Categories, fmt.Sprintf("区分%d", i+1))
	}
	for i, values := range series {
		c.Series = append(c.Series, document.Series{Name: fmt.Sprint("系列", i+1), Values: values})
	}
	return c
}

// A chart is drawn where it shows its values truly, and refused a step further: series, categories, wholes, signs,
// sizes.
func TestBoundaryOfCharts(t *testing.T) {
	one := []string{"1"}
	many := func(n int) []string { return slices.Repeat(one, n) }
	const (
		five, rates, fourteen = "系列は五つまで", "系列は一つだけ", "横軸は十四まで"
		whole, negative       = "合計が100になりません", "負の値は"
	)
	for _, c := range []struct {
		name, want string
		chart      *document.Chart
	}{
		{"four series", "", drawn(document.BarChart, one, one, one, one)},
		{"five series", "", drawn(document.BarChart, one, one, one, one, one)},
		{"six series", five, drawn(document.BarChart, one, one, one, one, one, one)},
		{"six shares", five, drawn(document.SharesChart, []string{"50"}, []string{"10"}, []string{"10"}, []string{"10"},
			[]string{"10"}, []string{"10"})},
		{"one rate", "", drawn(document.AttainmentChart, one)},
		{"two rates", rates, drawn(document.AttainmentChart, one, one)},
		{"fourteen bars", "", drawn(document.BarChart, many(14))},
		{"fifteen bars", fourteen, drawn(document.BarChart, many(15))},
		{"fifteen points", fourteen, drawn(document.LineChart, many(15))},
		{"fifteen rates lie below each other", "", drawn(document.AttainmentChart, many(15))},
		{"shares of 100", "", drawn(document.SharesChart, []string{"60.5"}, []string{"39.5"})},
		{"shares of 98", whole, drawn(document.SharesChart, []string{"60"}, []string{"38"})},
		{"shares of 98.9", whole, drawn(document.SharesChart, []string{"60"}, []string{"38.9"})},
		{"shares of 99", "", drawn(document.SharesChart, []string{"60"}, []string{"39"})},
		{"shares of 101", "", drawn(document.SharesChart, []string{"60"}, []string{"41"})},
		{"shares of 101.1", whole, drawn(document.SharesChart, []string{"60"}, []string{"41.1"})},
		{"shares of 102", whole, drawn(document.SharesChart, []string{"60"}, []string{"42"})},
		{"the second whole", "「区分2」の構成比", drawn(document.SharesChart, []string{"60", "60"}, []string{"40", "38"})},
		{"a whole that is not there", "", drawn(document.SharesChart, []string{"60", ""}, []string{"40", ""})},
		{"a stack of no whole", "", drawn(document.StackedChart, []string{"60"}, []string{"38"})},
		{"a negative part", negative, drawn(document.StackedChart, []string{"5"}, []string{"-0.1"})},
		{"a part of zero", "", drawn(document.StackedChart, []string{"5"}, []string{"0"})},
		{"a negative share", negative, drawn(document.SharesChart, []string{"101"}, []string{"-1"})},
		{"a negative rate", negative, drawn(document.AttainmentChart, []string{"-1"})},
		{"a negative bar", "", drawn(document.BarChart, []string{"-1"})},
		{"a negative point", "", drawn(document.LineChart, []string{"-1"})},
		{"the largest", "", drawn(document.BarChart, []string{"1000000000000000"})},
		{"larger", "値が大きすぎます", drawn(document.BarChart, []string{"-1000000000000000.1"})},
		{"no value", "値が一つもありません", drawn(document.BarChart, []string{"", ""})},
		{"one value", "", drawn(document.BarChart, []string{"", "0"})},
	} {
		got := unfit(c.chart)
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// A chart that asks for at least so many categories is drawn with them, and is left out with fewer.
func TestBoundaryOfTheLeastChart(t *testing.T) {
	on := answers{"ROWS": {Columns: []string{"name", "n"}, Rows: [][]any{
		{"甲", warehouse.Number("1")}, {"乙", warehouse.Number("2")},
	}}}
	for least, want := range map[int]int{0: 1, 1: 1, 2: 1, 3: 0} {
		p, err := rendered(t, on, fmt.Sprintf("```chart\nkind: bars\nquery: rows\nleast: %d\ncategory: '{{.name}}'\n"+
			"series: [{name: 数, value: n, text: '{{n .n}}'}]\n```\n", least))
		if err != nil || len(p.Document.Blocks) != want || len(p.Figures) != 2*want {
			t.Errorf("least %d: %d charts, %d figures, %v", least, len(p.Document.Blocks), len(p.Figures), err)
		}
	}
}

// A group within a group begins anew with it, also where the two are called alike; one without words has no row.
func TestGroupsWithinGroups(t *testing.T) {
	groups := [][]string{{"甲", "共通"}, {"甲", "共通"}, {"甲", "別"}, {"乙", "別"}, {"乙", ""}, {"丙", "共通"}}
	rows := make([]document.Row, len(groups))
	for i := range rows {
		rows[i].Cells = []document.Cell{{Text: fmt.Sprint(i)}}
	}
	var got []string
	for _, row := range grouped(bodySpec{Group: make([]groupSpec, 2)}, groups, rows, 3) {
		text := row.Cells[0].Text
		if row.Group {
			text = "〈" + text + "〉"
		}
		got = append(got, text)
	}
	if text := strings.Join(got, " "); text != "〈甲〉 〈共通〉 0 1 〈別〉 2 〈乙〉 〈別〉 3 4 〈丙〉 〈共通〉 5" {
		t.Errorf("got %s", text)
	}
}

// Cells of a merged column are one where they and those of the merged columns to their left are alike, inside a group.
func TestMergedCellsEndWithThoseAtTheirLeft(t *testing.T) {
	texts := [][]string{{"甲", "同", "1"}, {"甲", "同", "1"}, {"乙", "同", "1"}, {"乙", "異", "1"}}
	spans := func(merge []int, groups ...string) string {
		of := make([][]string, len(texts))
		for i := range groups {
			of[i] = []string{groups[i]}
		}
		var out []string
		for _, row := range bodyRows(texts, bodySpec{Merge: merge}, of) {
			for _, c := range row.Cells {
				out = append(out, fmt.Sprintf("%s%d", c.Text, max(c.RowSpan, 1)))
			}
			out = append(out, "|")
		}
		return strings.Join(out, " ")
	}
	if got := spans([]int{1, 2}); got != "甲2 同2 11 | 11 | 乙2 同1 11 | 異1 11 |" {
		t.Errorf("two columns: %s", got)
	}
	if got := spans([]int{2}); got != "甲1 同3 11 | 甲1 11 | 乙1 11 | 乙1 異1 11 |" {
		t.Errorf("the second alone: %s", got)
	}
	if got := spans([]int{1}, "い", "ろ", "ろ", "ろ"); got != "甲1 同1 11 | 甲1 同1 11 | 乙2 同1 11 | 異1 11 |" {
		t.Errorf("over a group: %s", got)
	}
}

// A figure that a merged cell above stands for is not listed again; one of another group is.
func TestFiguresOfMergedCells(t *testing.T) {
	n := warehouse.Number("7")
	rows := [][]any{{"一", "甲", n}, {"一", "乙", n}, {"二", "丙", n}}
	on := answers{"ROWS": {Columns: []string{"group", "name", "n"}, Rows: rows}}
	p, err := rendered(t, on, "```table\ncolumns: [{align: left}, {}]\nhead: [[名, 数]]\n"+
		"body: [{query: rows, merge: [2], group: [{text: '{{.group}}'}], cells: ['{{.name}}', '{{n .n}}']}]\n```\n")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range p.Figures {
		got = append(got, f.Row)
	}
	if !slices.Equal(got, []string{"甲", "丙"}) {
		t.Errorf("figures of %q", got)
	}
}

// Columns of one head are told apart: by the head above them, else by their order.
func TestColumnsOfOneHead(t *testing.T) {
	for _, c := range []struct {
		name string
		head [][]string
		want string
	}{
		{"different", [][]string{{"柱", "目標", "実績"}}, "柱 目標 実績"},
		{"alike below different", [][]string{{"柱", "R5", "R6"}, {"^", "実績", "実績"}}, "柱 R5・実績 R6・実績"},
		{"under one", [][]string{{"柱", "実績", "<"}}, "柱 実績 実績-2"},
		{"alike", [][]string{{"柱", "実績", "実績"}}, "柱 実績 実績-2"},
		{"alike below alike", [][]string{{"柱", "実績", "<"}, {"^", "数", "数"}}, "柱 実績・数 実績・数-2"},
		{"three", [][]string{{"数", "数", "数"}}, "数 数-2 数-3"},
		{"no head", nil, "1列 2列 3列"},
	} {
		r := &renderer{}
		p := r.tablePlace(tableSpec{Columns: make([]document.Column, 3), Head: c.head})
		if got := strings.Join(p.columns, " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	for aligns, want := range map[string]int{
		"right right right": 1, "left right right": 1, "left left right": 2, "left left left": 1, "left right left": 1,
	} {
		var columns []document.Column
		for _, a := range strings.Fields(aligns) {
			columns = append(columns, document.Column{Align: a})
		}
		if p := (&renderer{}).tablePlace(tableSpec{Columns: columns}); p.labels != want {
			t.Errorf("%s: %d columns name the row, want %d", aligns, p.labels, want)
		}
	}
}

// A text that a spreadsheet would take for a formula is written as a text; words are no figures.
func TestFiguresFileHoldsNoFormula(t *testing.T) {
	figures := []Figure{
		{Address: "a", Table: "=T", Row: "+R", Column: "@C", Text: "5", Value: "5"}, {Address: "b", Text: "改善", Word: true},
		{Address: "c", Table: "a=b", Row: "a@b", Column: "", Text: "−5", Value: "-5"},
	}
	var b strings.Builder
	if err := WriteFigures(&b, figures); err != nil {
		t.Fatal(err)
	}
	want := "\ufefffigure,table,row,column,text,value,unit,said\r\na,'=T,'+R,'@C,5,5,,\r\nc,a=b,a@b,,−5,-5,,\r\n"
	if b.String() != want {
		t.Errorf("got %q", b.String())
	}
}

// A printed figure states the fact of its only origin where it prints just that value: not a rounded, converted or
// combined one.
func TestFactsOfPrintedFigures(t *testing.T) {
	from := []Origin{{Fact: "x", Year: 2023}}
	for _, c := range []struct {
		name, printed string
		value         any
		from          []Origin
		want          string
	}{
		{"as it is", "1383", warehouse.Number("1383"), from, "x"},
		{"with other zeros", "1383", warehouse.Number("1383.000"), from, "x"},
		{"a little more", "1383.1", warehouse.Number("1383"), from, ""},
		{"a little less", "1382.9", warehouse.Number("1383"), from, ""},
		{"in another unit", "1.383", warehouse.Number("1383"), from, ""},
		{"a word", "", "改善", from, ""},
		{"of two", "1383", warehouse.Number("1383"), append(from[:1:1], from...), ""},
		{"of none", "1383", warehouse.Number("1383"), nil, ""},
		{"of one without a fact", "1383", warehouse.Number("1383"), []Origin{{Year: 2023}}, ""},
	} {
		fact, year := placed{tracked: tracked{value: c.value, from: c.from}}.fact(c.printed)
		if fact != c.want || (year != 0) != (c.want != "") {
			t.Errorf("%s states %q of %d, want %q", c.name, fact, year, c.want)
		}
	}
}

// A value states what its only cell states, where the cell holds just that number; else what its row of a table states,
// where the row has a year.
func TestFactsOfValues(t *testing.T) {
	at := Source{Path: "a", Sheet: "表", Cell: "B2"}
	other := Source{Path: "a", Sheet: "表", Cell: "B3"}
	merged, twice := Source{Path: "a", Sheet: "表", Cell: "B4"}, Source{Path: "a", Sheet: "表", Cell: "B5"}
	states := func(fact, value string, year int) cellFact { return cellFact{fact: fact, value: value, year: year} }
	f := &facts{cells: map[Source][]cellFact{
		at: {states("件", "12", 2024), states("%", "12.5", 2024)}, other: {states("人", "12", 2023)},
		merged: {states("目標23", "12", 2023), states("目標24", "12", 2024), states("目標25", "12", 2025)},
		twice:  {states("目標24", "12", 2024), states("目標24", "12", 2024), states("実績24", "13", 2024)},
	}}
	field := func(s Source) Source {
		s.Field = "actual"
		return s
	}
	row := func(value string) (warehouse.Result, []any) {
		columns := []string{"name", "fiscal_year", "n"}
		return warehouse.Result{Columns: columns}, []any{"甲", int32(2024), warehouse.Number(value)}
	}
	const sql = "SELECT * FROM marts.t WHERE fiscal_year = 2024"
	for _, c := range []struct {
		name, sql, value string
		sources          []Source
		want             string
		year             int
	}{
		{"the cell's number", sql, "12", []Source{field(at)}, "件", 2024},
		{"its other number", sql, "12.50", []Source{field(at)}, "%", 2024},
		{"another number", sql, "12.4", []Source{field(at)}, "marts.t｜甲｜2024｜n", 2024},
		{"of two cells", sql, "12", []Source{field(at), field(other)}, "marts.t｜甲｜2024｜n", 2024},
		{"of none", sql, "12", nil, "marts.t｜甲｜2024｜n", 2024},
		{"of a cell over several years", sql, "12", []Source{field(merged)}, "目標24", 2024},
		{"that of a cell over several years by a sum", "SELECT sum(n) FROM marts.t", "11", []Source{field(merged)}, "", 0},
		{"that of a cell of one fact in two records", sql, "12", []Source{field(twice)}, "目標24", 2024},
		{"of a sum", "SELECT sum(n) FROM marts.t", "12", nil, "", 0},
		{"of two tables", "SELECT * FROM marts.t JOIN marts.u", "12", nil, "", 0},
	} {
		r, values := row(c.value)
		if fact, year := f.named(c.sql, r, values, 2, c.sources); fact != c.want || year != c.year {
			t.Errorf("%s: %q of %d, want %q", c.name, fact, year, c.want)
		}
	}
	none := warehouse.Result{Columns: []string{"n"}}
	if fact, _ := f.named("q", none, []any{warehouse.Number("12")}, 0, []Source{field(merged)}); fact != "" {
		t.Errorf("a cell over several years in a row of none states %q", fact)
	}
	pair := &facts{cells: map[Source][]cellFact{at: {states("目標23", "12", 2023), states("目標24", "12", 2024)}}}
	r24, row24 := row("12")
	if fact, _ := pair.named(sql, r24, row24, 2, []Source{at}); fact != "目標24" {
		t.Errorf("a cell over two years states %q", fact)
	}
	both := &facts{cells: map[Source][]cellFact{at: {states("目標", "12", 2024), states("実績", "12", 2024)}}}
	if fact, _ := both.named("q", none, []any{warehouse.Number("12")}, 0, []Source{field(at)}); fact != "" {
		t.Errorf("a cell of two facts of a year states %q", fact)
	}
	r := warehouse.Result{Columns: []string{"name", "scope", "n"}}
	for scope, want := range map[string]string{"令和6年度": "marts.t｜甲｜令和6年度｜n", "推進期間全体": "", "": ""} {
		if fact, _ := RowFact("marts.t", r, []any{"甲", scope, 1}, 2); fact != want {
			t.Errorf("scope %q: %q", scope, fact)
		}
	}
}

// What was revised is marked where the printed text is just the value that was published.
func TestMarksOfRevisions(t *testing.T) {
	revised := []Origin{{Revised: &Revision{Published: "1383", Today: "1380"}}}
	for text, want := range map[string]bool{
		"1,383人": true, "1,383.0": true, "1,384": false, "1,382.9": false, "1.4千人": false, "改善": false, "約1,383人": true,
	} {
		if got := (tracked{text: text, from: revised}).revision() != nil; got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	if (tracked{text: "1,383", from: append(revised[:1:1], revised...)}).revision() != nil {
		t.Error("a value of two origins is marked")
	}
	r := warehouse.Result{Columns: []string{"n", "n_today", "m_today"}}
	for today, want := range map[any]bool{"1383.00": false, "1383.1": true, "1382": true, nil: false, "－": false} {
		if got := revisedIn(r, []any{"1383", today, "5"}, 0) != nil; got != want {
			t.Errorf("%v today: %v", today, got)
		}
	}
}

// A value that was published prints as a figure does: with its decimals, or more where it has more.
func TestPrintedLikeAnother(t *testing.T) {
	for _, c := range []struct{ value, like, want string }{
		{"12", "5", "12"}, {"12", "5.0", "12.0"}, {"12.5", "5", "12.5"}, {"12.5", "5.00%", "12.50%"},
		{"1234", "r5件", "1,234"},
		{"-0.25", "5.1%", "−0.25%"}, {"12.5", "5.1", "12.5"},
	} {
		value, _ := new(big.Rat).SetString(c.value)
		if got := Printed(value, Figure{Text: c.like}); got != c.want {
			t.Errorf("%s like %s is %s, want %s", c.value, c.like, got, c.want)
		}
	}
}

// The cells behind a value are its own, else those of its field, else all; behind a count of none, those that were
// looked through.
func TestCellsBehindAValue(t *testing.T) {
	cells := func(fields ...string) []any {
		var out []any
		for _, f := range fields {
			out = append(out, map[string]any{"field": f, "path": "a", "cell": f})
		}
		return out
	}
	r := warehouse.Result{Columns: []string{"n", "n_sources", "sources"}}
	for _, c := range []struct {
		name     string
		n        any
		own, all []any
		want     string
		examined bool
	}{
		{"its own", 2, cells("x", "y"), cells("n", "z"), "x y", false},
		{"of its field", 2, nil, cells("n", "z"), "n", false},
		{"all", 2, nil, cells("y", "z"), "y z", false},
		{"a count of none", 0, nil, cells("y", "z"), "y z", true},
		{"a zero of a cell", 0, cells("x"), cells("y", "z"), "x", false},
		{"a number without cells", 1, nil, nil, "", false},
	} {
		o := originOf("q", r, []any{c.n, c.own, c.all}, 0)
		var got []string
		for _, s := range o.Sources {
			got = append(got, s.Cell)
		}
		if text := strings.Join(got, " "); text != c.want || o.Examined != c.examined {
			t.Errorf("%s: %q, examined %v, want %q", c.name, text, o.Examined, c.want)
		}
	}
	if o := originOf("q", warehouse.Result{Columns: []string{"n", "sources"}}, []any{0, cells("y")}, 0); o.Examined {
		t.Error("a zero that counts nothing is taken for a count of none")
	}
}

// Values compare as numbers, and a bound holds what is equal to it where it says so.
func TestBoundaryOfComparisons(t *testing.T) {
	on := answers{"ONE": {Columns: []string{"n"}, Rows: [][]any{{warehouse.Number("10.0")}}}}
	for _, c := range []struct{ condition, want string }{
		{"lt", "11"}, {"le", "10 11"}, {"gt", "9"}, {"ge", "9 10"}, {"eq", "10"}, {"ne", "9 11"},
	} {
		var got []string
		for _, than := range []string{"9", "10", "11"} {
			p, err := rendered(t, on, `{{if `+c.condition+` (v "one" "n") `+than+`}}真{{else}}偽{{end}}`)
			if err != nil {
				t.Fatal(err)
			}
			if document.Plain(p.Document.Blocks[0].Spans) == "真" {
				got = append(got, than)
			}
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("10 is %s %q, want %q", c.condition, text, c.want)
		}
	}
	for value, want := range map[string]string{"0": "偽", "0.1": "真", "-0.1": "偽"} {
		on := answers{"ONE": {Columns: []string{"n"}, Rows: [][]any{{warehouse.Number(value)}}}}
		p, err := rendered(t, on, `{{if positive (v "one" "n")}}真{{else}}偽{{end}}`)
		if err != nil || document.Plain(p.Document.Blocks[0].Spans) != want {
			t.Errorf("%s is positive: %+v, %v", value, p.Document.Blocks, err)
		}
	}
}

// A value is that of the only row of its query: of two rows, of none, or an empty one, none is taken.
func TestBoundaryOfOneRow(t *testing.T) {
	n := warehouse.Number("7")
	for _, c := range []struct {
		rows [][]any
		says string
	}{
		{[][]any{{n}}, ""}, {nil, "結果がありません"}, {[][]any{{n}, {n}}, "結果が2行あります"}, {[][]any{{nil}}, "「n」が空です"},
	} {
		p, err := rendered(t, answers{"ONE": {Columns: []string{"n"}, Rows: c.rows}}, `{{n (v "one" "n")}}件`)
		if c.says == "" && (err != nil || document.Plain(p.Document.Blocks[0].Spans) != "7件") ||
			c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%v: %+v, %v, want %q", c.rows, p.Document.Blocks, err, c.says)
		}
	}
}

// Numbers print with the decimals that were asked for, or not at all; tenths are told from the tenth that is reached.
func TestBoundaryOfPrintedNumbers(t *testing.T) {
	show := func(t tracked, err error) string {
		if err != nil {
			return "refused"
		}
		return t.text
	}
	for _, c := range []struct{ got, want string }{
		{show(decimals("9.2", 1)), "9.2"}, {show(decimals("9.20", 1)), "9.2"}, {show(decimals("9.21", 1)), "refused"},
		{show(decimals("9", 0)), "9"}, {show(decimals("9.5", 0)), "refused"}, {show(percent("88.25")), "refused"},
		{show(tenths("9.99")), "1割未満"}, {show(tenths("10")), "1割以上"}, {show(tenths("10.1")), "1割以上"},
		{show(tenths("19.9")), "1割以上"}, {show(tenths("20")), "2割以上"}, {show(tenths("99.9")), "9割以上"},
		{show(tenths("100")), "全て"}, {show(tenths("100.1")), "全て"},
		{show(thousands("999.5")), "999.5"}, {show(thousands("1000")), "1,000"}, {show(thousands("-999")), "−999"},
		{show(thousands("-1000")), "−1,000"}, {show(thousands("999999")), "999,999"},
		{show(thousands("1000000")), "1,000,000"},
		{show(allOrSome("3", "2")), "全て"}, {show(allOrSome("0", "0")), ""}, {show(allOrSome("-1", "2")), ""},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}
