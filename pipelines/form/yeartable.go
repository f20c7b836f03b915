package form

import (
	"maps"
	"slices"

	"kyogikai/pipelines/finding"
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
	unread   []int              // rows whose label speaks of a measure but is not understood
	left     int                // the column of the view in which the measures stand
}

// yearTables finds the small tables of a sheet: at least one fiscal year in a row, with a measure's label left of and
// below it.
func (f *Form) yearTables(s *workbook.Sheet, year int) []yearTable {
	if !f.hasScoped() {
		return nil
	}
	var out []yearTable
	flip := s.Flip()
	for _, view := range []*workbook.Sheet{s, flip} {
		for i := range view.Rows {
			for _, t := range f.yearTablesAt(view, i, year) {
				t.flipped = view == flip
				t.row = i
				if t.flipped {
					t.row = t.firstYear()
				}
				if !slices.ContainsFunc(out, func(other yearTable) bool { return other.shares(t) }) {
					out = append(out, *t)
				}
			}
		}
	}
	return out
}

// yearTablesAt finds the tables whose years stand in a row of the view: years with the same column of measures to
// their left are one table.
func (f *Form) yearTablesAt(view *workbook.Sheet, i, year int) []*yearTable {
	byLeft := map[int]*yearTable{}
	var lefts []int
	var labelled *FieldRule
	bare := bareYears(view, i, year)
	label := -1 // the last label passed: what stands behind it is another part of the card
	for j := range view.Cols {
		if r, c := view.Origin(i, j); view.Covered(i, j) && (r != i || c != j) {
			continue // a heading over several columns: its value stands in the first
		}
		text := record.OneLine(view.At(i, j).Text)
		y := f.scopeAlone(text)
		if y == "" {
			y = bare[j]
		}
		if y == "" {
			if c, ok := f.matchHeader(text); ok && c.rule != nil && !c.rule.Scoped && c.rule.Type != "skip" {
				label, labelled = j, c.rule
			} else if text != "" {
				labelled = nil
			}
			continue
		}
		if labelled != nil && labelled.Type == "year" {
			labelled = nil
			continue // the value of a year field: 時点 | 2024年度
		}
		left := f.measuresLeft(view, i, j, max(label, j-farthest))
		if left < 0 {
			continue
		}
		if byLeft[left] == nil {
			byLeft[left] = &yearTable{view: view, head: i, years: map[int]string{}, measures: map[int]*FieldRule{}, left: left}
			lefts = append(lefts, left)
		}
		byLeft[left].years[j] = era(text, y, year)
	}
	var out []*yearTable
	for _, left := range lefts {
		if t := byLeft[left]; f.readMeasures(t) {
			out = append(out, t)
		}
	}
	return out
}

// headGap is how far below the years the first measure stands: a second row of headings may come between.
const headGap = 2

// farthest is how many columns a year stands from its table's labels.
const farthest = 60

// measuresLeft is the nearest column left of a year in which a measure's label stands right below the year's row,
// no further left than from.
func (f *Form) measuresLeft(view *workbook.Sheet, i, j, from int) int {
	for left := j - 1; left >= max(from, 0); left-- {
		for k := i + 1; k < view.Rows && k <= i+headGap; k++ {
			if _, ok := f.measure(view.At(k, left).Text); ok && !view.Covered(k, left) {
				return left
			}
		}
	}
	return -1
}

// readMeasures reads the labels of a table's rows, and reports whether it is a table.
func (f *Form) readMeasures(t *yearTable) bool {
	for k := t.head + 1; k < t.view.Rows; k++ {
		text := t.view.At(k, t.left).Text
		rule, ok := f.measure(text)
		if !ok && !t.view.Covered(k, t.left) && len(t.measures) > 0 && f.speaksOfNumbers(text) {
			t.unread = append(t.unread, k) // 目標（変更後）: which of two is meant, nobody can know
			continue
		}
		if !ok {
			if t.view.At(k, t.left).Blank() && len(t.measures) == 0 && k < t.head+headGap {
				continue // a second row of headings
			}
			break
		}
		if !t.view.Covered(k, t.left) {
			t.measures[k] = rule
		}
	}
	alone := len(t.years) == 1 && !matches(t.view.At(t.head, t.left).Text, yearHeads) && len(t.measures) < 2
	return len(t.measures) > 0 && !alone
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
	if last := slices.Max(slices.Collect(maps.Keys(t.years))); j > last {
		return false
	}
	if i == t.head {
		return true
	}
	_, ok := t.measures[i]
	return ok || slices.Contains(t.unread, i)
}

// mark marks the places of the sheet that belong to the table.
func (t *yearTable) mark(places map[[2]int]bool) {
	last := slices.Max(slices.Collect(maps.Keys(t.years)))
	for _, i := range slices.Concat([]int{t.head}, slices.Collect(maps.Keys(t.measures)), t.unread) {
		for j := t.left; j <= last; j++ {
			if t.flipped {
				places[[2]int{j, i}] = true
			} else {
				places[[2]int{i, j}] = true
			}
		}
	}
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

// enter adds the values of a table to a card. A cell merged over several years is the value of each of them.
func (table *yearTable) enter(t *reader, g *group) {
	for _, j := range slices.Sorted(maps.Keys(table.years)) {
		t.claimView(table, table.head, j, record.ClaimHead)
	}
	t.claimView(table, table.head, table.left, record.ClaimHead)
	for _, k := range slices.Sorted(maps.Keys(table.measures)) {
		rule := table.measures[k]
		t.claimView(table, k, table.left, record.ClaimLabel)
		for _, j := range slices.Sorted(maps.Keys(table.years)) {
			at := table.place(k, j)
			if rule == nil {
				t.claim(at[0], at[1], record.ClaimSkipped)
				continue
			}
			g.add(entry{rule: rule, scope: table.years[j], at: at, label: table.place(k, table.left)})
		}
	}
	for _, k := range table.unread {
		at := table.place(k, table.left)
		g.problems = append(g.problems, finding.New(finding.NumberUnreadable, t.sheet.Name, t.ref(at),
			t.sheet.At(at[0], at[1]).Text, "目標か実績の行"))
	}
}

func (table *yearTable) place(i, j int) [2]int {
	if table.flipped {
		return [2]int{j, i}
	}
	return [2]int{i, j}
}

func (t *reader) claimView(table *yearTable, i, j int, as string) {
	at := table.place(i, j)
	t.claim(at[0], at[1], as)
}

// last is the last row of the sheet that belongs to the table.
func (table *yearTable) last() int {
	last := table.row
	for k := range table.measures {
		for j := range table.years {
			last = max(last, table.place(k, j)[0])
		}
	}
	return last
}

// bareYears are the bare numbers of a row that are years: behind a corner that is called 年度, one after the other, in
// order, the sheet's year or one beside it among them.
func bareYears(view *workbook.Sheet, i, year int) map[int]string {
	for corner := range view.Cols {
		if view.Covered(i, corner) || !matches(view.At(i, corner).Text, yearHeads) {
			continue
		}
		right := corner + 1
		for ; right < view.Cols; right++ {
			if _, ok := bareNumber(view.At(i, right).Text); !ok {
				break
			}
		}
		if !yearNumbers(view, i, corner+1, right, year) {
			continue
		}
		out := map[int]string{}
		for j := corner + 1; j < right; j++ {
			n, _ := bareNumber(view.At(i, j).Text)
			out[j] = yearText(eraNumber(n, year))
		}
		return out
	}
	return nil
}
