package typeset

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/jung-kurt/gofpdf"
)

// pdfWriter draws a layout with the PDF library, which takes no other part: it measures, breaks and places nothing.
type pdfWriter struct {
	layout *Layout
	pdf    *gofpdf.Fpdf
	grey   int // of text

	marks   map[int]int         // marks on each drawn page, from 1
	content map[*Element][]mark // what belongs to each element
	outline []bookmark

	attached []attachment // with pages of other makers, the file claims no PDF/A
}

// mark is a piece of a drawn page's content that belongs to an element.
type mark struct{ page, id int }

// writePDF writes the pages of a layout as a tagged PDF/A-1b: those of which only says so, all where it is nil.
func writePDF(l *Layout, title string, day time.Time, only func(doc, page int) bool) ([]byte, error) {
	w := &pdfWriter{layout: l, pdf: openPDF(l, day), marks: map[int]int{}, content: map[*Element][]mark{}}
	for _, f := range l.Files {
		w.attached = append(w.attached, attachment{File: f})
	}
	for i, p := range l.Pages {
		if only == nil || only(p.Document, p.Number) {
			w.page(p)
		}
		for k, f := range l.Files {
			if f.Behind == i+1 {
				w.attached[k].after = w.pdf.PageCount()
			}
		}
	}
	var out bytes.Buffer
	if err := w.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("drawing %s: %w", title, err)
	}
	pdf, err := w.archive(out.Bytes(), title, day)
	if err != nil {
		return nil, fmt.Errorf("finishing %s: %w", title, err)
	}
	return pdf, nil
}

// openPDF begins a file with the fonts of a layout. The same layout and day give the same bytes.
func openPDF(l *Layout, day time.Time) *gofpdf.Fpdf {
	a4 := sheets[""]
	pdf := gofpdf.NewCustom(&gofpdf.InitType{UnitStr: "pt", Size: gofpdf.SizeType{Wd: a4.width, Ht: a4.height}})
	pdf.SetCreationDate(day.UTC())
	pdf.SetModificationDate(day.UTC())
	pdf.SetCatalogSort(true)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	pdf.SetCellMargin(0)
	for face := range faceCount {
		if font := l.Font(face); font != nil {
			pdf.AddUTF8FontFromBytes(faceName(face), "", font)
		}
	}
	return pdf
}

func faceName(face int) string { return fmt.Sprintf("f%d", face) }

func (w *pdfWriter) page(p Page) {
	w.addPage(p)
	for _, o := range p.Ops {
		w.op(p, o)
	}
}

func (w *pdfWriter) addPage(p Page) {
	w.pdf.AddPageFormat("", gofpdf.SizeType{Wd: p.Width, Ht: p.Height})
}

func (w *pdfWriter) op(p Page, o Op) {
	switch o := o.(type) {
	case Text:
		w.text(o)
	case Line:
		w.pdf.Line(o.X1, o.Y1, o.X2, o.Y2)
	case Rect:
		w.pdf.Rect(o.X, o.Y, o.W, o.H, paints[o.Paint])
	case Circle:
		w.pdf.Circle(o.X, o.Y, o.R, paints[o.Paint])
	case SetWidth:
		w.pdf.SetLineWidth(float64(o))
	case SetStroke:
		w.pdf.SetDrawColor(int(o), int(o), int(o))
	case SetFill:
		w.pdf.SetFillColor(int(o), int(o), int(o))
	case SetDash:
		w.pdf.SetDashPattern(o, 0)
	case Begin:
		w.begin(o.Element)
	case End:
		w.pdf.RawWriteStr("EMC")
	case Turn:
		w.pdf.TransformBegin()
		w.pdf.TransformRotate(o.Degrees, o.X, o.Y)
	case TurnEnd:
		w.pdf.TransformEnd()
	case ExistingPage:
		w.existing(p, o)
	case Bookmark:
		w.bookmark(p, o)
	}
}

// paints are what the PDF library calls them.
var paints = map[Paint]string{Edge: "D", Inside: "F", Both: "FD"}

func (w *pdfWriter) text(t Text) {
	if t.Grey != w.grey {
		w.grey = t.Grey
		w.pdf.SetTextColor(t.Grey, t.Grey, t.Grey)
	}
	if t.Space != 0 {
		w.pdf.RawWriteStr(fmt.Sprintf("%.4f Tc", t.Space))
	}
	for _, r := range t.Runs {
		var codes strings.Builder
		for _, c := range r.Codes {
			codes.WriteRune(rune(c))
		}
		w.pdf.SetFont(faceName(r.Face), "", r.Size)
		w.pdf.Text(r.X, r.Y, codes.String())
	}
	if t.Space != 0 {
		w.pdf.RawWriteStr("0 Tc")
	}
}

func (w *pdfWriter) begin(e *Element) {
	if e == nil {
		w.pdf.RawWriteStr("/Artifact BMC")
		return
	}
	page := w.pdf.PageNo()
	m := mark{page, w.marks[page]}
	w.marks[page]++
	w.content[e] = append(w.content[e], m)
	w.pdf.RawWriteStr(fmt.Sprintf("/%s <</MCID %d>> BDC", e.Tag, m.id))
}

// existing parts a page in two, which become what lies under and over the page of somebody else's PDF.
func (w *pdfWriter) existing(p Page, o ExistingPage) {
	a := &w.attached[o.File]
	for len(a.overlays) < o.Page {
		a.overlays, a.underlays = append(a.overlays, 0), append(a.underlays, 0)
	}
	a.underlays[o.Page-1] = w.pdf.PageNo()
	w.addPage(p)
	a.overlays[o.Page-1] = w.pdf.PageNo()
}

// bookmark adds an entry to the outline. It stands at most one level below the one before it: pages between them may
// not have been drawn.
func (w *pdfWriter) bookmark(p Page, b Bookmark) {
	level := 0
	if n := len(w.outline); n > 0 {
		level = min(b.Level, w.outline[n-1].level+1)
	}
	for _, before := range w.outline {
		if b.File > 0 && before.attached == b.File {
			return
		}
	}
	w.outline = append(w.outline, bookmark{
		level: level, page: w.pdf.PageNo(), top: b.Y, text: b.Text, height: p.Height, attached: b.File,
	})
}
