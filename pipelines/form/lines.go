package form

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// block reads the rows of a block into records.
func (t *reader) block(b *band) {
	t.head = b
	t.ended, t.groupUnit = false, ""
	t.measureOf(b)
	first := len(t.records)
	if t.form.Series != nil {
		t.headDates(b)
	}
	t.claimHeads(b)
	t.hiddenColumns(b)
	for i := b.bottom + 1; i < b.end; i++ {
		switch {
		case geometry.BlankRow(t.sheet, i, b.left, b.right):
		case t.example(b, i):
		case t.form.Series != nil && t.seriesRow(b, i):
		case t.skip(b, i):
		case t.otherHeads(b, i):
		case t.yearRow(b, i), t.measureRow(b, i):
		case t.section(b, i):
		case t.aside(b, i), t.struck(b, i):
		default:
			t.row(b, i)
		}
	}
	t.endGroup()
	if t.form.Series == nil {
		t.sharedNumbers(first)
		t.sums(first)
	}
	t.rivalHeads(b)
	t.unreadColumns(b)
	t.unreadRows(b)
	t.totals(b)
}

func (t *reader) claimRow(cells []int, i int, claim string) {
	for _, j := range cells {
		t.claim(i, j, claim)
	}
}

// naming is the name of the field that names records.
func (f *Form) naming() string {
	for _, r := range f.rules {
		if r.Type == "name" {
			return r.Name
		}
	}
	return ""
}

// valued reports a row in which a yearly value stands.
func (t *reader) valued(b *band, i int) bool {
	for _, c := range b.columns {
		if (c.rule == nil || c.rule.Scoped) && geometry.Own(t.sheet, i, c.col) {
			return true
		}
	}
	return false
}

var sameAbove = regexp.MustCompile(`^(?:〃|″|"|”|“|''|’’|同上|同じ|仝|々|上に同じ)$`)

// ditto reports a mark that means the cell above.
func ditto(text string) bool {
	text = strings.TrimSpace(text)
	return text != "" && len(text) <= len("（上に同じ）") && sameAbove.MatchString(strings.Trim(text, "（）()"))
}

// above is the text that a mark for 同上 repeats, and where it stands.
func (t *reader) above(i, j int) (row, col int) {
	for k := i - 1; k > t.head.bottom; k-- {
		if !geometry.Own(t.sheet, k, j) || t.claims[t.origin(k, j)] == record.ClaimSection {
			continue
		}
		if !ditto(t.sheet.At(k, j).Text) {
			return k, j
		}
	}
	return -1, -1
}

// nameAt is the name that stands in a row's naming cell, with 〃 resolved, and whether the row has a cell of its own for
// it.
func (t *reader) nameAt(b *band, i int) (name string, own bool) {
	cell := t.sheet.At(i, b.name)
	row, _ := t.sheet.Origin(i, b.name)
	if ditto(cell.Text) {
		if k, j := t.above(i, b.name); k >= 0 {
			return record.OneLine(t.sheet.At(k, j).Text), false
		}
	}
	return record.OneLine(cell.Text), row == i && !cell.Blank()
}

// row reads a row that is a record, or part of one.
func (t *reader) row(b *band, i int) {
	if t.vacant(b, i) {
		return
	}
	label, ok := t.rowLabel(b, i)
	if !ok {
		return
	}
	if t.onlyFills(b, i, label) {
		return
	}
	if t.current != nil && (b.measures >= 0 || b.years >= 0) && label.id == "" && !geometry.Own(t.sheet, i, b.name) {
		t.stray(b, i)
		return
	}
	if t.current != nil && t.onlyNumbers(b, i) {
		t.strayNumbers(b, i)
		return
	}
	if t.current == nil || t.starts(b, i, label) {
		t.endGroup()
		if t.continued(b, i) {
			return
		}
		t.begin(b, i)
	} else if b.measures < 0 && b.years < 0 && !label.named && label.rule == nil {
		t.claimCovered(b, i)
		return
	}
	t.current.seen[label.id] = true
	t.current.rows = append(t.current.rows, i)
	t.place(b, i, label)
}

// onlyNumbers reports a row without a name of its own in which nothing stands but yearly numbers: 下半期 below 上半期.
func (t *reader) onlyNumbers(b *band, i int) bool {
	if b.measures >= 0 || b.years >= 0 || t.form.Series != nil || geometry.Own(t.sheet, i, b.name) ||
		t.sheet.Covered(i, b.name) {
		return false
	}
	numbers := 0
	for _, j := range geometry.Row(t.sheet, i, b.left, b.right) {
		c, ok := b.at(j)
		if !ok {
			continue
		}
		if c.rule == nil || !c.rule.Scoped || c.rule.Type != "number" || !isNumber(t.sheet.At(i, j).Text) {
			return false
		}
		numbers++
	}
	return numbers > 0
}

// strayNumbers leaves out the record above such a row: whose the numbers are, nothing says, and of
// what part its own are.
func (t *reader) strayNumbers(b *band, i int) {
	cells := geometry.Row(t.sheet, i, b.left, b.right)
	t.claimRow(cells, i, record.ClaimUnread)
	for _, j := range cells {
		c, ok := b.at(j)
		if !ok {
			continue
		}
		text := t.sheet.At(i, j).Text
		f := finding.New(finding.CellsUnread, t.sheet.Name, t.ref([2]int{i, j}), text, "")
		f.Message = "「" + text + "」に「" + t.form.namer.title + "」がないため、どの記録の「" +
			t.describeField(c.rule, c.scope) + "」か分かりません。隣の「" + t.current.name + "」とともに集計から除きました。名前を書くか、一つの値にまとめてください。"
		t.current.problems = append(t.current.problems, f)
		return
	}
}

// stray is for a row that is part of no record: nothing says which measure or year it is of. Values in it are an error.
func (t *reader) stray(b *band, i int) {
	cells := geometry.Row(t.sheet, i, b.left, b.right)
	t.claimRow(cells, i, record.ClaimUnread)
	for _, j := range cells {
		c, ok := b.at(j)
		if !ok || c.rule != nil && !c.rule.Scoped {
			continue
		}
		text := t.sheet.At(i, j).Text
		f := finding.New(finding.CellsUnread, t.sheet.Name, t.ref([2]int{i, j}), text, "")
		f.Message = "「" + text + "」は、" + t.form.measureList() + " のどの行の値か分からないため読んでいません。" +
			"行の見出しを書いてください。この記録は集計から除きました。"
		t.current.problems = append(t.current.problems, f)
		return
	}
}

// rowLabel is what the labels of a row say its values are: a measure, a year.
type rowLabel struct {
	rule   *FieldRule
	year   string
	id     string // tells the rows of one record apart
	skip   bool   // a measure that is not read: 達成率
	named  bool   // the measure stands in the naming cell
	column int    // where the measure stands, -1 for none
}

// label reads the labels of a row. A label that says nothing is a finding, and leaves the record out; ok is false then.
func (t *reader) rowLabel(b *band, i int) (l rowLabel, ok bool) {
	l.column = -1
	untold := b.measures < 0 || t.form.Series != nil && t.sheet.At(i, b.measures).Blank()
	if untold && t.current != nil && t.valued(b, i) { // a measure in the naming column: 目標 below the name
		rule, is := t.form.measure(record.OneLine(t.sheet.At(i, b.name).Text))
		if is && !t.sheet.Covered(i, b.name) && t.yearColumns(b) {
			l.rule, l.skip, l.named, l.column = rule, rule == nil, true, b.name
			l.id = headWord(t.sheet.At(i, b.name).Text)
			t.claim(i, b.name, record.ClaimLabel)
		}
	}
	if b.measures >= 0 && !l.named {
		text := record.OneLine(t.sheet.At(i, b.measures).Text)
		rule, is := t.form.measure(text)
		switch {
		case is:
			l.rule, l.skip, l.id, l.column = rule, rule == nil, headWord(text), b.measures
			t.claim(i, b.measures, record.ClaimLabel)
		case text == "" && t.form.only != nil && !t.plannedAbove(b, i):
			l.rule, l.id = t.form.only, t.form.only.Name
		case text != "" && !t.claimedAs(i, b.measures, record.ClaimSection) || t.valued(b, i):
			t.unlabelled(b, i, finding.SymbolUnknown, b.measures, t.form.measureList())
			return l, false
		}
	} else if l.rule == nil && !l.skip && t.form.only != nil {
		l.rule = cmp.Or(t.blockMeasure, t.form.only)
		l.id = l.rule.Name
		l.skip = t.unmeasured
		if l.skip {
			l.rule = nil
		}
	}
	if b.years >= 0 {
		text := t.sheet.At(i, b.years).Text
		if l.year = t.yearLabel(b, text); l.year != "" {
			t.claim(i, b.years, record.ClaimLabel)
		} else if t.scopedIn(b, i) {
			t.unlabelled(b, i, finding.NumberUnreadable, b.years, "年度（例：令和6年度、R6）")
			return l, false
		}
		l.id += l.year
	}
	return l, true
}

// plannedAbove reports a blank in the column of measures beside a name of its own, where the last label above says that
// its values are no actual ones: whether it holds for this row too, nothing says.
func (t *reader) plannedAbove(b *band, i int) bool {
	if !geometry.Own(t.sheet, i, b.name) {
		return false
	}
	k, j := t.above(i, b.measures)
	if k < 0 {
		return false
	}
	rule, ok := t.form.measure(record.OneLine(t.sheet.At(k, j).Text))
	return ok && rule != t.form.only
}

// yearLabel is the year that a cell of a column of years states: also 今年度, and a bare number where all of them are.
func (t *reader) yearLabel(b *band, text string) string {
	text = relativeYear(text, t.year)
	if y := era(text, t.form.yearIn(text), t.year); y != "" {
		return y
	}
	if n, ok := bareNumber(text); ok && t.bareYears(b) {
		return yearText(eraNumber(n, t.year))
	}
	return ""
}

// bareYears reports a column of years in which every cell is a bare number, the sheet's year or
// one beside it among them.
func (t *reader) bareYears(b *band) bool {
	near, count := false, 0
	for i := b.bottom + 1; i < b.end; i++ {
		if !geometry.Own(t.sheet, i, b.years) || len(geometry.Row(t.sheet, i, b.left, b.right)) < 2 {
			continue
		}
		n, ok := bareNumber(t.sheet.At(i, b.years).Text)
		if !ok || n > 64 {
			return false
		}
		y := eraNumber(n, t.year)
		near = near || y >= t.year-1 && y <= t.year+1
		count++
	}
	return near && count > 1
}

// yearColumns reports a block with columns of years whose field each row tells.
func (t *reader) yearColumns(b *band) bool {
	return slices.ContainsFunc(b.columns, func(c column) bool { return c.rule == nil })
}

func (t *reader) unlabelled(b *band, i int, code string, col int, expected string) {
	if t.current == nil || t.starts(b, i, rowLabel{}) {
		t.endGroup()
		t.begin(b, i)
	}
	t.current.rows = append(t.current.rows, i)
	text := t.sheet.At(i, col).Text
	t.current.problems = append(t.current.problems, finding.New(code, t.sheet.Name, t.sheet.Ref(i, col), text, expected))
	t.current.seen["?"+t.ref([2]int{i, col})] = true
	for _, c := range b.columns {
		switch {
		case c.rule != nil && (!c.rule.Scoped || !c.assumed):
			t.current.add(entry{rule: c.rule, scope: c.scope, at: [2]int{i, c.col}, column: c})
		case c.col != b.name:
			t.claim(i, c.col, record.ClaimUnread)
		}
	}
	t.claim(i, col, record.ClaimUnread)
}

// scopedIn reports a row in which a value of a year stands.
func (t *reader) scopedIn(b *band, i int) bool {
	for _, c := range b.columns {
		if c.rule != nil && c.rule.Scoped && t.sheet.At(i, c.col).Kind != workbook.Empty && !t.sheet.Covered(i, c.col) {
			return true
		}
	}
	return false
}

// identifies reports a column whose cell tells records apart.
func (t *reader) identifies(c column) bool {
	return c.rule != nil && !c.rule.Scoped && (c.rule.Type == "name" || contains(t.form.Key, c.rule.Name))
}

// starts reports that a row begins a new record.
func (t *reader) starts(b *band, i int, l rowLabel) bool {
	labels := b.measures >= 0 || b.years >= 0 || l.named
	if labels && t.current.seen[l.id] && t.form.Series == nil {
		return true
	}
	name, own := t.nameAt(b, i)
	if l.named || t.form.Series != nil && !own {
		return false
	}
	switch {
	case own && !labels:
		return true
	case own && record.Key(name) != record.Key(t.current.name):
		return true
	case own || labels:
		return t.otherIdentity(b, i)
	}
	if ditto(t.sheet.At(i, b.name).Text) {
		return true
	}
	if !t.sheet.Covered(i, b.name) { // a blank name
		return !t.nothing(b, i)
	}
	for _, c := range b.columns {
		top, _ := t.sheet.Origin(i, c.col)
		tells := c.rule != nil && (c.rule.Scoped || contains(t.form.Key, c.rule.Name))
		if tells && top == i && !t.sheet.At(i, c.col).Blank() {
			return true
		}
	}
	return false
}

// otherIdentity reports that a cell of a row which tells records apart says something else than the record's first row.
func (t *reader) otherIdentity(b *band, i int) bool {
	for _, c := range b.columns {
		if !t.identifies(c) || c.col == b.name {
			continue
		}
		row, col := t.sheet.Origin(i, c.col)
		cell := t.sheet.At(i, c.col)
		old, known := t.current.places[c.rule.Name]
		if cell.Blank() || ditto(cell.Text) || known && old == [2]int{row, col} {
			continue
		}
		if !known || record.Key(cell.Text) != record.Key(t.sheet.At(old[0], old[1]).Text) {
			return true
		}
	}
	return false
}

// vacant reports a row in which only what an empty form already holds stands: its line number, the plan's name.
func (t *reader) vacant(b *band, i int) bool {
	numbers := 0
	for _, j := range geometry.Row(t.sheet, i, b.left, b.right) {
		if t.claims[t.origin(i, j)] != "" {
			continue
		}
		c, ok := b.at(j)
		switch {
		case !ok:
			if !slices.Contains(b.unknown, j) {
				if isNumber(t.sheet.At(i, j).Text) && len(geometry.Row(t.sheet, i, b.left, b.right)) == 1 {
					t.strayNumber(i, j)
				}
				continue
			}
			return false
		case c.rule == nil || !c.rule.Prefilled:
			if c.rule != nil && (c.rule.Type == "label" || c.rule.Type == "text") && lineNumber(t.sheet.At(i, j).Text) {
				numbers++
				continue
			}
			return false
		}
	}
	if numbers > 1 {
		return false
	}
	for _, j := range geometry.Row(t.sheet, i, b.left, b.right) {
		t.claim(i, j, record.ClaimTemplate)
	}
	return true
}

// strayNumber tells of a number in a row of its own in no column of the block: whose it is, nothing says.
func (t *reader) strayNumber(i, j int) {
	t.claim(i, j, record.ClaimUnread)
	text := t.sheet.At(i, j).Text
	f := finding.New(finding.CellsUnread, t.sheet.Name, t.ref([2]int{i, j}), text, "")
	f.Message = "「" + text + "」がどの記録のどの項目の値か分からないため、読んでいません。要る値なら記録の行と見出しの列に書き、不要なら消してください。"
	t.findings = append(t.findings, f)
}

var lineNo = regexp.MustCompile(`^\d{1,3}$`)

// lineNumber reports a number that an empty form prints at its lines.
func lineNumber(text string) bool { return lineNo.MatchString(record.Normal(text)) }

// at is the column of a place.
func (b *band) at(col int) (column, bool) {
	for _, c := range b.columns {
		if c.col == col {
			return c, true
		}
	}
	return column{}, false
}

// continued reports a row in which nothing stands but what is merged from above.
func (t *reader) continued(b *band, i int) bool { return t.nothing(b, i) }

func (t *reader) nothing(b *band, i int) bool {
	for _, c := range b.columns {
		if geometry.Own(t.sheet, i, c.col) {
			return false
		}
	}
	return true
}

// claimCovered is for a row of a record without labels that adds nothing: what stands in it is unread.
func (t *reader) claimCovered(b *band, i int) {
	for _, c := range b.columns {
		if geometry.Own(t.sheet, i, c.col) && c.rule != nil {
			t.current.entries = append(t.current.entries, entry{rule: c.rule, scope: c.scope, at: [2]int{i, c.col}, column: c})
		}
	}
}

// onlyFills takes a row in which only fields that hold for the rows below stand.
func (t *reader) onlyFills(b *band, i int, l rowLabel) bool {
	n := 0
	for _, c := range b.columns {
		if !geometry.Own(t.sheet, i, c.col) {
			continue
		}
		if c.rule == nil || !c.rule.FillDown || c.col == b.name {
			return false
		}
		n++
	}
	if n == 0 || l.column >= 0 || l.year != "" {
		return false
	}
	for _, j := range b.unknown {
		if geometry.Own(t.sheet, i, j) {
			return false
		}
	}
	t.endGroup()
	var scratch record.Record
	for k := range t.form.rules {
		for _, c := range b.columns {
			if c.rule == &t.form.rules[k] && geometry.Own(t.sheet, i, c.col) {
				t.readCell(&scratch, i, c.col, c.rule, c.scope)
				t.claim(i, c.col, record.ClaimSection)
			}
		}
	}
	return true
}

// begin begins the record of a row.
func (t *reader) begin(b *band, i int) {
	name, _ := t.nameAt(b, i)
	t.current = &group{row: i, name: name, places: map[string][2]int{}, seen: map[string]bool{}, band: b}
	for _, c := range b.columns {
		if t.identifies(c) {
			row, col := t.sheet.Origin(i, c.col)
			t.current.places[c.rule.Name] = [2]int{row, col}
		}
	}
}

// place adds the cells of a row to its record.
func (t *reader) place(b *band, i int, l rowLabel) {
	g := t.current
	said := natureOfHeads(t.rowHeads(b, i))
	for _, c := range b.columns {
		at := [2]int{i, c.col}
		c.said = c.said.over(said)
		switch {
		case l.named && c.col == b.name:
		case c.rule != nil && c.rule.Type == "skip":
			t.claim(i, c.col, record.ClaimSkipped)
		case c.rule == nil && l.skip:
			t.claim(i, c.col, record.ClaimSkipped)
		case c.rule == nil && l.rule == nil:
		case c.rule == nil:
			g.add(entry{rule: l.rule, scope: c.scope, at: at, column: c})
		case c.rule.Scoped && c.assumed && l.year != "":
			g.add(entry{rule: c.rule, scope: l.year, at: at, column: c})
		case c.rule.Scoped && c.assumed && t.sectionYear != "":
			g.add(entry{rule: c.rule, scope: t.sectionYear, at: at, column: c})
		default:
			g.add(entry{rule: c.rule, scope: c.scope, at: at, column: c})
		}
	}
	for j, first := range b.rivals {
		c, _ := b.at(first)
		scope := c.scope
		rule := c.rule
		if c.rule == nil {
			rule = l.rule
		} else if c.assumed && l.year != "" {
			scope = l.year
		} else if c.assumed && t.sectionYear != "" {
			scope = t.sectionYear
		}
		if rule != nil {
			c.col = j
			g.add(entry{rule: rule, scope: scope, at: [2]int{i, j}, column: c, rival: true})
		}
	}
}

// missingMark reports a text that says that there is no value: －, 該当なし.
func missingMark(text string) bool {
	const longest = 60 // bytes of （該当なし） and the like
	// Most cells begin with a digit: parsing each again costs a tenth of reading.
	if len(text) > longest || text != "" && text[0] >= '0' && text[0] <= '9' {
		return false
	}
	return quantity.Parse(text).Status == quantity.Missing || noValue.MatchString(record.Normal(text))
}

// rowHeads are what stands in a row at the left of its numbers and says which measure or year they are of.
func (t *reader) rowHeads(b *band, i int) []string {
	var heads []string
	for _, j := range []int{b.measures, b.years} {
		if j >= 0 {
			heads = append(heads, t.sheet.At(i, j).Text)
		}
	}
	return heads
}
