package form

import (
	"fmt"
	"strconv"

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
			if c.rule.Name != q.Field || !t.sheet.At(i, c.col).Blank() {
				continue
			}
			if _, ok := r.Field(q.Field, c.scope); ok { // another cell of the row told it
				continue
			}
			t.fail(r, "required_missing", t.sheet.Ref(i, c.col), "", columnTitle(t.sheet, t.head, c))
		}
	}
}

func columnTitle(s *workbook.Sheet, h header, c column) string {
	text, _ := headerText(s, h.top, h.bottom, c.col)
	return text
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

// hiddenRow leaves out a record whose row the department has hidden: it may be a forgotten draft.
func (t *tableReader) hiddenRow(r *record.Record, i int) {
	if t.sheet.HiddenRows[i] {
		cell := r.Cell
		if cell == "" {
			cell = t.sheet.Ref(i, t.head.columns[0].col)
		}
		t.fail(r, "hidden_data", cell, "非表示の行", "")
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
				f := finding("hidden_data", t.sheet.Name, t.sheet.Ref(t.head.bottom, c.col), "非表示の列", "")
				f.Severity = record.Warning // the column's values are read: leaving out a whole sheet would hide more
				t.findings = append(t.findings, f)
				break
			}
		}
	}
}

// duplicates leaves out rows that state the same fact twice, both of them.
func (t *tableReader) duplicates() {
	first := map[string]int{}
	for i := range t.records {
		r := &t.records[i]
		j, again := first[r.Key]
		if !again {
			first[r.Key] = i
			continue
		}
		t.records[j].Excluded = true
		t.fail(r, "duplicate_row", r.Cell, r.Value(t.form.Key[0]), fmt.Sprintf("%d行目と重複しない行", t.records[j].Row))
	}
}
