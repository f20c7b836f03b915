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

// stands notes that a piece of a text of the document stands on this page.
func (d *drawing) stands(at, text string) {
	laid := &d.laid[d.current]
	laid.Pieces = append(laid.Pieces, Piece{at, d.page, text})
}

// Page is the page, from 1, on which a part of a document begins: a text, or what holds several (a row of a table). Of
// a text that goes over the end of a page it is the one on which its tail begins, where a tail is told: the words from
// a place on to the text's end. It is 0 where the part stands on no page.
func (l Laid) Page(at, tail string) int {
	var names []string
	texts := map[string][]Piece{}
	for _, p := range l.Pieces {
		if p.At != at && !strings.HasPrefix(p.At, at+"/") {
			continue
		}
		if texts[p.At] == nil {
			names = append(names, p.At)
		}
		texts[p.At] = append(texts[p.At], p)
	}
	if len(names) == 0 {
		return 0
	}
	if tail = unspaced(tail); tail != "" {
		for _, name := range names {
			if page := pageOfTail(texts[name], tail); page > 0 {
				return page
			}
		}
	}
	return texts[names[0]][0].Page
}

// pageOfTail is the page on which the end of a text begins, 0 where the text does not hold it.
func pageOfTail(pieces []Piece, tail string) int {
	whole := ""
	for _, p := range pieces {
		whole += unspaced(p.Text)
	}
	from := strings.LastIndex(whole, tail)
	if from < 0 {
		return 0
	}
	for _, p := range pieces {
		if from -= len(unspaced(p.Text)); from < 0 {
			return p.Page
		}
	}
	return 0
}

// unspaced is a text without white space: a line of it ends elsewhere than in print.
func unspaced(s string) string { return strings.Join(strings.Fields(s), "") }
