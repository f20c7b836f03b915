// Package workbook opens .xlsx, .xlsm, .xls, .ods and .csv files as grids of cells, as the author sees them.
package workbook

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Kind of a cell's content.
type Kind int

// Kinds of content. A formula's cell has the kind of its stored result, or Uncached when none is stored.
const (
	Empty Kind = iota
	Text
	Number
	Bool     // Text is TRUE or FALSE; it has no Value
	Date     // Text is YYYY-MM-DD, or what the author sees where no day is shown: 令和7年度
	Error    // Text is #DIV/0! and the like
	Uncached // a formula without a stored result
	Time     // a time of day or a duration; Text is what the author sees: 36:30. It has no Value
)

// Cell is one cell. Text is what its author sees, without rounding: 0.393 under 0.0% is "39.3%", 50.1 under
// 0.0"億円" is "50.1億円". Value is the stored number as an exact decimal (15 significant digits), else "". A formula
// whose result is an empty text is Empty and keeps its Formula.
type Cell struct {
	Kind       Kind
	Text       string
	Value      string
	Formula    string
	Struck     bool // all of it is struck out
	PartStruck bool // a part of its text is struck out; Text has that part too
}

// Blank reports whether nothing can be seen in the cell.
func (c Cell) Blank() bool {
	return c.Kind == Empty || c.Kind == Text && strings.TrimSpace(c.Text) == ""
}

// Range is a merged range, 0-based and inclusive.
type Range struct{ Top, Left, Bottom, Right int }

// Sheet is a grid of cells. Rows and columns are 0-based.
type Sheet struct {
	Name       string
	Hidden     bool
	Rows, Cols int
	HiddenRows map[int]bool
	HiddenCols map[int]bool
	Merges     []Range
	LongRows   []int // of a CSV: rows with more fields than the head of their table, as an unquoted 1,200 makes them
	cells      map[[2]int]Cell
	merged     map[[2]int][2]int // every cell of a merged range to its top left
	flipped    bool
}

// Workbook is an opened file.
type Workbook struct{ Sheets []*Sheet }

func newSheet(name string) *Sheet {
	return &Sheet{
		Name: name, HiddenRows: map[int]bool{}, HiddenCols: map[int]bool{},
		cells: map[[2]int]Cell{}, merged: map[[2]int][2]int{},
	}
}

func (s *Sheet) set(row, col int, c Cell) {
	if c.Kind == Empty && c.Formula == "" {
		return
	}
	s.cells[[2]int{row, col}] = c
	s.Rows, s.Cols = max(s.Rows, row+1), max(s.Cols, col+1)
}

// merge records a merged range; spread makes it known to its cells.
func (s *Sheet) merge(r Range) { s.Merges = append(s.Merges, r) }

// spread clips the merged ranges to the cells that exist and makes every cell of them show the top left one. It
// reports whether sheet and ranges stay within an area of maxArea cells.
func (s *Sheet) spread() bool {
	area := s.Rows * s.Cols
	if area > maxArea {
		return false
	}
	ranges := s.Merges
	s.Merges = nil
	for _, r := range ranges {
		r.Bottom, r.Right = min(r.Bottom, s.Rows-1), min(r.Right, s.Cols-1)
		if r.Bottom < r.Top || r.Right < r.Left {
			continue
		}
		if area += (r.Bottom - r.Top + 1) * (r.Right - r.Left + 1); area > 2*maxArea {
			return false
		}
		s.Merges = append(s.Merges, r)
		for i := r.Top; i <= r.Bottom; i++ {
			for j := r.Left; j <= r.Right; j++ {
				s.merged[[2]int{i, j}] = [2]int{r.Top, r.Left}
			}
		}
	}
	return true
}

// At is the cell at a place; every cell of a merged range shows its top left one.
func (s *Sheet) At(row, col int) Cell {
	if o, ok := s.merged[[2]int{row, col}]; ok {
		return s.cells[o]
	}
	return s.cells[[2]int{row, col}]
}

// Origin is the place where a cell's content stands: the top left of its merged range, or itself.
func (s *Sheet) Origin(row, col int) (int, int) {
	if o, ok := s.merged[[2]int{row, col}]; ok {
		return o[0], o[1]
	}
	return row, col
}

// Covered reports whether a cell is hidden under a merged range that begins elsewhere.
func (s *Sheet) Covered(row, col int) bool {
	r, c := s.Origin(row, col)
	return r != row || c != col
}

// Each calls f for every non-empty cell, row by row.
func (s *Sheet) Each(f func(row, col int, c Cell)) {
	places := slices.SortedFunc(maps.Keys(s.cells), func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
	for _, p := range places {
		f(p[0], p[1], s.cells[p])
	}
}

// Ref is the address of a cell as its author knows it (E12), also in a flipped sheet.
func (s *Sheet) Ref(row, col int) string {
	if s.flipped {
		row, col = col, row
	}
	return fmt.Sprintf("%s%d", columnName(col), row+1)
}

// Flip shows the sheet with rows as columns, for tables whose years run down. Addresses stay the author's.
func (s *Sheet) Flip() *Sheet {
	f := newSheet(s.Name)
	f.Hidden, f.HiddenRows, f.HiddenCols, f.flipped = s.Hidden, s.HiddenCols, s.HiddenRows, !s.flipped
	for k, c := range s.cells {
		f.set(k[1], k[0], c)
	}
	for _, m := range s.Merges {
		f.merge(Range{m.Left, m.Top, m.Right, m.Bottom})
	}
	f.spread() // the sheet has passed the same limits
	return f
}

// Only shows the cells whose place keep accepts; the others are empty. A merged range is kept where its top left is, as
// far as its cells are. Addresses stay the same.
func (s *Sheet) Only(keep func(row, col int) bool) *Sheet {
	f := newSheet(s.Name)
	f.Hidden, f.HiddenRows, f.HiddenCols, f.flipped = s.Hidden, s.HiddenRows, s.HiddenCols, s.flipped
	f.LongRows = s.LongRows
	for k, c := range s.cells {
		if keep(k[0], k[1]) {
			f.set(k[0], k[1], c)
		}
	}
	f.Rows, f.Cols = s.Rows, s.Cols
	for _, m := range s.Merges {
		if !keep(m.Top, m.Left) {
			continue
		}
		for m.Bottom > m.Top && !keep(m.Bottom, m.Left) {
			m.Bottom--
		}
		for m.Right > m.Left && !keep(m.Top, m.Right) {
			m.Right--
		}
		f.merge(m)
	}
	f.spread() // the sheet has passed the same limits
	return f
}

// Columns shows only the columns from (inclusive) to (exclusive).
func (s *Sheet) Columns(from, to int) *Sheet {
	f := s.Only(func(_, col int) bool { return col >= from && col < to })
	f.Cols = min(to, s.Cols)
	return f
}

// Lines shows only the rows from (inclusive) to (exclusive).
func (s *Sheet) Lines(from, to int) *Sheet {
	f := s.Only(func(row, _ int) bool { return row >= from && row < to })
	f.Rows = min(to, s.Rows)
	return f
}

func columnName(col int) string {
	name := ""
	for col++; col > 0; col = (col - 1) / 26 {
		name = string(rune('A'+(col-1)%26)) + name
	}
	return name
}
