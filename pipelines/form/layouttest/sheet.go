// Package layouttest draws workbooks as departments lay them out: the same answers in layouts composed of independent
// choices, with every value that a careful reader takes from them. It is imported by tests only.
package layouttest

import (
	"maps"
	"slices"
	"strings"
)

// Cell is one cell of a drawn sheet.
type Cell struct {
	Text   string // as its author sees it
	Number string // the stored decimal; "" where the cell holds text
	Format string // the number format under which Number shows as Text
	marks  []Fact
}

// Fact is one value that a workbook states. Places are where it stands: in several cells where a department repeats it.
type Fact struct {
	Form, Record, Field string
	Scope               string // western year, "whole" or ""
	Value               string
	Lenient             bool // a reader may refuse it, for no word of the form names it
	Places              []Place
}

// Place is a cell of a sheet, 0-based.
type Place struct {
	Sheet    string
	Row, Col int
}

// Range is a merged range, 0-based and inclusive.
type Range struct{ Top, Left, Bottom, Right int }

// grid is a part of a sheet: cells from its own top left.
type grid struct {
	cells  map[[2]int]Cell
	merges []Range
}

func newGrid() *grid { return &grid{cells: map[[2]int]Cell{}} }

func (g *grid) put(row, col int, c Cell) {
	if c.Text == "" && c.Number == "" {
		return
	}
	g.cells[[2]int{row, col}] = c
}

func (g *grid) text(row, col int, text string) { g.put(row, col, Cell{Text: text}) }

// merge joins cells, unless it is one cell only.
func (g *grid) merge(top, left, bottom, right int) {
	if top != bottom || left != right {
		g.merges = append(g.merges, Range{top, left, bottom, right})
	}
}

// size is the number of rows and columns, merged ranges included.
func (g *grid) size() (rows, cols int) {
	for at := range g.cells {
		rows, cols = max(rows, at[0]+1), max(cols, at[1]+1)
	}
	for _, m := range g.merges {
		rows, cols = max(rows, m.Bottom+1), max(cols, m.Right+1)
	}
	return rows, cols
}

// flip makes rows of columns.
func (g *grid) flip() *grid {
	f := newGrid()
	for at, c := range g.cells {
		f.cells[[2]int{at[1], at[0]}] = c
	}
	for _, m := range g.merges {
		f.merges = append(f.merges, Range{m.Left, m.Top, m.Right, m.Bottom})
	}
	return f
}

// stamp puts another grid's cells into this one.
func (g *grid) stamp(row, col int, other *grid) {
	for at, c := range other.cells {
		g.cells[[2]int{at[0] + row, at[1] + col}] = c
	}
	for _, m := range other.merges {
		g.merges = append(g.merges, Range{m.Top + row, m.Left + col, m.Bottom + row, m.Right + col})
	}
}

// Sheet is a drawn sheet.
type Sheet struct {
	Name   string
	Hidden bool
	grid
}

// Size is the number of rows and columns in use.
func (s *Sheet) Size() (rows, cols int) { return s.size() }

// At is a cell.
func (s *Sheet) At(row, col int) Cell { return s.cells[[2]int{row, col}] }

// SetText writes a cell that states no value.
func (s *Sheet) SetText(row, col int, text string) { s.text(row, col, text) }

// InsertRow moves a row and all below it down by one. Merged ranges that span the place grow.
func (s *Sheet) InsertRow(row int) {
	s.move(func(r, c int) (int, int) {
		if r >= row {
			r++
		}
		return r, c
	})
}

// InsertColumn moves a column and all right of it by one. Merged ranges that span the place grow.
func (s *Sheet) InsertColumn(col int) {
	s.move(func(r, c int) (int, int) {
		if c >= col {
			c++
		}
		return r, c
	})
}

func (s *Sheet) move(to func(row, col int) (int, int)) {
	moved := map[[2]int]Cell{}
	for at, c := range s.cells {
		r, k := to(at[0], at[1])
		moved[[2]int{r, k}] = c
	}
	s.cells = moved
	for i, m := range s.merges {
		top, left := to(m.Top, m.Left)
		bottom, right := to(m.Bottom, m.Right)
		s.merges[i] = Range{top, left, bottom, right}
	}
}

// places are the cells in use, row by row.
func (s *Sheet) places() [][2]int {
	return slices.SortedFunc(maps.Keys(s.cells), func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
}

// factsOf gathers what the cells of sheets state: one fact for a place, with all cells that state it.
func factsOf(sheets []*Sheet) []Fact {
	type key struct{ form, record, field, scope string }
	at := map[key]int{}
	var facts []Fact
	for _, s := range sheets {
		for _, p := range s.places() {
			for _, f := range s.cells[p].marks {
				k := key{f.Form, f.Record, f.Field, f.Scope}
				if _, known := at[k]; !known {
					at[k] = len(facts)
					facts = append(facts, f)
				}
				own := &facts[at[k]]
				own.Places = append(own.Places, Place{s.Name, p[0], p[1]})
			}
		}
	}
	return facts
}

// oneLine shows a text on one line.
func oneLine(text string) string { return strings.ReplaceAll(text, "\n", "⏎") }
