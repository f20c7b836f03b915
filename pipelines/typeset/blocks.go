package typeset

import (
	"fmt"

	"kyogikai/pipelines/document"
)

// standing is where a block stands among others.
type standing struct {
	indent float64 // in characters
	level  float64 // of the heading above it, which indents it further
	next   string  // the kind of the block behind it
}

func (s standing) at() float64 { return s.indent + s.level }

// kinds lay out the kinds of blocks.
var kinds = map[string]func(f *flow, b document.Block, s *standing){
	document.Heading: func(f *flow, b document.Block, s *standing) {
		s.level = float64(b.Level)
		f.heading(b, s.indent+float64(b.Level-1))
	},
	document.Paragraph: func(f *flow, b document.Block, s *standing) { f.paragraph(b, *s) },
	document.Note: func(f *flow, b document.Block, s *standing) {
		f.hanging("", b.Spans, s.at(), noteSize, noteLeading)
	},
	document.List: func(f *flow, b document.Block, s *standing) {
		f.list(b.Items, s.at()+1) // under the first letter of a paragraph
	},
	document.Terms:   func(f *flow, b document.Block, s *standing) { f.terms(b.Items, s.at()) },
	document.TableOf: func(f *flow, b document.Block, _ *standing) { f.table(b.Table) },
	document.ChartOf: func(f *flow, b document.Block, _ *standing) { f.chart(b.Chart) },
	document.Title: func(f *flow, b document.Block, s *standing) {
		s.level = 0
		f.appendix(b)
	},
	document.Right: func(f *flow, b document.Block, _ *standing) { f.right(b.Spans) },
	document.Box:   func(f *flow, b document.Block, _ *standing) { f.box(b) },
	document.PageBreak: func(f *flow, b document.Block, s *standing) {
		s.level = 0
		f.pageBreak(b.Sheet)
	},
}

// blocks adds blocks at an indent in characters, which is that of the headings above them.
func (f *flow) blocks(blocks []document.Block, indent float64) {
	s, in := standing{indent: indent}, f.at
	for i, b := range blocks {
		f.at = document.Within(in, i)
		add, ok := kinds[b.Kind]
		if !ok {
			f.d.fail(document.UnknownKind(b.Kind))
			return
		}
		if err := b.Check(); err != nil {
			f.d.fail(err)
			return
		}
		if s.next = ""; i+1 < len(blocks) {
			s.next = blocks[i+1].Kind
		}
		add(f, b, &s)
	}
	f.at = in
}

func (f *flow) paragraph(b document.Block, s standing) {
	f.lines(f.element("P"), f.d.shape(b.Spans, mincho, bold), textStyle{
		indent: s.at() * bodySize, first: bodySize, size: bodySize, lead: leading,
		keep: s.next == document.TableOf || s.next == document.ChartOf, // it introduces it
	})
}

// appendix is the title of an appendix, with its number at the right edge above it.
func (f *flow) appendix(b document.Block) {
	if b.Number != "" {
		f.right([]document.Span{{Text: b.Number}})
	}
	f.titleIn(f.element("H1"), document.Plain(b.Spans))
}

func (f *flow) pageBreak(name string) {
	s, ok := sheets[name]
	if !ok {
		f.d.fail(unknownSheet(name))
		return
	}
	f.sheet = s
	f.add(piece{page: &s, keep: true})
}

func unknownSheet(name string) error { return fmt.Errorf("紙「%s」はありません", name) }
