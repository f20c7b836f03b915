package brief

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kyogikai/pipelines/document"
	"kyogikai/pipelines/typeset"
	"kyogikai/pipelines/warehouse"
)

// A word is a figure of its own only where values made it; a text that a cell holds is read as it stands there.
func TestWordsAndLiterals(t *testing.T) {
	one := func(value any, text string) placed {
		return placed{tracked: tracked{value: value, text: text, from: []Origin{{Query: "q"}}}}
	}
	for _, c := range []struct {
		name string
		p    placed
		want string // word, or value and unit, or "" where it is no figure
	}{
		{"a word of two values", one(warehouse.Number("5"), "改善"), "word"},
		{"a word of a truth in words", one("中", "改善"), "word"},
		{"a name", one("図書館", "図書館"), ""},
		{"a literal", one("1,383人以上", "1,383人以上"), "1383 人"},
		{"a literal that is undecided", one("後日決定（R8）", "後日決定（R8）"), " "},
		{"a text made of a literal", one("1383", "約1,383人"), "1383 人"},
		{"a number", one(warehouse.Number("1383"), "1,383人"), "1383 人"},
		{"a number in the table's unit", one(warehouse.Number("1383"), "1,383"), "1383 千円"},
	} {
		r := &renderer{ids: map[string]int{}, formerRows: map[string]int{}}
		r.register("表", "行", "列", "（単位：千円）", []placed{c.p})
		got := ""
		for _, f := range r.figures {
			if got = f.Value + " " + f.Unit; f.Word {
				got = "word"
			}
		}
		if got != c.want {
			t.Errorf("%s is %q, want %q", c.name, got, c.want)
		}
	}
}

// A sheet lists thirty cells of a figure, and says of how many more there are; of words and of other tables it lists
// none.
func TestBoundaryOfListedCells(t *testing.T) {
	of := func(n int) []Origin {
		var cells []Source
		for i := range n {
			cells = append(cells, Source{Path: "a", Cell: fmt.Sprint("B", i+1)})
		}
		return []Origin{{Sources: cells}}
	}
	for n, want := range map[int]string{29: "29 B29", 30: "30 B30", 31: "31 ほか1か所（kyogikai trace で見られます）"} {
		p := ItemPaper{Paper: Paper{Figures: []Figure{
			{Table: "表", Word: true, Origins: of(1)}, {Table: "他", Origins: of(1)}, {Table: "表", Origins: of(n)},
		}}}
		list := sourcesOfTable(p, "表")
		last := list[len(list)-1]
		if got := fmt.Sprint(len(list), " ", last[len(last)-1]); got != want {
			t.Errorf("%d cells: %s, want %s", n, got, want)
		}
	}
}

// Figures of a chart that the public does not get are not among the public's figures.
func TestHiddenChartsHideTheirFigures(t *testing.T) {
	blocks := []document.Block{
		{Kind: document.ChartOf, Chart: &document.Chart{ID: "公の図"}},
		{
			Kind:   document.Box,
			Hidden: true,
			Blocks: []document.Block{{Kind: document.ChartOf, Chart: &document.Chart{ID: "秘の図"}}},
		},
	}
	papers := []ItemPaper{{Paper: Paper{
		Document: document.Document{Blocks: blocks}, Figures: []Figure{{Table: "公の図"}, {Table: "秘の図"}},
	}}}
	got := Public(papers)[0]
	if len(got.Figures) != 1 || got.Figures[0].Table != "公の図" || len(got.Document.Blocks) != 1 {
		t.Errorf("the public gets %+v", got)
	}
}

// A department's own PDF has as many pages as was said; where nothing was said, any number.
func TestBoundaryOfPages(t *testing.T) {
	const page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
	two := pdfOf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>", page, page)
	fsys := fstest.MapFS{"templates/meetings/a.pdf": {Data: two}}
	for pages, ok := range map[int]bool{0: true, 1: false, 2: true, 3: false} {
		_, err := existing(fsys, Item{Number: "1", Title: "題", Department: "課", PDF: "a.pdf", Pages: pages})
		if (err == nil) != ok || !ok && !strings.Contains(err.Error(), fmt.Sprintf("2ページあります（会議の設定では%dページ）", pages)) {
			t.Errorf("%d pages: %v", pages, err)
		}
	}
}

// A page is A4 or A3 where it is within three millimetres of it, on either side.
func TestBoundaryOfFormats(t *testing.T) {
	for _, c := range []struct {
		wide, high float64
		want       string
	}{
		{210, 297, "A4"}, {297, 210, "A4"}, {212.9, 297, "A4"}, {207.1, 297, "A4"}, {213.1, 297, ""}, {206.9, 297, ""},
		{210, 299.9, "A4"}, {210, 300.1, ""}, {210, 293.9, ""}, {297, 420, "A3"}, {420, 297, "A3"}, {420, 300.1, ""},
		{216, 279, ""}, {210, 420, ""},
	} {
		if got := Format(typeset.PageLaid{Width: c.wide * mm, Height: c.high * mm}); got != c.want {
			t.Errorf("%v × %v mm is %q, want %q", c.wide, c.high, got, c.want)
		}
	}
}

// Meetings that are examples are neither coming nor the latest.
func TestExamplesAreNoMeetings(t *testing.T) {
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	all := []Meeting{
		{ID: "a", Date: day("2025-10-21")}, {ID: "見本1", Date: day("2026-01-10"), Example: true},
		{ID: "b", Date: day("2026-02-17")}, {ID: "見本2", Date: day("2030-01-10"), Example: true},
	}
	for today, want := range map[string]string{
		"2025-10-20": "a: a b", "2025-10-21": "a: a b", "2025-10-22": "b: b", "2026-02-17": "b: b", "2026-02-18": "b: ",
	} {
		at := day(today).Add(23 * time.Hour)
		chosen, err := Choose(all, "", at)
		if err != nil {
			t.Fatal(err)
		}
		var coming []string
		for _, m := range Coming(all, at) {
			coming = append(coming, m.ID)
		}
		if got := chosen.ID + ": " + strings.Join(coming, " "); got != want {
			t.Errorf("on %s: %s, want %s", today, got, want)
		}
	}
	if m, err := Choose(all, "見本2", day("2025-10-21")); err != nil || m.ID != "見本2" {
		t.Errorf("an example by its name: %s, %v", m.ID, err)
	}
}

// A meeting's file and its date are of one day, whichever is the later; two items have no name in common.
func TestMistakesOfMeetings(t *testing.T) {
	const yaml = "kind: 資料\nset: {numbering: true}\nitems:\n  - {title: 一, brief: a.md, department: 課, id: 甲}\n" +
		"  - {title: 二, brief: b.md, department: 課, id: 乙}\n"
	for text, says := range map[string]string{
		"date: 2026-10-20\n" + yaml:                                    "",
		"date: 2026-10-19\n" + yaml:                                    "ファイル名の日付と date が違います",
		"date: 2026-10-21\n" + yaml:                                    "ファイル名の日付と date が違います",
		"date: 2026-10-20\n" + strings.Replace(yaml, "乙", "甲", 1):      "id「甲」の案件が二つあります",
		"date: 2026-10-20\n" + strings.Replace(yaml, "課", "''", 1):     "department",
		"date: 2026-10-20\n" + strings.ReplaceAll(yaml, ", id: 甲", ""): "",
		"id: 2026-10-20\ndate: 2026-10-21\n" + yaml:                    "",
		"id: 秋の会議\ndate: 2026-10-21\n" + yaml:                          "",
		"id: 秋/会議\ndate: 2026-10-20\n" + yaml:                          "id「秋/会議」は使えません",
		"id: ..\ndate: 2026-10-20\n" + yaml:                            "id「..」は使えません",
		"id: 秋[1]\ndate: 2026-10-20\n" + yaml:                          "id「秋[1]」は使えません",
		"id: ' 秋'\ndate: 2026-10-20\n" + yaml:                          "id「 秋」は使えません",
	} {
		_, err := Meetings(fstest.MapFS{"templates/meetings/2026-10-20.yaml": {Data: []byte(text)}})
		if says == "" && err != nil || says != "" && (err == nil || !strings.Contains(err.Error(), says)) {
			t.Errorf("%s: %v, want %q", text, err, says)
		}
	}
}

// A meeting that was put off is found by its id, by its file and by its day; never one by the day of another.
func TestNamesOfMeetings(t *testing.T) {
	const yaml = "kind: 資料\nitems:\n  - {number: '1', title: 一, brief: a.md, department: 課}\n"
	file := func(head string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(head + yaml)} }
	files := fstest.MapFS{
		"templates/meetings/2026-10-20.yaml": file("id: 2026-10-20\ndate: 2026-11-04\n"),
		"templates/meetings/2026-11-04.yaml": file("date: 2026-11-04\n"),
		"templates/meetings/春.yaml":          file("id: 春の会議\ndate: 2026-03-01\n"),
		"templates/meetings/夏.yaml":          file("date: 2026-11-20\n"),
		"templates/meetings/秋.yaml":          file("date: 2026-11-20\n"),
	}
	all, err := Meetings(files)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"2026-10-20": "2026-10-20", "2026-11-04": "2026-11-04", "令和8年10月20日": "2026-10-20", "R8.11.4": "2026-11-04",
		"春の会議": "春の会議", "春": "春の会議",
		"令和8年3月1日": "春の会議", "R8.3.1": "春の会議", "2026-11-20": "", "2026-03-02": "", "冬": "",
	} {
		m, err := Choose(all, name, time.Time{})
		if m.ID != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v, want %q", name, m.ID, err, want)
		}
	}
	files["templates/meetings/冬.yaml"] = file("id: 2026-11-04\ndate: 2026-12-01\n")
	if _, err := Meetings(files); err == nil || !strings.Contains(err.Error(), "id「2026-11-04」の会議が二つあります") {
		t.Errorf("two of one id: %v", err)
	}
}

// The rest of a value that a query gave is no figure that somebody has written.
func TestTheRestOfAValueIsGiven(t *testing.T) {
	mark := string(valueOpen) + "0" + string(valueClose)
	for text, want := range map[string]string{
		mark + "0件": "", mark + "、10件": "10件", "10件" + mark: "10件", "10月15日": "", "10時15日": "15日", "第10回": "",
	} {
		got := ""
		for _, u := range ungiven(text) {
			got += u.Text
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
