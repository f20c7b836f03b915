package typeset

import (
	"math"
	"strings"

	"kyogikai/pipelines/document"
)

// piece is the smallest thing that is not parted by a page break. A piece with run places itself over pages: h is then
// the least that it needs to begin.
type piece struct {
	h    float64
	gap  float64 // above it, but not at the top of a page
	keep bool    // stays with the next piece
	page *sheet  // begins a page of this kind
	draw func(y float64)
	run  func()
	want float64 // the height at which it stands unparted; it may be parted where a large gap would be left
}

// flow collects pieces and places them on pages.
type flow struct {
	d      *drawing
	sheet  sheet
	in     *Element // what is added belongs to
	at     string   // what the document calls the text that is added
	head   []glyph  // of every page but the first
	pieces []piece
}

func (f *flow) add(p piece) { f.pieces = append(f.pieces, p) }

// part is a flow for what stands inside or below something else.
func (f *flow) part(in *Element) flow { return flow{d: f.d, sheet: f.sheet, in: in, at: f.at} }

// element adds an element for the text that is added.
func (f *flow) element(tag string) *Element {
	e := f.in.add(tag, "")
	e.at = f.at
	return e
}

// named adds an element for a named text of what is added.
func (f *flow) named(tag, name string) *Element {
	e := f.in.add(tag, "")
	e.at = document.Part(f.at, name)
	return e
}

// place draws the pieces. A chain of pieces that keep together goes to the next page where it does not fit, unless it
// is longer than a page.
func (f *flow) place() {
	d := f.d
	for i := 0; i < len(f.pieces); {
		j := i
		for j+1 < len(f.pieces) && f.pieces[j].keep && f.pieces[j+1].page == nil {
			j++
		}
		chain := f.pieces[i : j+1]
		if s := chain[0].page; s != nil {
			if d.y > topEdge || *s != d.sheet {
				d.newPage(*s)
			}
			f.pieces[i].page = nil
			continue
		}
		if last := chain[len(chain)-1]; last.want > last.h && d.y > topEdge {
			room := d.sheet.bottom() + slack - d.y
			if h := height(chain) - last.h + last.want; h > room && h <= d.sheet.depth && room < d.sheet.depth*0.32 {
				d.newPage(d.sheet)
			}
		}
		if h := height(chain); d.y > topEdge && d.y+h > d.sheet.bottom()+slack && h-chain[0].gap <= d.sheet.depth {
			d.newPage(d.sheet)
		}
		for _, p := range chain {
			d.piece(p)
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

func (d *drawing) piece(p piece) {
	if d.y > topEdge && d.y+p.gap+p.h > d.sheet.bottom()+slack {
		d.newPage(d.sheet)
	}
	if d.y > topEdge {
		d.y += p.gap
	}
	if p.run != nil {
		p.run()
		return
	}
	if p.draw != nil {
		p.draw(d.y)
	}
	d.y += p.h
}

// cornerBox is the frame at the top right of an item's first page, with the number of the paper above it.
func (f *flow) cornerBox(doc document.Document) {
	if len(doc.Box) == 0 {
		return
	}
	d, s := f.d, f.sheet
	inner := boxMinWidth - 2*boxPadding
	shaped, elements := make([][]glyph, len(doc.Box)), make([]*Element, len(doc.Box))
	var number []glyph
	var numberElement *Element
	sect := f.in.add("Sect", "")
	if doc.Number != "" {
		number, numberElement = d.shape([]document.Span{{Text: doc.Number}}, gothic, bold), sect.add("P", "")
	}
	for i, text := range doc.Box {
		shaped[i], elements[i] = d.shape([]document.Span{{Text: text}}, mincho, bold), sect.add("P", "")
		elements[i].at = document.AtBox
		inner = max(inner, width(shaped[i], boxSize))
	}
	w, h := inner+2*boxPadding, float64(len(doc.Box))*boxLeading+boxPadding
	x, y := s.left+s.content-w, boxTop
	f.add(piece{keep: true, h: max(0, y+h+leading*0.5-topEdge), draw: func(float64) {
		d.setWidth(boxRule)
		d.furniture(func() { d.rect(x, y, w, h, Edge) })
		if number != nil {
			d.marked(numberElement, func() { d.put(number, x+w-width(number, boxSize), y-2, boxSize, 0) })
		}
		for i, g := range shaped {
			top := y + boxPadding/2 + float64(i)*boxLeading
			d.marked(elements[i], func() { d.put(g, x+(w-width(g, boxSize))/2, top+baseline(boxLeading, boxSize), boxSize, 0) })
		}
	}})
}

func (f *flow) title(text string) {
	if text == "" {
		return
	}
	f.titleIn(f.named("H1", document.AtTitle), text)
}

func (f *flow) titleIn(e *Element, text string) {
	s := f.sheet
	lines := titleLines(f.d.shape([]document.Span{{Text: text}}, bold, bold), s.content-4*titleSize)
	for i, l := range lines {
		p := piece{h: titleLeading, keep: true, draw: func(y float64) {
			x := s.left + (s.content-width(l.g, titleSize))/2
			f.d.marked(e, func() { f.d.put(l.g, x, y+baseline(titleLeading, titleSize), titleSize, 0) })
		}}
		if i == 0 {
			p.gap = leading
		}
		f.add(p)
	}
	f.add(piece{h: leading, keep: true})
}

// titleLines breaks a title: where two lines are needed, between words and about in the middle.
func titleLines(g []glyph, max float64) []line {
	total := width(g, titleSize)
	if total > max && total <= 1.9*max {
		best, at, left := total, 0, 0.0
		for i := 1; i < len(g); i++ {
			left += g[i-1].w * titleSize
			if gap := math.Abs(total - 2*left); betweenWords(
				g[i-1].r, g[i].r,
			) && g[i].free && gap < best && max >= left && max >= total-left {
				best, at = gap, i
			}
		}
		if at > 0 && best < total*0.5 {
			return []line{{g: g[:at], last: true}, {g: g[at:], last: true}}
		}
	}
	return breakLines(g, titleSize, balanced(total, max))
}

// betweenWords reports a place where a title may be broken without parting a word: after kana or a mark, before kanji.
func betweenWords(before, after rune) bool {
	kana := func(r rune) bool { return r >= 0x3041 && r <= 0x309F }
	return (kana(before) || strings.ContainsRune("、・）」　 ", before)) && !kana(after)
}

// balanced is the width at which a text that needs n lines fills them evenly.
func balanced(total, max float64) float64 {
	if total <= max {
		return max
	}
	n := int(total/max) + 1
	return min(max, total/float64(n)+titleSize)
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
	tag := "H" + string(rune('0'+min(b.Level+1, 6)))
	at := len(f.pieces)
	f.lines(f.element(tag), g, textStyle{
		indent: indent * bodySize, hang: hang, size: bodySize, lead: leading, gap: gap, keep: true,
	})
	if b.Level <= 2 && at < len(f.pieces) {
		draw, text := f.pieces[at].draw, b.Number+"　"+document.Plain(b.Spans)
		f.pieces[at].draw = func(y float64) {
			f.d.op(Bookmark{Level: b.Level, Text: oneLine(text), Y: y})
			draw(y)
		}
	}
}

// textStyle says how lines are placed. first is added to the first line's indent, hang to that of the others.
type textStyle struct {
	indent, first, hang float64
	size, lead, gap     float64
	keep                bool // the last line stays with what follows
	right               float64
}

// lines breaks glyphs and adds a piece a line; two lines at least stand together at either end.
func (f *flow) lines(e *Element, g []glyph, s textStyle) {
	space := f.sheet.content - s.indent - s.right
	ls := breakHanging(g, s.size, space-s.first, space-s.hang)
	left := f.sheet.left
	for i, l := range ls {
		x, w := left+s.indent+s.hang, space-s.hang
		if i == 0 {
			x, w = left+s.indent+s.first, space-s.first
		}
		p := piece{h: s.lead, keep: i == 0 && len(ls) > 1 || i == len(ls)-2, draw: func(y float64) {
			f.d.marked(e, func() { f.d.put(l.g, x, y+baseline(s.lead, s.size), s.size, justified(l, s.size, w)) })
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

// right is a line at the right edge: who issues the paper, a date.
func (f *flow) right(spans []document.Span) {
	e, g := f.element("P"), f.d.shape(spans, mincho, bold)
	for _, l := range breakLines(g, bodySize, f.sheet.content) {
		x := f.sheet.left + f.sheet.content - width(l.g, bodySize)
		f.add(piece{h: leading, draw: func(y float64) {
			f.d.marked(e, func() { f.d.put(l.g, x, y+baseline(leading, bodySize), bodySize, 0) })
		}})
	}
}

// hanging sets text that hangs behind a marker; without one, behind the text's own first mark (※, ※1).
func (f *flow) hanging(marker string, spans []document.Span, indent, size, lead float64) {
	f.hangingIn(f.element("P"), marker, spans, textStyle{indent: indent * bodySize, size: size, lead: lead})
}

func (f *flow) hangingIn(e *Element, marker string, spans []document.Span, s textStyle) {
	all := spans
	if marker != "" {
		all = append([]document.Span{{Text: marker}}, spans...)
	} else {
		marker = noteMark(document.Plain(spans))
	}
	s.hang = width(f.d.shape([]document.Span{{Text: marker}}, mincho, bold), s.size)
	f.lines(e, f.d.shape(all, mincho, bold), s)
}

// noteMark is the mark that a note begins with.
func noteMark(text string) string {
	runes := []rune(text)
	n := 0
	if n < len(runes) && runes[n] == '・' { // what a note lists
		return "・"
	}
	for n < len(runes) && (runes[n] == '※' || runes[n] >= '0' && runes[n] <= '9' && n > 0) {
		n++
	}
	if n < len(runes) && runes[n] == '　' {
		n++
	}
	return string(runes[:n])
}

func (f *flow) list(items []document.Item, indent float64) {
	f.listIn(f.in.add("L", ""), items, textStyle{indent: indent * bodySize, size: bodySize, lead: leading})
}

func (f *flow) listIn(list *Element, items []document.Item, s textStyle) {
	of := f.at
	for i, it := range items {
		f.at = document.Within(of, i)
		marker := it.Marker
		if marker != "・" {
			marker += "　"
		}
		body := list.add("LI", "").add("LBody", "")
		body.at = f.at
		f.hangingIn(body, marker, it.Spans, s)
		if len(it.Items) > 0 {
			inner := s
			inner.indent += bodySize
			f.listIn(body.add("L", ""), it.Items, inner)
		}
	}
	f.at = of
}

// terms sets labels and their texts: 日時　令和7年….
func (f *flow) terms(items []document.Item, indent float64) {
	of := f.at
	for i, it := range items {
		f.at = document.Within(of, i)
		f.hanging(it.Marker+"　　", it.Spans, indent, bodySize, leading)
		if len(it.Items) > 0 {
			f.list(it.Items, indent+1)
		}
	}
	f.at = of
	f.add(piece{h: leading})
}
