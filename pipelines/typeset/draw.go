package typeset

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jung-kurt/gofpdf"

	"kyogikai/pipelines/document"
)

// drawing is one PDF being made: first everything is shaped and broken, by which the letters are known, then drawn.
type drawing struct {
	pdf     *gofpdf.Fpdf
	fonts   *Fonts
	letters [faceCount]*letters
	absent  map[rune]bool
	failed  error

	root  *element
	marks map[int]int // marks on each page

	outline []bookmark

	only    func(doc, page int) bool // pages that are drawn, all where it is nil
	mark    string                   // at the top left of every page that is drawn: （差替え）…
	kept    *gofpdf.Fpdf             // what is drawn
	spare   *gofpdf.Fpdf             // where pages go that are not
	current int                      // the document that is being drawn
	laid    []Laid
	text    strings.Builder // of the page that is being drawn
	shaped  furniture

	attached []attachment // with pages of other makers, the file claims no PDF/A

	sheet   sheet
	y       float64
	page    int  // of the document, from 1
	numbers bool // pages bear their number
	ofPages bool // and how many there are
	total   int
	head    []glyph
	hanging bool
}

// Missing lists the characters that no face has; 〓 stands in their place.
type Missing []rune

// Options of a rendering beside the documents.
type Options struct {
	Only func(doc, page int) bool // which pages (from 1) of which documents (from 0); all where it is nil
	Mark string                   // at the top left of every page: （差替え）令和7年10月20日
}

// Set is a PDF with what is known of it.
type Set struct {
	PDF     []byte
	Missing Missing
	Laid    []Laid // a document each
}

// Laid says where a document's parts stand.
type Laid struct {
	Pages []PageLaid
	Rows  map[string][]int // the page (from 1) of each row of a table, by the table's ID; of a chart its one
}

// PageLaid is a page's size in points and what is written on it, in the order in which it is drawn.
type PageLaid struct {
	Width, Height float64
	Text          string
}

// Render draws documents one behind the other, each beginning on a new page with its own page numbers, as a tagged
// PDF/A-1b. day dates the file: the same documents and day give the same bytes.
func Render(fonts *Fonts, title string, day time.Time, docs ...document.Document) ([]byte, Missing, error) {
	set, err := Typeset(fonts, title, day, Options{}, docs...)
	return set.PDF, set.Missing, err
}

// Typeset draws as Render does, and says where everything stands.
func Typeset(fonts *Fonts, title string, day time.Time, o Options, docs ...document.Document) (Set, error) {
	var totals []int
	for _, doc := range docs {
		if doc.OfPages { // how many pages there are is known when they have been set once
			first, err := render(fonts, title, day, o, make([]int, len(docs)), docs)
			if err != nil {
				return Set{}, err
			}
			for _, l := range first.Laid {
				totals = append(totals, len(l.Pages))
			}
			break
		}
	}
	return render(fonts, title, day, o, totals, docs)
}

// render sets documents once; totals are how many pages each has.
func render(fonts *Fonts, title string, day time.Time, o Options, totals []int, docs []document.Document) (Set, error) {
	d := &drawing{fonts: fonts, absent: map[rune]bool{}, marks: map[int]int{}, root: &element{tag: "Document"}, only: o.Only, mark: o.Mark}
	d.shape([]document.Span{{Text: "- /0123456789（続き）"}}, mincho, bold) // furniture, shaped when its page is drawn
	d.shape([]document.Span{{Text: "（続き）" + o.Mark}}, gothic, bold)
	flows := make([]*flow, len(docs))
	for i, doc := range docs {
		flows[i] = d.compose(doc)
	}
	if d.failed != nil {
		return Set{}, d.failed
	}
	d.kept = d.open(day)
	if d.pdf = d.kept; o.Only != nil {
		d.spare = d.open(day)
	}
	for i, doc := range docs {
		if d.total = 0; doc.OfPages {
			d.total = totals[i]
		}
		d.current = i
		d.laid = append(d.laid, Laid{Rows: map[string][]int{}})
		d.document(doc, flows[i])
		for _, a := range doc.Attached { // another file behind it is another paper
			fmt.Fprintf(&d.text, "%x", sha256.Sum256(a.Data))
		}
		d.closePage()
		for _, a := range doc.Attached {
			if o.Only != nil {
				continue
			}
			d.attached = append(d.attached, attachment{Attachment: a, after: d.pdf.PageCount()})
			d.bookmark(1, "別添　"+a.Name, 0)
			d.outline[len(d.outline)-1].attached = len(d.attached)
		}
	}
	d.pdf = d.kept
	if d.failed != nil {
		return Set{}, d.failed
	}
	var out bytes.Buffer
	if err := d.pdf.Output(&out); err != nil {
		return Set{}, fmt.Errorf("drawing %s: %w", title, err)
	}
	pdf, err := d.archive(out.Bytes(), title, day)
	if err != nil {
		return Set{}, fmt.Errorf("finishing %s: %w", title, err)
	}
	return Set{pdf, slices.Sorted(maps.Keys(d.absent)), d.laid}, nil
}

// open begins a file with the letters that have been shaped.
func (d *drawing) open(day time.Time) *gofpdf.Fpdf {
	a4 := sheets[""]
	pdf := gofpdf.NewCustom(&gofpdf.InitType{UnitStr: "pt", Size: gofpdf.SizeType{Wd: a4.width, Ht: a4.height}})
	pdf.SetCreationDate(day.UTC())
	pdf.SetModificationDate(day.UTC())
	pdf.SetCatalogSort(true)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	pdf.SetCellMargin(0)
	for i, l := range d.letters {
		if l != nil {
			pdf.AddUTF8FontFromBytes(faceName(i), "", l.font.subset(l.cut))
		}
	}
	return pdf
}

// hidden reports whether what is drawn goes nowhere.
func (d *drawing) hidden() bool { return d.pdf == d.spare }

func faceName(i int) string { return fmt.Sprintf("f%d", i) }

// fail keeps the first thing that went wrong.
func (d *drawing) fail(err error) {
	if d.failed == nil {
		d.failed = err
	}
}

func (d *drawing) missing(r rune) { d.absent[r] = true }

// compose shapes and breaks a document.
func (d *drawing) compose(doc document.Document) *flow {
	d.shape([]document.Span{{Text: doc.Handling + doc.Watermark + doc.Number}}, gothic, bold)
	d.shape([]document.Span{{Text: doc.Handling + doc.Watermark + doc.Number}}, mincho, bold)
	if doc.Existing != nil {
		return nil
	}
	if _, ok := sheets[doc.Sheet]; !ok {
		d.fail(fmt.Errorf("紙「%s」はありません", doc.Sheet))
	}
	d.hanging = doc.Hanging
	f := &flow{d: d, sheet: sheets[doc.Sheet], in: d.root.add("Sect", "")}
	f.head = d.shape([]document.Span{{Text: oneLine(doc.Head)}}, mincho, bold)
	f.cornerBox(doc)
	f.title(doc.Title)
	f.blocks(doc.Blocks, 0)
	return f
}

func (d *drawing) document(doc document.Document, f *flow) {
	d.shaped = d.furnitureOf(doc)
	if doc.Existing != nil {
		d.existing(doc)
		return
	}
	d.page, d.numbers, d.ofPages, d.head = 0, doc.Numbered, doc.OfPages, f.head
	d.newPage(sheets[doc.Sheet])
	d.bookmark(0, doc.Title, 0)
	f.place()
}

func (d *drawing) newPage(s sheet) {
	d.closePage()
	d.sheet = s
	d.page++
	if d.pdf = d.kept; d.only != nil && !d.only(d.current, d.page) {
		d.pdf = d.spare
	}
	d.pdf.AddPageFormat("", gofpdf.SizeType{Wd: s.width, Ht: s.height})
	laid := &d.laid[d.current]
	laid.Pages = append(laid.Pages, PageLaid{Width: s.width, Height: s.height})
	d.y = topEdge
	d.pageFurniture()
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

// put draws a line of glyphs with its baseline at y, with a space more after each glyph.
func (d *drawing) put(g []glyph, x, y, size, space float64) {
	if space != 0 {
		d.pdf.RawWriteStr(fmt.Sprintf("%.4f Tc", space))
	}
	for i := 0; i < len(g); {
		var text strings.Builder
		j, w := i, 0.0
		for open := true; open && j < len(g) && g[j].face == g[i].face && g[j].raised == g[i].raised; j++ {
			if g[j].r == '\n' { // in what stands on one line
				continue
			}
			text.WriteRune(rune(g[j].code))
			d.text.WriteRune(g[j].r)
			w += g[j].w*size + space
			open = g[j].gap == 0
		}
		if text.Len() > 0 {
			at, letters := y, size
			if g[i].raised {
				at, letters = y-size*0.38, size*raisedSize
			}
			d.pdf.SetFont(faceName(g[i].face), "", letters)
			d.pdf.Text(x, at, text.String())
		}
		x += w
		i = j
	}
	if space != 0 {
		d.pdf.RawWriteStr("0 Tc")
	}
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
