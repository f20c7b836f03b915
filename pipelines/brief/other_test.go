package brief

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"kyogikai/pipelines/document"
	"kyogikai/pipelines/warehouse"
)

// A paper that sets out counts by symbol shows those of symbols without a column too, or is refused with its line.
func TestNoSymbolIsLeftOutOfAPaper(t *testing.T) {
	n := func(s string) warehouse.Number { return warehouse.Number(s) }
	render := func(others, body string) (Paper, error) {
		on := answers{"ROWS": {
			Columns: []string{
				"name", "initiatives", "ahead", "ahead_pct", "late", "late_pct", "good_pct", "other", "other_pct", "other_symbols",
			},
			Rows: [][]any{
				{"計", n("7"), n("1"), n("14.3"), n("6"), n("85.7"), n("14.3"), n(others), n("0.0"), []any{"☆", "◇"}},
			},
		}}
		fsys := fstest.MapFS{"templates/briefs/a.md": {Data: []byte("---\ntitle: 題\nqueries: {rows: ROWS}\n---\n" + body)}}
		return Render(context.Background(), fsys, Meeting{}, Item{Brief: "a.md"}, on)
	}
	table := func(a, b, note string) string {
		return "```table\ncolumns: [{}, {}, {}]\nhead: [[名, 一, 二]]\n" +
			"body: [{query: rows, cells: ['{{.name}}', '" + a + "', '" + b + "']}]\nnotes: ['" + note + "']\n```\n"
	}
	chart := func(series string) string {
		return "```chart\nkind: bars\nquery: rows\ncategory: '{{.name}}'\nseries: [" + series + "]\n```\n"
	}
	const (
		ahead = "{name: ◎, value: ahead, text: '{{n .ahead}}'}"
		late  = "{name: ▲, value: late, text: '{{n .late}}'}"
		more  = "{name: 他, value: other, text: '{{n .other}}'}"
	)
	for name, c := range map[string]struct {
		others, body string
		refused      bool
	}{
		"counts, others":            {"3", table("{{n .ahead}}", "{{n .late}}", ""), true},
		"counts, one other":         {"1", table("{{n .ahead}}", "{{n .late}}", ""), true},
		"counts, no others":         {"0", table("{{n .ahead}}", "{{n .late}}", ""), false},
		"shares, others":            {"3", table("{{share .ahead_pct}}", "{{share .late_pct}}", ""), true},
		"counts and the others":     {"3", table("{{n .ahead}}・{{n .late}}", "{{n .other}}", ""), false},
		"the others in a note":      {"3", table("{{n .ahead}}", "{{n .late}}", "※他{{n (v \"rows\" \"other\")}}件"), false},
		"by value, others":          {"3", table("{{n (v \"rows\" \"ahead\")}}", "{{n (v \"rows\" \"late\")}}", ""), true},
		"by value, no others":       {"0", table("{{n (v \"rows\" \"ahead\")}}", "{{n (v \"rows\" \"late\")}}", ""), false},
		"one symbol and the total":  {"3", table("{{n .initiatives}}", "{{n .ahead}}", ""), false},
		"one share and a sum of it": {"3", table("{{share .ahead_pct}}", "{{share .good_pct}}", ""), false},
		"a chart, others":           {"3", chart(ahead + ", " + late), true},
		"a chart, no others":        {"0", chart(ahead + ", " + late), false},
		"a chart with the others":   {"3", chart(ahead + ", " + late + ", " + more), false},
	} {
		_, err := render(c.others, c.body)
		if (err != nil) != c.refused {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if want := "記号「☆」「◇」の" + c.others + "件を数える列が、ここにありません"; c.refused && (!strings.Contains(err.Error(), want) ||
			!strings.Contains(err.Error(), "a.md:6") || !strings.Contains(err.Error(), "{{n .other}}")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What was published under a column's first name is compared with the column that is called otherwise since.
func TestFactsKeepTheirFirstNames(t *testing.T) {
	r := warehouse.Result{
		Columns: []string{"municipality", "scope", "late", "all_late", "late_pct", "behind_pct", "all_late_pct"},
	}
	one, three := warehouse.Number("1"), warehouse.Number("3.0")
	row := []any{"市", "令和6年度", one, one, three, three, one}
	for column, want := range []string{2: "late", 3: "late", 4: "late_pct", 5: "late_pct", 6: "all_late_pct"} {
		if want == "" {
			continue
		}
		fact, year := RowFact("marts.progress_table", r, row, column)
		if fact != "marts.progress_table｜市｜令和6年度｜"+want || year != 2024 {
			t.Errorf("%s: %s, %d", r.Columns[column], fact, year)
		}
	}
	if fact, _ := RowFact("marts.rating_table", r, row, 3); !strings.HasSuffix(fact, "｜all_late") {
		t.Errorf("of another table: %s", fact)
	}
}

// Shares that are further from 100 than their rounding explains lack a part.
func TestSharesThatLackAPartAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		values []string
		whole  bool
	}{
		"exact":               {[]string{"5.1", "88.2", "5.9", "0.8", "0"}, true},
		"two places":          {[]string{"33.33", "33.33", "33.33"}, true},
		"two places, gone":    {[]string{"33.33", "33.33", "33.31"}, false},
		"three thirds":        {[]string{"33.3", "33.3", "33.3"}, true},
		"a tenth too much":    {[]string{"50.1", "49.9", "0.1"}, true},
		"two tenths too much": {[]string{"50.1", "49.9", "0.2"}, false},
		"one of 119 is gone":  {[]string{"5.1", "88.2", "5.9", "0"}, false},
		"whole numbers":       {[]string{"33", "33", "33"}, true},
		"whole numbers, gone": {[]string{"33", "33", "32"}, false},
	} {
		chart := &document.Chart{Kind: document.SharesChart, Categories: []string{"計"}}
		for _, v := range c.values {
			chart.Series = append(chart.Series, document.Series{Values: []string{v}})
		}
		if what := unfit(chart); (what == "") != c.whole {
			t.Errorf("%s: %q", name, what)
		}
	}
}
