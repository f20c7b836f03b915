package form

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// Asker is who is asked, and for which fiscal year; until when, where answers go and whom to ask, "" where nobody
// has said so.
type Asker struct {
	Municipality, Bureau, Department string
	FiscalYear                       int
	Due, SendTo, Contact             string
}

// spareRows is how many new entries a department can add below those of last year before it inserts rows.
const spareRows = 10

// IsSurvey reports a form that departments are asked to fill in for a year. A 数値確認票 is none: it is about figures that
// are to be printed, and made for a meeting.
func (f *Form) IsSurvey() bool { return f.ID != confirmations }

// Intake makes the sheet on which a department answers a form for a year: what it answered last is filled in and
// locked, what is asked now is open. records are its last answers.
func (f *Form) Intake(who Asker, records []record.Record) workbook.IntakeSheet {
	s := workbook.IntakeSheet{
		Name: f.Name, Form: f.ID, Record: f.Record, Version: strconv.Itoa(f.version()), Spare: spareRows,
		Lines: []string{
			fiscal.Wareki(who.FiscalYear) + "　" + f.Name,
			"所属：" + strings.TrimSpace(who.Bureau+"　"+who.Department),
		},
	}
	asked := f.asked(who.FiscalYear, records)
	for _, a := range asked {
		if last := len(s.Columns) - 1; a.state {
			s.Columns[last].NoValue = "値がないときは空欄にして、右隣の「回答状況」でそのわけを選んでください。"
		}
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
			row[j] = f.cell(a, r, who.FiscalYear)
			row[j].Open = row[j].Open || row[j].Text == "" && !a.rule.Scoped && f.requires(a.rule.Name)
		}
		s.Rows = append(s.Rows, row)
	}
	s.Guide = f.guide(who, asked)
	for j, a := range asked {
		s.Columns[j].Width, s.Columns[j].Least = a.widths(s.Rows, j)
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

func (f *Form) intakeColumn(a question) workbook.IntakeColumn {
	c := workbook.IntakeColumn{Head: a.rule.title}
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
		c.Choices = AnswerStates
		return c
	}
	switch a.rule.Type {
	case "symbol":
		for _, s := range f.Symbols[a.rule.Symbols] {
			c.Choices = append(c.Choices, s.Symbol)
		}
	case "choice", "ended":
		c.Choices = a.rule.choices()
	case "mark":
		c.Choices = []string{"再掲"}
	case "number":
		c.Number, c.Right = !a.rule.Literal, true
	}
	return c
}

// widths are what a column is wide, by what it is for and what stands in it, and what it may become for print.
func (a question) widths(rows [][]workbook.IntakeCell, j int) (width, least float64) {
	const (
		narrow, mark, number = 9, 7, 10 // 該当なし and 回答状況 below each other; a symbol; 令和8年度
		text, name, account  = 18, 32, 44
		shortest             = 0.6
	)
	switch {
	case a.state:
		return narrow, mark
	case a.rule.Type == "symbol" || a.rule.Type == "mark" || a.rule.Type == "unit":
		return mark, mark
	case a.rule.Type == "number" || a.rule.Type == "year" || a.rule.Type == "choice" || a.rule.Type == "ended":
		return number, narrow
	case a.rule.Type == "name":
		return name, name * shortest
	case a.rule.Type == "text" && a.rule.Asked && (a.rule.Scoped || a.rule.Qualifies == ""):
		return account, account / 2
	}
	width = narrow
	for _, row := range rows {
		for _, line := range strings.Split(row[j].Text, "\n") {
			width = max(width, min(text, float64(workbook.Columns(line)+2)))
		}
	}
	if len(rows) == 0 || a.rule.Asked {
		width = text
	}
	if a.rule.Scoped && !a.rule.Asked { // one of several years', each a few words
		return width, mark
	}
	return width, max(mark, width*shortest)
}

// cell is what is already known, and whether it is asked. What was said of earlier years stays as it was written; what
// could not be read is asked again.
func (f *Form) cell(a question, r *record.Record, year int) workbook.IntakeCell {
	if a.state {
		return workbook.IntakeCell{Open: true}
	}
	said, ok := r.Field(a.rule.Name, a.scope)
	if ok && unread(a.rule, said) {
		return workbook.IntakeCell{Open: true, Unit: r.Value(a.rule.Unit), Note: askedAgain(r.FiscalYear, said.Text)}
	}
	c := workbook.IntakeCell{Text: said.Text, Unit: cmp.Or(said.Unit, r.Value(a.rule.Unit))}
	switch a.rule.Type {
	case "year":
		if y, err := strconv.Atoi(said.Value); err == nil {
			c.Text = fiscal.Wareki(y)
		}
	case "mark":
		if c.Text = ""; ok {
			c.Text = "再掲"
		}
	case "name", "symbol", "choice", "ended", "unit":
		c.Text = said.Value
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
		c.Open = a.scope >= this && said.Value == "" // a target that was not decided
	}
	return c
}

// unread reports a field of which the reader could make nothing, though something was written: 五百件.
func unread(rule *FieldRule, said record.Field) bool {
	if strings.TrimSpace(said.Text) == "" || missingMark(said.Text) {
		return false
	}
	switch rule.Type {
	case "number":
		q := quantity.Parse(said.Text)
		literal := rule.Literal && (!hasDigit(said.Text) || q.Status == quantity.Undecided || q.Rivals())
		return said.Value == "" && !literal
	case "symbol", "choice":
		return said.Value == ""
	case "ended":
		return !slices.Contains(slices.Concat(rule.Values[:1], rule.Endings), said.Value)
	case "mark":
		_, marked := cutMark(record.OneLine(said.Text))
		return !marked && !matches(said.Text, rule.Marks) && !matches(said.Text, rule.Words)
	}
	return false
}

// askedAgain says why a cell is empty in which something stood.
func askedAgain(year int, text string) string {
	return fiscal.Wareki(year) + "の調査票には「" + record.OneLine(text) + "」とありましたが、値として読めませんでした。" +
		"正しい値を記入してください。分からないときは空欄のままにしてください。"
}
