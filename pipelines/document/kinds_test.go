package document_test

import (
	"strings"
	"testing"

	"kyogikai/pipelines/document"
	"kyogikai/pipelines/document/documenttest"
)

// What a kind may hold, it may hold; what another kind holds is told.
func TestCheck(t *testing.T) {
	for _, k := range document.Kinds() {
		if err := documenttest.Block(k).Check(); err != nil {
			t.Errorf("%s: %v", k.Name, err)
		}
		if found, ok := document.KindOf(k.Name); !ok || found.Name != k.Name {
			t.Errorf("%s is found as %v", k.Name, found)
		}
	}
	words := []document.Span{{Text: "語"}}
	for _, c := range []struct {
		block document.Block
		want  string
	}{
		{document.Block{Kind: "poem"}, "「poem」という種類の部分は書けません"},
		{document.Block{}, "「」という種類"},
		{document.Block{Kind: document.Paragraph, Level: 1}, "「paragraph」の部分に level は置けません"},
		{document.Block{Kind: document.Paragraph, Number: "1"}, "「paragraph」の部分に number"},
		{document.Block{Kind: document.List, Spans: words}, "「list」の部分に spans"},
		{document.Block{Kind: document.Note, Items: []document.Item{{}}}, "「note」の部分に items"},
		{document.Block{Kind: document.Paragraph, Table: documenttest.Table()}, "「paragraph」の部分に table"},
		{
			document.Block{Kind: document.TableOf, Table: documenttest.Table(), Chart: documenttest.Chart("line")},
			"「table」の部分に chart",
		},
		{document.Block{Kind: document.Heading, Label: "札"}, "「heading」の部分に label"},
		{document.Block{Kind: document.Title, Sheet: "A3"}, "「title」の部分に sheet"},
		{document.Block{Kind: document.TableOf}, "「table」の部分に中身がありません"},
		{document.Block{Kind: document.ChartOf}, "「chart」の部分に中身がありません"},
		{document.Block{Kind: document.ChartOf, Chart: documenttest.Chart("pie")}, "図「図」の種類「pie」を知りません。line、bars"},
		{box(document.Block{Kind: document.TableOf, Table: documenttest.Table()}), "「box」の部分の中に「table」は置けません"},
		{box(box()), "「box」の部分の中に「box」"},
		{box(document.Block{Kind: "poem"}), "「poem」という種類"},
		{
			document.Block{Kind: document.Paragraph, Blocks: []document.Block{{Kind: document.Note}}},
			"「paragraph」の部分の中に「note」",
		},
	} {
		if err := c.block.Check(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.block.Kind, err, c.want)
		}
	}
	for _, kind := range document.ChartKinds() {
		if err := (document.Block{Kind: document.ChartOf, Chart: documenttest.Chart(kind)}).Check(); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func box(blocks ...document.Block) document.Block {
	return document.Block{Kind: document.Box, Blocks: blocks}
}

func TestUnknownAlign(t *testing.T) {
	for _, align := range append(document.Aligns(), "") {
		table := documenttest.Table()
		table.Columns[0].Align, table.Rows[0].Cells[0].Align = align, align
		if _, err := table.Placed(); err != nil {
			t.Errorf("%s: %v", align, err)
		}
	}
	table := documenttest.Table()
	table.Columns[1].Align = "rihgt"
	if _, err := table.Placed(); err == nil || !strings.HasPrefix(err.Error(), "表「表」の2列目の揃え「rihgt」を使えません。left、") {
		t.Error(err)
	}
	table = documenttest.Table()
	table.Rows[0].Cells[1].Align = "middle"
	if _, err := table.Placed(); err == nil || !strings.HasPrefix(err.Error(), "表「表」の2行目の揃え「middle」を使えません。") {
		t.Error(err)
	}
}
