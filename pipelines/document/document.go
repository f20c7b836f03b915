// Package document is the tree of a paper: plain data, independent of how it is drawn.
package document

// Document is one item of a meeting, or its agenda.
type Document struct {
	Title    string   `json:"title"`
	Box      []string `json:"box,omitempty"`      // the frame at the top right, a line each
	Number   string   `json:"number,omitempty"`   // above the box: 資料２
	Numbered bool     `json:"numbered"`           // pages bear "- 1 -"
	OfPages  bool     `json:"of_pages,omitempty"` // "1 / 12" instead
	Head     string   `json:"head,omitempty"`     // at the top of every page but the first
	Hanging  bool     `json:"hanging,omitempty"`  // 、 and 。 may hang out of a line
	Sheet    string   `json:"sheet,omitempty"`    // "" A4 portrait, landscape, A3 (to be folded)
	Blocks   []Block  `json:"blocks"`

	Handling  string `json:"handling,omitempty"`  // 取扱区分, at the top left of every page
	Watermark string `json:"watermark,omitempty"` // large and pale behind the text of every page

	Attached []Attachment `json:"attached,omitempty"` // existing PDFs behind the last page (別添)
	Existing *Attachment  `json:"existing,omitempty"` // the document is this PDF, stamped with its number
}

// Attachment is an existing PDF.
type Attachment struct {
	Name  string `json:"name"`
	Stamp string `json:"stamp,omitempty"` // at the top right of its first page, where it is behind another: 資料2　別添
	Data  []byte `json:"-"`
}

// Block is one part of a document. Kind says which of the other fields are used: see Kinds.
type Block struct {
	Kind   string  `json:"kind"`
	Level  int     `json:"level,omitempty"`  // of a heading, 1 highest; of a list, 0 outermost
	Number string  `json:"number,omitempty"` // of a heading
	Spans  []Span  `json:"spans,omitempty"`
	Items  []Item  `json:"items,omitempty"`
	Table  *Table  `json:"table,omitempty"`
	Chart  *Chart  `json:"chart,omitempty"`
	Label  string  `json:"label,omitempty"`  // of a box: ポイント
	Sheet  string  `json:"sheet,omitempty"`  // that a page break changes to
	Hidden bool    `json:"hidden,omitempty"` // 非公表: not in what the public gets
	Blocks []Block `json:"blocks,omitempty"`
}

// Kinds of blocks.
const (
	Heading   = "heading"
	Paragraph = "paragraph" // begins one character in
	Note      = "note"      // ※ hanging, smaller
	List      = "list"
	Terms     = "terms" // label and text: 日時　令和7年…
	TableOf   = "table"
	ChartOf   = "chart"
	Title     = "title" // of an appendix, on a page of its own after a page break; Number is 別紙
	Right     = "right" // at the right edge: who issues the paper
	Box       = "box"
	PageBreak = "page_break"
)

// Item of a list or of terms. Marker is what stands before it (・, ✓, ①, 日時).
type Item struct {
	Marker string `json:"marker"`
	Spans  []Span `json:"spans"`
	Items  []Item `json:"items,omitempty"`
}

// Span is a run of text in one face.
type Span struct {
	Text   string `json:"text"`
	Strong bool   `json:"strong,omitempty"`
	Raised bool   `json:"raised,omitempty"` // a footnote mark: ※1, small and raised
}

// Table is a table with what stands around it.
type Table struct {
	ID      string   `json:"id,omitempty"`
	Caption string   `json:"caption,omitempty"`
	Unit    string   `json:"unit,omitempty"` // （単位：件） at the right above
	Size    float64  `json:"size,omitempty"` // of the letters in points, 10 unless told
	Columns []Column `json:"columns"`
	Head    []Row    `json:"head"`
	Rows    []Row    `json:"rows"`
	Legend  []string `json:"legend,omitempty"`
	Notes   []string `json:"notes,omitempty"`
	Zebra   bool     `json:"zebra,omitempty"`
	Hidden  bool     `json:"hidden,omitempty"` // 非公表
}

// Chart draws figures that also stand in a table or in the text.
type Chart struct {
	ID         string   `json:"id,omitempty"`
	Kind       string   `json:"kind"` // line, bars, stacked, attainment, shares
	Caption    string   `json:"caption,omitempty"`
	Unit       string   `json:"unit,omitempty"` // （単位：人） at the left above
	Categories []string `json:"categories"`
	Series     []Series `json:"series"`
	Notes      []string `json:"notes,omitempty"`
}

// Kinds of charts.
const (
	LineChart       = "line"       // over years
	BarChart        = "bars"       // side by side
	StackedChart    = "stacked"    // one upon the other
	AttainmentChart = "attainment" // horizontal bars with a line at 100%
	SharesChart     = "shares"     // bands of a whole (構成比)
)

// Series is one value a category: an exact decimal, "" where there is none, and how it is printed.
type Series struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
	Texts  []string `json:"texts"`
}

// Column gives a column's share of the width, in characters (0 takes what its content needs), and how its cells stand.
type Column struct {
	Width float64 `json:"width" yaml:"width"`
	Align string  `json:"align" yaml:"align"` // left, center, right, decimal (at the decimal point)
}

// Row of cells; cells that a span covers are left out. Total rows have the heavier rule above.
type Row struct {
	Cells []Cell `json:"cells"`
	Total bool   `json:"total,omitempty"`
	Group bool   `json:"group,omitempty"` // names the rows below it
}

// Cell of a table. A span of 0 is 1.
type Cell struct {
	Text    string `json:"text"`
	ColSpan int    `json:"col_span,omitempty"`
	RowSpan int    `json:"row_span,omitempty"`
	Align   string `json:"align,omitempty"`
	Strong  bool   `json:"strong,omitempty"`

	Spark []string `json:"spark,omitempty"` // exact decimals drawn as a small line, "" where there is none
}

// Plain joins the text of spans.
func Plain(spans []Span) string {
	out := ""
	for _, s := range spans {
		out += s.Text
	}
	return out
}
