package layouttest

import (
	"fmt"
	"slices"
)

// build lays out some of the records, with heads; number is that of the first record, last says that no more follow.
func (t *table) build(entries []entry, number int, last bool) *grid {
	g := newGrid()
	row := t.putHeads(g, 0, t.columns)
	if t.example != "none" {
		e := t.exampleEntry()
		t.record(g, row, &e, 0)
		t.markExample(g, row)
		row += t.lines
	}
	if len(entries) > 0 {
		row = t.records(g, row, entries, number)
	}
	if t.emptyRows == "boxes" && last {
		row = t.boxes(g, row, number+len(entries))
	}
	if t.total != "none" && t.orientation != "alternate" && t.orientation != "long" {
		t.totals(g, row, entries)
	}
	if t.orientation == "transposed" {
		return g.flip()
	}
	if t.ending != "none" && last {
		rows, cols := g.size()
		g.text(rows, map[string]int{"以上": cols - 1}[t.ending], t.ending)
	}
	return g
}

// records writes the records and the lines between them, and returns the first row below.
func (t *table) records(g *grid, row int, entries []entry, number int) int {
	r := &run{t: t, g: g}
	for i := range entries {
		e := &entries[i]
		if i > 0 && t.breaks(&entries[i-1], e) {
			r.end()
			row++
		}
		if t.repeated && i == (len(entries)+1)/2 && i > 0 {
			r.end()
			row = t.putHeads(g, row, t.columns)
		}
		row = t.sections(r, row, entries, i)
		t.record(g, row, e, number+i)
		r.add(row, e)
		row += t.lines
		if t.subtotals != "none" && t.lines == 1 && (i == len(entries)-1 || parted(t.c, e, &entries[i+1])) {
			r.end()
			g.text(row, 0, t.subtotals)
			g.text(row, t.second(), itoa(groupSize(t.c, entries, i))+"件")
			row++
		}
	}
	r.end()
	return row
}

// second is the second column that is not left blank.
func (t *table) second() int {
	if t.columns[1].kind == "gap" {
		return 2
	}
	return 1
}

// parted reports whether two records belong to different groups.
func parted(c *content, a, b *entry) bool {
	for _, at := range c.attrs {
		if at.group && a.text[at.field] != b.text[at.field] {
			return true
		}
	}
	return false
}

// groupSize is the number of records of the group that ends at one.
func groupSize(c *content, entries []entry, last int) int {
	n := 1
	for last > 0 && !parted(c, &entries[last-1], &entries[last]) {
		n, last = n+1, last-1
	}
	return n
}

// breaks reports whether a blank row parts two records.
func (t *table) breaks(before, e *entry) bool {
	switch t.blankRows {
	case "between records":
		return true
	case "between groups":
		return parted(t.c, before, e)
	}
	return false
}

// sections writes the section rows that begin at a record, and returns the first row below.
func (t *table) sections(r *run, row int, entries []entry, i int) int {
	higher := false
	for k := range t.c.attrs {
		a := &t.c.attrs[k]
		if a.place != "section" {
			continue
		}
		if i > 0 && !higher && entries[i-1].text[a.field] == entries[i].text[a.field] {
			continue
		}
		higher = true
		r.end()
		t.sectionRow(r.g, row, a, t.inSection(entries, i, a))
		row++
	}
	return row
}

// inSection are the records under a section that begins at one: all that follow with the same answer, and the same
// sections above it.
func (t *table) inSection(entries []entry, from int, a *attr) []entry {
	to := from + 1
	for to < len(entries) {
		for k := range t.c.attrs {
			if b := &t.c.attrs[k]; b.place == "section" {
				if entries[to].text[b.field] != entries[from].text[b.field] {
					return entries[from:to]
				}
				if b == a {
					break
				}
			}
		}
		to++
	}
	return entries[from:to]
}

func (t *table) sectionRow(g *grid, row int, a *attr, entries []entry) {
	g.put(row, 0, t.stated(a, entries, "："))
	switch {
	case t.sectionManner == "two cells" && a.worded:
		value := t.stated(a, entries, "：")
		value.Text = entries[0].text[a.field]
		g.text(row, 0, a.head)
		g.put(row, 1, value)
	case t.sectionManner == "merged":
		g.merge(row, 0, row, len(t.columns)-1)
	}
}

// stated is the one cell that says something of several records: 計画名：…
func (t *table) stated(a *attr, entries []entry, between string) Cell {
	return t.c.stated(a, entries, between)
}

func (c *content) stated(a *attr, entries []entry, between string) Cell {
	cell := Cell{Text: entries[0].text[a.field]}
	if a.worded {
		cell.Text = a.head + between + cell.Text
	}
	for i := range entries {
		cell.marks = append(cell.marks, c.saying(&entries[i], a)...)
	}
	return cell
}

// record writes one record's lines, with every cell filled in.
func (t *table) record(g *grid, row int, e *entry, number int) {
	for col, c := range t.columns {
		for line := range t.lines {
			switch c.kind {
			case "attr":
				g.put(row+line, col, t.c.attrCell(e, c.attr))
			case "own":
				g.text(row+line, col, ownText(c.levels[0].Text, number))
			case "line":
				g.put(row+line, col, Cell{Text: itoa(number), Number: itoa(number)})
			case "measures":
				g.put(row+line, col, t.word(t.c.measures[line]))
			case "scopes":
				g.put(row+line, col, t.scopeCell(t.c.scopes[line]))
			case "value":
				m, scope := c.measure, c.scope
				if t.orientation == "alternate" {
					m = t.c.measures[line]
				}
				if t.orientation == "long" {
					scope = t.c.scopes[line]
				}
				g.put(row+line, col, t.c.valueCell(e, m, scope))
			}
		}
	}
}

// scopeCell is a year in the column of years.
func (t *table) scopeCell(scope int) Cell {
	if scope == whole {
		return Cell{Text: t.wholeWord()}
	}
	if t.m.years == "元号と数字" {
		return Cell{Text: spelled(scope, t.m.years)}
	}
	return yearCell(scope, t.m.years)
}

// ownText is what stands in a column of the department's own.
func ownText(head string, number int) string {
	switch head {
	case "電話番号":
		return fmt.Sprintf("内線%d", 2100+number)
	case "担当者名":
		return []string{"山田", "佐藤", "鈴木"}[number%3]
	}
	return thousands(itoa(1200 + 37*number))
}

// run is a run of records without a line between them: only within it may a cell stand for those below.
type run struct {
	t       *table
	g       *grid
	rows    []int
	entries []*entry
}

func (r *run) add(row int, e *entry) { r.rows, r.entries = append(r.rows, row), append(r.entries, e) }

// end writes what is as above in the department's manner.
func (r *run) end() {
	if len(r.rows) > 0 && r.t.same != "repeated" {
		for col, c := range r.t.columns {
			if c.kind == "attr" || c.kind == "own" || c.kind == "line" {
				r.shorten(col, c)
			}
		}
	}
	r.rows, r.entries = nil, nil
}

// shorten takes out of a column what is as above.
func (r *run) shorten(col int, c column) {
	from := -1 // where the text stands that holds for the lines below
	for i, row := range r.rows {
		for line := range r.t.lines {
			at := [2]int{row + line, col}
			cell, filled := r.g.cells[at]
			if !filled {
				from = -1
				continue
			}
			if line == 0 && (from < 0 || !r.continues(i, c)) {
				from = row
				continue
			}
			r.replace(at, cell, [2]int{from, col})
		}
	}
	if r.t.same == "merged" {
		r.mergeBlanks(col, c)
	}
}

// continues reports whether a record shares what stands in a column with the one before it.
func (r *run) continues(i int, c column) bool {
	if i == 0 || c.kind != "attr" || !c.attr.group {
		return false
	}
	before, e := r.entries[i-1], r.entries[i]
	for k := range r.t.c.attrs { // a group in another group is another group
		a := &r.t.c.attrs[k]
		if a.group && before.text[a.field] != e.text[a.field] {
			return false
		}
		if a == c.attr {
			break
		}
	}
	return true
}

func (r *run) replace(at [2]int, cell Cell, origin [2]int) {
	if mark := r.t.same; mark == "〃" || mark == "同上" {
		r.g.cells[at] = Cell{Text: mark, marks: cell.marks}
	} else {
		delete(r.g.cells, at)
	}
	first := r.g.cells[origin]
	first.marks = append(slices.Clone(first.marks), cell.marks...)
	r.g.cells[origin] = first
}

// mergeBlanks merges each filled cell with the cells below it that it holds for.
func (r *run) mergeBlanks(col int, c column) {
	top := -1
	last := r.rows[len(r.rows)-1] + r.t.lines - 1
	for i, row := range r.rows {
		for line := range r.t.lines {
			_, filled := r.g.cells[[2]int{row + line, col}]
			if !filled && (line > 0 || r.continues(i, c)) {
				continue
			}
			if top >= 0 {
				r.g.merge(top, col, row+line-1, col)
			}
			top = row + line
		}
	}
	if top >= 0 {
		r.g.merge(top, col, last, col)
	}
}

// exampleEntry is what an example row says: nothing that was ever reported.
func (t *table) exampleEntry() entry {
	first := t.c.entries[0]
	e := newEntry("")
	e.unit = first.unit
	for _, a := range t.c.attrs {
		switch {
		case a.name:
			e.text[a.field] = "○○の件数"
		case a.number:
			e.text[a.field] = "80"
		case a.group && a.field != "code":
			e.text[a.field] = "○○の推進"
		case a.field == "remarks" || a.field == "narrative" || a.field == "summary" || a.field == "status":
			e.text[a.field] = "○○による。"
		default:
			e.text[a.field] = first.text[a.field]
		}
	}
	for _, m := range t.c.measures {
		for scope := range first.values[m.field] {
			e.rate(m.field, scope, map[string]string{"progress": "○", "self_rating": "B"}[m.field])
			if t.c.form != "B" {
				e.rate(m.field, scope, "100")
			}
		}
	}
	return e
}

// markExample says in an example row's first cell that it is one, and takes what it states from its cells. What is said
// of all its lines stands once.
func (t *table) markExample(g *grid, row int) {
	for line := range t.lines {
		for col, column := range t.columns {
			at := [2]int{row + line, col}
			c, ok := g.cells[at]
			if !ok {
				continue
			}
			c.marks = nil
			g.cells[at] = c
			if line > 0 && (column.kind == "attr" || column.kind == "own" || column.kind == "line") {
				delete(g.cells, at)
			}
		}
	}
	text := t.example
	if first := t.columns[0]; first.kind == "attr" && first.attr.name {
		text += "　○○の件数"
	}
	g.put(row, 0, Cell{Text: text})
}

// boxes are rows that nobody filled in: where records are numbered, these are too.
func (t *table) boxes(g *grid, row, number int) int {
	const empty = 2
	for i := range empty {
		for col, c := range t.columns {
			if c.kind == "line" || c.kind == "attr" && c.attr.field == "code" && t.c.form == "B" {
				g.text(row+i*t.lines, col, itoa(number+i))
			}
		}
	}
	return row + empty*t.lines
}

// totals is the row below the table: the sums where all records have one unit, else how many there are.
func (t *table) totals(g *grid, row int, entries []entry) {
	g.text(row, 0, t.total)
	if t.c.form == "B" || t.c.form == "D" || t.c.commonUnit() == "" || t.c.commonUnit() == "%" {
		g.text(row, t.second(), itoa(len(entries))+"件")
		return
	}
	for col, c := range t.columns {
		if c.kind != "value" || c.measure.own {
			continue
		}
		sum := 0
		for i := range entries {
			sum += tenths(entries[i].values[c.measure.field][c.scope])
		}
		cell := t.c.number(decimal(sum, t.c.commonUnit()), t.c.commonUnit())
		g.put(row, col, Cell{Text: cell.Text, Number: cell.Number, Format: cell.Format})
	}
}

// tenths is a decimal as a number of tenths; 0 for none.
func tenths(value string) int {
	whole, tenth := 0, 0
	if n, _ := fmt.Sscanf(value, "%d.%d", &whole, &tenth); n == 0 {
		return 0
	}
	return whole*10 + tenth
}
