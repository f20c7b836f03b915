package document

import (
	"fmt"
	"strconv"
)

// Text is a text of a document and where it stands.
type Text struct {
	Place string // 1(2) 二つ目の段落, 表「体系」3行2列
	Text  string
	At    string // which text of the tree it is, by which a layout finds its page
}

// What a text of the tree is called in Text.At: its blocks, from 0, from the outermost on, and of a block with several
// texts which of them it is.
const (
	AtTitle   = "表題"
	AtBox     = "枠"
	AtLabel   = "名"
	AtCaption = "題"
	AtNotes   = "注"
)

// Within is what the i-th part, from 0, of something is called: a block of blocks, an item of a list, a row of a
// table, a cell of a row, a category of a chart.
func Within(of string, i int) string { return Part(of, strconv.Itoa(i)) }

// Part is what a named part of something is called.
func Part(of, name string) string {
	if of == "" {
		return name
	}
	return of + "/" + name
}

// Texts lists every text of a document that somebody has written or a value has filled, in the order in which they
// print.
func (d Document) Texts() []Text {
	out := []Text{{"表題", d.Title, AtTitle}}
	for _, line := range d.Box {
		out = append(out, Text{"枠", line, AtBox})
	}
	return append(out, texts("", "", d.Blocks)...)
}

func texts(place, in string, blocks []Block) []Text {
	var out []Text
	add := func(where, text, at string) {
		if text != "" {
			out = append(out, Text{where, text, at})
		}
	}
	for i, b := range blocks {
		if b.Kind == Heading || b.Kind == Title {
			place = b.Number + " " + Plain(b.Spans)
		}
		here, at := fmt.Sprintf("%s の%d番目", place, i+1), Within(in, i)
		add(here, Plain(b.Spans), at)
		add(here, b.Label, Part(at, AtLabel))
		out = append(out, items(here, at, b.Items)...)
		if t := b.Table; t != nil {
			name := "表「" + t.ID + "」"
			add(name+"の題", t.Caption, Part(at, AtCaption))
			for k, rows := range [][]Row{t.Head, t.Rows} {
				for r, row := range rows {
					line := Within(at, r+k*len(t.Head))
					for c, cell := range row.Cells {
						add(fmt.Sprintf("%s%s%d行%d番目のセル", name, []string{"見出し", ""}[k], r+1, c+1), cell.Text, Within(line, c))
					}
				}
			}
			for _, text := range append(append([]string(nil), t.Legend...), t.Notes...) {
				add(name+"の注", text, Part(at, AtNotes))
			}
		}
		if c := b.Chart; c != nil {
			add("図「"+c.ID+"」", c.Caption, Part(at, AtCaption))
			for _, text := range c.Notes {
				add("図「"+c.ID+"」の注", text, Part(at, AtNotes))
			}
		}
		out = append(out, texts(place+b.Label, at, b.Blocks)...)
	}
	return out
}

func items(place, at string, list []Item) []Text {
	var out []Text
	for i, it := range list {
		here := Within(at, i)
		if text := Plain(it.Spans); text != "" {
			out = append(out, Text{place + "（" + it.Marker + "）", text, here})
		}
		out = append(out, items(place, here, it.Items)...)
	}
	return out
}
