// Package documenttest makes documents for the tests of those who write them.
package documenttest

import "kyogikai/pipelines/document"

// Block is a block of a kind that holds all that its kind may hold, blocks within it too. Words lists its texts.
func Block(k document.Kind) document.Block {
	b := document.Block{Kind: k.Name}
	if k.Level {
		b.Level = 1
	}
	if k.Number {
		b.Number = "番号"
	}
	if k.Spans {
		b.Spans = []document.Span{{Text: "語句"}, {Text: "強調", Strong: true}, {Text: "※1", Raised: true}}
	}
	if k.Items {
		b.Items = []document.Item{{Marker: "①", Spans: []document.Span{{Text: "項目"}}, Items: []document.Item{
			{Marker: "ア", Spans: []document.Span{{Text: "細目"}}},
		}}}
	}
	if k.Table {
		b.Table = Table()
	}
	if k.Chart {
		b.Chart = Chart(document.LineChart)
	}
	if k.Label {
		b.Label = "札"
	}
	if k.Sheet {
		b.Sheet = "landscape"
	}
	for _, name := range k.Blocks {
		if inner, ok := document.KindOf(name); ok {
			b.Blocks = append(b.Blocks, Block(inner))
		}
	}
	return b
}

// Words are the texts of a Block of a kind, without those within it that stand for others.
func Words(k document.Kind) []string {
	var out []string
	for _, part := range []struct {
		held  bool
		words []string
	}{
		{k.Number, []string{"番号"}},
		{k.Spans, []string{"語句", "強調", "※1"}},
		{k.Items, []string{"①", "項目", "ア", "細目"}},
		{k.Table, []string{"頭", "1.5"}},
		{k.Chart, []string{"年", "甲", "乙", "2.5", "4.0"}},
		{k.Label, []string{"札"}},
	} {
		if part.held {
			out = append(out, part.words...)
		}
	}
	for _, name := range k.Blocks {
		if inner, ok := document.KindOf(name); ok {
			out = append(out, Words(inner)...)
		}
	}
	return out
}

// Table is a table of a head and a row.
func Table() *document.Table {
	return &document.Table{
		ID: "表", Columns: []document.Column{{Align: "left"}, {Align: "decimal"}},
		Head: []document.Row{{Cells: []document.Cell{{Text: "頭", ColSpan: 2}}}},
		Rows: []document.Row{{Cells: []document.Cell{{Text: "行"}, {Text: "1.5"}}}},
	}
}

// Chart is a chart of a kind, of two series of one value each.
func Chart(kind string) *document.Chart {
	return &document.Chart{ID: "図", Kind: kind, Categories: []string{"年"}, Series: []document.Series{
		{Name: "甲", Values: []string{"2.5"}, Texts: []string{"2.5"}},
		{Name: "乙", Values: []string{"4"}, Texts: []string{"4.0"}},
	}}
}
