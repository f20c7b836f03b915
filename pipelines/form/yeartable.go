package form

import (
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// yearTable is the small table of a card: fiscal years across with a row for each measure, or down with a column each.
// view is the sheet, flipped where the years run down; places in it are the view's.
type yearTable struct {
	view     *workbook.Sheet
	flipped  bool
	row      int // of the sheet: where the table begins
	head     int // the row of the view in which the years stand
	years    map[int]string
	measures map[int]*FieldRule // by row of the view; nil for rows that are not read
	left     int                // the column of the view in which the measures stand
}

// yearTables finds the small tables of a sheet: at least one fiscal year in a row, with a measure's label left of and
// below it.
func (f *Form) yearTables(s *workbook.Sheet) []yearTable {
	if !f.hasScopedNumber() {
		return nil
	}
	var out []yearTable
	flip := s.Flip()
	for _, view := range []*workbook.Sheet{s, flip} {
		for i := range view.Rows {
			t := f.yearTableAt(view, i)
			if t == nil {
				continue
			}
			t.flipped = view == flip
			t.row = i
			if t.flipped {
				t.row = t.firstYear()
			}
			overlaps := false
			for _, other := range out {
				overlaps = overlaps || other.shares(t)
			}
			if !overlaps {
				out = append(out, *t)
			}
		}
	}
	return out
}

func (f *Form) yearTableAt(view *workbook.Sheet, i int) *yearTable {
	t := &yearTable{view: view, head: i, years: map[int]string{}, measures: map[int]*FieldRule{}, left: -1}
	for j := range view.Cols {
		if view.Covered(i, j) {
			if r, c := view.Origin(i, j); r == i && t.years[c] != "" {
				continue // a heading over several columns: its value stands in the first
			}
			continue
		}
		if y := f.yearOf(view.At(i, j).Text); y != "" {
			t.years[j] = y
		}
	}
	if len(t.years) == 0 {
		return nil
	}
	first := view.Cols
	for j := range t.years {
		first = min(first, j)
	}
	for j := first - 1; j >= 0 && t.left < 0; j-- {
		for k := i + 1; k < view.Rows && k <= i+8; k++ {
			if _, ok := f.measure(view.At(k, j).Text); ok && !view.Covered(k, j) {
				t.left = j
				break
			}
		}
	}
	if t.left < 0 {
		return nil
	}
	for k := i + 1; k < view.Rows; k++ {
		text := view.At(k, t.left).Text
		rule, ok := f.measure(text)
		if !ok {
			if view.At(k, t.left).Blank() && len(t.measures) == 0 && k <= i+2 {
				continue // a second row of headings
			}
			break
		}
		if !view.Covered(k, t.left) {
			t.measures[k] = rule
		}
	}
	if len(t.measures) == 0 || len(t.years) == 1 && !matches(view.At(i, t.left).Text, yearHeads) && len(t.measures) < 2 {
		return nil
	}
	return t
}

func (t *yearTable) firstYear() int {
	first := t.view.Cols
	for j := range t.years {
		first = min(first, j)
	}
	return first
}

// covers reports a place of the sheet that belongs to the table.
func (t *yearTable) covers(i, j int) bool {
	if t.flipped {
		i, j = j, i
	}
	if j < t.left {
		return false
	}
	if i == t.head {
		return true
	}
	_, ok := t.measures[i]
	return ok
}

func (t *yearTable) shares(other *yearTable) bool {
	for j := range other.years {
		i := other.head
		if other.flipped {
			i, j = j, i
		}
		if t.covers(i, j) {
			return true
		}
	}
	return false
}

func (t *yearTable) names(rule *FieldRule) bool {
	for _, r := range t.measures {
		if r == rule {
			return true
		}
	}
	return false
}

// read reads the values of one field. A cell merged over several years is the value of each of them.
func (t *yearTable) read(reader *tableReader, r *record.Record, rule *FieldRule) {
	for k := range t.view.Rows {
		if m := t.measures[k]; m != rule || m == nil {
			continue
		}
		for j := range t.view.Cols {
			year, ok := t.years[j]
			if !ok {
				continue
			}
			i, col := k, j
			if t.flipped {
				i, col = j, k
			}
			reader.readCell(r, i, col, rule, year)
		}
	}
}
