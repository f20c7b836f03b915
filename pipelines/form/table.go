package form

import (
	"cmp"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// tableReader reads one sheet of layout table.
type tableReader struct {
	form     *Form
	sheet    *workbook.Sheet
	head     header
	year     int
	records  []record.Record
	findings []record.Finding
	fill     map[string]record.Field
	sections []section
	shared   []record.Field // what the sheet states once for all its records
	group    *group         // the record that is being read, where it takes several rows
}

func (f *Form) readTable(s *workbook.Sheet, h header, year int) ([]record.Record, []record.Finding) {
	t := &tableReader{form: f, sheet: s, head: h, year: year, fill: map[string]record.Field{}}
	t.shared = f.preamble(s, h)
	t.hiddenColumns()
	for i := range h.top {
		t.section(i)
	}
	for i := h.bottom + 1; i < s.Rows; i++ {
		if tallyTop, ok := t.tallyHeader(i); ok {
			i = t.checkTally(tallyTop)
			continue
		}
		if h, ok := t.nextHeader(i); ok {
			t.finishGroup()
			t.unread(h.top)
			t.unclear()
			t.head = h
			i = h.bottom
			continue
		}
		if !t.skip(i) && !t.section(i) {
			t.row(i)
		}
	}
	t.finishGroup()
	t.unread(s.Rows)
	t.totals()
	t.unclear()
	return t.records, t.findings
}

// unclear leaves out the whole sheet where two columns would be the same field of the same year: one of the heads is
// not understood, and a value of another year would be printed as this one's.
func (t *tableReader) unclear() {
	for _, j := range t.head.unclear {
		f := finding.New(
			finding.NumberUnreadable, t.sheet.Name, t.sheet.Ref(t.head.bottom, j),
			headerText(t.sheet, t.head.top, t.head.bottom, j), "",
		)
		f.Message = "見出し「" + f.Found + "」がどの年度か分かりません。「令和6年度進捗」のように年度を書いてください。このシートは集計から除きました。"
		t.findings = append(t.findings, f)
	}
	for i := range t.records {
		t.records[i].Excluded = t.records[i].Excluded || len(t.head.unclear) > 0
	}
}

// skip reports rows that are no records: blank, notes, printed totals, the header again.
func (t *tableReader) skip(i int) bool {
	first := ""
	blank, totals := true, 0
	for j := range t.sheet.Cols {
		c := t.sheet.At(i, j)
		if c.Blank() || t.sheet.Covered(i, j) {
			continue
		}
		blank = false
		if first == "" {
			first = strings.TrimSpace(c.Text)
		}
		if matches(c.Text, t.form.SkipWords) || t.subtotal(i, c.Text) {
			totals++
		}
	}
	if !blank && t.substance(i) {
		return false
	}
	if blank || !t.totalRecord(i) && !t.complete(i) && (totals > 0 && t.nameless(i) || matches(first, t.form.SkipWords)) {
		return true
	}
	for _, m := range t.form.NoteMarks {
		if strings.HasPrefix(first, m) {
			return true
		}
	}
	return false
}

// subtotal reports the label of a line without a name: 柱1 計, 総務部小計.
func (t *tableReader) subtotal(i int, text string) bool {
	n := record.Normal(text)
	for _, w := range t.form.SkipWords {
		if strings.HasSuffix(n, w) {
			return !t.standsIn(i, t.form.naming()) && !t.valued(i)
		}
	}
	return false
}

// naming is the name of the field that names records.
func (f *Form) naming() string {
	for _, r := range f.Fields {
		if r.Type == "name" {
			return r.Name
		}
	}
	return ""
}

// complete reports a row in which every required field is filled in: an indicator may be called 割合.
func (t *tableReader) complete(i int) bool {
	n := 0
	for _, q := range t.form.Required {
		c, ok := t.head.find(q.Field)
		if !ok {
			continue
		}
		if t.sheet.At(i, c.col).Blank() {
			return false
		}
		n++
	}
	return n >= 3
}

// substance reports a row in which a required field of its own stands that no total and no note has: a unit, a
// direction.
func (t *tableReader) substance(i int) bool {
	for _, q := range t.form.Required {
		rule := t.form.fieldNamed(q.Field)
		if rule == nil || rule.FillDown || rule.Scoped || rule.Type != "choice" && rule.Type != "unit" {
			continue
		}
		if c, ok := t.head.find(q.Field); ok && t.standsIn(i, q.Field) && !matches(
			t.sheet.At(i, c.col).Text, t.form.SkipWords,
		) {
			return true
		}
	}
	return false
}

// valued reports a row in which a yearly value stands.
func (t *tableReader) valued(i int) bool {
	for _, c := range t.head.columns {
		if (c.rule == nil || c.rule.Scoped) && !t.sheet.At(i, c.col).Blank() && !t.sheet.Covered(i, c.col) {
			return true
		}
	}
	return false
}

// onlyFills reports a row in which only fields that hold for the rows below stand, and takes them.
func (t *tableReader) onlyFills(i int) bool {
	n := 0
	for _, c := range t.head.columns {
		if t.sheet.At(i, c.col).Blank() || t.sheet.Covered(i, c.col) {
			continue
		}
		if c.rule == nil || !c.rule.FillDown {
			return false
		}
		n++
	}
	if n > 0 {
		r := t.begin(i)
		t.readColumns(&r, i, func(c column) bool { return c.rule.FillDown })
	}
	return n > 0
}

// nameless reports a row whose naming cell is blank or holds no name (a total's label, a count).
func (t *tableReader) nameless(i int) bool {
	for _, c := range t.head.columns {
		if c.rule != nil && c.rule.Type == "name" {
			cell := t.sheet.At(i, c.col)
			return cell.Blank() || cell.Kind == workbook.Number || matches(cell.Text, t.form.SkipWords)
		}
	}
	return false
}

// nextHeader reads a header that stands below the first: on the next page, or of another table with other columns or
// years. It must name every needed field again.
func (t *tableReader) nextHeader(i int) (header, bool) {
	const fewest = 3 // headings in its first row
	heads := 0
	for j := range t.sheet.Cols {
		if c, ok := t.form.matchHeader(record.OneLine(t.sheet.At(i, j).Text)); ok && c.rule != nil && !t.sheet.Covered(i, j) {
			heads++
		}
	}
	if heads < min(fewest, len(t.head.columns)) || t.form.numbersIn(t.sheet, i) {
		return header{}, false
	}
	year := t.yearAbove(i)
	var best header
	for bottom := i; bottom < min(i+cmp.Or(t.form.HeaderRows, mostHeads), t.sheet.Rows); bottom++ {
		if bottom > i && (t.form.numbersIn(t.sheet, bottom) || !t.form.headsIn(t.sheet, bottom)) {
			break
		}
		if h := t.form.headerAt(t.sheet, i, bottom, year); h.weight() > best.weight() {
			best = h
		}
	}
	for k := range t.form.Fields {
		if rule := &t.form.Fields[k]; rule.Needed && !best.has(rule) {
			return best, false
		}
	}
	return best, len(best.columns) > 0
}

// yearAbove is the year that a line right above a header names, else the sheet's.
func (t *tableReader) yearAbove(i int) int {
	const near = 3
	for k := i - 1; k >= max(0, i-near); k-- {
		if text, _, alone := t.aloneIn(k); alone {
			if years := fiscal.Named(text); len(years) == 1 {
				return years[0]
			}
		}
	}
	return t.year
}

func (t *tableReader) row(i int) {
	if t.head.measures >= 0 || t.head.years >= 0 {
		t.groupRow(i)
		return
	}
	if t.continues(i) || t.vacant(i) || t.onlyFills(i) {
		return
	}
	r := t.begin(i)
	t.readColumns(&r, i, func(column) bool { return true })
	t.end(&r, i)
}

// begin makes the record of a row.
func (t *tableReader) begin(i int) record.Record {
	r := record.Record{Form: t.form.ID, Kind: t.form.Record, FiscalYear: t.year, Sheet: t.sheet.Name, Row: i + 1}
	for _, rule := range t.form.Fields {
		if c, ok := t.head.find(rule.Name); ok && rule.Type == "name" {
			r.Cell = t.sheet.Ref(t.sheet.Origin(i, c.col))
		}
	}
	return r
}

// readColumns reads the cells of a row in the form's order: a pillar before its items, a unit before its values.
func (t *tableReader) readColumns(r *record.Record, i int, which func(column) bool) {
	for k := range t.form.Fields {
		rule := &t.form.Fields[k]
		for _, c := range t.head.columns {
			if c.rule == rule && which(c) {
				t.read(r, i, c)
			}
		}
		if !hasField(t.head.columns, rule.Name) {
			t.fromSection(r, rule)
		}
	}
}

// end checks a record that has been read whole, the first of its rows being i.
func (t *tableReader) end(r *record.Record, i int) {
	t.hiddenRow(r, i)
	t.required(r, i)
	t.contradictions(r)
	t.judge(r)
	t.ratios(r)
	r.Key = t.form.key(r)
	t.records = append(t.records, *r)
}

// vacant reports a row in which only what an empty form already holds stands: its line number, the plan's name.
func (t *tableReader) vacant(i int) bool {
	for _, c := range t.head.columns {
		if (c.rule == nil || !c.rule.Prefilled) && !t.sheet.At(i, c.col).Blank() && !t.sheet.Covered(i, c.col) {
			return false
		}
	}
	return true
}

// continues reports a row that is no record of its own: nothing stands in it, or its name is merged from above and
// nothing of its own tells it apart or gives it a value.
func (t *tableReader) continues(i int) bool {
	if t.nothing(i) {
		return true
	}
	below := false
	for _, c := range t.head.columns {
		switch top, _ := t.sheet.Origin(i, c.col); {
		case c.rule == nil:
		case c.rule.Type == "name":
			below = top < i
		case (c.rule.Scoped || contains(t.form.Key, c.rule.Name)) && top == i && !t.sheet.At(i, c.col).Blank():
			return false
		}
	}
	return below
}

// nothing reports a row in which nothing stands but what is merged from above.
func (t *tableReader) nothing(i int) bool {
	for _, c := range t.head.columns {
		if !t.sheet.At(i, c.col).Blank() && !t.sheet.Covered(i, c.col) {
			return false
		}
	}
	return true
}

// key is the identity of a record: the values of the form's key fields.
func (f *Form) key(r *record.Record) string {
	fields := f.Key
	for _, rule := range f.Fields {
		if rule.Mark != "" && r.Value(rule.Mark) != "" {
			fields = f.MarkedKey
		}
	}
	var parts []string
	for _, name := range fields {
		parts = append(parts, record.Normal(r.Value(name)))
	}
	return strings.Join(parts, "|")
}

// totalRecord reports a printed total that is a record of its own.
func (t *tableReader) totalRecord(i int) bool {
	if t.form.Total == nil {
		return false
	}
	col := t.nameColumn()
	return col >= 0 && matches(t.sheet.At(i, col).Text, t.form.Total.Words)
}

func (t *tableReader) fail(r *record.Record, code, cell, found, expected string) {
	r.Excluded = true
	t.findings = append(t.findings, finding.New(code, t.sheet.Name, cell, found, expected))
}
