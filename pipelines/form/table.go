package form

import (
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/quantity"
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
}

func (f *Form) readTable(s *workbook.Sheet, h header, year int) ([]record.Record, []record.Finding) {
	t := &tableReader{form: f, sheet: s, head: h, year: year, fill: map[string]record.Field{}}
	t.hiddenColumns()
	for i := h.bottom + 1; i < s.Rows; i++ {
		if tallyTop, ok := t.tallyHeader(i); ok {
			i = t.checkTally(tallyTop)
			continue
		}
		if !t.skip(i) {
			t.row(i)
		}
	}
	t.unclear()
	return t.records, t.findings
}

// unclear leaves out the whole sheet where two columns would be the same field of the same year: one of the heads is
// not understood, and a value of another year would be printed as this one's.
func (t *tableReader) unclear() {
	for _, j := range t.head.unclear {
		f := finding("number_unreadable", t.sheet.Name, t.sheet.Ref(t.head.bottom, j), headerText(t.sheet, t.head.top, t.head.bottom, j), "")
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
		if matches(c.Text, t.form.SkipWords) {
			totals++
		}
	}
	if blank || totals > 0 && t.nameless(i) || matches(first, t.form.SkipWords) {
		return true
	}
	for _, m := range t.form.NoteMarks {
		if strings.HasPrefix(first, m) {
			return true
		}
	}
	return t.headerAgain(i)
}

// nameless reports a row whose naming cell is blank or holds no name (a total's label, a count).
func (t *tableReader) nameless(i int) bool {
	for _, c := range t.head.columns {
		if c.rule.Type == "name" {
			cell := t.sheet.At(i, c.col)
			return cell.Blank() || cell.Kind == workbook.Number || matches(cell.Text, t.form.SkipWords)
		}
	}
	return false
}

func (t *tableReader) headerAgain(i int) bool {
	same := 0
	for _, c := range t.head.columns {
		if matches(t.sheet.At(i, c.col).Text, c.rule.Words) {
			same++
		}
	}
	return same >= 2
}

func (t *tableReader) row(i int) {
	r := record.Record{Form: t.form.ID, Kind: t.form.Record, FiscalYear: t.year, Sheet: t.sheet.Name, Row: i + 1}
	if t.continues(i) {
		return
	}
	for _, rule := range t.form.Fields { // in the form's order: a pillar before its items, a mark before the symbols
		for _, c := range t.head.columns {
			if c.rule.Name == rule.Name {
				t.read(&r, i, c)
			}
		}
	}
	for _, rule := range t.form.Fields {
		if c, ok := t.head.find(rule.Name, ""); ok && rule.Type == "name" {
			r.Cell = t.sheet.Ref(i, c.col)
		}
	}
	t.hiddenRow(&r, i)
	t.required(&r, i)
	t.contradictions(&r)
	r.Key = t.key(&r)
	t.records = append(t.records, r)
}

// continues reports a row that is no record of its own: nothing stands in it, or its name is merged from above and no
// symbol stands in it.
func (t *tableReader) continues(i int) bool {
	if t.nothing(i) {
		return true
	}
	below := false
	for _, c := range t.head.columns {
		switch top, _ := t.sheet.Origin(i, c.col); {
		case c.rule.Type == "name":
			below = top < i
		case c.rule.Type == "symbol" && top == i && !t.sheet.At(i, c.col).Blank():
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

// read reads one cell into the record's fields.
func (t *tableReader) read(r *record.Record, i int, c column) {
	cell := t.sheet.At(i, c.col)
	row, col := t.sheet.Origin(i, c.col)
	f := record.Field{
		Name: c.rule.Name, Scope: c.scope, Text: cell.Text, Sheet: t.sheet.Name, Cell: t.sheet.Ref(row, col),
	}
	switch {
	case cell.Kind == workbook.Error:
		t.fail(r, "formula_error", f.Cell, cell.Text, "計算結果")
		return
	case cell.Kind == workbook.Uncached:
		t.fail(r, "formula_uncached", f.Cell, "="+cell.Formula, "計算結果")
		return
	case cell.Blank(), c.rule.Type == "year" && quantity.Parse(cell.Text).Status == quantity.Missing:
		if old, ok := t.fill[c.rule.Name]; ok && c.rule.FillDown {
			r.Fields = append(r.Fields, old)
			if no, ok := t.fill[c.rule.Name+"_no"]; ok {
				r.Fields = append(r.Fields, no)
			}
		}
		return
	}
	if c.rule.FillDown && !t.sheet.Covered(i, c.col) {
		t.forget(c.rule)
	}
	for _, f := range t.interpret(r, f, c.rule) {
		r.Fields = append(r.Fields, f)
		if c.rule.FillDown {
			t.fill[f.Name] = f
		}
	}
}

// forget drops what later fields would fill down: under a new pillar, the item of the old one no longer holds.
func (t *tableReader) forget(rule *FieldRule) {
	after := false
	for _, r := range t.form.Fields {
		if after && r.FillDown {
			delete(t.fill, r.Name)
			delete(t.fill, r.Name+"_no")
		}
		after = after || r.Name == rule.Name
	}
}

// interpret reads the cell's text by the rule's type; one cell can hold two fields.
func (t *tableReader) interpret(r *record.Record, f record.Field, rule *FieldRule) []record.Field {
	with := func(name, value string) record.Field {
		g := f
		g.Name, g.Value = name, value
		return g
	}
	switch rule.Type {
	case "label":
		return []record.Field{with(f.Name, record.Label(f.Text))}
	case "numbered":
		number, label := numbered(f.Text)
		delete(t.fill, f.Name+"_no")
		if number == "" {
			return []record.Field{with(f.Name, label)}
		}
		return []record.Field{with(f.Name, label), with(f.Name+"_no", number)}
	case "name":
		name, marked := cutMark(record.OneLine(f.Text))
		if marked {
			return []record.Field{with(f.Name, name), with(rule.Mark, "true")}
		}
		if strings.Contains(name, "再掲") {
			t.fail(r, "symbol_unknown", f.Cell, f.Text, "（再掲）")
		}
		return []record.Field{with(f.Name, name)}
	case "mark":
		if matches(f.Text, rule.Unmarked) {
			return nil
		}
		if !matches(f.Text, rule.Marks) && !matches(f.Text, rule.Words) {
			t.fail(r, "symbol_unknown", f.Cell, f.Text, strings.Join(rule.Marks[:1], " ")+" または空欄")
		}
		return []record.Field{with(f.Name, "true")}
	case "symbol":
		if r.Value(t.form.markName()) != "" && quantity.Parse(f.Text).Status == quantity.Missing {
			return nil // a row that repeats another need not repeat its symbols
		}
		value, ok := symbol(f.Text, t.form.Symbols[rule.Symbols])
		if !ok {
			t.fail(r, "symbol_unknown", f.Cell, f.Text, t.form.symbolList(rule.Symbols))
		}
		return []record.Field{with(f.Name, value)}
	case "year":
		year, ok := fiscal.ParseYear(f.Text)
		if !ok {
			year, ok = fiscal.ParseYear(f.Text + "年度") // 2020
		}
		if !ok {
			t.fail(r, "number_unreadable", f.Cell, f.Text, "年度（例：令和6年度、R6）")
			return nil
		}
		return []record.Field{with(f.Name, strconv.Itoa(year))}
	case "ended":
		word, year := ended(f.Text)
		switch known := slices.Concat(rule.Values, rule.Endings); {
		case slices.Contains(rule.Values, word):
			word = rule.Values[0]
		case !slices.Contains(known, word):
			t.fail(r, "symbol_unknown", f.Cell, f.Text, strings.Join(append(rule.Values[:1:1], rule.Endings...), " "))
		}
		if year == "" {
			return []record.Field{with(f.Name, word)}
		}
		return []record.Field{with(f.Name, word), with(rule.EndYear, year)}
	}
	return []record.Field{with(f.Name, strings.TrimSpace(f.Text))}
}

// markName is the field that a name's mark sets, "" when the form has none.
func (f *Form) markName() string {
	for _, r := range f.Fields {
		if r.Mark != "" {
			return r.Mark
		}
	}
	return ""
}

func (f *Form) symbolList(set string) string {
	var out []string
	for _, s := range f.Symbols[set] {
		out = append(out, s.Symbol)
	}
	return strings.Join(out, " ")
}

// key is the identity of a record: the values of the form's key fields.
func (t *tableReader) key(r *record.Record) string {
	fields := t.form.Key
	for _, rule := range t.form.Fields {
		if rule.Mark != "" && r.Value(rule.Mark) != "" {
			fields = t.form.MarkedKey
		}
	}
	var parts []string
	for _, name := range fields {
		parts = append(parts, record.Normal(r.Value(name)))
	}
	return strings.Join(parts, "|")
}

func (t *tableReader) fail(r *record.Record, code, cell, found, expected string) {
	r.Excluded = true
	t.findings = append(t.findings, finding(code, t.sheet.Name, cell, found, expected))
}
