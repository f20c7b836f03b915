package document

import "fmt"

// Text is a text of a document and where it stands.
type Text struct {
	Place string // 1(2) 二つ目の段落, 表「体系」3行2列
	Text  string
}

// Texts lists every text of a document that somebody has written or a value has filled, in the order in which they
// print.
func (d Document) Texts() []Text {
	out := []Text{{"表題", d.Title}}
	for _, line := range d.Box {
		out = append(out, Text{"枠", line})
	}
	return append(out, texts("", d.Blocks)...)
}

func texts(place string, blocks []Block) []Text {
	var out []Text
	add := func(where, text string) {
		if text != "" {
			out = append(out, Text{where, text})
		}
	}
	for i, b := range blocks {
		if b.Kind == Heading || b.Kind == Title {
			place = b.Number + " " + Plain(b.Spans)
		}
		here := fmt.Sprintf("%s の%d番目", place, i+1)
		add(here, Plain(b.Spans))
		add(here, b.Label)
		out = append(out, items(here, b.Items)...)
		if t := b.Table; t != nil {
			name := "表「" + t.ID + "」"
			add(name+"の題", t.Caption)
			for k, rows := range [][]Row{t.Head, t.Rows} {
				for r, row := range rows {
					for c, cell := range row.Cells {
						add(fmt.Sprintf("%s%s%d行%d番目のセル", name, []string{"見出し", ""}[k], r+1, c+1), cell.Text)
					}
				}
			}
			for _, text := range append(append([]string(nil), t.Legend...), t.Notes...) {
				add(name+"の注", text)
			}
		}
		if c := b.Chart; c != nil {
			add("図「"+c.ID+"」", c.Caption)
			for _, text := range c.Notes {
				add("図「"+c.ID+"」の注", text)
			}
		}
		out = append(out, texts(place+b.Label, b.Blocks)...)
	}
	return out
}

func items(place string, list []Item) []Text {
	var out []Text
	for _, it := range list {
		if text := Plain(it.Spans); text != "" {
			out = append(out, Text{place + "（" + it.Marker + "）", text})
		}
		out = append(out, items(place, it.Items)...)
	}
	return out
}
