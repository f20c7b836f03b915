package typeset

import "kyogikai/pipelines/document"

// box frames blocks under a label. One that is longer than a page is framed page by page.
func (f *flow) box(b document.Block) {
	inner := flow{d: f.d}
	const inset = framePadding + bodySize*0.5
	if b.Label != "" {
		g := f.d.shape([]document.Span{{Text: b.Label}}, bold, bold)
		inner.lines(g, textStyle{indent: inset, right: inset, size: bodySize, lead: leading, keep: true})
	}
	for _, child := range b.Blocks {
		switch child.Kind {
		case document.List:
			inner.boxItems(child.Items, inset)
		default:
			inner.lines(f.d.shape(child.Spans, mincho, bold), textStyle{indent: inset, right: inset, size: bodySize, lead: leading})
		}
	}
	for start := 0; start < len(inner.pieces); {
		end, h := start, 2*framePadding
		for end < len(inner.pieces) && h+inner.pieces[end].h <= contentHeight {
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

func (f *flow) boxItems(items []document.Item, inset float64) {
	for _, it := range items {
		marker := document.Span{Text: it.Marker + "　"}
		spans := append([]document.Span{marker}, it.Spans...)
		hang := width(f.d.shape([]document.Span{marker}, mincho, bold), bodySize)
		f.lines(f.d.shape(spans, mincho, bold), textStyle{indent: inset, right: inset, hang: hang, size: bodySize, lead: leading})
		f.boxItems(it.Items, inset+bodySize)
	}
}

func (f *flow) frame(pieces []piece, h float64) {
	f.add(piece{h: h, gap: leading / 2, draw: func(y float64) {
		f.d.pdf.SetLineWidth(frameRule)
		f.d.pdf.Rect(leftEdge, y, contentWidth, h, "D")
		at := y + framePadding
		for _, p := range pieces {
			p.draw(at)
			at += p.h
		}
	}})
	f.add(piece{h: leading / 2, draw: func(float64) {}})
}
