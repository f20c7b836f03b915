package brief

import (
	"fmt"
	"strings"
	"testing"

	"kyogikai/pipelines/document"
	"kyogikai/pipelines/document/documenttest"
	"kyogikai/pipelines/workbook"
)

func sheetsOfBlocks(blocks ...document.Block) ([]workbook.Table, error) {
	doc := document.Document{Title: "題", Blocks: blocks}
	return Sheets([]ItemPaper{{Item: Item{Number: "1"}, Paper: Paper{Document: doc}}})
}

// Kinds that a workbook has a place for become a sheet with all of their words; the others are words alone.
func TestEveryKindHasItsSheet(t *testing.T) {
	for _, k := range document.Kinds() {
		sheets, err := sheetsOfBlocks(documenttest.Block(k))
		if err != nil {
			t.Fatalf("%s: %v", k.Name, err)
		}
		if want := map[bool]int{true: 1, false: 0}[k.Workbook]; len(sheets) != want {
			t.Errorf("%s: %d sheets, want %d", k.Name, len(sheets), want)
		}
		for _, s := range sheets {
			text := fmt.Sprint(s.Cells)
			for _, w := range documenttest.Words(k) {
				if !strings.Contains(text, w) {
					t.Errorf("%s: %s is not in %s", k.Name, w, text)
				}
			}
		}
		if _, ok := sheetKinds[k.Name]; ok != k.Workbook {
			t.Errorf("%s: the writer has a sheet: %v", k.Name, ok)
		}
	}
	for _, kind := range document.ChartKinds() {
		s, err := sheetsOfBlocks(document.Block{Kind: document.ChartOf, Chart: documenttest.Chart(kind)})
		if err != nil || len(s) != 1 {
			t.Errorf("%s: %d sheets, %v", kind, len(s), err)
		}
	}
}

func TestUnknownHasNoSheet(t *testing.T) {
	table := documenttest.Table()
	table.Columns[0].Align = "rihgt"
	surplus := documenttest.Table()
	surplus.Columns = surplus.Columns[:1]
	longer := documenttest.Chart(document.LineChart)
	longer.Series[0].Texts = append(longer.Series[0].Texts, "9")
	for _, c := range []struct {
		block document.Block
		want  string
	}{
		{document.Block{Kind: "poem"}, "「poem」という種類の部分は書けません"},
		{document.Block{Kind: document.Box, Blocks: []document.Block{{Kind: "poem"}}}, "「poem」という種類"},
		{document.Block{Kind: document.ChartOf, Chart: documenttest.Chart("pie")}, "種類「pie」を知りません"},
		{document.Block{Kind: document.TableOf, Table: table}, "揃え「rihgt」を使えません"},
		{document.Block{Kind: document.ChartOf, Chart: longer}, "値が、区分より多くあります"},
		{document.Block{Kind: document.TableOf, Table: surplus}, "2行目に、列より多くのセルがあります"},
	} {
		if s, err := sheetsOfBlocks(c.block); err == nil || !strings.Contains(err.Error(), c.want) || s != nil {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

// The cells of a sheet stand where the table places them.
func TestSheetOfSpans(t *testing.T) {
	table := &document.Table{
		ID: "表", Unit: "（単位：件）", Legend: []string{"凡例"}, Notes: []string{"※注"},
		Columns: []document.Column{{Align: "left", Width: 20}, {Align: "right"}, {}},
		Head: []document.Row{
			{Cells: []document.Cell{{Text: "柱", RowSpan: 2}, {Text: "数", ColSpan: 2}}},
			{Cells: []document.Cell{{Text: "甲"}, {Text: "乙"}}},
		},
		Rows: []document.Row{
			{Cells: []document.Cell{{Text: "計", ColSpan: 9, Align: "center"}}},
			{Cells: []document.Cell{{Text: "行"}}},
		},
	}
	sheets, err := sheetsOfBlocks(document.Block{Kind: document.TableOf, Table: table})
	if err != nil {
		t.Fatal(err)
	}
	s := sheets[0]
	got := fmt.Sprintf("%s %s %d of %d %v %v", s.Name, s.Unit, s.Head, s.Rows, s.Notes, s.Widths)
	if want := "1_表 （単位：件） 2 of 4 [凡例 ※注] [40 10 10]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	got = ""
	for _, c := range s.Cells {
		got += fmt.Sprintf("%s %d,%d %d×%d %s; ", c.Text, c.Row, c.Col, c.Rows, c.Cols, c.Align)
	}
	want := "柱 0,0 2×1 left; 数 0,1 1×2 right; 甲 1,1 1×1 right; 乙 1,2 1×1 ; 計 2,0 1×3 center; 行 3,0 1×1 left; "
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
