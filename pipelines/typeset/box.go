package typeset

import "kyogikai/pipelines/document"

// boxed lay out the kinds of blocks that a box may hold.
var boxed = map[string]func(inner *flow, b document.Block, s textStyle){
	document.Heading: func(inner *flow, b document.Block, s textStyle) {
		s.keep = true
		inner.boxedText(append([]document.Span{{Text: b.Number + "　"}}, b.Spans...), s)
	},
	document.Paragraph: func(inner *flow, b document.Block, s textStyle) { inner.boxedText(b.Spans, s) },
	document.Note:      func(inner *flow, b document.Block, s textStyle) { inner.boxedText(b.Spans, s) },
	document.List: func(inner *flow, b document.Block, s textStyle) {
		inner.listIn(inner.in.add("L", ""), b.Items, s)
	},
}

func (f *flow) boxedText(spans []document.Span, s textStyle) {
	f.lines(f.element("P"), f.d.shape(spans, mincho, bold), s)
}

// box frames blocks under a label. One that is longer than a page is framed page by page.
func (f *flow) box(b document.Block) {
	inner := f.part(f.in.add("Sect", ""))
	const inset = framePadding + bodySize*0.5
	style := textStyle{indent: inset, right: inset, size: bodySize, lead: leading}
	if b.Label != "" {
		labelled := style
		labelled.keep = true
		inner.lines(inner.named("P", document.AtLabel), f.d.shape([]document.Span{{Text: b.Label}}, bold, bold), labelled)
	}
	for i, child := range b.Blocks {
		inner.at = document.Within(f.at, i)
		add, ok := boxed[child.Kind]
		if !ok {
			f.d.fail(document.UnknownKind(child.Kind))
			return
		}
		add(&inner, child, style)
	}
	for start := 0; start < len(inner.pieces); {
		end, h := start, 2*framePadding
		for end < len(inner.pieces) && h+inner.pieces[end].h <= f.sheet.depth {
			h += inner.pieces[end].h
			end++
		}
		if end == start {
			end++
		}
		f.frame(inner.pieces[start:end], h)
		start = end
	}
}

func (f *flow) frame(pieces []piece, h float64) {
	s := f.sheet
	f.add(piece{h: h, gap: leading / 2, draw: func(y float64) {
		f.d.furniture(func() {
			f.d.setWidth(frameRule)
			f.d.rect(s.left, y, s.content, h, Edge)
		})
		at := y + framePadding
		for _, p := range pieces {
			p.draw(at)
			at += p.h
		}
	}})
	f.add(piece{h: leading / 2})
}
