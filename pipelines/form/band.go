package form

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// deepestHead is how many rows of heads a block may have.
const deepestHead = 6

// column is a column of a block that is a field, or a fiscal year whose field each row tells (rule is nil).
type column struct {
	rule     *FieldRule
	scope    string
	col      int
	headYear string // the year in the heading of a field that is not of one year: 基準値（令和6年度）
	unit     string // the unit in the heading: 目標値（人）
	assumed  bool   // the heading names no year
}

// band is the rows of heads of a block, what its columns are, and how far the block reaches.
type band struct {
	form        *Form
	top, bottom int
	left, right int // columns of the block, right exclusive
	name        int // the column of the naming head
	end         int // the row behind the block's last
	columns     []column
	unknown     []int // columns whose heads fit no word
	heads       map[int][]geometry.Part
	rivals      map[int]int // a column that would be the same field of the same year → the column that was there first
	measures    int         // the column that says what each row's values are (目標, 実績); -1 when the heads say it
	years       int         // the column that says which year each row is of; -1 when the heads say it
	beside      int         // the first column of a tally beside the block, 0 for none
	numbers     []int       // rows of column numbers, printed by the form
}

// find is the column of a field that is not of one year.
func (b *band) find(name string) (column, bool) {
	for _, c := range b.columns {
		if c.rule != nil && c.rule.Name == name && c.scope == "" && !c.rule.Scoped {
			return c, true
		}
	}
	return column{}, false
}

func (b *band) has(name string) bool {
	return slices.ContainsFunc(b.columns, func(c column) bool { return c.rule != nil && c.rule.Name == name })
}

// weight is how much a band says: a field with its year more than a field, a field more than a year alone.
func (b *band) weight() int {
	n := 0
	for _, c := range b.columns {
		switch {
		case c.rule == nil:
			n++
		case c.rule.Scoped && !c.assumed:
			n += 3
		default:
			n += 2
		}
	}
	return n
}

// bands finds the blocks of a sheet: wherever a row of heads names the naming field. They are in the order of their
// rows, and each ends where the next of the same columns begins.
func (f *Form) bands(s *workbook.Sheet, year int) []*band {
	var out []*band
	for i := 0; i < s.Rows; i++ {
		anchors := f.anchors(s, i)
		if len(anchors) == 0 {
			continue
		}
		found := f.bandsAt(s, i, anchors, year)
		for _, b := range found {
			out = append(out, b)
			i = max(i, b.bottom)
		}
	}
	for k, b := range out {
		b.end = s.Rows
		for _, next := range out[k+1:] {
			if next.top > b.bottom && next.left < b.right && b.left < next.right {
				b.end = next.top
				break
			}
		}
	}
	for _, b := range out {
		f.rowLabels(s, b)
	}
	return out
}

// anchors are the columns of a row whose heads name the naming field.
func (f *Form) anchors(s *workbook.Sheet, row int) []int {
	var out []int
	for _, j := range geometry.Row(s, row, 0, s.Cols) {
		if f.namesRecords(record.OneLine(s.At(row, j).Text)) {
			out = append(out, j)
		}
	}
	return out
}

func (f *Form) namesRecords(text string) bool {
	c, ok := f.matchHeader(text)
	return ok && c.rule != nil && c.rule.Type == "name"
}

// bandsAt are the blocks whose naming heads stand in a row: more than one where the same heads come again side by side.
func (f *Form) bandsAt(s *workbook.Sheet, row int, anchors []int, year int) []*band {
	if f.numbersIn(s, row, 0, s.Cols) || !f.mostlyHeads(s, row) {
		return nil
	}
	from := []int{0}
	if len(anchors) > 1 {
		from = geometry.Repeats(s, row, anchors, func(a, b int) bool {
			return b < s.Cols && a >= 0 && f.sameHead(s, row, a, b)
		})
		from[0] = 0
	}
	var out []*band
	for k, left := range from {
		right := s.Cols
		if k+1 < len(from) {
			right = from[k+1]
		}
		b := f.bandIn(s, row, left, right, anchors[k], year)
		if b == nil {
			continue
		}
		out = append(out, b)
	}
	if len(anchors) > 1 && !f.eachWhole(out, len(anchors)) { // a word that means two of the form's fields
		if b := f.bandIn(s, row, 0, s.Cols, anchors[0], year); b != nil {
			return []*band{b}
		}
	}
	return out
}

// eachWhole reports that every one of the blocks has what the first has.
func (f *Form) eachWhole(bands []*band, n int) bool {
	if len(bands) != n {
		return false
	}
	for _, b := range bands[1:] {
		if len(b.columns) < 2 || len(b.columns)*2 < len(bands[0].columns) {
			return false
		}
	}
	return true
}

func (f *Form) sameHead(s *workbook.Sheet, row, a, b int) bool {
	x, y := s.At(row, a), s.At(row, b)
	if x.Blank() || y.Blank() {
		return x.Blank() == y.Blank()
	}
	c, ok1 := f.matchHeader(record.OneLine(x.Text))
	d, ok2 := f.matchHeader(record.OneLine(y.Text))
	return ok1 == ok2 && (ok1 && c.rule == d.rule || !ok1 && record.Normal(x.Text) == record.Normal(y.Text))
}

// mostlyHeads reports a row of which more than half the cells are heads of the form.
func (f *Form) mostlyHeads(s *workbook.Sheet, row int) bool {
	heads, all := 0, 0
	for _, j := range geometry.Row(s, row, 0, s.Cols) {
		all++
		if f.headLike(s.At(row, j)) {
			heads++
		}
	}
	return heads >= 2 && heads*2 > all
}

// headLike reports a cell whose text is a head of the form: a field, a measure, a year, a word of a head of two rows.
func (f *Form) headLike(c workbook.Cell) bool {
	text := record.OneLine(c.Text)
	if _, ok := f.matchHeader(text); ok {
		return true
	}
	if _, ok := f.measure(text); ok {
		return true
	}
	return f.scopeOf(text) != "" || f.yearOf(text) != "" || f.below(text) || f.datedField(headWord(text)) != nil
}

// numbersIn reports a row that holds numbers, which no head does; years are no numbers here.
func (f *Form) numbersIn(s *workbook.Sheet, row, left, right int) bool {
	for _, j := range geometry.Row(s, row, left, right) {
		c := s.At(row, j)
		if (c.Kind == workbook.Number || isNumber(c.Text)) && f.yearIn(c.Text) == "" && f.scopeOf(c.Text) == "" {
			return true
		}
	}
	return false
}

// bandIn is the block of some columns whose naming head stands in a row and column.
func (f *Form) bandIn(s *workbook.Sheet, row, left, right, name, year int) *band {
	b := &band{
		form: f, top: row, bottom: row + geometry.Height(s, row, name) - 1, left: left, right: right, name: name,
		measures: -1, years: -1, heads: map[int][]geometry.Part{}, rivals: map[int]int{},
	}
	for b.bottom+1 < s.Rows && b.bottom+1-b.top < deepestHead && f.headRow(s, b, b.bottom+1) {
		b.bottom++
	}
	for b.top > 0 && b.bottom-(b.top-1) < deepestHead && f.groupRow(s, b, b.top-1) {
		b.top--
	}
	f.describe(s, b, year)
	if len(b.columns) < 2 || !slices.ContainsFunc(b.columns, func(c column) bool { return c.col == name && c.rule != nil }) {
		return nil
	}
	return b
}

var columnNumber = regexp.MustCompile(`^(?:[（(]?[0-9０-９]{1,2}[)）]|[①-⑳]|[⑴-⒇]|[ａ-ｚA-Za-zＡ-Ｚ])$`)

// columnNumbers reports a row that numbers the columns: (1) (2) (3) …, in order.
func columnNumbers(s *workbook.Sheet, row, left, right int) bool {
	cells := geometry.Row(s, row, left, right)
	for _, j := range cells {
		if !columnNumber.MatchString(strings.TrimSpace(s.At(row, j).Text)) {
			return false
		}
	}
	if len(cells) >= 3 {
		return true
	}
	return false
}

// headRow reports a row below the naming head that still belongs to the heads: nothing of a record stands in it.
func (f *Form) headRow(s *workbook.Sheet, b *band, row int) bool {
	if columnNumbers(s, row, b.left, b.right) {
		b.numbers = append(b.numbers, row)
		return true
	}
	cells := geometry.Row(s, row, b.left, b.right)
	if !s.At(row, b.name).Blank() && !s.Covered(row, b.name) {
		return false
	}
	if len(cells) == 0 {
		return false
	}
	if f.yearRow(s, b, row) {
		return true
	}
	for _, j := range cells {
		c := s.At(row, j)
		if !f.headLike(c) && !isAsOf(c.Text) && !unitHead(c.Text) {
			return false
		}
		if own := s.At(row-1, j); own.Blank() && !s.Covered(row, j) && f.onlyValue(c) {
			return false
		}
	}
	return true
}

// onlyValue reports a cell that a blank column would hold as a value.
func (f *Form) onlyValue(workbook.Cell) bool { return false }

// yearRow reports a row of bare numbers that are years: 7 and 8 below 目標値, in order, the sheet's year or the one
// before among them.
func (f *Form) yearRow(s *workbook.Sheet, b *band, row int) bool {
	return false
}

var unitInBrackets = regexp.MustCompile(`^[（(](?:単位[:：])?([^（）()]{1,6})[)）]$`)

// unitHead reports a cell of a row of units: （人）, （千円）.
func unitHead(text string) bool {
	m := unitInBrackets.FindStringSubmatch(strings.TrimSpace(text))
	return m != nil && isUnit(m[1])
}

// groupRow reports a row above the heads that groups them: at least one of its cells names a field, a measure or a
// year, none stands beside a value, and it is no title over all of them.
func (f *Form) groupRow(s *workbook.Sheet, b *band, row int) bool {
	cells := geometry.Row(s, row, b.left, b.right)
	if len(cells) == 0 || f.titleRow(s, row) || f.numbersIn(s, row, b.left, b.right) {
		return false
	}
	first := geometry.Row(s, b.top, b.left, b.right)[0]
	known := 0
	for _, j := range cells {
		text := record.OneLine(s.At(row, j).Text)
		wide := geometry.Width(s, row, j)
		switch {
		case strings.ContainsAny(text, "：:。"):
			return false
		case len(cells) == 1 && (j <= first && wide < 2 || wide >= b.right-b.left-1 && wide > 3):
			return false
		case wide < 2 && f.labelHead(text) && !f.spreads(s, b, row, j):
			return false // a label before the block, beside its value
		case f.headLike(s.At(row, j)):
			if wide < 2 && f.labelHead(text) && len(cells) > 1 && !f.below(text) {
				return false
			}
			known++
		case wide < 2 && !s.At(b.top, j).Blank() && len(cells) > 1 && !f.spreads(s, b, row, j):
			return false
		}
	}
	return known > 0 && (known*2 >= len(cells) || known > 1)
}

// labelHead reports a text that names a field of no year.
func (f *Form) labelHead(text string) bool {
	c, ok := f.matchHeader(text)
	return ok && c.rule != nil && !c.rule.Scoped
}

// spreads reports that a cell of a row above heads stands over more than one of them.
func (f *Form) spreads(s *workbook.Sheet, b *band, row, col int) bool {
	return col+1 < b.right && s.At(row, col+1).Blank() && !s.At(b.top, col+1).Blank()
}

// describe finds what each column of a block is.
func (f *Form) describe(s *workbook.Sheet, b *band, year int) {
	seen := map[string]int{}
	b.columns, b.unknown = nil, nil
	for j := b.left; j < b.right; j++ {
		own, all := geometry.Stack(s, b.top, b.bottom, b.left, j)
		own, all = f.withoutNumbers(b, own), f.withoutNumbers(b, all)
		if len(all) == 0 || len(own) == 0 {
			continue
		}
		b.heads[j] = all
		c, ok := f.matchParts(texts(own))
		if (!ok || c.rule == nil || c.rule.Scoped && c.scope == "") && len(all) > len(own) {
			if wide, matched := f.matchParts(texts(all)); matched && wide.rule != nil && (wide.scope != "" || !ok) {
				c, ok = wide, true
			}
		}
		if s.Covered(b.bottom, j) && f.sameAsLeft(s, b, b.bottom, j) {
			continue
		}
		if !ok {
			b.unknown = append(b.unknown, j)
			continue
		}
		c.col = j
		c.unit = headUnit(texts(own))
		for _, p := range all {
			c.scope, c.headYear = era(p.Text, c.scope, year), era(p.Text, c.headYear, year)
		}
		if c.rule != nil && c.rule.Scoped && c.scope == "" {
			c.scope, c.assumed = yearText(year), true
		}
		id := c.scope
		if c.rule != nil {
			id += "/" + c.rule.Name
		}
		if _, again := seen[id]; again {
			if next := f.namesake(c.rule, seen); next != nil {
				c.rule, id = next, "/"+next.Name
			}
		}
		if k, again := seen[id]; again {
			if _, beside := symbol(s.At(b.bottom, j+1).Text, f.symbolsOf(c.rule)); beside {
				b.right = j // a tally stands beside the block
				b.beside = j
				break
			}
			b.rivals[j] = k
			continue
		}
		seen[id] = j
		b.columns = append(b.columns, c)
	}
}

func (f *Form) symbolsOf(rule *FieldRule) []Symbol {
	if rule == nil {
		return nil
	}
	return f.Symbols[rule.Symbols]
}

func (f *Form) withoutNumbers(b *band, parts []geometry.Part) []geometry.Part {
	return slices.DeleteFunc(slices.Clone(parts), func(p geometry.Part) bool {
		return slices.Contains(b.numbers, p.At[0]) || f.dateHead(p.Text)
	})
}

// dateHead reports a date of measurement in a head: R3.4.1 現在, （各年度末）. It is no year of the values.
func (f *Form) dateHead(text string) bool {
	if !isAsOf(text) || f.yearOf(text) != "" {
		return false
	}
	_, field := f.matchHeader(text)
	return !field
}

func texts(parts []geometry.Part) []string {
	out := make([]string, len(parts))
	for i, p := range parts {
		out[i] = p.Text
	}
	return out
}

// headUnit is the unit that a head states in brackets: 来館者数（人）, or in a row of its own below.
func headUnit(parts []string) string {
	for k := len(parts) - 1; k >= 0; k-- {
		if m := unitInBrackets.FindStringSubmatch(strings.TrimSpace(parts[k])); m != nil && isUnit(m[1]) {
			return unitName(m[1])
		}
		if m := unitSuffix.FindStringSubmatch(parts[k]); m != nil && isUnit(m[1]) {
			return unitName(m[1])
		}
	}
	return ""
}

// isUnit reports a text that is a unit which the arithmetic knows.
func isUnit(text string) bool { return isNumber("1"+strings.TrimSpace(text)) && !hasDigit(text) }

// sameAsLeft reports a heading merged over the columns to its left: the first of them holds the field.
func (f *Form) sameAsLeft(s *workbook.Sheet, b *band, row, col int) bool {
	_, left := s.Origin(row, col)
	return slices.ContainsFunc(b.columns, func(c column) bool { return c.col >= left && c.col < col })
}

// namesake is the next field with the same words that has no column yet: the second 区分 of two.
func (f *Form) namesake(rule *FieldRule, seen map[string]int) *FieldRule {
	for i := range f.rules {
		r := &f.rules[i]
		if rule == nil || r == rule || r.Scoped || !slices.Equal(r.Words, rule.Words) {
			continue
		}
		if _, taken := seen["/"+r.Name]; !taken {
			return r
		}
	}
	return nil
}

var yearHeads = []string{"年度", "年次", "会計年度", "対象年度", "実績年度"}

// rowLabels looks for the columns that tell each row's measure (目標, 実績) or fiscal year, where the heads do not.
func (f *Form) rowLabels(s *workbook.Sheet, b *band) {
	yearAlone, assumed := false, 0
	for _, c := range b.columns {
		yearAlone = yearAlone || c.rule == nil
		if c.assumed {
			assumed++
		}
	}
	if yearAlone {
		b.measures = f.measureColumn(s, b)
		if b.measures >= 0 {
			f.release(s, b, b.measures)
		} else if f.only == nil {
			b.dropYears()
		}
	}
	if assumed > 0 {
		b.years = f.yearColumn(s, b)
	}
}

// release takes the column of measures out of the fields: what it was a rival of, or was rivalled by, stands alone.
func (f *Form) release(s *workbook.Sheet, b *band, col int) {
	old, was := b.at(col)
	b.drop(col)
	delete(b.rivals, col)
	for j, first := range b.rivals {
		if was && first == col {
			old.col = j
			b.columns = append(b.columns, old)
			delete(b.rivals, j)
			return
		}
	}
}

// drop takes a column out of the fields: it tells the rows apart.
func (b *band) drop(col int) {
	b.columns = slices.DeleteFunc(b.columns, func(c column) bool { return c.col == col })
	b.unknown = slices.DeleteFunc(b.unknown, func(j int) bool { return j == col })
}

// dropYears forgets the columns of years whose values nothing names.
func (b *band) dropYears() {
	for _, c := range b.columns {
		if c.rule == nil {
			b.unknown = append(b.unknown, c.col)
		}
	}
	b.columns = slices.DeleteFunc(b.columns, func(c column) bool { return c.rule == nil })
	slices.Sort(b.unknown)
}

// measureColumn is the column in which most rows name a measure. It is no column of values: every text in it is one.
func (f *Form) measureColumn(s *workbook.Sheet, b *band) int {
	best, most := -1, 0
	years := map[int]bool{}
	for _, c := range b.columns {
		if c.rule == nil {
			years[c.col] = true
		}
	}
	for j := b.left; j < b.right; j++ {
		if years[j] || j == b.name {
			continue
		}
		named, others := 0, 0
		for i := b.bottom + 1; i < b.end; i++ {
			text := record.OneLine(s.At(i, j).Text)
			if text == "" || s.Covered(i, j) {
				continue
			}
			if _, ok := f.measure(text); ok {
				named++
			} else if len(geometry.Row(s, i, b.left, b.right)) > 1 {
				others++
			}
		}
		if named > most && named > others {
			best, most = j, named
		}
	}
	return best
}

// yearColumn is the column in which most rows state a fiscal year, or that is called 年度.
func (f *Form) yearColumn(s *workbook.Sheet, b *band) int {
	best, most := -1, 0
	for j := b.left; j < b.right; j++ {
		if slices.ContainsFunc(b.columns, func(c column) bool { return c.col == j }) {
			continue
		}
		years, others := 0, 0
		for i := b.bottom + 1; i < b.end; i++ {
			if text := s.At(i, j).Text; f.yearOf(text) != "" {
				years++
			} else if strings.TrimSpace(text) != "" {
				others++
			}
		}
		called := matches(strings.Join(texts(b.heads[j]), ""), yearHeads)
		if called {
			years += s.Rows
		}
		if years > most && (called || years > 1 && years > others) {
			best, most = j, years
		}
	}
	if best >= 0 {
		b.drop(best)
	}
	return best
}

// measure is the scoped field that a row's label names: 目標, 実績, 進捗. ok is also true for a label of rows that are
// not read (達成率), with a nil rule.
func (f *Form) measure(text string) (rule *FieldRule, ok bool) {
	if text == "" || len(text) > maxHead {
		return nil, false
	}
	n := headWord(text)
	for i := range f.rules {
		r := &f.rules[i]
		if !r.Scoped && r.Type != "skip" || !contains(r.Words, n) {
			continue
		}
		if r.Type == "skip" {
			return nil, !r.Prefilled
		}
		return r, true
	}
	if f.Series != nil {
		return f.seriesMeasure(n)
	}
	if m := headBrackets.FindStringSubmatch(n); m != nil && !revised.MatchString(n[len(m[1]):]) {
		return f.measure(m[1])
	}
	return nil, false
}

// title is the longest title word found near the top of a sheet, and the fiscal year written beside it.
func (f *Form) measureList() string {
	out := ""
	for i := range f.rules {
		if r := &f.rules[i]; r.Scoped {
			out += " " + cmp.Or(r.title, r.Name)
		}
	}
	return strings.TrimSpace(out)
}
