package brief

import (
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/document"
)

// spot is where a figure stands among what a template makes, before there is a document: in the text-th of the texts
// that Markdown makes, or in the block-th of the tables and charts.
type spot struct {
	text, block int
	note        bool // below the table
}

// next goes on behind a text, where it says something.
func (s *spot) next(spans []document.Span) {
	if document.Plain(spans) != "" {
		s.text++
	}
}

// locate tells where the figures of a document stand in it.
func (r *renderer) locate(blocks []document.Block) {
	var texts, tables []string
	var heads []int // rows of each table's head
	var items func(at string, list []document.Item)
	items = func(at string, list []document.Item) {
		for i, it := range list {
			here := document.Within(at, i)
			if document.Plain(it.Spans) != "" {
				texts = append(texts, here)
			}
			items(here, it.Items)
		}
	}
	var walk func(in string, blocks []document.Block)
	walk = func(in string, blocks []document.Block) {
		for i, b := range blocks {
			at := document.Within(in, i)
			switch {
			case b.Table != nil:
				tables, heads = append(tables, at), append(heads, len(b.Table.Head))
			case b.Chart != nil:
				tables, heads = append(tables, at), append(heads, 0)
			case slices.Contains([]string{document.Heading, document.Paragraph, document.Note}, b.Kind) &&
				document.Plain(b.Spans) != "":
				texts = append(texts, at)
			}
			items(at, b.Items)
			walk(at, b.Blocks)
		}
	}
	walk("", blocks)
	for i := range r.figures {
		f := &r.figures[i]
		if f.Table == ProseTable && f.place.text >= len(texts) || f.Table != ProseTable && f.place.block >= len(tables) {
			continue // of no block: its page is not known
		}
		switch {
		case f.Table == ProseTable:
			f.At = texts[f.place.text]
		case f.place.note:
			f.At = document.Part(tables[f.place.block], document.AtNotes)
		default:
			f.At = document.Within(tables[f.place.block], heads[f.place.block]+f.Line)
		}
	}
}

// Insert puts blocks before the i-th of a paper, from 0; the figures behind them move with their blocks.
func (p *Paper) Insert(i int, blocks []document.Block) {
	all := p.Document.Blocks
	p.Document.Blocks = slices.Concat(all[:i:i], blocks, all[i:])
	p.Figures = slices.Clone(p.Figures)
	for k := range p.Figures {
		block, rest, within := strings.Cut(p.Figures[k].At, "/")
		at, err := strconv.Atoi(block)
		if err != nil || at < i {
			continue
		}
		if p.Figures[k].At = strconv.Itoa(at + len(blocks)); within {
			p.Figures[k].At = document.Part(p.Figures[k].At, rest)
		}
	}
}
