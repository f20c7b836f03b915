package webpage

import (
	"strings"
	"testing"

	"kyogikai/pipelines/document"
	"kyogikai/pipelines/document/documenttest"
)

func written(t *testing.T, blocks ...document.Block) string {
	t.Helper()
	page, err := Write("題", document.Document{Title: "題", Blocks: blocks})
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// Every kind of block is written with all of its words.
func TestEveryKindIsWritten(t *testing.T) {
	for _, k := range document.Kinds() {
		page := written(t, documenttest.Block(k))
		for _, w := range documenttest.Words(k) {
			if !strings.Contains(page, w) {
				t.Errorf("%s: %s is not in %s", k.Name, w, page)
			}
		}
	}
	if n := len(kinds()); n != len(document.Kinds()) {
		t.Errorf("%d kinds are written of %d", n, len(document.Kinds()))
	}
	for _, kind := range document.ChartKinds() {
		page := written(t, document.Block{Kind: document.ChartOf, Chart: documenttest.Chart(kind)})
		if !strings.Contains(page, "2.5") {
			t.Errorf("%s: %s", kind, page)
		}
	}
}

// What this writer does not know is an error: nothing is left out, and nothing written as something else.
func TestUnknownIsRefused(t *testing.T) {
	table, surplus := documenttest.Table(), documenttest.Table()
	table.Columns[0].Align = "rihgt"
	surplus.Rows[0].Cells = append(surplus.Rows[0].Cells, document.Cell{Text: "余り"})
	for name, c := range map[string]struct {
		block document.Block
		want  string
	}{
		"kind":          {document.Block{Kind: "poem"}, "「poem」という種類の部分は書けません"},
		"kind in a box": {document.Block{Kind: document.Box, Blocks: []document.Block{{Kind: "poem"}}}, "「poem」という種類"},
		"out of place":  {document.Block{Kind: document.Paragraph, Table: table}, "「paragraph」の部分に table は置けません"},
		"no chart":      {document.Block{Kind: document.ChartOf}, "中身がありません"},
		"chart":         {document.Block{Kind: document.ChartOf, Chart: documenttest.Chart("pie")}, "種類「pie」を知りません"},
		"align":         {document.Block{Kind: document.TableOf, Table: table}, "揃え「rihgt」を使えません"},
		"surplus cell":  {document.Block{Kind: document.TableOf, Table: surplus}, "2行目に、列より多くのセルがあります"},
	} {
		page, err := Write("題", document.Document{Title: "題", Blocks: []document.Block{c.block}})
		if err == nil || !strings.Contains(err.Error(), c.want) || page != nil {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
}
