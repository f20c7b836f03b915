package form

import (
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// group is a record that takes several rows: one a measure (目標, 実績), or one a fiscal year.
type group struct {
	record record.Record
	row    int
	places map[string][2]int // where each identifying cell stands
	seen   map[string]bool   // the measures, or the years, already read
}

// groupRow reads a row of a table whose rows say which measure, or which year, their values are of.
func (t *tableReader) groupRow(i int) {
	if t.vacant(i) && !t.yearCells(i) {
		return
	}
	rule, year, id, ok := t.rowLabel(i)
	if !ok {
		return
	}
	if t.group == nil || t.startsGroup(i, id) {
		t.finishGroup()
		t.beginGroup(i)
	}
	t.group.seen[id] = true
	t.hiddenRow(&t.group.record, i)
	for _, c := range t.head.columns {
		switch {
		case c.rule != nil && !c.rule.Scoped && i > t.group.row && !t.identifies(c):
			if _, has := t.group.record.Field(c.rule.Name, ""); !has && !t.sheet.Covered(i, c.col) {
				t.readCell(&t.group.record, i, c.col, c.rule, "") // what the first row left blank
			}
		case c.rule == nil && rule != nil:
			t.readCell(&t.group.record, i, c.col, rule, c.scope)
		case c.rule != nil && c.rule.Scoped && c.assumed && year != "":
			t.readCell(&t.group.record, i, c.col, c.rule, year)
		}
	}
}

// rowLabel is what a row's label says its values are: a measure (with a nil rule for one that is not read), or a year.
// id tells the rows of one record apart. A label that says neither is a finding, and leaves the record out.
func (t *tableReader) rowLabel(i int) (rule *FieldRule, year, id string, ok bool) {
	if at := t.head.measures; at >= 0 {
		label := t.sheet.At(i, at).Text
		if rule, ok = t.form.measure(label); !ok && (label != "" || t.yearCells(i)) {
			t.unlabelled(i, finding.SymbolUnknown, at, strings.TrimSpace(t.form.measureList()))
			return nil, "", "", false
		}
		return rule, "", headWord(label), true
	}
	label := t.sheet.At(i, t.head.years).Text
	if year = t.form.yearIn(label); year == "" {
		if !t.onlyIdentity(i) {
			t.unlabelled(i, finding.NumberUnreadable, t.head.years, "年度（例：令和6年度、R6）")
		}
		return nil, "", "", false
	}
	return nil, year, year, true
}

func (t *tableReader) unlabelled(i int, code string, col int, expected string) {
	if t.group == nil || t.startsGroup(i, "") {
		t.finishGroup()
		t.beginGroup(i)
	}
	t.fail(&t.group.record, code, t.sheet.Ref(i, col), t.sheet.At(i, col).Text, expected)
}

func (t *tableReader) beginGroup(i int) {
	t.group = &group{record: t.begin(i), row: i, places: map[string][2]int{}, seen: map[string]bool{}}
	t.readColumns(&t.group.record, i, func(c column) bool { return c.rule != nil && (!c.rule.Scoped || !c.assumed) })
	for _, c := range t.head.columns {
		if t.identifies(c) {
			row, col := t.sheet.Origin(i, c.col)
			t.group.places[c.rule.Name] = [2]int{row, col}
		}
	}
}

// identifies reports a column whose cell tells records apart.
func (t *tableReader) identifies(c column) bool {
	if c.rule == nil || c.rule.Scoped {
		return false
	}
	return c.rule.Type == "name" || contains(t.form.Key, c.rule.Name)
}

// startsGroup reports that a row begins a new record: an identifying cell of its own says something new, or the
// measure (the year) has been read already.
func (t *tableReader) startsGroup(i int, id string) bool {
	if t.group.seen[id] {
		return true
	}
	for _, c := range t.head.columns {
		if !t.identifies(c) {
			continue
		}
		row, col := t.sheet.Origin(i, c.col)
		cell := t.sheet.At(i, c.col)
		old := t.group.places[c.rule.Name]
		if cell.Blank() || old == [2]int{row, col} {
			continue
		}
		if record.Normal(cell.Text) != record.Normal(t.sheet.At(old[0], old[1]).Text) {
			return true
		}
	}
	return false
}

// yearCells reports a row in which a cell under a year is filled in.
func (t *tableReader) yearCells(i int) bool {
	for _, c := range t.head.columns {
		if c.rule == nil && !t.sheet.At(i, c.col).Blank() {
			return true
		}
	}
	return false
}

// onlyIdentity reports a row without values: the head of a group whose years stand below.
func (t *tableReader) onlyIdentity(i int) bool {
	for _, c := range t.head.columns {
		if c.rule != nil && c.rule.Scoped && t.sheet.At(i, c.col).Kind != workbook.Empty && !t.sheet.Covered(i, c.col) {
			return false
		}
	}
	return true
}

func (t *tableReader) finishGroup() {
	if g := t.group; g != nil {
		t.group = nil
		t.end(&g.record, g.row)
	}
}

// measureList is the words that a row's label may be, for messages.
func (f *Form) measureList() string {
	out := ""
	for _, r := range f.Fields {
		if r.Scoped && r.Type == "number" {
			out += " " + r.title
		}
	}
	return out
}
