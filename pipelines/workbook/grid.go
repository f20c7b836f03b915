// Package workbook opens .xlsx, .xlsm, .xls, .ods and .csv files as grids of cells, as the author sees them.
package workbook

import (
	"cmp"
	"fmt"
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
	flipped    bool

	cells  []placed       // row by row once the sheet is settled
	at     map[uint64]int // their places in cells, while the sheet is read
	width  int            // columns of the two below
	filled []int32        // every place of a settled sheet: which of cells stands there, from 1
	merged []int32        // likewise which of Merges covers it; nil where none does
}

// Workbook is an opened file.
type Workbook struct{ Sheets []*Sheet }

// placed is a cell with its place.
type placed struct {
	row, col int
	Cell
}

func newSheet(name string) *Sheet {
	return &Sheet{Name: name, HiddenRows: map[int]bool{}, HiddenCols: map[int]bool{}, at: map[uint64]int{}}
}

func placeKey(row, col int) uint64 { return uint64(row)<<32 | uint64(col) }

// set puts a cell into a sheet that is being read.
func (s *Sheet) set(row, col int, c Cell) {
	if c.Kind == Empty && c.Formula == "" {
		return
	}
	if i, there := s.at[placeKey(row, col)]; there {
		s.cells[i].Cell = c
		return
	}
	s.at[placeKey(row, col)] = len(s.cells)
	s.add(row, col, c)
}

// add puts a cell to a place where none is.
func (s *Sheet) add(row, col int, c Cell) {
	s.cells = append(s.cells, placed{row, col, c})
	s.Rows, s.Cols = max(s.Rows, row+1), max(s.Cols, col+1)
}

// read is the cell at a place of a sheet that is being read.
func (s *Sheet) read(row, col int) (Cell, bool) {
	i, there := s.at[placeKey(row, col)]
	if !there {
		return Cell{}, false
	}
	return s.cells[i].Cell, true
}

// merge records a merged range; settle makes it known to its cells.
func (s *Sheet) merge(r Range) { s.Merges = append(s.Merges, r) }

// settle clips the merged ranges to the cells that exist and makes every cell of them show the top left one. Nothing is
// set or merged after it. What it takes grows with rows × columns, not with how the ranges lie.
func (s *Sheet) settle() {
	s.at, s.width = nil, s.Cols
	byPlace := func(a, b placed) int { return cmp.Or(a.row-b.row, a.col-b.col) }
	if !slices.IsSortedFunc(s.cells, byPlace) {
		slices.SortFunc(s.cells, byPlace)
	}
	s.filled = make([]int32, s.Rows*s.Cols)
	for i, c := range s.cells {
		s.filled[c.row*s.width+c.col] = int32(i + 1)
	}
	s.merged = nil
	ranges := s.Merges
	s.Merges = nil
	for _, r := range ranges {
		if r = s.clip(r); r.empty() {
			continue
		}
		if s.merged == nil {
			s.merged = make([]int32, s.Rows*s.Cols)
		}
		s.Merges = append(s.Merges, r)
		for i := r.Top; i <= r.Bottom; i++ {
			row := s.merged[i*s.width:]
			for j := r.Left; j <= r.Right; j++ {
				row[j] = int32(len(s.Merges))
			}
		}
	}
}

// clip is a range as far as the sheet goes.
func (s *Sheet) clip(r Range) Range {
	r.Bottom, r.Right = min(r.Bottom, s.Rows-1), min(r.Right, s.Cols-1)
	return r
}

func (r Range) empty() bool { return r.Bottom < r.Top || r.Right < r.Left }

// area is how many cells a range has.
func (r Range) area() int64 { return int64(r.Bottom-r.Top+1) * int64(r.Right-r.Left+1) }

// index finds a place of a settled sheet; ok is false for one outside it.
func (s *Sheet) index(row, col int) (i int, ok bool) {
	if row < 0 || col < 0 || col >= s.width {
		return 0, false
	}
	i = row*s.width + col
	return i, i < len(s.filled)
}

// At is the cell at a place; every cell of a merged range shows its top left one.
func (s *Sheet) At(row, col int) Cell {
	i, ok := s.index(row, col)
	if !ok {
		return Cell{}
	}
	if s.merged != nil && s.merged[i] > 0 {
		r := s.Merges[s.merged[i]-1]
		i = r.Top*s.width + r.Left
	}
	if k := s.filled[i]; k > 0 {
		return s.cells[k-1].Cell
	}
	return Cell{}
}

// Origin is the place where a cell's content stands: the top left of its merged range, or itself.
func (s *Sheet) Origin(row, col int) (int, int) {
	if i, ok := s.index(row, col); ok && s.merged != nil && s.merged[i] > 0 {
		r := s.Merges[s.merged[i]-1]
		return r.Top, r.Left
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
	for _, c := range s.cells {
		f(c.row, c.col, c.Cell)
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
	for _, c := range s.cells {
		f.add(c.col, c.row, c.Cell)
	}
	for _, m := range s.Merges {
		f.merge(Range{m.Left, m.Top, m.Right, m.Bottom})
	}
	f.settle()
	return f
}

// Only shows the cells whose place keep accepts; the others are empty. A merged range is kept where its top left is, as
// far as its cells are. Addresses stay the same.
func (s *Sheet) Only(keep func(row, col int) bool) *Sheet {
	f := newSheet(s.Name)
	f.Hidden, f.HiddenRows, f.HiddenCols, f.flipped = s.Hidden, s.HiddenRows, s.HiddenCols, s.flipped
	f.LongRows = s.LongRows
	for _, c := range s.cells {
		if keep(c.row, c.col) {
			f.add(c.row, c.col, c.Cell)
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
	f.settle()
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
