// Package geometry says which cells of a sheet may describe which others, by their places alone: it knows no words.
// Rows and columns are 0-based; a merged range counts once, at its top left.
package geometry

import (
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// Place is a cell of a sheet: row and column.
type Place [2]int

// Part is one of the cells that stand above a column or left of a row, with its text in one line.
type Part struct {
	At   Place
	Text string
}

// Own reports a cell that holds something itself: neither blank nor covered by a merged range that begins elsewhere.
func Own(s *workbook.Sheet, row, col int) bool {
	return !s.Covered(row, col) && !s.At(row, col).Blank()
}

// Row lists the columns from left (inclusive) to right (exclusive) whose cells in a row hold something themselves.
func Row(s *workbook.Sheet, row, left, right int) []int {
	var out []int
	for j := max(left, 0); j < min(right, s.Cols); j++ {
		if Own(s, row, j) {
			out = append(out, j)
		}
	}
	return out
}

// BlankRow reports a row in which nothing shows between two columns, merged ranges from above included.
func BlankRow(s *workbook.Sheet, row, left, right int) bool {
	for j := max(left, 0); j < min(right, s.Cols); j++ {
		if !s.At(row, j).Blank() {
			return false
		}
	}
	return true
}

// Alone is the only cell of a row that holds something between two columns.
func Alone(s *workbook.Sheet, row, left, right int) (part Part, ok bool) {
	cells := Row(s, row, left, right)
	if len(cells) != 1 {
		return Part{}, false
	}
	j := cells[0]
	return Part{Place{row, j}, record.OneLine(s.At(row, j).Text)}, true
}

// Width is the number of columns that a cell spans to the right; 1 where it is not merged.
func Width(s *workbook.Sheet, row, col int) int {
	r, c := s.Origin(row, col)
	n := 1
	for k := col + 1; s.Covered(row, k); k++ { // no merged range reaches beyond the sheet
		if i, j := s.Origin(row, k); i != r || j != c {
			break
		}
		n++
	}
	return n
}

// Height is the number of rows that a cell spans down; 1 where it is not merged.
func Height(s *workbook.Sheet, row, col int) int {
	r, c := s.Origin(row, col)
	n := 1
	for k := row + 1; s.Covered(k, col); k++ {
		if i, j := s.Origin(k, col); i != r || j != c {
			break
		}
		n++
	}
	return n
}

// Stack is what stands above a column in the rows top to bottom, each merged range once, from top to bottom. own are
// the cells of the column itself. all adds, where a cell is blank, the cell before it in its row: wide heads are not
// always merged. A blank takes the cell before it only where a deeper row has something of its own below both, only up
// to the next filled cell or a blank column, and never from a cell that is merged: such a cell says itself how far it
// goes.
func Stack(s *workbook.Sheet, top, bottom, left, col int) (own, all []Part) {
	last := Place{-1, -1}
	for i := top; i <= bottom; i++ {
		r, c := s.Origin(i, col)
		at := Place{r, c}
		if !s.At(i, col).Blank() {
			if at != last {
				part := Part{at, record.OneLine(s.At(i, col).Text)}
				own, all = append(own, part), append(all, part)
			}
			last = at
			continue
		}
		last = at
		if k := before(s, i, bottom, left, col); k >= 0 {
			all = append(all, Part{Place{i, k}, record.OneLine(s.At(i, k).Text)})
		}
	}
	return own, all
}

// before is the column from which a blank cell of a head takes its content, or -1.
func before(s *workbook.Sheet, row, bottom, left, col int) int {
	if s.Covered(row, col) || !deeper(s, row, bottom, col) {
		return -1
	}
	for k := col - 1; k >= left; k-- {
		if !s.At(row, k).Blank() {
			if s.Covered(row, k) || Width(s, row, k) > 1 || !deeper(s, row, bottom, k) {
				return -1
			}
			return k
		}
		if !deeper(s, row, bottom, k) {
			return -1
		}
	}
	return -1
}

// deeper reports that something of a column's own stands below a row of its head.
func deeper(s *workbook.Sheet, row, bottom, col int) bool {
	for i := row + 1; i <= bottom; i++ {
		if Own(s, i, col) {
			return true
		}
	}
	return false
}

// Repeats are the columns at which tables that stand side by side begin: anchors are the columns of the heads that
// come once a table, in order. A table begins where its first head does, so many columns left of the second anchor as
// the first table's first head stands left of the first.
func Repeats(s *workbook.Sheet, row int, anchors []int, same func(a, b int) bool) []int {
	first := Row(s, row, 0, s.Cols)
	if len(first) == 0 || len(anchors) == 0 {
		return nil
	}
	out := []int{first[0]}
	for n := 1; n < len(anchors); n++ {
		at := anchors[n]
		for k := 1; ; k++ {
			a, b := anchors[n-1]-k, anchors[n]-k
			if a < out[n-1] || b <= anchors[n-1] || !same(a, b) {
				break
			}
			at = b
		}
		out = append(out, at)
	}
	return out
}
