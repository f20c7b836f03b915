package typeset

import (
	"strings"

	"kyogikai/pipelines/document"
)

// furniture is what every page of a document bears beside its text, shaped once.
type furniture struct {
	handling, watermark, mark []glyph
}

const (
	handlingSize  = 9.0
	watermarkGrey = 232 // pale enough to read through
	watermarkTilt = 35.0
)

func (d *drawing) furnitureOf(doc document.Document) furniture {
	one := func(text string) []glyph {
		if text == "" {
			return nil
		}
		return d.shape([]document.Span{{Text: text}}, gothic, bold)
	}
	return furniture{one(doc.Handling), one(doc.Watermark), one(d.mark)}
}

// corner draws what stands at the top left of every page.
func (d *drawing) corner() {
	y := boxTop + handlingSize
	for _, g := range [][]glyph{d.shaped.mark, d.shaped.handling} {
		if len(g) > 0 {
			d.furniture(func() { d.put(g, d.sheet.left, y, handlingSize, 0) })
			y += handlingSize * 1.5
		}
	}
}

// watermark is drawn first, so that everything else lies over it. The file is PDF/A-1, which knows no transparency: it
// is a pale grey.
func (d *drawing) watermark() {
	s := d.sheet
	if g := d.shaped.watermark; len(g) > 0 {
		size := min(s.width, s.height) * 0.62 / width(g, 1)
		x, y := (s.width-width(g, size))/2, s.height/2
		d.furniture(func() {
			d.op(Turn{watermarkTilt, s.width / 2, s.height / 2})
			d.putGrey(g, x, y+size*0.36, size, 0, watermarkGrey)
			d.op(TurnEnd{})
		})
	}
}

// closePage notes what was written on the page that ends.
func (d *drawing) closePage() {
	if d.current < len(d.laid) {
		if pages := d.laid[d.current].Pages; len(pages) > 0 {
			pages[len(pages)-1].Text += d.text.String()
		}
	}
	d.text.Reset()
}

// stands notes that a row of a table begins on this page.
func (d *drawing) stands(id string, row int) {
	rows := d.laid[d.current].Rows[id]
	for len(rows) <= row {
		rows = append(rows, d.page)
	}
	d.laid[d.current].Rows[id] = rows
}

// PageOf finds the page on which a text stands: where most of its beginning does. It is 0 where it stands on none.
func (l Laid) PageOf(text string) int {
	text = strings.Join(strings.Fields(text), "")
	runes := []rune(text)
	for _, n := range []int{len(runes), min(len(runes), 24), min(len(runes), 12)} {
		if n == 0 {
			return 0
		}
		for i, p := range l.Pages {
			if strings.Contains(strings.Join(strings.Fields(p.Text), ""), string(runes[:n])) {
				return i + 1
			}
		}
	}
	return 0
}
