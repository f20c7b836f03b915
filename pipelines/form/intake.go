package form

import (
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// Asker is who is asked, and for which fiscal year.
type Asker struct {
	Municipality, Bureau, Department string
	FiscalYear                       int
}

// spareRows is how many new entries a department can add below those of last year.
const spareRows = 5

// Intake makes the sheet on which a department answers a form for a year: what it answered last is filled in and
// locked, what is asked now is open. records are its last answers.
func (f *Form) Intake(who Asker, records []record.Record) workbook.IntakeSheet {
	s := workbook.IntakeSheet{
		Name: f.Name, Form: f.ID, Record: f.Record, Version: strconv.Itoa(f.version()), Spare: spareRows,
		Lines: []string{
			fiscal.Wareki(who.FiscalYear) + "　" + f.Name,
			"所属：" + strings.TrimSpace(who.Bureau+"　"+who.Department),
		},
		Notes: []string{"※ 色の付いた欄に記入してください。新しく加えるものは、下の空いた行に記入してください。"},
	}
	asked := f.asked(who.FiscalYear, records)
	for _, a := range asked {
		s.Columns = append(s.Columns, f.intakeColumn(a))
	}
	seen := map[string]bool{}
	for i := range records {
		r := &records[i]
		if seen[r.Key] {
			continue // the two rows of a duplicate are asked once
		}
		seen[r.Key] = true
		row := make([]workbook.IntakeCell, len(asked))
		for j, a := range asked {
			row[j] = a.cell(r, who.FiscalYear)
			row[j].Open = row[j].Open || row[j].Text == "" && !a.rule.Scoped && f.requires(a.rule.Name)
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

func (f *Form) requires(name string) bool {
	return slices.ContainsFunc(f.Required, func(q Requirement) bool { return q.Field == name })
}

func (f *Form) version() int { return max(f.Version, 1) }

// question is one column of an intake sheet.
type question struct {
	rule  *FieldRule
	scope string
	state bool // it asks why there is no answer, or none yet
}

// asked are the columns: every field, and for those of a year each year that last year's answers have, the year asked
// for, and the whole period where the form has one.
func (f *Form) asked(year int, records []record.Record) []question {
	var out []question
	for i := range f.Fields {
		rule := &f.Fields[i]
		switch {
		case rule.Type == "skip" || rule.Name == "stated_department":
		case !rule.Scoped:
			out = append(out, question{rule: rule})
		default:
			for _, scope := range f.scopesOf(rule, year, records) {
				out = append(out, question{rule: rule, scope: scope})
				if rule.hasState() && scope == strconv.Itoa(year) {
					out = append(out, question{rule, scope, true})
				}
			}
		}
	}
	return out
}

// scopesOf are the years of a field, from last year on, and the whole period.
func (f *Form) scopesOf(rule *FieldRule, year int, records []record.Record) []string {
	last := year
	whole := false
	for i := range records {
		for _, field := range records[i].Fields {
			if field.Name != rule.Name {
				continue
			}
			if y, err := strconv.Atoi(field.Scope); err == nil {
				last = max(last, y)
			}
			whole = whole || field.Scope == record.WholePeriod
		}
	}
	if !rule.Literal { // only targets are set for years to come
		last = year
	}
	var out []string
	for y := year - 1; y <= last; y++ {
		out = append(out, strconv.Itoa(y))
	}
	if whole {
		out = append(out, record.WholePeriod)
	}
	return out
}

// stateWidth is enough for 該当なし and 回答状況.
const stateWidth = 9

func (f *Form) intakeColumn(a question) workbook.IntakeColumn {
	c := workbook.IntakeColumn{Head: a.rule.title, Width: 11}
	switch a.scope {
	case "":
	case record.WholePeriod:
		c.Head = f.PeriodWords[0] + c.Head
	default:
		year, _ := strconv.Atoi(a.scope) // the reader made it
		c.Head = fiscal.Wareki(year) + c.Head
	}
	if a.state {
		c.Head += stateWords[0]
		c.Width, c.Choices = stateWidth, AnswerStates
		return c
	}
	switch a.rule.Type {
	case "name":
		c.Width = 34
	case "text", "label", "numbered":
		c.Width = 18
	case "symbol":
		for _, s := range f.Symbols[a.rule.Symbols] {
			c.Choices = append(c.Choices, s.Symbol)
		}
	case "choice":
		for _, s := range a.rule.Choices {
			c.Choices = append(c.Choices, s.Value)
		}
	case "ended":
		c.Choices = append(append(c.Choices, a.rule.Values[0]), a.rule.Endings...)
	case "mark":
		c.Choices = []string{"再掲"}
	case "number":
		c.Number = !a.rule.Literal
	}
	return c
}

// cell is what is already known, and whether it is asked. What was said of earlier years stays as it was written.
func (a question) cell(r *record.Record, year int) workbook.IntakeCell {
	if a.state {
		return workbook.IntakeCell{Open: true}
	}
	f, ok := r.Field(a.rule.Name, a.scope)
	c := workbook.IntakeCell{Text: f.Text}
	if ok {
		c.Unit = f.Unit
	}
	if c.Unit == "" {
		c.Unit = r.Value(a.rule.Unit)
	}
	switch a.rule.Type {
	case "year":
		if y, err := strconv.Atoi(f.Value); err == nil {
			c.Text = fiscal.Wareki(y)
		}
	case "mark":
		if c.Text = ""; ok {
			c.Text = "再掲"
		}
	case "name", "symbol", "choice", "ended", "unit":
		c.Text = f.Value
	}
	switch this := strconv.Itoa(year); {
	case a.rule.Asked && !a.rule.Scoped:
		c.Open = true
		if a.rule.Type == "text" {
			c.Text = "" // last year's account is not this year's
		}
	case a.rule.Asked:
		c.Open = a.scope == this || a.scope == record.WholePeriod
	case a.rule.Scoped:
		c.Open = a.scope >= this && f.Value == "" // a target that was not decided
	}
	return c
}
