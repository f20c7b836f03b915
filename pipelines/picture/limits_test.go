package picture

import (
	"fmt"
	"strings"
	"testing"

	"kyogikai/pipelines/form"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
	"kyogikai/pipelines/workbook/workbooktest"
)

func opened(t *testing.T, csv string) *workbook.Workbook {
	t.Helper()
	grid, err := workbook.Open("a.csv", []byte(csv), limits.Default())
	if err != nil {
		t.Fatal(err)
	}
	return grid
}

// A sheet is drawn up to a limit; what lies beyond is said with its counts.
func TestLimitsOfSheets(t *testing.T) {
	row := func(n int) string { return strings.Repeat("a,", n-1) + "a\n" }
	for _, c := range []struct {
		name, csv  string
		rows, cols int
		says       string
	}{
		{"rows below", strings.Repeat("a\n", 1999), 1999, 1, ""},
		{"rows at", strings.Repeat("a\n", 2000), 2000, 1, ""},
		{"rows above", strings.Repeat("a\n", 2001), 2000, 1,
			"このシートは2,001行1列あり、2,000行1列までを示しています。残りに、記載のあるセルが1個あります（未読1）。"},
		{"columns at", row(200), 1, 200, ""},
		{"columns above", row(201), 1, 200,
			"このシートは1行201列あり、1行200列までを示しています。残りに、記載のあるセルが1個あります（未読1）。"},
	} {
		page := Fragment(Reading{Grid: opened(t, c.csv), Read: &record.Workbook{Path: "a.csv"}})
		if n := strings.Count(page, "<tr><th scope=\"row\""); n != c.rows {
			t.Errorf("%s: %d rows, want %d", c.name, n, c.rows)
		}
		if n := strings.Count(page, "<col class=\"w"); n != c.cols {
			t.Errorf("%s: %d columns, want %d", c.name, n, c.cols)
		}
		if c.says == "" && strings.Contains(page, "left-out") || !strings.Contains(page, c.says) {
			t.Errorf("%s: %q is not said", c.name, c.says)
		}
	}
}

// A page that would grow too large ends with a whole row, and says so on every sheet that it cut.
func TestLimitOfPage(t *testing.T) {
	cell := strings.Repeat("値", longestCell)
	data := workbooktest.Write(t,
		workbooktest.Sheet{Name: "一", Rows: [][]any{{cell}, {cell}, {cell}}},
		workbooktest.Sheet{Name: "二", Rows: [][]any{{"a"}}},
	)
	grid, err := workbook.Open("a.xlsx", data, limits.Default())
	if err != nil {
		t.Fatal(err)
	}
	p := newPainter(Reading{Grid: grid, Read: &record.Workbook{Path: "a.xlsx"}})
	p.drawn = mostDrawn - 3*longestCell // room for one such row
	if first := p.sheet(0); strings.Count(first, "<tr><th scope=\"row\"") != 1 ||
		!strings.Contains(first, "1行1列までを示しています。残りに、記載のあるセルが2個あります（未読2）。") {
		t.Errorf("first sheet: %.600s", first)
	}
	if second := p.sheet(1); strings.Contains(second, "<table") ||
		!strings.Contains(second, "図が大きくなりすぎるので、示していません。残りに、記載のあるセルが1個あります（未読1）。") {
		t.Errorf("second sheet: %s", second)
	}
	if link := p.link(2, "A1"); link != "A1" {
		t.Errorf("a link to what is not drawn: %s", link)
	}
}

// Long texts are cut where they are shown, with the number of characters that are not.
func TestShorten(t *testing.T) {
	for n, want := range map[int]string{2: "値値", 3: "値値値", 4: "値値値…（ほか1字）"} {
		if got := shorten(strings.Repeat("値", n), 3); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}

// The list of values ends at a limit, with a whole record, and says how many are not in it.
func TestLimitOfList(t *testing.T) {
	grid := opened(t, "a\n")
	sheet := grid.Sheets[0].Name
	of := func(fields int) record.Record {
		r := record.Record{Sheet: sheet}
		for range fields {
			r.Fields = append(r.Fields, record.Field{Name: "x", Value: "1"})
		}
		return r
	}
	for _, c := range []struct {
		records []int
		lines   int
		says    string
	}{
		{[]int{mostListed - 1, 1}, mostListed, ""},
		{[]int{mostListed - 1, 2}, mostListed + 1, ""},
		{[]int{mostListed, 3}, mostListed, "ほかの3件は示していません"},
	} {
		w := &record.Workbook{Path: "a.csv"}
		for _, n := range c.records {
			w.Records = append(w.Records, of(n))
		}
		page := Fragment(Reading{Grid: grid, Read: w})
		if n := strings.Count(page, "<td class=\"s\">x</td>"); n != c.lines {
			t.Errorf("%v: %d lines, want %d", c.records, n, c.lines)
		}
		if c.says == "" && strings.Contains(page, "示していません") || !strings.Contains(page, c.says) {
			t.Errorf("%v: %q is not said", c.records, c.says)
		}
	}
}

// A merged range is one cell, and what is said of a cell under it leads there.
func TestMerged(t *testing.T) {
	data := workbooktest.Write(t, workbooktest.Sheet{
		Name: "表", Rows: [][]any{{"a", nil, "b"}, {nil, nil, "c"}, {"d", "e", "f"}}, Merged: [][2]string{{"A1", "B2"}},
	})
	grid, err := workbook.Open("a.xlsx", data, limits.Default())
	if err != nil {
		t.Fatal(err)
	}
	w := &record.Workbook{Path: "a.xlsx", Findings: []record.Finding{
		{Severity: record.Warning, Sheet: "表", Cell: "B2", Message: "あ"},
		{Severity: record.Error, Sheet: "表", Cell: "A1:B2", Message: "い"},
	}}
	elements, _ := parsed(t, Fragment(Reading{Grid: grid, Read: w}))
	cells := byID(elements)
	first := cells["s1-A1"].attributes
	if first["rowspan"] != "2" || first["colspan"] != "2" || first["class"] != "c-unread f-error s" {
		t.Errorf("%v", first)
	}
	if cells["s1-B2"].name != "" || cells["s1-C2"].name != "td" {
		t.Error("what is under a merged range is drawn, or what is beside it is not")
	}
	led := 0
	for _, e := range elements {
		if e.attributes["href"] == "#s1-A1" {
			led++
		}
	}
	if led != 2 {
		t.Errorf("%d links lead to the merged cell", led)
	}
}

// An address has a column and a row, neither too long; of a range the first cell counts.
func TestPlaceOf(t *testing.T) {
	for ref, want := range map[string][2]int{"A1": {0, 0}, "Z9": {8, 25}, "AA10": {9, 26}, "XFD1048576": {1048575, 16383},
		"B2:D4": {1, 1}} {
		if row, col, ok := placeOf(ref); !ok || row != want[0] || col != want[1] {
			t.Errorf("%s: %d %d %v", ref, row, col, ok)
		}
	}
	for _, ref := range []string{"", "A", "1", "A0", "a1", "AAAA1", "A12345678", "A1:", "$A$1", "A1、B2"} {
		if _, _, ok := placeOf(ref); ok {
			t.Errorf("%q is an address", ref)
		}
	}
}

// A value says of which year it is, and where only the folder could say, that it could.
func TestYears(t *testing.T) {
	all := forms(t)
	series := form.Form{ID: "S", Record: "s", Series: &form.SeriesRule{ActualWords: []string{"実績"}}}
	for _, c := range []struct {
		form, kind, field, scope string
		sheet                    int
		series                   string
		want                     string
	}{
		{"A", "indicator", "actual", "2024", 2025, "", "令和6年度"},
		{"A", "indicator", "actual", "2019", 2025, "", "令和元年度"},
		{"A", "indicator", "target", record.WholePeriod, 2025, "", "計画期間全体"},
		{"A", "indicator", "actual", "", 2025, "", "令和7年度"},
		{"A", "indicator", "actual", "", 0, "", "フォルダの年度"},
		{"A", "indicator", "actual", "0", 0, "", "フォルダの年度"},
		{"A", "indicator", "indicator", "", 2025, "", ""},
		{"A", "indicator", "indicator", "", 0, "", ""},
		{"S", "s", "actual", "", 2025, "2023", "令和5年度"},
		{"nothing", "", "actual", "", 2025, "", ""},
	} {
		r := record.Record{Form: c.form, Kind: c.kind, FiscalYear: c.sheet, Sheet: "表"}
		r.Fields = []record.Field{{Name: c.field, Scope: c.scope, Cell: "A1"}, {Name: "year", Value: c.series}}
		p := newPainter(Reading{
			Read: &record.Workbook{Records: []record.Record{r}}, Forms: append([]form.Form{series}, all...),
		})
		if got := p.describe(use{0, 0}).year; got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

// A file without a city and a year says so.
func TestNothingKnown(t *testing.T) {
	page := Fragment(Reading{
		Grid: opened(t, "a\n"), Read: &record.Workbook{Path: "a.csv", Status: record.StatusUnrecognized},
	})
	for _, want := range []string{
		"<dt>自治体</dt><dd>なし（置き場所からも指定からも分からない）</dd>", "<dt>年度</dt><dd>なし（",
		"どの様式にも当てはまらない", "読み取りの指摘はありません", "このシートから読んだ値はありません",
		`<td id="s1-A1" class="c-unread s" title="未読"><small>未</small>a</td>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is not said", want)
		}
	}
}

// Where values would take the folder's year and there is none, the page says so once, and nothing of it elsewhere.
func TestYearOfNoFolder(t *testing.T) {
	for _, c := range []struct {
		year, records int
		says          bool
	}{{0, 1, true}, {2024, 1, false}, {0, 0, false}} {
		w := &record.Workbook{Path: "a.csv", FiscalYear: c.year, Records: make([]record.Record, c.records)}
		page := Fragment(Reading{Grid: opened(t, "a\n"), Read: w})
		if strings.Contains(page, "「フォルダの年度」と示しています") != c.says {
			t.Errorf("%+v", c)
		}
	}
}

// A file that cannot be opened has a page with its finding.
func TestUnreadable(t *testing.T) {
	page := Fragment(Reading{Read: &record.Workbook{
		Path: "a.xlsx", Status: record.StatusUnreadable,
		Findings: []record.Finding{{Severity: record.Error, Message: "開けません。"}},
	}})
	if !strings.Contains(page, "<td>開けません。</td>") || !strings.Contains(page, "<dd>開けない</dd>") ||
		strings.Contains(page, "凡例") {
		t.Error(page)
	}
}

// A cell that serves several values tells the first of them, and how many more there are.
func TestHoverOfSeveral(t *testing.T) {
	for n, more := range map[int]string{1: "", 3: "", 4: "ほか1件の値", 9: "ほか6件の値"} {
		w := &record.Workbook{Path: "a.csv", Forms: []string{"A"}}
		grid := opened(t, "a\n")
		sheet := grid.Sheets[0].Name
		for i := range n {
			w.Records = append(w.Records, record.Record{
				Sheet: sheet, Cell: "A1", FiscalYear: 2024, Excluded: true,
				Fields: []record.Field{{Name: "x", Value: fmt.Sprintf("名%d", i), Cell: "A1"}},
			})
		}
		w.Cells = []record.Cell{{Sheet: sheet, Ref: "A1", Claim: record.ClaimValue}}
		elements, _ := parsed(t, Fragment(Reading{Grid: grid, Read: w}))
		title := byID(elements)["s1-A1"].attributes["title"]
		if strings.Count(title, "記録") != 2*min(n, 3) || !strings.Contains(title, more) ||
			more == "" && strings.Contains(title, "ほか") ||
			!strings.HasPrefix(title, "値\n記録1：名0\n項目：x\n年度：なし（シートの年度は令和6年度）\n値：名0\n※この記録は集計から除く") {
			t.Errorf("%d: %q", n, title)
		}
	}
}
