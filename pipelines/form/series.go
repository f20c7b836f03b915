package form

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/finding"
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
	head     seriesHead
	asOf     map[int]asOf // of every indicator, by fiscal year
	current  *indicator
	done     []*indicator
	findings []record.Finding
}

type asOf struct{ text, cell string }

// indicator is one indicator being read; its maps are by fiscal year.
type indicator struct {
	name, unit       string
	firstUnit        string // of the first value that has one
	place            [2]int
	row              int
	head             seriesHead
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
		r := &series{form: f, rule: f.Series, sheet: sheet, asOf: map[int]asOf{}}
		for i := range min(sheet.Rows, headerScan) {
			if h, ok := r.headAt(i); ok {
				r.head = h
				return r, true
			}
		}
	}
	return nil, false
}

func (r *series) read() ([]record.Record, []record.Finding) {
	r.checkHead()
	for i := r.head.top + 1; i < r.sheet.Rows; i++ {
		if h, ok := r.headAt(i); ok { // another table below, of other years
			r.head, r.current, r.asOf = h, nil, map[int]asOf{}
			r.checkHead()
			continue
		}
		if !r.note(i) {
			r.row(i)
		}
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
		if name == "" {
			r.asOf = dates // under the head: the dates of every indicator
			return
		}
		r.begin(name, place, i)
		r.current.asOf = dates
		if at := r.head.standard; at >= 0 && isAsOf(r.sheet.At(i, at).Text) {
			r.current.standardAsOf = r.date(i, at)
		}
		return
	}
	if name != "" {
		r.begin(name, place, i)
	}
	if r.current == nil || kind == "skip" {
		return
	}
	r.current.hidden = r.current.hidden || r.sheet.HiddenRows[i]
	r.standard(i) // states the unit
	r.values(i, kind)
}

// standard reads the indicator's target or standard, and its unit where a column states it.
func (r *series) standard(i int) {
	if at := r.head.unit; at >= 0 && r.current.unit == "" {
		r.current.unit = record.Normal(r.sheet.At(i, at).Text)
	}
	at := r.head.standard
	if at < 0 || r.current.standard.Text != "" {
		return
	}
	c := r.sheet.At(i, at)
	if c.Blank() || isAsOf(c.Text) {
		return
	}
	row, col := r.sheet.Origin(i, at)
	switch c.Kind {
	case workbook.Error:
		r.fail(finding.FormulaError, r.sheet.Ref(row, col), c.Text, "")
		return
	case workbook.Uncached:
		r.fail(finding.FormulaUncached, r.sheet.Ref(row, col), "="+c.Formula, "")
		return
	}
	q := quantity.Parse(c.Text)
	r.current.standard = record.Field{
		Name: "standard", Text: strings.TrimSpace(c.Text), Value: q.Value, Unit: q.Unit, Comparator: q.Comparator,
		Sheet: r.sheet.Name, Cell: r.sheet.Ref(row, col),
	}
}

// label reads the label columns of a row: the indicator's name, the row's kind (actual, plan, skip, or a word that is
// not known), and where the name stands. A label wholly in parentheses explains the row above and names nothing.
func (r *series) label(i int) (name, kind string, place [2]int) {
	for _, l := range r.head.labels {
		text := record.OneLine(r.sheet.At(i, l.col).Text)
		row, col := r.sheet.Origin(i, l.col)
		if text == "" || name != "" && place == [2]int{row, col} || row <= r.head.top || isAsOf(text) ||
			matches(text, r.rule.AsOfWords) {
			continue
		}
		switch inside := inBrackets.FindStringSubmatch(text); {
		case matches(text, r.rule.ActualWords):
			kind = "actual"
		case matches(text, r.rule.PlanWords):
			kind = "plan"
		case matches(text, r.rule.SkipWords):
			kind = "skip"
		case inside != nil && r.isPlan(inside[1]):
			kind = "plan"
		case inside != nil && strings.HasPrefix(inside[1], "うち"):
			kind = "skip" // part of the row above
		case inside != nil:
		case name == "" && l.names:
			name, place = text, [2]int{row, col}
		case !l.names || name != "":
			kind = text
		}
	}
	return name, kind, place
}

// isPlan reports a text that speaks of a plan: （定員適正化計画）.
func (r *series) isPlan(text string) bool {
	for _, w := range r.rule.PlanWords {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// begin begins an indicator, unless the name stands in the cell that the last one's did.
func (r *series) begin(text string, place [2]int, i int) {
	if r.current != nil && r.current.place == place {
		return
	}
	name := strings.TrimSpace(footnoteMark.ReplaceAllString(text, ""))
	unit := ""
	if m := unitSuffix.FindStringSubmatch(name); m != nil {
		unit, name = record.Normal(m[1]), strings.TrimSpace(name[:len(name)-len(m[0])])
	}
	name = record.Label(footnoteMark.ReplaceAllString(name, ""))
	r.current = &indicator{
		name: name, unit: unit, place: place, row: i + 1, head: r.head, asOf: r.asOf,
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
	for _, y := range r.head.years {
		c := r.sheet.At(i, y.col)
		if c.Blank() {
			continue
		}
		if !isAsOf(c.Text) {
			return nil, false
		}
		out[y.year] = r.date(i, y.col)
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

// values reads the year cells of a row. A year that the indicator already has is not overwritten: which of the two rows
// is meant, the reader cannot know.
func (r *series) values(i int, kind string) {
	for _, y := range r.head.years {
		c := r.sheet.At(i, y.col)
		row, col := r.sheet.Origin(i, y.col)
		f := record.Field{Text: c.Text, Sheet: r.sheet.Name, Cell: r.sheet.Ref(row, col)}
		switch c.Kind {
		case workbook.Error:
			r.fail(finding.FormulaError, f.Cell, c.Text, "")
			continue
		case workbook.Uncached:
			r.fail(finding.FormulaUncached, f.Cell, "="+c.Formula, "")
			continue
		}
		as := kind
		if y.kind != "" {
			as = y.kind
		}
		text := strings.TrimSpace(footnoteMark.ReplaceAllString(strings.TrimSpace(c.Text), ""))
		if m := inBrackets.FindStringSubmatch(text); m != nil && r.rule.Parentheses == "plan" {
			text, as = m[1], "plan"
		}
		q := quantity.Parse(text)
		switch q.Status {
		case quantity.Missing, quantity.Undecided:
			continue
		case quantity.Text:
			r.fail(finding.NumberUnreadable, f.Cell, c.Text, "数値")
			continue
		}
		if !r.inUnit(&f, q) {
			continue
		}
		f.Comparator = q.Comparator
		r.store(f, as, y.year)
		if q.Secondary != "" && as != "plan" && r.rule.Parentheses == "plan" {
			r.planBehind(f, q, y.year)
		}
	}
}

// inUnit puts a value into the indicator's unit: that of its column, else of its first value.
func (r *series) inUnit(f *record.Field, q quantity.Quantity) bool {
	f.Value, f.Unit = q.Value, q.Unit
	if whole, _, _ := strings.Cut(strings.TrimPrefix(q.Base, "-"), "."); len(whole) > maxWhole {
		r.fail(finding.NumberUnreadable, f.Cell, f.Text, "数値（桁数が多すぎる）")
		return false
	}
	unit := r.current.unit
	if unit == "" {
		unit = r.current.firstUnit
	}
	if q.Unit == "" || unit == "" || unit == q.Unit {
		if r.current.firstUnit == "" {
			r.current.firstUnit = q.Unit
		}
		return true
	}
	value, ok := q.In(unit)
	if !ok {
		r.fail(finding.NumberUnreadable, f.Cell, f.Text, "単位「"+unit+"」の数値")
		return false
	}
	f.Value, f.Unit = value, unit
	return true
}

// planBehind reads the plan of 1,352（1,346）.
func (r *series) planBehind(f record.Field, q quantity.Quantity, year int) {
	literal := q.Secondary
	if q.SecondaryUnit != "再掲" {
		literal += q.SecondaryUnit
	} else if q.Unit != "" {
		literal += q.BaseUnit
	}
	if r.inUnit(&f, quantity.Parse(literal)) {
		r.store(f, "plan", year)
	}
}

func (r *series) store(f record.Field, kind string, year int) {
	into := r.current.actual
	switch kind {
	case "", "actual":
	case "plan":
		into = r.current.plan
	default:
		r.fail(finding.NumberUnreadable, f.Cell, kind, "実績か計画の行")
		return
	}
	if _, again := into[year]; again {
		r.fail(finding.DuplicateRow, f.Cell, r.current.name, into[year].Cell)
		return
	}
	into[year] = f
}

func (r *series) fail(code, cell, found, expected string) {
	r.current.excluded = true
	r.findings = append(r.findings, finding.New(code, r.sheet.Name, cell, found, expected))
}

// records makes one record for each year that has a value or a plan.
func (r *series) records(ind *indicator) []record.Record {
	cell := r.sheet.Ref(ind.place[0], ind.place[1])
	if ind.hidden {
		r.findings = append(r.findings, finding.New(finding.HiddenData, r.sheet.Name, cell, "非表示の行", ""))
	}
	years := slices.Sorted(maps.Keys(ind.actual))
	for _, y := range slices.Sorted(maps.Keys(ind.plan)) {
		if !slices.Contains(years, y) {
			years = append(years, y)
		}
	}
	var out []record.Record
	for _, y := range years {
		out = append(out, r.record(ind, cell, y))
	}
	return out
}

func (r *series) record(ind *indicator, cell string, y int) record.Record {
	year := strconv.Itoa(y)
	rec := record.Record{
		Form: r.form.ID, Kind: r.form.Record, FiscalYear: r.year, Sheet: r.sheet.Name, Row: ind.row, Cell: cell,
		Key: record.Normal(ind.name) + "|" + year, Excluded: ind.excluded || ind.hidden,
	}
	add := func(f record.Field, name, value string) {
		f.Name, f.Value, f.Sheet = name, value, r.sheet.Name
		if f.Unit == "" && (name == "actual" || name == "plan_value") {
			f.Unit = ind.unit
		}
		rec.Fields = append(rec.Fields, f)
	}
	add(record.Field{Cell: cell}, "indicator", ind.name)
	for _, h := range ind.head.years {
		if h.year == y {
			rec.Excluded = rec.Excluded || r.sheet.HiddenCols[h.col]
			add(record.Field{Cell: r.sheet.Ref(r.sheet.Origin(ind.head.top, h.col))}, "year", year)
			break
		}
	}
	if ind.standard.Text != "" {
		rec.Fields = append(rec.Fields, ind.standard)
	}
	if d := ind.standardAsOf; d.text != "" {
		add(record.Field{Cell: d.cell, Text: d.text}, "standard_as_of", d.text)
	}
	if d, ok := ind.asOf[y]; ok {
		add(record.Field{Cell: d.cell, Text: d.text}, "as_of", d.text)
	}
	if f, ok := ind.actual[y]; ok {
		add(f, "actual", f.Value)
	}
	if f, ok := ind.plan[y]; ok {
		add(f, "plan_value", f.Value)
	}
	return rec
}
