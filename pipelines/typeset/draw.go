package typeset

import (
	"bytes"
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/jung-kurt/gofpdf"

	"kyogikai/pipelines/document"
)

// drawing is one PDF being made.
type drawing struct {
	pdf     *gofpdf.Fpdf
	fonts   *Fonts
	absent  map[rune]bool
	y       float64
	page    int  // of the document, from 1
	numbers bool // pages bear their number
}

// Missing lists the characters that no face has; 〓 stands in their place.
type Missing []rune

// Render draws documents one behind the other, each beginning on a new page with its own page numbers. day dates
// the file: the same documents and day give the same bytes.
func Render(fonts *Fonts, title string, day time.Time, docs ...document.Document) ([]byte, Missing, error) {
	pdf := gofpdf.NewCustom(&gofpdf.InitType{UnitStr: "pt", Size: gofpdf.SizeType{Wd: pageWidth, Ht: pageHeight}})
	pdf.SetCreationDate(day.UTC())
	pdf.SetModificationDate(day.UTC())
	pdf.SetCatalogSort(true)
	pdf.SetTitle(title, true)
	pdf.SetProducer("kyogikai", true)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	pdf.SetCellMargin(0)
	for i, f := range fonts.faces {
		pdf.AddUTF8FontFromBytes(faceName(i), "", bytes.Clone(f.data))
	}
	d := &drawing{pdf: pdf, fonts: fonts, absent: map[rune]bool{}}
	for _, doc := range docs {
		d.document(doc)
	}
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, nil, fmt.Errorf("drawing %s: %w", title, err)
	}
	return out.Bytes(), d.missingList(), nil
}

func faceName(i int) string { return fmt.Sprintf("f%d", i) }

func (d *drawing) missing(r rune) { d.absent[r] = true }

func (d *drawing) missingList() Missing {
	var out Missing
	for r := range d.absent {
		out = append(out, r)
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}

func (d *drawing) document(doc document.Document) {
	d.page, d.numbers = 0, doc.Numbered
	d.newPage()
	if len(doc.Box) > 0 {
		d.cornerBox(doc)
	}
	f := flow{d: d}
	f.title(doc.Title)
	f.blocks(doc.Blocks, 0)
	f.place()
}

func (d *drawing) newPage() {
	d.pdf.AddPage()
	d.page++
	d.y = topEdge
	if d.numbers {
		g := d.shape([]document.Span{{Text: fmt.Sprintf("- %d -", d.page)}}, mincho, mincho)
		d.put(line{g, true}, (pageWidth-width(g, footerSize))/2, footerLine, footerSize, 0)
	}
}

// put draws a line of glyphs with its baseline at y; a line that is not the last of its paragraph is spread to the
// width to where that needs little.
func (d *drawing) put(l line, x, y, size, to float64) {
	space := 0.0
	if gap := to - width(l.g, size); to > 0 && !l.last && len(l.g) > 1 && gap > 0 {
		if space = gap / float64(len(l.g)-1); space > size*0.15 {
			space = 0
		}
	}
	if space > 0 {
		d.pdf.RawWriteStr(fmt.Sprintf("%.4f Tc", space))
	}
	for i := 0; i < len(l.g); {
		var text strings.Builder
		j, w := i, 0.0
		for ; j < len(l.g) && l.g[j].face == l.g[i].face; j++ {
			text.WriteRune(l.g[j].r)
			w += l.g[j].w*size + space
		}
		d.pdf.SetFont(faceName(l.g[i].face), "", size)
		d.pdf.Text(x, y, text.String())
		x += w
		i = j
	}
	if space > 0 {
		d.pdf.RawWriteStr("0 Tc")
	}
}

// baseline is how far below the top of a line of a height its letters stand.
func baseline(height, size float64) float64 { return height/2 + size*0.36 }

// cornerBox draws the frame at the top right of an item's first page.
func (d *drawing) cornerBox(doc document.Document) {
	lines := doc.Box
	inner := boxMinWidth - 2*boxPadding
	shaped := make([][]glyph, len(lines))
	for i, s := range lines {
		shaped[i] = d.shape([]document.Span{{Text: s}}, mincho, bold)
		inner = max(inner, width(shaped[i], boxSize))
	}
	w, h := inner+2*boxPadding, float64(len(lines))*boxLeading+boxPadding
	x, y := leftEdge+contentWidth-w, boxTop
	d.pdf.SetLineWidth(boxRule)
	d.pdf.Rect(x, y, w, h, "D")
	for i, g := range shaped {
		top := y + boxPadding/2 + float64(i)*boxLeading
		d.put(line{g, true}, x+(w-width(g, boxSize))/2, top+baseline(boxLeading, boxSize), boxSize, 0)
	}
	if doc.Number != "" {
		g := d.shape([]document.Span{{Text: doc.Number}}, gothic, bold)
		d.put(line{g, true}, x+w-width(g, boxSize), y-2, boxSize, 0)
	}
	d.y = max(d.y, y+h+leading*0.5)
}
