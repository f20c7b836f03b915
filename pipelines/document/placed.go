package document

import "fmt"

// PlacedCell is a cell with its place in its table.
type PlacedCell struct {
	Cell
	Row, Col   int    // from 0; the rows of the head are counted first
	Rows, Cols int    // that it covers, one at least
	Align      string // its own or, where it has none, its column's
	Head       bool
}

// Placed finds the place of every cell: a list a row, those of the head first.
//
// A cell stands in the first column that neither a cell before it nor one from above covers. Its span ends with the
// head or the body that it is in, at the table's last column, and before a column that a cell from above covers: no two
// cells lie over each other. A row of fewer cells than columns is empty at its end. One of more is an error, for a
// figure would stand under the wrong head or nowhere. So is an alignment that is none of Aligns.
func (t *Table) Placed() ([][]PlacedCell, error) {
	if err := t.aligned(); err != nil {
		return nil, err
	}
	var out [][]PlacedCell
	for _, section := range [][]Row{t.Head, t.Rows} {
		p := placer{table: t, end: len(out) + len(section), free: make([]int, len(t.Columns))}
		for _, row := range section {
			cells, err := p.place(row, len(out))
			if err != nil {
				return nil, err
			}
			out = append(out, cells)
		}
	}
	return out, nil
}

// placer places the cells of a table's head or body.
type placer struct {
	table *Table
	end   int   // the row behind the last
	free  []int // by column, the first row that no cell from above covers
}

func (p *placer) place(row Row, at int) ([]PlacedCell, error) {
	out := make([]PlacedCell, 0, len(row.Cells))
	col := 0
	for _, c := range row.Cells {
		for col < len(p.free) && p.free[col] > at {
			col++
		}
		if col == len(p.free) {
			return nil, fmt.Errorf("表「%s」の%d行目に、列より多くのセルがあります", p.table.ID, at+1)
		}
		cell := PlacedCell{
			Cell: c, Row: at, Col: col, Align: c.Align, Head: at < len(p.table.Head),
			Rows: min(max(c.RowSpan, 1), p.end-at), Cols: p.span(c, at, col),
		}
		if cell.Align == "" {
			cell.Align = p.table.Columns[col].Align
		}
		for range cell.Cols {
			p.free[col] = at + cell.Rows
			col++
		}
		out = append(out, cell)
	}
	return out, nil
}

// span is how many columns a cell covers.
func (p *placer) span(c Cell, row, col int) int {
	n := 1
	for n < c.ColSpan && col+n < len(p.free) && p.free[col+n] <= row {
		n++
	}
	return n
}
