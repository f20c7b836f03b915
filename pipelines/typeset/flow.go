package typeset

import (
	"kyogikai/pipelines/document"
)

// piece is the smallest thing that is not parted by a page break.
type piece struct {
	h     float64
	gap   float64 // above it, but not at the top of a page
	keep  bool    // stays with the next piece
	page  bool    // begins a page
	again []piece // drawn above it when it begins a page: a table's head
	draw  func(y float64)
}

// flow collects pieces and places them on pages.
type flow struct {
	d      *drawing
	pieces []piece
}

func (f *flow) add(p piece) { f.pieces = append(f.pieces, p) }

// place draws the pieces. A chain of pieces that keep together goes to the next page where it does not fit, unless it
// is longer than a page.
func (f *flow) place() {
	d := f.d
	for i := 0; i < len(f.pieces); {
		j := i
		for j+1 < len(f.pieces) && f.pieces[j].keep {
			j++
		}
		chain := f.pieces[i : j+1]
		if chain[0].page && d.y > topEdge {
			d.newPage()
		}
		if h := height(chain); d.y > topEdge && d.y+h > bottomEdge+slack && h-chain[0].gap <= contentHeight {
			d.newPage()
			f.drawAgain(chain[0])
		}
		for _, p := range chain {
			f.drawPiece(p)
		}
		i = j + 1
	}
}

func height(chain []piece) float64 {
	h := 0.0
	for _, p := range chain {
		h += p.gap + p.h
	}
	return h
}

func (f *flow) drawPiece(p piece) {
	d := f.d
	if d.y > topEdge && d.y+p.gap+p.h > bottomEdge+slack {
		d.newPage()
		f.drawAgain(p)
	}
	if d.y > topEdge {
		d.y += p.gap
	}
	p.draw(d.y)
	d.y += p.h
}

func (f *flow) drawAgain(p piece) {
	for _, a := range p.again {
		a.draw(f.d.y)
		f.d.y += a.h
	}
}

func (f *flow) title(text string) {
	g := f.d.shape([]document.Span{{Text: text}}, bold, bold)
	lines := breakLines(g, titleSize, balanced(width(g, titleSize), contentWidth-4*titleSize))
	for i, l := range lines {
		p := piece{h: titleLeading, keep: true, draw: func(y float64) {
			f.d.put(l, leftEdge+(contentWidth-width(l.g, titleSize))/2, y+baseline(titleLeading, titleSize), titleSize, 0)
		}}
		if i == 0 {
			p.gap = leading
		}
		f.add(p)
	}
	f.add(piece{h: leading, keep: true, draw: func(float64) {}})
}

// balanced is the width at which a text that needs n lines fills them evenly.
func balanced(total, max float64) float64 {
	if total <= max {
		return max
	}
	n := int(total/max) + 1
	return min(max, total/float64(n)+titleSize)
}

// blocks adds blocks at an indent in characters, which is that of the headings above them.
func (f *flow) blocks(blocks []document.Block, indent float64) {
	level := 0.0
	for i := 0; i < len(blocks); i++ {
		b := blocks[i]
		at := indent + level
		switch b.Kind {
		case document.Heading:
			level = float64(b.Level)
			f.heading(b, indent+float64(b.Level-1))
		case document.Paragraph:
			f.lines(f.d.shape(b.Spans, mincho, bold), textStyle{
				indent: at * bodySize, first: bodySize, size: bodySize, lead: leading,
				keep: i+1 < len(blocks) && blocks[i+1].Kind == document.TableOf, // it introduces the table
			})
		case document.Note:
			f.hanging("", b.Spans, at, noteSize, noteLeading)
		case document.List:
			f.list(b.Items, at+1) // under the first letter of a paragraph
		case document.Terms:
			f.terms(b.Items, at)
		case document.TableOf:
			f.table(b.Table)
		case document.Box:
			f.box(b)
		case document.PageBreak:
			f.add(piece{page: true, keep: true, draw: func(float64) {}})
		}
	}
}

// heading: 1 and (1) in ゴシック, ① and below in 明朝; a line before the first level, half a line before the second.
func (f *flow) heading(b document.Block, indent float64) {
	base, gap := mincho, 0.0
	switch b.Level {
	case 1:
		base, gap = bold, leading
	case 2:
		base, gap = gothic, leading/2
	}
	spans := append([]document.Span{{Text: b.Number + "　"}}, b.Spans...)
	g := f.d.shape(spans, base, bold)
	hang := width(f.d.shape(spans[:1], base, bold), bodySize)
	f.lines(g, textStyle{
		indent: indent * bodySize, hang: hang, size: bodySize, lead: leading, gap: gap, keep: true,
	})
}

// textStyle says how lines are placed. first is added to the first line's indent, hang to that of the others.
type textStyle struct {
	indent, first, hang float64
	size, lead, gap     float64
	keep                bool // the last line stays with what follows
	right               float64
}

// lines breaks glyphs and adds a piece a line; two lines at least stand together at either end.
func (f *flow) lines(g []glyph, s textStyle) {
	space := contentWidth - s.indent - s.right
	ls := breakHanging(g, s.size, space-s.first, space-s.hang)
	for i, l := range ls {
		x, w := leftEdge+s.indent+s.hang, space-s.hang
		if i == 0 {
			x, w = leftEdge+s.indent+s.first, space-s.first
		}
		p := piece{h: s.lead, keep: i == 0 && len(ls) > 1 || i == len(ls)-2, draw: func(y float64) {
			f.d.put(l, x, y+baseline(s.lead, s.size), s.size, w)
		}}
		if i == 0 {
			p.gap = s.gap
		}
		if i == len(ls)-1 {
			p.keep = s.keep
		}
		f.add(p)
	}
}

// breakHanging breaks text whose first line has another width than the others.
func breakHanging(g []glyph, size, first, rest float64) []line {
	ls := breakLines(g, size, first)
	if len(ls) < 2 || first == rest {
		return ls
	}
	n := len(ls[0].g)
	for n < len(g) && (g[n].r == ' ' || g[n].r == '\n') {
		n++
	}
	ls[0].last = false
	tail := breakLines(g[n:], size, rest)
	return append(ls[:1:1], tail...)
}

// hanging sets text that hangs behind a marker; without one, behind the text's own first mark (※, ※1).
func (f *flow) hanging(marker string, spans []document.Span, indent, size, lead float64) {
	all := spans
	if marker != "" {
		all = append([]document.Span{{Text: marker}}, spans...)
	}
	hang := width(f.d.shape([]document.Span{{Text: marker}}, mincho, bold), size)
	if marker == "" {
		hang = width(f.d.shape([]document.Span{{Text: noteMark(document.Plain(spans))}}, mincho, bold), size)
	}
	f.lines(f.d.shape(all, mincho, bold), textStyle{indent: indent * bodySize, hang: hang, size: size, lead: lead})
}

// noteMark is the mark that a note begins with.
func noteMark(text string) string {
	runes := []rune(text)
	n := 0
	for n < len(runes) && (runes[n] == '※' || runes[n] >= '0' && runes[n] <= '9' && n > 0) {
		n++
	}
	if n < len(runes) && runes[n] == '　' {
		n++
	}
	return string(runes[:n])
}

func (f *flow) list(items []document.Item, indent float64) {
	for _, it := range items {
		marker := it.Marker
		if marker != "・" {
			marker += "　"
		}
		f.hanging(marker, it.Spans, indent, bodySize, leading)
		f.list(it.Items, indent+1)
	}
}

// terms sets labels and their texts: 日時　令和7年….
func (f *flow) terms(items []document.Item, indent float64) {
	for _, it := range items {
		f.hanging(it.Marker+"　　", it.Spans, indent, bodySize, leading)
	}
	f.add(piece{h: leading, draw: func(float64) {}})
}
