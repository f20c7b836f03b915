package form

import (
	"strconv"

	"kyogikai/pipelines/record"
)

// startOf is the year in which what a record tells began, as its cells state it; 0 where the form asks for none, or
// nothing says so. It is asked before the fields are read in their order: a mark for nothing means something else in a
// year before.
func (t *reader) startOf(g *group) int {
	for i := range t.form.rules {
		rule := t.form.fieldNamed(t.form.rules[i].StartYear)
		if rule == nil {
			continue
		}
		for _, e := range g.entries {
			c := t.sheet.At(e.at[0], e.at[1])
			if e.rule != rule || e.nothing || empty(c, rule) {
				continue
			}
			told := len(t.findings)
			fields := t.yearCell(&record.Record{}, record.Field{Name: rule.Name, Text: c.Text}, rule)
			t.findings = t.findings[:told] // it is told where the field is read
			for _, f := range fields {
				if year, err := strconv.Atoi(f.Value); err == nil {
					return year
				}
			}
		}
	}
	return 0
}

// beforeStart reports a scope of a year in which what is read had not begun: nothing is asked of it.
func (t *reader) beforeStart(scope string) bool {
	year, err := strconv.Atoi(scope)
	return err == nil && year < t.start
}
