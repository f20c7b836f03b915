package form

import (
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

type asOf struct{ text, cell string }

// indicator is one indicator of a form of yearly values; its maps are by fiscal year.
type indicator struct {
	name, unit       string
	firstUnit        string // of the first value that has one
	place            [2]int
	row              int
	band             *band
	hidden, excluded bool
	standard         record.Field
	standardAsOf     asOf
	asOf             map[int]asOf
	actual, plan     map[int]record.Field
	rows             []int
	yearAt           map[string]string // of years that rows state: their labels' cells
}

var (
	footnoteMark = regexp.MustCompile(`[\s　]*(?:[※＊*]\d*|[（(]注\d*[）)])$`)
	unitSuffix   = regexp.MustCompile(`[（(]([^（）()\d]{1,5})[）)]$`)
	asOfLike     = regexp.MustCompile(`(現在|時点|年度末|月末)$`)
	planWord     = regexp.MustCompile(`([(（]\s*)(?:計画|目標)[値額数]?\s*[:：]?\s*`) // 90（計画85）
	inBrackets   = regexp.MustCompile(`^[（(]([^（）()]*)[）)]$`)
)

// Names of the fields of a form of yearly values.
const (
	seriesActual   = "actual"
	seriesPlan     = "plan_value"
	seriesStandard = "standard"
	seriesUnit     = "unit"
)

// seriesRules are the fields that a form of yearly values has, with its words.
func seriesRules(s *SeriesRule) []FieldRule {
	names := slices.Concat(s.IndicatorWords, s.YearWords)
	return []FieldRule{
		{Name: "indicator", Type: "name", Needed: true, Words: names, title: "指標"},
		{Name: seriesStandard, Type: "standard", Words: s.StandardWords, title: "基準"},
		{Name: seriesUnit, Type: "unit", Words: s.UnitWords, title: "単位"},
		{Name: seriesActual, Type: "number", Scoped: true, Words: s.ActualWords, title: "実績"},
		{Name: seriesPlan, Type: "number", Scoped: true, Words: s.PlanWords, title: "計画"},
		{Name: "computed", Type: "skip", Words: s.SkipWords},
		{Name: "line", Type: "skip", Prefilled: true, Words: []string{"No.", "No", "№", "連番", "通番", "行番号", "番号"}},
	}
}

// seriesMeasure reads a label that is not one of the form's words as it stands: （定員適正化計画） and 中期計画 are plans, うち… is
// part of the row above.
func (f *Form) seriesMeasure(n string) (*FieldRule, bool) {
	inside := inBrackets.FindStringSubmatch(n)
	if inside != nil {
		n = inside[1]
		if strings.HasPrefix(n, "うち") {
			return nil, true
		}
	}
	if contains(f.Series.ActualWords, n) {
		return f.only, true
	}
	for _, w := range f.Series.PlanWords {
		if strings.HasSuffix(n, w) && !revised.MatchString(n) || inside != nil && strings.Contains(n, w) {
			return f.fieldNamed(seriesPlan), true
		}
	}
	if inside != nil {
		return f.only, true // it explains the row above
	}
	return nil, false
}

// seriesRow takes a row that says when the values hold: of all indicators, right below the heads, or of one.
func (t *reader) seriesRow(b *band, i int) bool {
	dates, any := t.dates(b, i)
	if !any {
		return false
	}
	for _, j := range geometry.Row(t.sheet, i, b.left, b.right) {
		t.claim(i, j, record.ClaimLabel)
	}
	name, own := t.nameAt(b, i)
	if !own || isAsOf(name) || contains(t.form.Series.AsOfWords, record.Normal(name)) {
		if t.current == nil || !t.sheet.Covered(i, b.name) {
			t.asOf = dates
			return true
		}
		t.current.asOf = dates
		return true
	}
	t.endGroup()
	t.begin(b, i)
	t.current.rows = append(t.current.rows, i)
	t.current.asOf = dates
	t.place(b, i, rowLabel{skip: true})
	return true
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
func (t *reader) dates(b *band, i int) (map[int]asOf, bool) {
	out := map[int]asOf{}
	for _, c := range b.columns {
		year, err := strconv.Atoi(c.scope)
		if err != nil || t.sheet.At(i, c.col).Blank() {
			continue
		}
		if !isAsOf(t.sheet.At(i, c.col).Text) {
			return nil, false
		}
		out[year] = t.date(i, c.col)
	}
	return out, len(out) > 0
}

// date reads when a value holds, without its parentheses.
func (t *reader) date(i, j int) asOf {
	text := strings.TrimSpace(t.sheet.At(i, j).Text)
	if m := inBrackets.FindStringSubmatch(text); m != nil {
		text = strings.TrimSpace(m[1])
	}
	return asOf{text, t.ref([2]int{i, j})}
}

// headDates are the dates in the rows of heads.
func (t *reader) headDates(b *band) {
	t.asOf = map[int]asOf{}
	for _, c := range b.columns {
		year, err := strconv.Atoi(c.scope)
		if err != nil {
			continue
		}
		for i := b.top; i <= b.bottom; i++ {
			if text := record.OneLine(t.sheet.At(i, c.col).Text); text != "" && t.form.dateHead(text) {
				t.asOf[year] = t.date(i, c.col)
			}
		}
	}
}

// indicator makes the records of an indicator: one for each year that has a value or a plan.
func (t *reader) indicator(g *group) {
	ind := t.newIndicator(g)
	t.unitOf(ind, g)
	t.seriesValues(ind, g)
	t.noIndicator(ind)
	t.done = append(t.done, ind)
	cell := t.ref(ind.place)
	if ind.hidden {
		t.findings = append(t.findings, finding.New(finding.HiddenData, t.sheet.Name, cell, "非表示の行", ""))
	}
	years := slices.Sorted(maps.Keys(ind.actual))
	for _, y := range slices.Sorted(maps.Keys(ind.plan)) {
		if !slices.Contains(years, y) {
			years = append(years, y)
		}
	}
	for _, y := range years {
		for _, i := range g.rows {
			t.recordAt[i] = append(t.recordAt[i], len(t.records))
		}
		t.records = append(t.records, t.seriesRecord(ind, cell, y))
	}
}

// newIndicator is the indicator of some rows, with its name and the unit behind it, and no values yet.
func (t *reader) newIndicator(g *group) *indicator {
	b := g.band
	row, col := t.sheet.Origin(g.row, b.name)
	name := strings.TrimSpace(footnoteMark.ReplaceAllString(record.OneLine(t.sheet.At(g.row, b.name).Text), ""))
	unit := ""
	if m := unitSuffix.FindStringSubmatch(name); m != nil {
		unit, name = record.Normal(m[1]), strings.TrimSpace(name[:len(name)-len(m[0])])
	}
	name = record.Label(footnoteMark.ReplaceAllString(name, ""))
	ind := &indicator{
		name: name, unit: unit, place: [2]int{row, col}, row: row + 1, band: b, asOf: t.asOf, rows: g.rows,
		actual: map[int]record.Field{}, plan: map[int]record.Field{},
	}
	for _, e := range g.entries {
		if b.years >= 0 && e.column.assumed {
			if ind.yearAt == nil {
				ind.yearAt = map[string]string{}
			}
			ind.yearAt[e.scope] = t.ref([2]int{e.at[0], b.years})
		}
	}
	t.longRow(g)
	ind.excluded = len(g.problems) > 0
	t.findings = append(t.findings, g.problems...)
	if g.asOf != nil {
		ind.asOf = g.asOf
	}
	for _, i := range g.rows {
		ind.hidden = ind.hidden || t.sheet.HiddenRows[i]
	}
	return ind
}

// unitOf finds the unit of an indicator whose name states none: in its column, beside the name, above the group that it
// is part of, above the table.
func (t *reader) unitOf(ind *indicator, g *group) {
	stated := ind.unit
	for _, e := range g.entries {
		c := t.sheet.At(e.at[0], e.at[1])
		if e.rule.Type == "unit" && ditto(c.Text) {
			if k, j := t.above(e.at[0], e.at[1]); k >= 0 {
				c = t.sheet.At(k, j)
			}
		}
		if e.rule.Type == "unit" && !c.Blank() && !ditto(c.Text) && ind.unit == "" {
			ind.unit = record.Normal(quantity.Bare(c.Text))
		}
	}
	t.besideName(ind, g.band, g.row)
	valued := func(e entry) bool { return e.rule.Type == "number" && !t.sheet.At(e.at[0], e.at[1]).Blank() }
	written := t.sheet.At(ind.place[0], ind.place[1]).Text
	switch indented := strings.TrimLeft(written, " 　") != written; {
	case !slices.ContainsFunc(g.entries, valued):
		t.groupUnit = stated // 市債残高（百万円） above its parts
	case !indented:
		t.groupUnit = ""
	}
	if ind.unit == "" {
		ind.unit = t.groupUnit
	}
	if u, ok := t.sharedUnit(); ok && ind.unit == "" {
		ind.unit = u
	}
}

// seriesValues reads the cells of an indicator. A number merged over two years, or over a year's value and its plan, is
// of neither.
func (t *reader) seriesValues(ind *indicator, g *group) {
	seen := map[[2]int]entry{}
	for _, e := range g.entries {
		at := t.origin(e.at[0], e.at[1])
		if e.rule.Type == "name" || e.rule.Type == "unit" {
			t.also = append(t.also, t.ref(e.at))
		}
		c := t.sheet.At(at[0], at[1])
		if c.Kind == workbook.Empty {
			continue
		}
		if old, again := seen[at]; again {
			if e.rule.Type == "number" && isNumber(c.Text) && (old.rule != e.rule || old.scope != e.scope) {
				t.failIndicator(ind, finding.ReadingAmbiguous, t.ref(at), c.Text, "")
				t.findings[len(t.findings)-1].Message = "「" + c.Text + "」のセルは「" + t.describeField(old.rule, old.scope) + "」と「" +
					t.describeField(e.rule, e.scope) + "」に結合されています。どちらの値か決められないため、この指標を集計から除きました。結合を解いて書き分けてください。"
			}
			continue
		}
		seen[at] = e
		if e.rule.Type != "number" && ditto(c.Text) { // a number is never taken from above
			t.claim(at[0], at[1], record.ClaimBlankMark)
			continue
		}
		switch e.rule.Type {
		case "standard":
			t.standard(ind, e)
		case "number":
			if ind.unit == "" && e.column.unit != "" {
				ind.unit = e.column.unit
			}
			t.seriesValue(ind, e)
		}
	}
}

// noIndicator leaves out what is none: a row without a name, a note, a part of others, a total.
func (t *reader) noIndicator(ind *indicator) {
	text := record.OneLine(t.sheet.At(ind.place[0], ind.place[1]).Text)
	if len(ind.actual)+len(ind.plan) == 0 {
		return
	}
	switch n := record.Normal(text); {
	case ind.name == "":
		t.failIndicator(ind, finding.RequiredMissing, t.ref(ind.place), "", "指標")
	case t.form.note(text) || partOfAbove.MatchString(n):
		t.failIndicator(ind, finding.ReadingAmbiguous, t.ref(ind.place), text, "")
		t.findings[len(t.findings)-1].Message = "「" + text + "」の行は、注記や内訳にも、一つの指標にも見えます。集計から除きました。" +
			"指標でなければ行を消し、指標なら名前を直してください。"
	case soundsLikeTotal.MatchString(record.Normal(ind.name)) && t.sumOfIndicators(ind):
		t.failIndicator(ind, finding.ReadingAmbiguous, t.ref(ind.place), text, "")
		t.findings[len(t.findings)-1].Message = "「" + text + "」の行は、どの年度でも上の行の和に等しく、合計の行の疑いがあります。集計から除きました。" +
			"合計なら行の名前を「合計」としてください。"
	}
}

// besideName reads what stands beside an indicator's name in a column without a head: its unit, or a deeper head that
// names it better, of which the reader cannot know.
func (t *reader) besideName(ind *indicator, b *band, i int) {
	for j := b.left; j < b.right; j++ {
		c := t.sheet.At(i, j)
		if _, known := b.at(j); known || j == b.measures || j == b.years || b.headText(j) != "" ||
			!geometry.Own(t.sheet, i, j) || t.claims[t.origin(i, j)] != "" || isNumber(c.Text) || missingMark(c.Text) {
			continue
		}
		unit := record.Normal(strings.Trim(c.Text, "（）() 　"))
		switch {
		case isUnit(unit) && (ind.unit == "" || ind.unit == unit):
			ind.unit = unit
			t.claim(i, j, record.ClaimLabel)
		case isUnit(unit) || j < b.lastYear():
			t.failIndicator(ind, finding.CellsUnread, t.ref([2]int{i, j}), record.OneLine(c.Text), "")
			t.findings[len(t.findings)-1].Message = "「" + record.OneLine(c.Text) + "」が「" + ind.name +
				"」の何か分からないため、この指標を集計から除きました。指標の名前と単位は、それぞれ見出しのある一つの欄に書いてください。"
			return
		}
	}
}

// lastYear is the last column of a block that is of a year.
func (b *band) lastYear() int {
	last := -1
	for _, c := range b.columns {
		if c.rule == nil || c.rule.Scoped {
			last = max(last, c.col)
		}
	}
	return last
}

// sumOfIndicators reports an indicator that is in every year the sum of at least two right above it.
func (t *reader) sumOfIndicators(ind *indicator) bool {
	const fewest = 2
	for first := len(t.done) - fewest; first >= 0; first-- {
		same := len(ind.actual) > 0
		for year, f := range ind.actual {
			sum := new(big.Rat)
			for _, part := range t.done[first:] {
				v, ok := part.actual[year]
				same = same && ok && v.Value != ""
				sum.Add(sum, rat(v.Value))
			}
			same = same && sum.Sign() != 0 && sum.Cmp(rat(f.Value)) == 0
		}
		if same {
			return true
		}
	}
	return false
}

// sharedUnit is the unit that is stated above the table: （単位：億円）.
func (t *reader) sharedUnit() (string, bool) {
	for _, f := range t.shared {
		if f.Name == seriesUnit {
			return f.Value, f.Value != ""
		}
	}
	return "", false
}

// standard reads the indicator's target or standard.
func (t *reader) standard(ind *indicator, e entry) {
	c := t.sheet.At(e.at[0], e.at[1])
	switch {
	case c.Kind == workbook.Error:
		t.failIndicator(ind, finding.FormulaError, t.ref(e.at), c.Text, "")
		return
	case c.Kind == workbook.Uncached:
		t.failIndicator(ind, finding.FormulaUncached, t.ref(e.at), "="+c.Formula, "")
		return
	case c.Blank():
		return
	case isAsOf(c.Text):
		ind.standardAsOf = t.date(e.at[0], e.at[1])
		return
	case ind.standard.Text != "":
		t.also = append(t.also, t.ref(e.at))
		if record.Key(ind.standard.Text) != record.Key(c.Text) {
			t.failIndicator(ind, finding.ReadingAmbiguous, t.ref(e.at), c.Text, ind.standard.Cell)
		}
		return
	}
	q := quantity.Parse(c.Text)
	ind.standard = record.Field{
		Name: seriesStandard, Text: strings.TrimSpace(c.Text), Value: q.Value, Unit: q.Unit, Comparator: q.Comparator,
		Sheet: t.sheet.Name, Cell: t.ref(e.at),
	}
}

// seriesValue reads the cell of a year. A year that the indicator already has is not overwritten: which of the two is
// meant, the reader cannot know.
func (t *reader) seriesValue(ind *indicator, e entry) {
	c := t.sheet.At(e.at[0], e.at[1])
	f := record.Field{Text: c.Text, Sheet: t.sheet.Name, Cell: t.ref(e.at)}
	switch {
	case c.Struck:
		t.struckOut(e.at, c.Text)
		t.claim(e.at[0], e.at[1], record.ClaimSkipped)
		return
	case c.PartStruck:
		t.failIndicator(ind, finding.NumberUnreadable, f.Cell, c.Text, "数値（一部が取消線で消してある）")
		return
	}
	switch c.Kind {
	case workbook.Error:
		t.failIndicator(ind, finding.FormulaError, f.Cell, c.Text, "")
		return
	case workbook.Uncached:
		t.failIndicator(ind, finding.FormulaUncached, f.Cell, "="+c.Formula, "")
		return
	}
	year, err := strconv.Atoi(e.scope)
	if err != nil {
		return
	}
	as := e.rule.Name
	text := strings.TrimSpace(footnoteMark.ReplaceAllString(strings.TrimSpace(c.Text), ""))
	if t.form.Series.Parentheses == "plan" {
		text = planWord.ReplaceAllString(text, "$1")
	}
	if m := inBrackets.FindStringSubmatch(text); m != nil && t.form.Series.Parentheses == "plan" {
		text, as = m[1], seriesPlan
	}
	q := quantity.Parse(text)
	switch {
	case noValue.MatchString(record.Normal(text)):
		q.Status = quantity.Missing
	case sameAs(text):
		q.Status = quantity.Text
	}
	switch q.Status {
	case quantity.Missing, quantity.Undecided:
		t.claim(e.at[0], e.at[1], record.ClaimBlankMark)
		return
	case quantity.Text:
		t.failIndicator(ind, finding.NumberUnreadable, f.Cell, c.Text, "数値")
		return
	}
	if q.Rivals() {
		t.failIndicator(ind, finding.NumberUnreadable, f.Cell, c.Text, "数値（同じ単位の値が二つある）")
		return
	}
	if why := remark(text, e.scope); why != "" && (q.Secondary == "" || t.form.Series.Parentheses != "plan") {
		t.failIndicator(ind, finding.NumberUnreadable, f.Cell, c.Text, "数値（"+why+"）")
		return
	}
	if head := e.column.unit; head != "" && q.Unit == "" && ind.unit != "" && !quantity.SameUnit(head, ind.unit) {
		t.failIndicator(ind, finding.UnitMismatch, f.Cell, c.Text, ind.unit)
		unitClash(t.findings, "見出しの単位は「"+head+"」、指標の単位は「"+ind.unit+"」")
		return
	}
	if !t.inUnit(ind, &f, q) {
		return
	}
	f.Comparator, f.Approx, f.Change = q.Comparator, q.Approx, q.Change
	qualify(&f, natureOf(c.Text).over(e.column.said).ofRecord())
	if as == seriesPlan || t.form.Series.Parentheses != "plan" {
		f.Second, f.SecondUnit = q.Secondary, q.SecondaryUnit
	}
	t.store(ind, f, as, year)
	if q.Secondary != "" && as != seriesPlan && t.form.Series.Parentheses == "plan" {
		t.planBehind(ind, f, q, year)
	}
}

// inUnit puts a value into the indicator's unit: that of its column, else of its first value.
func (t *reader) inUnit(ind *indicator, f *record.Field, q quantity.Quantity) bool {
	f.Value, f.Unit = q.Value, q.Unit
	if whole, _, _ := strings.Cut(strings.TrimPrefix(q.Base, "-"), "."); len(whole) > maxWhole {
		t.failIndicator(ind, finding.NumberUnreadable, f.Cell, f.Text, "数値（桁数が多すぎる）")
		return false
	}
	unit := ind.unit
	if unit == "" {
		unit = ind.firstUnit
	}
	if unit != "" && ind.unit == "" && scaledUnit.MatchString(unit) && q.Unit == "" || // 90億円 beside 92
		unit == "" && len(ind.actual)+len(ind.plan) > 0 && scaledUnit.MatchString(q.Unit) {
		t.failIndicator(ind, finding.NumberUnreadable, f.Cell, f.Text, "数値（単位のある値とない値が混ざっている）")
		return false
	}
	if q.Unit == "" || unit == "" || unit == q.Unit {
		if ind.firstUnit == "" {
			ind.firstUnit = q.Unit
		}
		return true
	}
	value, ok := q.In(unit)
	if !ok {
		t.failIndicator(ind, finding.UnitMismatch, f.Cell, f.Text, unit)
		return false
	}
	f.Value, f.Unit = value, unit
	return true
}

// planBehind reads the plan of 1,352（1,346）.
func (t *reader) planBehind(ind *indicator, f record.Field, q quantity.Quantity, year int) {
	literal := q.Secondary
	if q.SecondaryUnit != "再掲" {
		literal += q.SecondaryUnit
	} else if q.Unit != "" {
		literal += q.BaseUnit
	}
	if t.inUnit(ind, &f, quantity.Parse(literal)) {
		t.store(ind, f, seriesPlan, year)
	}
}

func (t *reader) store(ind *indicator, f record.Field, as string, year int) {
	into := ind.actual
	if as == seriesPlan {
		into = ind.plan
	}
	if old, again := into[year]; again {
		if record.Key(old.Text) == record.Key(f.Text) {
			t.also = append(t.also, f.Cell)
			return
		}
		t.failIndicator(ind, finding.DuplicateRow, f.Cell, ind.name, old.Cell)
		return
	}
	into[year] = f
}

func (t *reader) failIndicator(ind *indicator, code, cell, found, expected string) {
	ind.excluded = true
	t.findings = append(t.findings, finding.New(code, t.sheet.Name, cell, found, expected))
}

func (t *reader) seriesRecord(ind *indicator, cell string, y int) record.Record {
	year := strconv.Itoa(y)
	rec := record.Record{
		Form: t.form.ID, Kind: t.form.Record, FiscalYear: t.year, Sheet: t.sheet.Name, Row: ind.row, Cell: cell,
		Key: record.Key(ind.name) + "|" + year, Excluded: ind.excluded || ind.hidden,
	}
	add := func(f record.Field, name, value string) {
		f.Name, f.Value, f.Sheet = name, value, t.sheet.Name
		if f.Unit == "" && (name == seriesActual || name == seriesPlan) {
			f.Unit = ind.unit
		}
		rec.Fields = append(rec.Fields, f)
	}
	add(record.Field{Cell: cell}, "indicator", ind.name)
	if at, ok := ind.yearAt[year]; ok {
		add(record.Field{Cell: at}, "year", year)
	}
	for _, c := range ind.band.columns {
		if c.scope == year && ind.yearAt[year] == "" {
			rec.Excluded = rec.Excluded || t.sheet.HiddenCols[c.col]
			add(record.Field{Cell: t.yearCell1(ind.band, c.col)}, "year", year)
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
		add(f, seriesActual, f.Value)
	}
	if f, ok := ind.plan[y]; ok {
		add(f, seriesPlan, f.Value)
	}
	return rec
}

// yearCell1 is the head of a column that states its year.
func (t *reader) yearCell1(b *band, col int) string {
	for _, p := range b.heads[col] {
		if t.form.scopeOf(p.Text) != "" {
			return t.ref(p.At)
		}
	}
	return t.ref([2]int{b.bottom, col})
}
