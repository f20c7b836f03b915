package typeset

import (
	"kyogikai/pipelines/document"
)

// tableLayout is a table whose cells are measured.
type tableLayout struct {
	size float64 // of the letters
	f    *flow
	t    *document.Table
	x    []float64 // edges of the columns, one more than columns
	rows []rowLayout
	head int // rows of the head
}

type rowLayout struct {
	cells  []cellLayout
	h      float64
	total  bool
	linked bool // a cell of it goes on into the next row
}

type cellLayout struct {
	lines     []line
	col, cols int
	rows      int
	align     string
	head      bool
}

// table adds a table with what stands around it: the unit above, legend and notes below. It stays on one page where
// it can; a longer one repeats its head.
func (f *flow) table(t *document.Table) {
	l := tableLayout{f: f, t: t, head: len(t.Head), size: max(t.Size, tableMinSize)}
	if t.Size == 0 {
		l.size = tableSize
	}
	l.columns()
	l.measure()
	whole := 0.0
	for _, r := range l.rows {
		whole += r.h
	}
	around := f.belowTable(t)
	keepAll := whole+height(around.pieces)+2*leading <= contentHeight*0.7
	gap := leading * 0.3
	if t.Caption != "" {
		f.lines(f.d.shape([]document.Span{{Text: t.Caption}}, gothic, bold), textStyle{size: bodySize, lead: leading, gap: gap, keep: true})
		gap = 0
	}
	if t.Unit != "" {
		f.unit(t.Unit, gap)
		gap = 0
	}
	var head []piece
	for i := range l.rows {
		p := piece{h: l.rows[i].h, draw: func(y float64) { l.draw(i, y) }}
		switch {
		case i < l.head:
			p.keep = true
			head = append(head, p)
		default:
			last := i == len(l.rows)-1
			p.keep = keepAll && !last || l.rows[i].linked || i == l.head || last && len(around.pieces) > 0
			p.again = head
		}
		if i == 0 {
			p.gap = gap
		}
		f.add(p)
	}
	f.pieces = append(f.pieces, around.pieces...)
	f.add(piece{h: afterTable, draw: func(float64) {}})
}

func (f *flow) unit(text string, gap float64) {
	g := f.d.shape([]document.Span{{Text: text}}, mincho, bold)
	f.add(piece{h: noteLeading, gap: gap, keep: true, draw: func(y float64) {
		f.d.put(line{g, true}, leftEdge+contentWidth-width(g, noteSize), y+baseline(noteLeading, noteSize), noteSize, 0)
	}})
}

// belowTable is the legend, then the notes.
func (f *flow) belowTable(t *document.Table) flow {
	below := flow{d: f.d}
	below.legend(t.Legend)
	for _, n := range t.Notes {
		below.hanging("", []document.Span{{Text: n}}, 0.5, noteSize, noteLeading)
	}
	for i := range below.pieces {
		below.pieces[i].keep = i < len(below.pieces)-1
		if i == 0 {
			below.pieces[i].gap = 1.5
		}
	}
	return below
}

// legend sets its entries side by side, on as few lines as they need and about as many on each.
func (f *flow) legend(entries []string) {
	const space = contentWidth - bodySize
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

func (l *tableLayout) columns() {
	total := 0.0
	for _, c := range l.t.Columns {
		total += c.Width
	}
	l.x = []float64{leftEdge}
	for _, c := range l.t.Columns {
		l.x = append(l.x, l.x[len(l.x)-1]+contentWidth*c.Width/total)
	}
}

// measure breaks every cell's text and finds the height of every row.
func (l *tableLayout) measure() {
	all := append(append([]document.Row(nil), l.t.Head...), l.t.Rows...)
	covered := map[[2]int]bool{}
	for i, row := range all {
		r := rowLayout{h: rowMin, total: row.Total}
		col := 0
		for _, c := range row.Cells {
			for covered[[2]int{i, col}] {
				col++
			}
			if col >= len(l.t.Columns) {
				break
			}
			cell := l.cell(c, i < l.head, col)
			for a := range cell.rows {
				for b := range cell.cols {
					covered[[2]int{i + a, col + b}] = true
				}
			}
			if cell.rows == 1 {
				r.h = max(r.h, cellHeight(cell))
			} else {
				r.linked = true
			}
			r.cells = append(r.cells, cell)
			col += cell.cols
		}
		l.rows = append(l.rows, r)
	}
	l.spans()
}

func (l *tableLayout) cell(c document.Cell, head bool, col int) cellLayout {
	out := cellLayout{col: col, cols: max(c.ColSpan, 1), rows: max(c.RowSpan, 1), align: c.Align, head: head}
	out.cols = min(out.cols, len(l.t.Columns)-col)
	if out.align == "" {
		out.align = l.t.Columns[col].Align
	}
	base := mincho
	if head {
		base = gothic
	}
	if c.Strong {
		base = bold
	}
	g := l.f.d.shape([]document.Span{{Text: c.Text}}, base, bold)
	out.lines = breakLines(g, l.size, l.x[col+out.cols]-l.x[col]-2*padX)
	return out
}

func cellHeight(c cellLayout) float64 { return float64(len(c.lines))*tableLead + 2*padY }

// spans links the rows under a cell of several rows, and makes the last of them higher where the cell needs it.
func (l *tableLayout) spans() {
	for i := range l.rows {
		for _, c := range l.rows[i].cells {
			last := min(i+c.rows, len(l.rows)) - 1
			have := 0.0
			for k := i; k <= last; k++ {
				have += l.rows[k].h
				if k < last {
					l.rows[k].linked = true
				}
			}
			if need := cellHeight(c); c.rows > 1 && need > have {
				l.rows[last].h += need - have
			}
		}
	}
}

// draw draws a row with its top at y. A cell of several rows is drawn by its first row.
func (l *tableLayout) draw(i int, y float64) {
	pdf, r := l.f.d.pdf, l.rows[i]
	for _, c := range r.cells {
		h := 0.0
		for k := i; k < min(i+c.rows, len(l.rows)); k++ {
			h += l.rows[k].h
		}
		x, w := l.x[c.col], l.x[c.col+c.cols]-l.x[c.col]
		pdf.SetLineWidth(innerRule)
		style := "D"
		if c.head {
			pdf.SetFillColor(headGrey, headGrey, headGrey)
			style = "FD"
		}
		pdf.Rect(x, y, w, h, style)
		l.text(c, x, y, w, h)
	}
	pdf.SetLineWidth(outerRule)
	left, right := l.x[0], l.x[len(l.x)-1]
	pdf.Line(left, y, left, y+r.h)
	pdf.Line(right, y, right, y+r.h)
	if i == 0 || r.total && (i == 0 || !l.rows[i-1].total) {
		pdf.Line(left, y, right, y)
	}
	if i == len(l.rows)-1 {
		pdf.Line(left, y+r.h, right, y+r.h)
	}
}

// text draws a cell's lines, centred from top to bottom. Figures stand one character from the right edge where the
// column is wide enough.
func (l *tableLayout) text(c cellLayout, x, y, w, h float64) {
	top := y + (h-float64(len(c.lines))*tableLead)/2
	for k, ln := range c.lines {
		own := width(ln.g, l.size)
		at := x + padX
		switch c.align {
		case "center":
			at = x + (w-own)/2
		case "right":
			at = x + w - own - min(l.size, max(padX, (w-own)/2))
		}
		l.f.d.put(line{ln.g, true}, at, top+float64(k)*tableLead+baseline(tableLead, l.size), l.size, 0)
	}
}
