package typeset

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"kyogikai/pipelines/document"
)

// tableLayout is a table whose cells are measured.
type tableLayout struct {
	f     *flow
	sheet sheet // that it stands on: the flow's may change after
	t     *document.Table
	at    string                  // what the document calls it
	place [][]document.PlacedCell // its cells, a list a row
	size  float64                 // of the letters
	lead  float64
	x     []float64 // edges of the columns, one more than columns
	rows  []rowLayout
	cells []*cellLayout
	head  int       // rows of the head
	point []float64 // of columns aligned at the decimal point: the widest part behind it
	below flow      // legend and notes
	tall  bool      // cells begin at the top: some of them are paragraphs
}

// rowLayout is a row of so many lines: those of its highest cell, and more where a cell of several rows needs them.
type rowLayout struct {
	lines int
	total bool
	heads bool // names the rows below it: it stays with the next
	group int  // rows that a cell joins, this one the first; 1 when none
}

type cellLayout struct {
	lines      []line
	row, col   int
	rows, cols int
	align      string
	head       bool
	spark      []string // values drawn as a small line
	group      bool     // of a row that names those below it
	continued  []line   // what stands in it on a further page: （続き）
	element    *Element
	shown      int // lines drawn so far
	everDrawn  bool
}

// table adds a table with what stands around it: the unit above, legend and notes below.
func (f *flow) table(t *document.Table) {
	place, err := t.Placed()
	if err != nil {
		f.d.fail(err)
	}
	if len(t.Columns) == 0 || err != nil {
		return
	}
	l := &tableLayout{
		f: f, sheet: f.sheet, t: t, at: f.at, place: place, head: len(t.Head), size: max(t.Size, tableMinSize),
	}
	if t.Size == 0 {
		l.size = tableSize
	}
	l.lead = l.size * tableLead / tableSize
	gap := leading * 0.3
	if t.Caption != "" {
		f.lines(f.named("P", document.AtCaption), f.d.shape([]document.Span{{Text: t.Caption}}, gothic, bold), textStyle{
			size: bodySize, lead: leading, gap: gap, keep: true,
		})
		gap = 0
	}
	if t.Unit != "" {
		f.unit(t.Unit, gap)
		gap = 0
	}
	l.columns()
	l.measure(f.in.add("Table", ""))
	l.below = f.part(f.in)
	l.below.at = document.Part(f.at, document.AtNotes)
	l.below.legend(t.Legend)
	for _, n := range t.Notes {
		l.below.hanging("", []document.Span{{Text: n}}, 0.5, noteSize, noteLeading)
	}
	f.add(piece{h: l.least(), want: l.whole(), gap: gap, run: l.run})
	f.add(piece{h: afterTable})
}

func (f *flow) unit(text string, gap float64) {
	e, g := f.in.add("P", ""), f.d.shape([]document.Span{{Text: text}}, mincho, bold)
	x := f.sheet.left + f.sheet.content - width(g, noteSize)
	f.add(piece{h: noteLeading, gap: gap, keep: true, draw: func(y float64) {
		f.d.marked(e, func() { f.d.put(g, x, y+baseline(noteLeading, noteSize), noteSize, 0) })
	}})
}

// legend sets its entries side by side, on as few lines as they need and about as many on each.
func (f *flow) legend(entries []string) {
	space := f.sheet.content - bodySize
	total := 0.0
	widths := make([]float64, len(entries))
	for i, e := range entries {
		widths[i] = width(f.d.shape([]document.Span{{Text: e + "　"}}, mincho, bold), noteSize)
		total += widths[i]
	}
	left := int(total / space) // lines after this one
	target := total / float64(left+1)
	row, w := "", 0.0
	for i, e := range entries {
		if row != "" && (w+widths[i] > space || left > 0 && w+widths[i]/2 > target) {
			left--
			f.hanging("", []document.Span{{Text: row}}, 0.5, noteSize, noteLeading)
			row, w = "", 0
		}
		if row != "" {
			row += "　"
		}
		row, w = row+e, w+widths[i]
	}
	if row != "" {
		f.hanging("", []document.Span{{Text: row}}, 0.5, noteSize, noteLeading)
	}
}

// measure breaks every cell's text and finds the lines of every row.
func (l *tableLayout) measure(in *Element) {
	var section *Element
	for i, row := range slices.Concat(l.t.Head, l.t.Rows) {
		switch {
		case i == 0 && l.head > 0:
			section = in.add("THead", "")
		case i == l.head:
			section = in.add("TBody", "")
		}
		l.measureRow(i, row, section.add("TR", ""))
	}
	for _, c := range l.cells {
		if c.rows > 1 {
			l.makeRoom(c, c.row, 0)
		}
	}
	l.decimals()
}

func (l *tableLayout) measureRow(i int, row document.Row, line *Element) {
	r := rowLayout{lines: 1, total: row.Total, heads: row.Group, group: 1}
	for k, c := range l.place[i] {
		cell := l.cell(c)
		cell.group = row.Group
		cell.element = line.add(cellTag(cell))
		cell.element.at = document.Within(document.Within(l.at, i), k)
		if cell.rows == 1 {
			r.lines = max(r.lines, len(cell.lines))
			l.tall = l.tall || !cell.head && len(cell.lines) > 5 && cell.align == "left"
		} else {
			r.group = max(r.group, cell.rows)
		}
		l.cells = append(l.cells, cell)
	}
	l.rows = append(l.rows, r)
}

// makeRoom gives the last row of a cell of several rows the lines that the rest of its text still needs: its rows from
// one on, of which the first stands already up to a line.
func (l *tableLayout) makeRoom(c *cellLayout, row, from int) {
	have := 0.0
	for k := row; k < c.row+c.rows; k++ {
		have += l.height(k, from, l.rows[k].lines)
		from = 0
	}
	if need := float64(len(c.lines)-c.shown)*l.lead + 2*padY; need > have+slack {
		l.rows[c.row+c.rows-1].lines += int(math.Ceil((need - have) / l.lead))
	}
}

func cellTag(c *cellLayout) (tag, attributes string) {
	tag, attributes = "TD", "/O /Table"
	switch {
	case c.head:
		tag, attributes = "TH", attributes+" /Scope /Column"
	case c.col == 0 && c.align == "left":
		tag, attributes = "TH", attributes+" /Scope /Row"
	}
	if c.cols > 1 {
		attributes += fmt.Sprintf(" /ColSpan %d", c.cols)
	}
	if c.rows > 1 {
		attributes += fmt.Sprintf(" /RowSpan %d", c.rows)
	}
	return tag, attributes
}

func (l *tableLayout) cell(c document.PlacedCell) *cellLayout {
	out := &cellLayout{row: c.Row, col: c.Col, cols: c.Cols, rows: c.Rows, align: c.Align, head: c.Head}
	out.spark = c.Spark
	base := mincho
	if out.head {
		base = gothic
	}
	if c.Strong {
		base = bold
	} else if c.Cols == len(l.t.Columns) && !out.head && c.Cols > 1 {
		base = gothic
	}
	inner := l.x[c.Col+c.Cols] - l.x[c.Col] - 2*padX
	if (out.align == "right" || out.align == "decimal") && len([]rune(c.Text)) > 12 &&
		!strings.ContainsAny(c.Text[:min(len(c.Text), 3)], "0123456789-▲△") {
		out.align = "left" // words in a column of figures
	}
	out.lines = breakLines(l.f.d.shape([]document.Span{{Text: c.Text}}, base, bold), l.size, inner)
	if !out.head && (c.Rows > 1 || c.Col == 0) && len([]rune(c.Text)) <= 60 {
		again := "（続き）"
		if inner < 4*l.size {
			again = "（続）"
		}
		whole := strings.ReplaceAll(c.Text, "\n", "")
		one := l.f.d.shape([]document.Span{{Text: whole + again}}, base, bold)
		if out.continued = []line{{g: one, last: true}}; width(one, l.size) > inner { // never a part of it alone
			out.continued = append(breakLines(l.f.d.shape([]document.Span{{Text: whole}}, base, bold), l.size, inner),
				breakLines(l.f.d.shape([]document.Span{{Text: again}}, base, bold), l.size, max(inner, 3*l.size))...)
		}
	}
	return out
}

// height of a row's lines from one to another.
func (l *tableLayout) height(row, from, to int) float64 {
	r := l.rows[row]
	h := float64(to-from)*l.lead + 2*padY
	if from == 0 && to == r.lines {
		h = max(h, rowMin)
	}
	return h
}

func (l *tableLayout) headHeight() float64 {
	h := 0.0
	for i := range l.head {
		h += l.height(i, 0, l.rows[i].lines)
	}
	return h
}

// least is the height that the table needs to begin on a page: all of it where it is short, else its head and the
// beginning of its first row.
func (l *tableLayout) least() float64 {
	if whole := l.whole(); whole <= l.sheet.depth*0.45 {
		return whole
	}
	h := l.headHeight()
	if l.head < len(l.rows) {
		h += l.height(l.head, 0, min(l.rows[l.head].lines, 4))
	}
	return h
}

func (l *tableLayout) whole() float64 {
	h := height(l.below.pieces) + underTable
	for i := range l.rows {
		h += l.height(i, 0, l.rows[i].lines)
	}
	return h
}

// decimals finds, for columns aligned at the decimal point, the widest part behind it.
func (l *tableLayout) decimals() {
	l.point = make([]float64, len(l.t.Columns))
	for _, c := range l.cells {
		if c.align == "decimal" && !c.head && c.cols == 1 && len(c.lines) == 1 {
			l.point[c.col] = max(l.point[c.col], behindPoint(c.lines[0].g, l.size))
		}
	}
}

// behindPoint is the width of a number from its decimal point on; of a whole number, of the unit after it.
func behindPoint(g []glyph, size float64) float64 {
	last := -1
	for i, c := range g {
		if c.r == '.' {
			return width(g[i:], size)
		}
		if c.r >= '0' && c.r <= '9' {
			last = i
		}
	}
	return width(g[last+1:], size)
}
