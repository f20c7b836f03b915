package form

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// entry is a cell that states a field of a record, and of which year.
type entry struct {
	rule     *FieldRule
	scope    string
	at       [2]int
	column   column // of the head that describes it
	label    [2]int // of the label that describes it, on a card
	rival    bool   // its head says the same as another's
	nothing  bool   // no cell is there: at is the label
	headYear string // a year in the label: 基準値（令和6年度）
}

// group is a record that is being read: the rows that it takes and the cells in them.
type group struct {
	row      int
	rows     []int
	name     string
	entries  []entry
	places   map[string][2]int // where each identifying cell stands
	seen     map[string]bool   // the measures, or the years, already read
	asOf     map[int]asOf
	told     []record.Field   // fields that a cell of a card states by their words: 計画：X
	problems []record.Finding // labels that say nothing: they leave the record out
	band     *band
}

func (g *group) add(e entry) { g.entries = append(g.entries, e) }

// of are the cells of a field, by year, in the order in which the years come.
func (g *group) of(rule *FieldRule) (scopes []string, by map[string][]entry) {
	by = map[string][]entry{}
	for _, e := range g.entries {
		if e.rule != rule {
			continue
		}
		if len(by[e.scope]) == 0 {
			scopes = append(scopes, e.scope)
		}
		by[e.scope] = append(by[e.scope], e)
	}
	return scopes, by
}

// endGroup makes the record that is being read.
func (t *reader) endGroup() {
	g := t.current
	t.current = nil
	if g == nil {
		return
	}
	if t.form.Series != nil {
		t.indicator(g)
		return
	}
	t.emit(g)
}

// emit makes a record of the cells of its rows, in the form's order: a pillar before its items, a
// unit before its values.
func (t *reader) emit(g *group) {
	r := record.Record{Form: t.form.ID, Kind: t.form.Record, FiscalYear: t.year, Sheet: t.sheet.Name, Row: g.row + 1}
	if t.flipped() {
		r.Row = g.rowOfName() + 1
	}
	for _, e := range g.entries {
		if e.rule.Type == "name" && r.Cell == "" {
			r.Cell = t.ref(e.at)
		}
	}
	t.start = t.startOf(g)
	t.overFields(g)
	t.longRow(g)
	t.findings = append(t.findings, g.problems...)
	r.Excluded = len(g.problems) > 0 || t.elsewhere.Code != ""
	for k := range t.form.rules {
		rule := &t.form.rules[k]
		if rule.Type == "skip" {
			continue
		}
		scopes, by := g.of(rule)
		stated := false
		for _, scope := range scopes {
			if t.state(&r, g, rule, scope, by[scope]) {
				stated = true
			}
		}
		switch {
		case stated || rule.Scoped:
		case rule.Type == "unit" && t.unitOfHeads(&r, g, rule):
		case g.tells(rule, &r):
		case len(scopes) == 0:
			t.context(&r, rule)
		case t.section1(rule):
			t.context(&r, rule)
		}
	}
	if g.band == nil && t.blankCard(&r) {
		return
	}
	t.nameIsNone(&r)
	t.nameIsNote(&r, g)
	t.hiddenRows(&r, g)
	t.required(&r, g)
	t.contradictions(&r)
	t.remarks(&r, g)
	t.opposed(&r)
	t.judge(&r)
	t.ratios(&r)
	r.Key = t.form.key(&r)
	for _, i := range g.rows {
		t.recordAt[i] = append(t.recordAt[i], len(t.records))
	}
	t.records = append(t.records, r)
}

// nameIsNone leaves out a record whose name is a year or a mark for the same as above: heads or
// another line were read as it.
func (t *reader) nameIsNone(r *record.Record) {
	f, ok := r.Field(t.form.naming(), "")
	if !ok || t.form.yearOf(f.Text) == "" && !ditto(f.Text) {
		return
	}
	t.fail(r, finding.SymbolUnknown, f.Cell, f.Text, "名前")
	last := &t.findings[len(t.findings)-1]
	last.Message = "「" + f.Text + "」は「" + t.form.namer.title + "」になりません。名前を書いてください。この記録は集計から除きました。"
}

// partOfAbove is a name of a line that belongs to others: うち市外, 平均, 増減.
var partOfAbove = regexp.MustCompile(`^[(]?(?:うち|再掲|内訳|内数|参考値?$|平均値?[)]?$|最大値?$|最小値?$|増減|差引|前年度?(?:計|比|$)|対前年)`)

// nameIsNote leaves out a record whose name begins like a note, until a person says that it is none.
func (t *reader) nameIsNote(r *record.Record, g *group) {
	f, ok := r.Field(t.form.naming(), "")
	if !ok || g.band == nil || t.substance(g.band, g.row) ||
		!t.form.note(strings.TrimSpace(f.Text)) && !partOfAbove.MatchString(record.Normal(f.Text)) {
		return
	}
	r.Sound, r.Doubt = !r.Excluded, r.Cell
	r.Excluded = true
	c := finding.New(finding.ReadingAmbiguous, t.sheet.Name, f.Cell, f.Text, "")
	c.Message = "「" + f.Text + "」の行は、注記や内訳にも、一つの記録にも見えます。集計から除きました。記録でなければ行を消し、記録なら名前を直すか、判断.csvに「確認」と書いてください。"
	t.findings = append(t.findings, c)
}

// longRow leaves out a record of a CSV with more fields in its row than the table has heads: an unquoted 1,200 is two
// fields, and what stands behind it has moved.
func (t *reader) longRow(g *group) {
	for _, e := range g.entries {
		row, s := e.at[0], t.sheet
		if t.flip {
			row, s = e.at[1], t.upright
		}
		if !slices.Contains(s.LongRows, row) || !t.moved(s, row, g.band) || t.sheet.At(e.at[0], e.at[1]).Blank() {
			continue
		}
		f := finding.New(finding.CellsUnread, t.sheet.Name, t.ref(e.at), t.sheet.At(e.at[0], e.at[1]).Text, "")
		f.Message = strconv.Itoa(row+1) + "行目は見出しより項目が多く、値が右へずれているおそれがあります。この記録を集計から除きました。" +
			"「1,200」のように桁区切りのある値は引用符で囲むか、コンマを除いてください。"
		g.problems = append(g.problems, f)
		return
	}
}

var (
	leadingDigits = regexp.MustCompile(`^[▲△+−-]?\d{1,3}$`)
	threeDigits   = regexp.MustCompile(`^\d{3}(?:\.\d+)?$`)
)

// moved reports that a long row of a CSV reaches beyond the heads of its list, or that 1 and 200
// stand side by side in it.
func (t *reader) moved(s *workbook.Sheet, row int, b *band) bool {
	for j := range s.Cols {
		text := s.At(row, j).Text
		if b != nil && !t.flip && j >= b.reach() && strings.TrimSpace(text) != "" {
			return true
		}
		if j > 0 && threeDigits.MatchString(text) && leadingDigits.MatchString(s.At(row, j-1).Text) {
			return true
		}
	}
	return false
}

// overFields leaves out a record of which one number is merged over two fields, or over two years of one that no plan
// states for all its years.
func (t *reader) overFields(g *group) {
	first := map[[2]int]entry{}
	for _, e := range g.entries {
		at := t.origin(e.at[0], e.at[1])
		c := t.sheet.At(at[0], at[1])
		if e.rule.Type != "number" || e.nothing || !isNumber(c.Text) || !t.sheet.Covered(e.at[0], e.at[1]) &&
			geometry.Width(t.sheet, at[0], at[1]) == 1 && geometry.Height(t.sheet, at[0], at[1]) == 1 {
			continue
		}
		old, again := first[at]
		if !again {
			first[at] = e
			continue
		}
		if old.rule == e.rule && (old.scope == e.scope || e.rule.Literal) {
			continue
		}
		f := finding.New(finding.ReadingAmbiguous, t.sheet.Name, t.ref(at), c.Text, "")
		f.Message = "「" + c.Text + "」のセルは「" + t.describeField(old.rule, old.scope) + "」と「" +
			t.describeField(e.rule, e.scope) + "」に結合されています。どちらの値か決められないため、この記録を集計から除きました。結合を解いて書き分けてください。"
		g.problems = append(g.problems, f)
		return
	}
}

// tells takes the field that a cell states by its word.
func (g *group) tells(rule *FieldRule, r *record.Record) bool {
	found := false
	for _, f := range g.told {
		if f.Name == rule.Name || f.Name == rule.Name+"_no" {
			r.Fields, found = append(r.Fields, f), true
		}
	}
	return found
}

// section1 reports a field with a column that is blank, where a line above states it instead.
func (t *reader) section1(rule *FieldRule) bool {
	return slices.ContainsFunc(t.sections, func(s section) bool { return s.field == rule.Name })
}

func (g *group) rowOfName() int {
	for _, e := range g.entries {
		if e.rule.Type == "name" {
			return e.at[1]
		}
	}
	return g.row
}

// state reads the cells that state one field of one year, and reports whether they say something. Cells that say the
// same are one value; texts that differ are read together; of other values that differ none is taken.
func (t *reader) state(r *record.Record, g *group, rule *FieldRule, scope string, es []entry) bool {
	var said []entry
	seen := map[[2]int]bool{}
	for _, e := range es {
		row, col := t.sheet.Origin(e.at[0], e.at[1])
		if seen[[2]int{row, col}] {
			continue
		}
		seen[[2]int{row, col}] = true
		if e.headYear == "" {
			e.headYear = e.column.headYear
		}
		c := t.sheet.At(e.at[0], e.at[1])
		if e.nothing {
			continue
		}
		if c.Blank() && c.Kind != workbook.Uncached && c.Kind != workbook.Error {
			continue
		}
		if (!rule.Scoped || rule.Type == "text") && ditto(c.Text) && g.band != nil {
			if k, j := t.above(e.at[0], e.at[1]); k >= 0 {
				t.claim(e.at[0], e.at[1], record.ClaimBlankMark)
				e.at = [2]int{k, j}
				c = t.sheet.At(k, j)
			}
		}
		if !missingMark(c.Text) {
			t.headYear(r, rule, e) // of a value that is there
		}
		if slices.ContainsFunc(said, func(o entry) bool { return t.sameText(o, e) }) {
			t.also = append(t.also, t.ref(e.at))
			continue
		}
		said = append(said, e)
	}
	rival := slices.ContainsFunc(es, func(e entry) bool { return e.rival }) && rule.Scoped
	switch {
	case len(said) == 0:
		filled := t.fillDown(r, g, rule)
		if !filled && len(es) > 0 {
			t.blank(r, rule, scope, es[0])
		}
		return filled
	case rival && len(said) == 1 && !t.allFilled(es) && !missingMark(t.sheet.At(said[0].at[0], said[0].at[1]).Text):
		t.disputed(r, rule, scope, es)
		return true
	case len(said) == 1:
		e := said[0]
		t.under(e)
		defer t.nowhere()
		blank := t.readCell(r, e.at[0], e.at[1], rule, scope)
		if blank {
			t.blank(r, rule, scope, e)
		}
		return !blank
	case rule.Type == "text" || rule.Type == "departments" || rule.Type == "list":
		t.together(r, rule, scope, said)
		return true
	}
	t.disputed(r, rule, scope, said)
	return true
}

// blank notes a cell in which a department is asked something and has written nothing.
func (t *reader) blank(r *record.Record, rule *FieldRule, scope string, e entry) {
	if rule.Asked {
		r.Blanks = append(r.Blanks, record.Field{
			Name: rule.Name, Scope: scope, Sheet: t.sheet.Name, Cell: t.ref(e.at),
		})
	}
}

// allFilled reports that every one of the cells holds something: what they all say alike is one value.
func (t *reader) allFilled(es []entry) bool {
	return !slices.ContainsFunc(es, func(e entry) bool { return t.sheet.At(e.at[0], e.at[1]).Blank() })
}

func (t *reader) sameText(a, b entry) bool {
	x, y := t.sheet.At(a.at[0], a.at[1]), t.sheet.At(b.at[0], b.at[1])
	return x.Kind == y.Kind && record.Key(x.Text) == record.Key(y.Text) && x.Kind != workbook.Uncached
}

// fillDown takes what the rows above say, where a field holds until it is said anew.
func (t *reader) fillDown(r *record.Record, g *group, rule *FieldRule) bool {
	if !rule.fillsDown() || g.band == nil || t.section1(rule) {
		return false
	}
	if rule.FillWith != "" && t.ownIn(g, rule.FillWith) {
		return false
	}
	old, ok := t.fill[rule.Name]
	if !ok {
		return false
	}
	r.Fields = append(r.Fields, old)
	if no, ok := t.fill[rule.Name+"_no"]; ok {
		r.Fields = append(r.Fields, no)
	}
	return true
}

// fillsDown reports a field that a blank cell takes from above: the form says so, or lets it stand once for the sheet.
func (rule *FieldRule) fillsDown() bool {
	return rule.FillDown || (rule.Preamble || rule.Prefilled) && rule.Type == "text"
}

// ownIn reports that a record has a cell of its own for a field.
func (t *reader) ownIn(g *group, name string) bool {
	return slices.ContainsFunc(g.entries, func(e entry) bool {
		return e.rule.Name == name && !t.sheet.Covered(e.at[0], e.at[1]) && !t.sheet.At(e.at[0], e.at[1]).Blank()
	})
}

// together reads several texts of one field as one, a line each.
func (t *reader) together(r *record.Record, rule *FieldRule, scope string, es []entry) {
	n := len(r.Fields)
	for _, e := range es {
		t.readCell(r, e.at[0], e.at[1], rule, scope)
	}
	first := -1
	kept := r.Fields[:n:n]
	for _, f := range r.Fields[n:] {
		switch {
		case f.Name != rule.Name || f.Scope != scope:
			kept = append(kept, f)
		case first < 0:
			first = len(kept)
			kept = append(kept, f)
		default:
			kept[first].Text += "\n" + f.Text
			kept[first].Value = joined(kept[first].Value, f.Value)
			t.also = append(t.also, f.Cell)
		}
	}
	r.Fields = kept
}

// joined adds lines to a list, each once.
func joined(list, more string) string {
	lines := strings.Split(list, "\n")
	for _, l := range strings.Split(more, "\n") {
		if !slices.Contains(lines, l) {
			lines = append(lines, l)
		}
	}
	return strings.Join(lines, "\n")
}

// disputed leaves out a record of which two cells state one field otherwise, until a person says which holds.
func (t *reader) disputed(r *record.Record, rule *FieldRule, scope string, es []entry) {
	sound := !r.Excluded
	for _, e := range es {
		scratch := record.Record{Fields: slices.Clone(r.Fields)}
		n := len(scratch.Fields)
		told := len(t.findings)
		t.under(e)
		t.readCell(&scratch, e.at[0], e.at[1], rule, scope)
		t.nowhere()
		if scratch.Excluded {
			t.findings = t.findings[:told]
			sound = false
			continue
		}
		r.Disputed = append(r.Disputed, scratch.Fields[n:]...)
		t.claim(e.at[0], e.at[1], record.ClaimUnread)
	}
	r.Sound = sound
	r.Excluded = true
	a, b := es[0], es[1]
	if i := slices.IndexFunc(es, func(e entry) bool { return e.rival }); i >= 0 && t.head != nil {
		t.head.disputes = append(t.head.disputes, es[i].column.col)
		return // told once, at the head
	}
	cell := t.ref(b.at)
	text := t.sheet.At(b.at[0], b.at[1]).Text
	f := finding.New(finding.ReadingAmbiguous, t.sheet.Name, cell, text, t.ref(a.at))
	f.Message = "「" + t.describeField(rule, scope) + "」が " + t.ref(a.at) + " の「" + t.sheet.At(a.at[0], a.at[1]).Text +
		"」と " + cell + " の「" + text + "」の二つあり、どちらか決められません。要らない方を消すか、" +
		"このままでよければ、採るセルを判断.csvに「確認」と書いてください。"
	t.findings = append(t.findings, f)
}

// rivalHeads tells of columns whose heads say the same, where values stand in them.
func (t *reader) rivalHeads(b *band) {
	for _, j := range slices.Sorted(maps.Keys(b.rivals)) {
		if !slices.Contains(b.disputes, j) {
			continue
		}
		first := b.rivals[j]
		at, other := t.headAt(b, j), t.headAt(b, first)
		head, same := b.headText(j), b.headText(first)
		f := finding.New(finding.ReadingAmbiguous, t.sheet.Name, t.ref(at), head, t.ref(other))
		if record.Normal(head) == record.Normal(same) {
			f.Message = t.ref(other) + " と同じ見出し「" + head + "」が " + t.ref(at) + " にもあり、どちらの値か決められません。"
		} else {
			f.Message = "見出し「" + head + "」は、" + t.ref(other) + " の「" + same + "」と同じものとしか読めません。"
		}
		if c, ok := b.at(first); ok && c.rule != nil {
			f.Message += b.misfit(c.rule.Name)
		}
		f.Message += "見出しに年度や区分を書き分けるか、要らない列を消してください。両方に値のある行は集計から除きました。" +
			"採るセルを判断.csvに「確認」と書けば、その値を使います。"
		t.findings = append(t.findings, f)
	}
}

// headAt is where the head of a column stands.
func (t *reader) headAt(b *band, col int) [2]int {
	at := t.origin(b.bottom, col)
	if parts := b.heads[col]; t.sheet.At(at[0], at[1]).Blank() && len(parts) > 0 {
		return parts[len(parts)-1].At
	}
	return at
}

// headYear sets the field that a year in a heading or a label states, beside the value under it: 基準値（令和6年度）.
func (t *reader) headYear(r *record.Record, rule *FieldRule, e entry) {
	if e.headYear == "" || rule.HeadYear == "" {
		return
	}
	at := t.headOf(e)
	f := record.Field{
		Name: rule.HeadYear, Value: e.headYear, Text: t.headText(e), Sheet: t.sheet.Name, Cell: t.ref(at),
	}
	if !slices.Contains(r.Fields, f) {
		r.Fields = append(r.Fields, f)
	}
}

// headOf is where the head or the label stands that describes a cell.
func (t *reader) headOf(e entry) [2]int {
	if t.head == nil {
		return e.label
	}
	return t.headAt(t.head, e.column.col)
}

func (t *reader) headText(e entry) string {
	if t.head == nil {
		return t.sheet.At(e.label[0], e.label[1]).Text
	}
	return strings.Join(t.head.ownTexts(e.column.col), "")
}

// unitOfHeads takes the unit that the heads of a record's numbers state alike.
func (t *reader) unitOfHeads(r *record.Record, g *group, rule *FieldRule) bool {
	unit := ""
	var of entry
	for _, e := range g.entries {
		if e.rule.Type != "number" || e.rule.Unit != rule.Name || e.column.unit == "" ||
			t.sheet.At(e.at[0], e.at[1]).Blank() {
			continue
		}
		if unit != "" && unit != e.column.unit {
			return false
		}
		unit, of = e.column.unit, e
	}
	if unit == "" || t.isShared(rule.Name) {
		return false
	}
	r.Fields = append(r.Fields, record.Field{
		Name: rule.Name, Text: t.headText(of), Value: unit, Sheet: t.sheet.Name, Cell: t.ref(t.headOf(of)),
	})
	return true
}

// key is the identity of a record: the values of the form's key fields.
func (f *Form) key(r *record.Record) string {
	fields := f.Key
	for _, rule := range f.rules {
		if rule.Mark != "" && r.Value(rule.Mark) != "" {
			fields = f.MarkedKey
		}
	}
	var parts []string
	for _, name := range fields {
		parts = append(parts, record.Key(r.Value(name)))
	}
	return strings.Join(parts, "|")
}

func (t *reader) fail(r *record.Record, code, cell, found, expected string) {
	r.Excluded = true
	t.findings = append(t.findings, finding.New(code, t.sheet.Name, cell, found, expected))
}

// under lets the head of an entry speak for the number that is read next: its unit, and of what nature it is.
func (t *reader) under(e entry) {
	t.headUnit = e.column.unit
	t.headNature = e.column.said
	if e.label != [2]int{} {
		t.headNature = t.headNature.over(natureOfHeads([]string{t.sheet.At(e.label[0], e.label[1]).Text}))
	}
}

func (t *reader) nowhere() { t.headUnit, t.headNature = "", nature{} }
