package form

import (
	"regexp"
	"strconv"
	"strings"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// series reads a table of indicators by fiscal years. Years run across; a table whose years run down is flipped first.
type series struct {
	form     *Form
	rule     *SeriesRule
	sheet    *workbook.Sheet
	year     int
	top      int         // the row of year labels
	years    map[int]int // column → fiscal year
	first    int         // the first column of a year
	standard int         // column of the standard, or -1
	labels   []int       // columns of labels
	asOf     map[int]asOf
	current  *indicator
	done     []*indicator
	findings []record.Finding
}

type asOf struct{ text, cell string }

type indicator struct {
	name, unit, cell string
	row              int
	hidden, excluded bool
	standard         record.Field
	standardAsOf     asOf
	asOf             map[int]asOf
	actual, plan     map[int]record.Field
}

var (
	footnoteMark = regexp.MustCompile(`[\s　]*(?:[※＊*]\d*|[（(]注\d*[）)])$`)
	unitSuffix   = regexp.MustCompile(`[（(]([^（）()\d]{1,5})[）)]$`)
	asOfLike     = regexp.MustCompile(`(現在|時点|年度末|月末)$`)
	inBrackets   = regexp.MustCompile(`^[（(](.*)[）)]$`)
)

// findSeries finds the row of at least two year labels, in the sheet as it is or flipped.
func (f *Form) findSeries(s *workbook.Sheet) (*series, bool) {
	for _, sheet := range []*workbook.Sheet{s, s.Flip()} {
		for i := range min(sheet.Rows, headerScan) {
			years := map[int]int{}
			first := -1
			for j := range sheet.Cols {
				if y, ok := fiscal.ParseYear(sheet.At(i, j).Text); ok && !sheet.Covered(i, j) {
					years[j] = y
					if first < 0 {
						first = j
					}
				}
			}
			if len(years) >= 2 {
				r := &series{form: f, rule: f.Series, sheet: sheet, top: i, years: years, first: first, asOf: map[int]asOf{}}
				if r.findLabels() {
					return r, true
				}
			}
		}
	}
	return nil, false
}

// findLabels finds the columns that name indicators and the column of the standard, by their heads.
func (r *series) findLabels() bool {
	r.standard = -1
	for j := range r.first {
		head := record.OneLine(r.sheet.At(r.top, j).Text)
		switch {
		case head == "":
		case matches(head, r.rule.StandardWords):
			r.standard = j
		case matches(head, r.rule.IndicatorWords), matches(head, r.rule.YearWords), matches(head, r.rule.KindWords):
			r.labels = append(r.labels, j)
		}
	}
	return len(r.labels) > 0
}

func (r *series) read() ([]record.Record, []record.Finding) {
	for i := r.top + 1; i < r.sheet.Rows; i++ {
		if r.note(i) {
			break
		}
		r.row(i)
	}
	var out []record.Record
	for _, ind := range r.done {
		out = append(out, r.records(ind)...)
	}
	return out, r.findings
}

func (r *series) note(i int) bool {
	for j := range r.sheet.Cols {
		if text := strings.TrimSpace(r.sheet.At(i, j).Text); text != "" && !r.sheet.Covered(i, j) {
			for _, m := range r.form.NoteMarks {
				if strings.HasPrefix(text, m) {
					return true
				}
			}
			return false
		}
	}
	return false
}

// row reads one row: the dates of the values, the actual values, or the plan.
func (r *series) row(i int) {
	name, kind, place := r.label(i)
	dates, any := r.dates(i)
	if any {
		if name == "" || place[0] <= r.top {
			r.asOf = dates // under the head: the dates of every indicator
			return
		}
		r.begin(name, place, i)
		r.current.asOf = dates
		if r.standard >= 0 && isAsOf(r.sheet.At(i, r.standard).Text) {
			r.current.standardAsOf = r.date(i, r.standard)
		}
		return
	}
	if name != "" {
		r.begin(name, place, i)
	}
	if r.current == nil {
		return
	}
	r.current.hidden = r.current.hidden || r.sheet.HiddenRows[i]
	r.values(i, kind)
	if r.standard >= 0 && r.current.standard.Text == "" {
		if c := r.sheet.At(i, r.standard); !c.Blank() && !isAsOf(c.Text) {
			row, col := r.sheet.Origin(i, r.standard)
			q := quantity.Parse(c.Text)
			r.current.standard = record.Field{
				Name: "standard", Text: strings.TrimSpace(c.Text), Value: q.Value, Unit: q.Unit, Comparator: q.Comparator,
				Sheet: r.sheet.Name, Cell: r.sheet.Ref(row, col),
			}
		}
	}
}

// label reads the label columns of a row: the indicator's name, whether the row is the plan, and where the name stands.
// A label wholly in parentheses explains the row above and names nothing.
func (r *series) label(i int) (name, kind string, place [2]int) {
	for _, j := range r.labels {
		text := record.OneLine(r.sheet.At(i, j).Text)
		switch {
		case text == "", isAsOf(text), matches(text, r.rule.AsOfWords), inBrackets.MatchString(text):
		case matches(text, r.rule.ActualWords):
			kind = "actual"
		case matches(text, r.rule.PlanWords):
			kind = "plan"
		case name == "":
			row, col := r.sheet.Origin(i, j)
			name, place = text, [2]int{row, col}
			if row <= r.top { // merged down from the head
				name = ""
			}
		}
	}
	return name, kind, place
}

func (r *series) begin(text string, place [2]int, i int) {
	cell := r.sheet.Ref(place[0], place[1])
	name := strings.TrimSpace(footnoteMark.ReplaceAllString(text, ""))
	unit := ""
	if m := unitSuffix.FindStringSubmatch(name); m != nil {
		unit, name = record.Normal(m[1]), strings.TrimSpace(name[:len(name)-len(m[0])])
	}
	name = record.Label(footnoteMark.ReplaceAllString(name, ""))
	if r.current != nil && r.current.name == name {
		return
	}
	r.current = &indicator{
		name: name, unit: unit, cell: cell, row: i + 1, asOf: r.asOf,
		actual: map[int]record.Field{}, plan: map[int]record.Field{},
	}
	r.done = append(r.done, r.current)
}

func isAsOf(text string) bool {
	text = record.Normal(text)
	if m := inBrackets.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	if _, ok := fiscal.ParseDay(text); ok {
		return true
	}
	return asOfLike.MatchString(text)
}

// dates reads a row whose year cells all say when their values hold.
func (r *series) dates(i int) (map[int]asOf, bool) {
	out := map[int]asOf{}
	for j := range r.years {
		c := r.sheet.At(i, j)
		if c.Blank() {
			continue
		}
		if !isAsOf(c.Text) {
			return nil, false
		}
		out[j] = r.date(i, j)
	}
	return out, len(out) > 0
}

// date reads when a value holds, without its parentheses.
func (r *series) date(i, j int) asOf {
	text := strings.TrimSpace(r.sheet.At(i, j).Text)
	if m := inBrackets.FindStringSubmatch(text); m != nil {
		text = strings.TrimSpace(m[1])
	}
	row, col := r.sheet.Origin(i, j)
	return asOf{text, r.sheet.Ref(row, col)}
}

func (r *series) values(i int, kind string) {
	for j := range r.sheet.Cols {
		if _, ok := r.years[j]; !ok {
			continue
		}
		c := r.sheet.At(i, j)
		row, col := r.sheet.Origin(i, j)
		f := record.Field{Text: c.Text, Sheet: r.sheet.Name, Cell: r.sheet.Ref(row, col)}
		switch c.Kind {
		case workbook.Error:
			r.fail("formula_error", f.Cell, c.Text, "")
			continue
		case workbook.Uncached:
			r.fail("formula_uncached", f.Cell, "="+c.Formula, "")
			continue
		}
		into := r.current.actual
		text := strings.TrimSpace(c.Text)
		if m := inBrackets.FindStringSubmatch(text); m != nil && r.rule.Parentheses == "plan" {
			text, into = m[1], r.current.plan
		}
		if kind == "plan" {
			into = r.current.plan
		}
		q := quantity.Parse(text)
		switch q.Status {
		case quantity.Missing, quantity.Undecided:
			continue
		case quantity.Text:
			r.fail("number_unreadable", f.Cell, c.Text, "数値")
			continue
		}
		f.Value, f.Unit, f.Comparator = q.Value, q.Unit, q.Comparator
		if f.Unit == "" {
			f.Unit = r.current.unit
		}
		into[j] = f
	}
}

func (r *series) fail(code, cell, found, expected string) {
	r.current.excluded = true
	r.findings = append(r.findings, finding(code, r.sheet.Name, cell, found, expected))
}

// records makes one record for each year that has a value or a plan.
func (r *series) records(ind *indicator) []record.Record {
	if ind.hidden {
		r.findings = append(r.findings, finding("hidden_data", r.sheet.Name, ind.cell, "非表示の行", ""))
	}
	var out []record.Record
	for j := r.first; j < r.sheet.Cols; j++ {
		actual, hasActual := ind.actual[j]
		plan, hasPlan := ind.plan[j]
		if !hasActual && !hasPlan {
			continue
		}
		year := strconv.Itoa(r.years[j])
		rec := record.Record{
			Form: r.form.ID, Kind: r.form.Record, FiscalYear: r.year, Sheet: r.sheet.Name, Row: ind.row, Cell: ind.cell,
			Key: record.Normal(ind.name) + "|" + year, Excluded: ind.excluded || ind.hidden,
		}
		place := record.Field{Sheet: r.sheet.Name, Cell: ind.cell}
		add := func(f record.Field, name, value string) {
			f.Name, f.Value = name, value
			rec.Fields = append(rec.Fields, f)
		}
		add(place, "indicator", ind.name)
		add(record.Field{Sheet: r.sheet.Name, Cell: r.sheet.Ref(r.top, j)}, "year", year)
		if ind.standard.Text != "" {
			rec.Fields = append(rec.Fields, ind.standard)
		}
		if d := ind.standardAsOf; d.text != "" {
			add(record.Field{Sheet: r.sheet.Name, Cell: d.cell, Text: d.text}, "standard_as_of", d.text)
		}
		if d, ok := ind.asOf[j]; ok {
			add(record.Field{Sheet: r.sheet.Name, Cell: d.cell, Text: d.text}, "as_of", d.text)
		}
		if hasActual {
			add(actual, "actual", actual.Value)
		}
		if hasPlan {
			add(plan, "plan_value", plan.Value)
		}
		out = append(out, rec)
	}
	return out
}
