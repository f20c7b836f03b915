package typeset

import (
	"fmt"
	"strings"
	"testing"

	"kyogikai/pipelines/document"
)

// Every text of a document is found on the page on which it stands, also where others say the same.
func TestPagesOfTexts(t *testing.T) {
	para := func(text string) document.Block {
		return document.Block{Kind: document.Paragraph, Spans: spans(text)}
	}
	turn := document.Block{Kind: document.PageBreak}
	items := []document.Item{{Marker: "・", Spans: spans("同じ"), Items: []document.Item{{Marker: "ア", Spans: spans("同じ")}}}}
	table := func(rows int) document.Block {
		out := &document.Table{
			ID: "同じ", Caption: "同じ", Columns: []document.Column{{Width: 10, Align: "left"}, {Width: 10, Align: "left"}},
			Head: []document.Row{{Cells: []document.Cell{{Text: "同じ"}, {Text: "同じ"}}}}, Notes: []string{"※同じ"},
		}
		for range rows {
			out.Rows = append(out.Rows, document.Row{Cells: []document.Cell{{Text: "同じ"}, {}}})
		}
		return document.Block{Kind: document.TableOf, Table: out}
	}
	chart := document.Block{Kind: document.ChartOf, Chart: &document.Chart{
		ID: "同じ", Kind: document.BarChart, Caption: "同じ", Categories: []string{"同じ"}, Notes: []string{"※同じ"},
		Series: []document.Series{{Name: "同じ", Values: []string{"1"}, Texts: []string{"1"}}},
	}}
	box := document.Block{Kind: document.Box, Label: "同じ", Blocks: []document.Block{para("同じ")}}
	doc := document.Document{Title: "同じ", Box: []string{"同じ"}, Blocks: []document.Block{
		para("同じ"), turn, para("同じ"), turn, {Kind: document.List, Items: items}, turn, table(1), turn, chart, turn, box, turn,
		{Kind: document.Heading, Level: 1, Number: "1", Spans: spans("同じ")},
		{Kind: document.Note, Spans: spans("※同じ")}, {Kind: document.Right, Spans: spans("同じ")},
		{Kind: document.Terms, Items: items}, turn, table(80),
	}}
	l, err := Lay(fonts(t), Options{}, doc)
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]int{"0": 1, "2": 2, "4": 3, "6": 4, "8": 5, "10": 6, "12": 7, "13": 7, "14": 7, "15": 7, "17": 8}
	for _, text := range doc.Texts() {
		want := 1
		if block, _, _ := strings.Cut(text.At, "/"); pages[block] > 0 {
			want = pages[block]
		}
		got := l.Laid[0].Page(text.At, text.Text)
		if long := strings.HasPrefix(text.At, "17/"); got != want && !long || got < want {
			t.Errorf("%s at %s: page %d, want %d", text.Place, text.At, got, want)
		}
	}
	last := len(l.Laid[0].Pages)
	if at := l.Laid[0].Page("17/80", ""); at != last || l.Laid[0].Page(document.Part("17", document.AtNotes), "") != last {
		t.Errorf("the last row stands on page %d of %d", at, last)
	}
	if at := l.Laid[0].Page("8/0", ""); at != 5 {
		t.Errorf("a category stands on page %d", at)
	}
	if at := l.Laid[0].Page("99", "同じ"); at != 0 {
		t.Errorf("what is not there stands on page %d", at)
	}
}

// Of a text over the end of a page, a place is found on the page on which its words stand.
func TestPagesOfLongTexts(t *testing.T) {
	var long strings.Builder
	for i := range 700 {
		fmt.Fprintf(&long, "文%dです。", i)
	}
	cell := &document.Table{ID: "表", Columns: []document.Column{{Width: 10, Align: "left"}, {Width: 10, Align: "left"}}}
	cell.Rows = []document.Row{{Cells: []document.Cell{{Text: "短い"}, {Text: long.String()}}}}
	l, err := Lay(fonts(t), Options{}, document.Document{Blocks: []document.Block{
		{Kind: document.Paragraph, Spans: spans(long.String())}, {Kind: document.PageBreak},
		{Kind: document.TableOf, Table: cell},
	}})
	if err != nil {
		t.Fatal(err)
	}
	laid := l.Laid[0]
	for _, at := range []string{"0", "2/0"} {
		before := 0
		for i := range 700 {
			words := fmt.Sprintf("文%dです。", i)
			_, tail, _ := strings.Cut(long.String(), words)
			page := laid.Page(at, words+tail)
			if page < before || page == 0 || !strings.Contains(unspaced(laid.Pages[page-1].Text), words[:len("文")+1]) {
				t.Fatalf("%s: %s stands on page %d, behind %d", at, words, page, before)
			}
			before = page
		}
		if first := laid.Page(at, ""); before <= first {
			t.Errorf("%s: it ends on page %d and begins on %d", at, before, first)
		}
	}
}

// PDFs behind a paper are pages of it: stamped like its own, counted, and without a part in how many are numbered.
func TestAttachedIsStampedAndCounted(t *testing.T) {
	own, _, err := Render(fonts(t), "別の課", day, long("別の課", 60))
	if err != nil {
		t.Fatal(err)
	}
	doc := long("題", 3)
	doc.OfPages, doc.Number, doc.Handling, doc.Watermark = true, "資料1", "取扱区分：取扱注意", "取扱注意"
	doc.Box = []string{"枠"}
	doc.Attached = []document.Attachment{{Name: "計画書", Stamp: "資料1　別添", Data: own}}
	set, err := Typeset(fonts(t), "題", day, Options{}, doc, long("次", 3))
	if err != nil {
		t.Fatal(err)
	}
	laid := set.Laid[0]
	if len(laid.Pages) != 3 || laid.Own() != 1 || laid.Pages[0].Attached != "" || laid.Pages[2].Attached != "計画書" {
		t.Errorf("%d pages, %d of them its own", len(laid.Pages), laid.Own())
	}
	for page, want := range map[string][]string{
		"1": {"1 / 1", "資料1", "取扱区分：取扱注意"}, "2": {"資料1", "別の課の段落", "取扱区分：取扱注意"},
		"3": {"別の課の段落", "取扱区分：取扱注意"}, "4": {"次の段落"},
	} {
		text := words(t, set.PDF, "-f", page, "-l", page)
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("page %s does not say %s:\n%s", page, w, text)
			}
		}
		marks := 2 // 取扱区分 and the watermark
		if page == "4" {
			marks = 0
		}
		if strings.Contains(text, "別添") != (page == "2") || strings.Count(text, "注") != marks {
			t.Errorf("page %s:\n%s", page, text)
		}
	}
	some, err := Typeset(fonts(t), "題", day, Options{Only: func(doc, page int) bool { return doc == 0 && page == 3 }}, doc)
	if err != nil {
		t.Fatal(err)
	}
	if x, err := Inspect(some.PDF); err != nil || len(x.Pages) != 1 || !strings.Contains(words(t, some.PDF), "別の課の段落") {
		t.Errorf("of one page: %d, %v", len(x.Pages), err)
	}
	none, err := Typeset(fonts(t), "題", day, Options{Only: func(_, page int) bool { return page == 1 }}, doc)
	if err != nil || !strings.Contains(string(none.PDF), "pdfaid:part") {
		t.Errorf("a file without pages of others claims no PDF/A (%v)", err)
	}
}
