package form

import (
	"strconv"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// required reports the blank cells that may not be blank.
func (t *tableReader) required(r *record.Record, i int) {
	for _, q := range t.form.Required {
		if !t.all(r, q.When) || t.any(r, q.Unless) {
			continue
		}
		for _, c := range t.head.columns {
			if c.rule == nil || c.rule.Name != q.Field || !empty(t.sheet.At(i, c.col), c.rule) {
				continue
			}
			if _, ok := r.Field(q.Field, c.scope); ok { // another cell of the row told it
				continue
			}
			t.fail(r, finding.RequiredMissing, t.sheet.Ref(i, c.col), "", headerText(t.sheet, t.head.top, t.head.bottom, c.col))
		}
	}
}

// empty reports a cell in which nothing is stated: a year of 「—」 is none.
func empty(c workbook.Cell, rule *FieldRule) bool {
	return c.Blank() || rule.Type == "year" && quantity.Parse(c.Text).Status == quantity.Missing
}

func (t *tableReader) any(r *record.Record, cs []Condition) bool {
	for _, c := range cs {
		if t.holds(r, c) {
			return true
		}
	}
	return false
}

func (t *tableReader) all(r *record.Record, cs []Condition) bool {
	for _, c := range cs {
		if !t.holds(r, c) {
			return false
		}
	}
	return true
}

func (t *tableReader) holds(r *record.Record, c Condition) bool {
	value := r.Value(c.Field)
	if c.Set {
		return value != ""
	}
	if c.BeforeYear {
		year, err := strconv.Atoi(value)
		return err == nil && year < t.year
	}
	for _, is := range c.Is {
		if value == is {
			return true
		}
	}
	return false
}

// contradictions reports an end that the rest of the row denies: such a row would break the yearly flow.
func (t *tableReader) contradictions(r *record.Record) {
	for _, rule := range t.form.Fields {
		if rule.Type != "ended" {
			continue
		}
		word, ok := r.Field(rule.Name, "")
		end, ended := r.Field(rule.EndYear, "")
		if ok && word.Value == rule.Values[0] && ended {
			t.say(r, finding.YearMismatch, end.Cell, "「"+word.Text+"」なのに終了年度「"+end.Text+"」があります。どちらかを直してください。")
		}
		start, err1 := strconv.Atoi(r.Value(rule.StartYear))
		if first, ok := r.Field(rule.StartYear, ""); ok && err1 == nil && t.year > 0 && start > t.year {
			t.say(r, finding.YearMismatch, first.Cell, "開始年度「"+first.Text+"」が調査の年度より後です。年度を確かめて直してください。")
		}
		stop, err2 := strconv.Atoi(end.Value)
		if err1 == nil && err2 == nil && stop < start {
			t.say(r, finding.YearMismatch, end.Cell, "終了年度「"+end.Text+"」が開始年度より前です。どちらかを直してください。")
		}
	}
}

// say leaves out a record for a reason of its own. It is an error whatever the code's usual severity.
func (t *tableReader) say(r *record.Record, code, cell, message string) {
	r.Excluded = true
	f := finding.New(code, t.sheet.Name, cell, "", "")
	f.Severity, f.Message = record.Error, message
	t.findings = append(t.findings, f)
}

// hiddenRow leaves out a record whose row the department has hidden: it may be a forgotten draft.
func (t *tableReader) hiddenRow(r *record.Record, i int) {
	if t.sheet.HiddenRows[i] {
		cell := r.Cell
		if cell == "" {
			cell = t.sheet.Ref(i, t.head.columns[0].col)
		}
		if n := len(t.findings); n > 0 && t.findings[n-1].Code == finding.HiddenData && t.findings[n-1].Cell == cell {
			return // another row of the same record
		}
		t.fail(r, finding.HiddenData, cell, "非表示の行", "")
	}
}

// hiddenColumns reports a hidden column of the table that holds values.
func (t *tableReader) hiddenColumns() {
	for _, c := range t.head.columns {
		if !t.sheet.HiddenCols[c.col] {
			continue
		}
		for i := t.head.bottom + 1; i < t.sheet.Rows; i++ {
			if !t.sheet.At(i, c.col).Blank() {
				f := finding.New(finding.HiddenData, t.sheet.Name, t.sheet.Ref(t.head.bottom, c.col), "非表示の列", "")
				f.Severity = record.Warning // the column's values are read: leaving out a whole sheet would hide more
				t.findings = append(t.findings, f)
				break
			}
		}
	}
}
