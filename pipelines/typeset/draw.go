package typeset

import (
	"fmt"
	"strings"

	"kyogikai/pipelines/document"
)

func (d *drawing) document(doc document.Document, f *flow) {
	d.shaped = d.furnitureOf(doc)
	if doc.Existing != nil {
		d.existing(doc)
		return
	}
	d.page, d.numbers, d.ofPages, d.head = 0, doc.Numbered, doc.OfPages, f.head
	d.newPage(sheets[doc.Sheet])
	d.op(Bookmark{Text: oneLine(doc.Title)})
	f.place()
}

// newPage begins a page with what stands on every page.
func (d *drawing) newPage(s sheet) {
	d.openPage(s)
	d.y = topEdge
	d.watermark()
	d.corner()
	if d.page > 1 && len(d.head) > 0 {
		d.furniture(func() { d.put(d.head, s.left+s.content-width(d.head, noteSize), topEdge-noteLeading, noteSize, 0) })
	}
	if d.numbers {
		number := fmt.Sprintf("- %d -", d.page)
		if d.ofPages {
			number = fmt.Sprintf("%d / %d", d.page, d.total)
		}
		g := d.shape([]document.Span{{Text: number}}, mincho, mincho)
		d.furniture(func() { d.put(g, (s.width-width(g, footerSize))/2, s.footer(), footerSize, 0) })
	}
}

// openPage begins an empty page.
func (d *drawing) openPage(s sheet) {
	d.closePage()
	d.sheet = s
	d.page++
	d.pages = append(d.pages, Page{Width: s.width, Height: s.height, Document: d.current, Number: d.page})
	laid := &d.laid[d.current]
	laid.Pages = append(laid.Pages, PageLaid{Width: s.width, Height: s.height})
}

// op adds a step to the page that is being drawn.
func (d *drawing) op(o Op) {
	p := &d.pages[len(d.pages)-1]
	p.Ops = append(p.Ops, o)
}

func (d *drawing) setWidth(width float64) {
	d.pen.Width = width
	d.op(SetWidth(width))
}

func (d *drawing) setStroke(grey int) {
	d.pen.Stroke = grey
	d.op(SetStroke(grey))
}

func (d *drawing) setFill(grey int) {
	d.pen.Fill = grey
	d.op(SetFill(grey))
}

func (d *drawing) setDash(dash ...float64) {
	d.pen.Dash = dash
	d.op(SetDash(dash))
}

func (d *drawing) line(x1, y1, x2, y2 float64) { d.op(Line{x1, y1, x2, y2, d.pen}) }

func (d *drawing) rect(x, y, w, h float64, p Paint) { d.op(Rect{x, y, w, h, p, d.pen}) }

func (d *drawing) circle(x, y, r float64, p Paint) { d.op(Circle{x, y, r, p, d.pen}) }

// put draws a line of glyphs with its baseline at y, with a space more after each glyph.
func (d *drawing) put(g []glyph, x, y, size, space float64) { d.putGrey(g, x, y, size, space, 0) }

func (d *drawing) putGrey(g []glyph, x, y, size, space float64, grey int) {
	t := Text{Space: space, Grey: grey}
	for i := 0; i < len(g); {
		r, next := d.run(g, i, size, space)
		r.X, r.Y = x, y
		if g[i].raised {
			r.Y, r.Size = y-size*0.38, size*raisedSize
		}
		if len(r.Codes) > 0 {
			t.Runs = append(t.Runs, r)
		}
		x += r.Width
		i = next
	}
	if len(t.Runs) > 0 {
		d.op(t)
	}
}

// run takes the glyphs from the ith on that go together: of one face, up to a space between Japanese and Latin letters.
// It says which glyph comes next.
func (d *drawing) run(g []glyph, i int, size, space float64) (r Run, next int) {
	r = Run{Face: g[i].face, Size: size}
	var text strings.Builder
	for next = i; next < len(g); next++ {
		c := g[next]
		if c.face != g[i].face || c.raised != g[i].raised || next > i && g[next-1].gap != 0 {
			break
		}
		if c.r == '\n' { // in what stands on one line
			continue
		}
		r.Codes = append(r.Codes, c.code)
		text.WriteString(d.characters(c))
		d.text.WriteRune(c.r)
		r.Width += c.w*size + space
	}
	r.Text = text.String()
	return r, next
}

// characters are what a glyph stands for: its character, with the selector of its form.
func (d *drawing) characters(g glyph) string {
	if used := d.letters[g.face]; used != nil {
		if text, ok := used.text[g.code]; ok {
			return text
		}
	}
	return string(g.r)
}

// justified is the space after each glyph that spreads a line to a width, 0 where that would need much.
func justified(l line, size, to float64) float64 {
	gap := to - width(l.g, size)
	if l.last || len(l.g) < 2 || gap <= 0 {
		return 0
	}
	if space := gap / float64(len(l.g)-1); space <= size*0.15 {
		return space
	}
	return 0
}

// baseline is how far below the top of a line of a height its letters stand.
func baseline(height, size float64) float64 { return height/2 + size*0.36 }
