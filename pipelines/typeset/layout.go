package typeset

import (
	"maps"
	"slices"
	"strings"
	"time"

	"kyogikai/pipelines/document"
)

// Layout is documents laid out on pages, with what a writer needs to draw them.
type Layout struct {
	Pages   []Page
	Files   []File // PDFs of somebody else, in the order in which they stand
	Laid    []Laid // a document each
	Missing Missing

	root    *Element
	letters [faceCount]*letters
}

// File is a PDF of somebody else. Its pages stand in the place of those that name them as ExistingPage, of which the
// last is so many-th of the layout's.
type File struct {
	document.Attachment
	Behind int
}

// Font is a TrueType font of just the glyphs that the runs of a face use, at their codes; nil where there are none.
func (l *Layout) Font(face int) []byte {
	if used := l.letters[face]; used != nil {
		return used.font.subset(used.cut)
	}
	return nil
}

// drawing is a layout being made: first everything is shaped and broken, by which the letters are known, then placed.
type drawing struct {
	fonts   *Fonts
	letters [faceCount]*letters
	absent  map[rune]bool
	failed  error
	root    *Element

	pages   []Page
	files   []File
	laid    []Laid
	current int             // the document that is being placed
	text    strings.Builder // of the page that is being drawn
	pen     Pen

	mark   string // at the top left of every page: （差替え）…
	shaped furniture

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
	Pages  []PageLaid
	Pieces []Piece // in the order in which they are drawn
}

// Piece is what of a text of a document stands together: a line, or the lines of a cell on one page; of a category of
// a chart only where it stands. At names the text as document.Text does.
type Piece struct {
	At   string
	Page int // of the document, from 1
	Text string
}

// PageLaid is a page's size in points and what is written on it, in the order in which it is drawn.
type PageLaid struct {
	Width, Height float64
	Text          string
	Attached      string // the PDF behind the document (別添) whose page it is, "" for a page of its own
}

// Own is how many pages are the document's own: those of the PDFs behind it bear no number of it.
func (l Laid) Own() int {
	n := 0
	for _, p := range l.Pages {
		if p.Attached == "" {
			n++
		}
	}
	return n
}

// Render draws documents one behind the other, each beginning on a new page with its own page numbers, as a tagged
// PDF/A-1b. day dates the file: the same documents and day give the same bytes.
func Render(fonts *Fonts, title string, day time.Time, docs ...document.Document) ([]byte, Missing, error) {
	set, err := Typeset(fonts, title, day, Options{}, docs...)
	return set.PDF, set.Missing, err
}

// Typeset draws as Render does, and says where everything stands.
func Typeset(fonts *Fonts, title string, day time.Time, o Options, docs ...document.Document) (Set, error) {
	l, err := Lay(fonts, o, docs...)
	if err != nil {
		return Set{}, err
	}
	pdf, err := writePDF(l, title, day, o.Only)
	if err != nil {
		return Set{}, err
	}
	return Set{pdf, l.Missing, l.Laid}, nil
}

// Lay lays documents out, one behind the other, each beginning on a new page. It lays out all pages, whatever Only
// says: which of them are written is for the writer.
func Lay(fonts *Fonts, o Options, docs ...document.Document) (*Layout, error) {
	totals := make([]int, len(docs))
	if slices.ContainsFunc(docs, func(d document.Document) bool { return d.OfPages }) {
		first, err := lay(fonts, o, totals, docs) // how many pages there are is known when they have been laid out once
		if err != nil {
			return nil, err
		}
		for i, l := range first.Laid {
			totals[i] = l.Own()
		}
	}
	return lay(fonts, o, totals, docs)
}

// lay lays documents out once; totals are how many pages each has.
func lay(fonts *Fonts, o Options, totals []int, docs []document.Document) (*Layout, error) {
	d := &drawing{fonts: fonts, absent: map[rune]bool{}, root: &Element{Tag: "Document"}, mark: o.Mark}
	d.shape([]document.Span{{Text: "- /0123456789（続き）"}}, mincho, bold) // furniture, shaped when its page is drawn
	d.shape([]document.Span{{Text: "（続き）" + o.Mark}}, gothic, bold)
	flows := make([]*flow, len(docs))
	for i, doc := range docs {
		flows[i] = d.compose(doc)
	}
	for i, doc := range docs {
		if d.failed != nil {
			break
		}
		d.current, d.total = i, 0
		if doc.OfPages {
			d.total = totals[i]
		}
		d.laid = append(d.laid, Laid{})
		d.document(doc, flows[i])
		d.attach(doc)
	}
	if d.failed != nil {
		return nil, d.failed
	}
	return &Layout{d.pages, d.files, d.laid, slices.Sorted(maps.Keys(d.absent)), d.root, d.letters}, nil
}

// attach puts the PDFs that are attached to a document behind its pages, and closes the last.
func (d *drawing) attach(doc document.Document) {
	for _, a := range doc.Attached {
		if d.failed == nil {
			d.foreign(a, a.Stamp, a.Name, Bookmark{Level: 1, Text: oneLine("別添　" + a.Name)})
		}
	}
	d.closePage()
}

// fail keeps the first thing that went wrong.
func (d *drawing) fail(err error) {
	if d.failed == nil {
		d.failed = err
	}
}

func (d *drawing) missing(r rune) { d.absent[r] = true }

// compose shapes and breaks a document.
func (d *drawing) compose(doc document.Document) *flow {
	stamped := doc.Handling + doc.Watermark + doc.Number
	for _, a := range doc.Attached {
		stamped += a.Stamp
	}
	d.shape([]document.Span{{Text: stamped}}, gothic, bold)
	d.shape([]document.Span{{Text: stamped}}, mincho, bold)
	if doc.Existing != nil {
		return nil
	}
	if _, ok := sheets[doc.Sheet]; !ok {
		d.fail(unknownSheet(doc.Sheet))
	}
	d.hanging = doc.Hanging
	f := &flow{d: d, sheet: sheets[doc.Sheet], in: d.root.add("Sect", "")}
	f.head = d.shape([]document.Span{{Text: oneLine(doc.Head)}}, mincho, bold)
	f.cornerBox(doc)
	f.title(doc.Title)
	f.blocks(doc.Blocks, 0)
	return f
}
