package form

import (
	"slices"
	"strconv"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// required reports the blank cells that may not be blank.
func (t *reader) required(r *record.Record, g *group) {
	for _, q := range t.form.Required {
		if !t.all(r, q.When) || t.any(r, q.Unless) {
			continue
		}
		rule := t.form.fieldNamed(q.Field)
		placed, waived := false, false
		told := map[string]bool{}
		for _, e := range g.entries {
			if e.rule != rule || placed && t.head == nil {
				continue
			}
			if t.beforeStart(e.scope) {
				waived = true
				continue
			}
			placed = true
			if !e.nothing && !empty(t.sheet.At(e.at[0], e.at[1]), e.rule) {
				continue
			}
			_, elsewhere := r.Field(q.Field, e.scope) // by another cell of the record
			if elsewhere || disputes(r, q.Field, e.scope) || excused(r, q.Field, e.scope) {
				continue
			}
			if told[t.ref(e.at)] {
				continue // one cell over several rows
			}
			told[t.ref(e.at)] = true
			head := rule.title
			if t.head != nil {
				head = t.headText(e)
			}
			t.fail(r, finding.RequiredMissing, t.ref(e.at), "", head)
		}
		if !placed && !waived && rule.Needed && r.Value(q.Field) == "" && rule.Type != "name" {
			t.fail(r, finding.RequiredMissing, r.Cell, "", rule.title)
		}
	}
}

// disputes reports a field of which two cells state different values.
func disputes(r *record.Record, name, scope string) bool {
	return slices.ContainsFunc(r.Disputed, func(f record.Field) bool { return f.Name == name && f.Scope == scope })
}

// empty reports a cell in which nothing is stated: a year of 「—」 is none.
func empty(c workbook.Cell, rule *FieldRule) bool {
	return c.Blank() || rule.Type == "year" && quantity.Parse(c.Text).Status == quantity.Missing
}

func (t *reader) any(r *record.Record, cs []Condition) bool {
	for _, c := range cs {
		if t.holds(r, c) {
			return true
		}
	}
	return false
}

func (t *reader) all(r *record.Record, cs []Condition) bool {
	for _, c := range cs {
		if !t.holds(r, c) {
			return false
		}
	}
	return true
}

func (t *reader) holds(r *record.Record, c Condition) bool { return c.holds(r, t.year) }

// holds reports a condition that a record of a sheet of some year meets.
func (c Condition) holds(r *record.Record, sheetYear int) bool {
	value := r.Value(c.Field)
	if c.Set {
		return value != ""
	}
	if c.BeforeYear {
		year, err := strconv.Atoi(value)
		return err == nil && year < sheetYear
	}
	return slices.Contains(c.Is, value)
}

// contradictions reports an end that the rest of the row denies: such a row would break the yearly flow.
func (t *reader) contradictions(r *record.Record) {
	for _, rule := range t.form.rules {
		if rule.Type != "ended" {
			continue
		}
		t.oneEnd(r, rule.EndYear)
		word, ok := r.Field(rule.Name, "")
		end, ended := r.Field(rule.EndYear, "")
		if ok && word.Value == rule.Values[0] && ended {
			t.say(r, end.Cell, "「"+word.Text+"」なのに終了年度「"+end.Text+"」があります。どちらかを直してください。")
		}
		start, err1 := strconv.Atoi(r.Value(rule.StartYear))
		if first, ok := r.Field(rule.StartYear, ""); ok && err1 == nil && t.year > 0 && start > t.year {
			t.say(r, first.Cell, "開始年度「"+first.Text+"」が調査の年度より後です。年度を確かめて直してください。")
		}
		stop, err2 := strconv.Atoi(end.Value)
		if err1 == nil && err2 == nil && stop < start {
			t.say(r, end.Cell, "終了年度「"+end.Text+"」が開始年度より前です。どちらかを直してください。")
		}
	}
}

// say leaves out a record whose years contradict each other: that is an error, other years that do not match are not.
func (t *reader) say(r *record.Record, cell, message string) {
	r.Excluded = true
	f := finding.New(finding.YearMismatch, t.sheet.Name, cell, "", "")
	f.Severity, f.Message = record.Error, message
	t.findings = append(t.findings, f)
}

// hiddenRows leaves out a record of which the department has hidden a row: it may be a forgotten draft.
func (t *reader) hiddenRows(r *record.Record, g *group) {
	for _, i := range g.rows {
		if !t.sheet.HiddenRows[i] || !t.shows(i) {
			continue
		}
		cell := r.Cell
		if cell == "" {
			cell = t.sheet.Ref(i, g.entries[0].at[1])
		}
		t.fail(r, finding.HiddenData, cell, "非表示の行", "")
		return
	}
}

// shows reports a row in which something stands.
func (t *reader) shows(i int) bool { return len(geometry.Row(t.sheet, i, 0, t.sheet.Cols)) > 0 }
