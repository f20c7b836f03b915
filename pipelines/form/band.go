package form

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kyogikai/pipelines/fiscal"
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
	own         map[int][]string // what stands above a column itself, for messages
	rivals      map[int]int      // a column that would be the same field of the same year → the one there first
	disputes    []int            // columns of rivals in which values stand
	yearRivals  bool             // two columns tell each row's year
	centredTold bool             // it has been told, once for all columns
	centred     *[2]int          // a year or measure that stands over the middle of its columns; nil for none
	undated     []int            // columns of yearly fields whose year nothing tells
	begin       int              // the first of the rows above it that say of which year it is; top where there are none
	yearless    []column         // columns of years whose heads name none
	given       map[int]string   // the years that the form's blocks give to such columns
	measures    int              // the column that says what each row's values are (目標, 実績); -1 when the heads say it
	years       int              // the column that says which year each row is of; -1 when the heads say it
	numbers     []int            // rows of column numbers, printed by the form
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
	if b == nil {
		return false
	}
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
func (f *Form) bands(s *workbook.Sheet, year int, flip bool) []*band {
	var out []*band
	sides := [][2]int{{0, s.Cols}} // columns in which heads may come again on their own
	behind := map[[2]int]int{}     // the row behind the last heads there
	for i := 0; i < s.Rows; i++ {
		for _, side := range sides {
			anchors := f.anchors(s, i, side[0], side[1])
			if len(anchors) == 0 || i < behind[side] {
				continue
			}
			found := f.bandsAt(s, i, side, anchors, year, flip)
			out = append(out, found...)
			for _, b := range found {
				behind[side] = max(behind[side], b.bottom+1)
			}
			if len(found) > 1 {
				sides = nil
				for _, b := range found {
					one := [2]int{b.left, b.right}
					sides, behind[one] = append(sides, one), b.bottom+1
				}
				break
			}
		}
	}
	for k, b := range out {
		if k > 0 {
			b.caption(s, out[0])
		}
	}
	for k, b := range out {
		from := 0
		for _, before := range out[:k] {
			if before.bottom < b.top && before.left < b.right && b.left < before.right {
				from = before.bottom + 1
			}
		}
		b.begin = f.captionRows(s, b, from, year)
	}
	for k, b := range out {
		b.end = s.Rows
		for _, next := range out[k+1:] {
			if next.top > b.bottom && next.left < b.right && b.left < next.right {
				b.end = next.begin
				break
			}
		}
	}
	for _, b := range out {
		f.rowLabels(s, b)
	}
	return out
}

// caption takes the rows above heads that come again, where the same words stand above the first heads: 基本情報 | 各年度の状況.
func (b *band) caption(s *workbook.Sheet, first *band) {
	for n := 1; b.top > 0 && first.top-n >= 0; n++ {
		cells := geometry.Row(s, b.top-1, b.left, b.right)
		above := geometry.Row(s, first.top-n, first.left, first.right)
		if len(cells) == 0 || len(cells) != len(above) {
			return
		}
		for k, j := range cells {
			if record.Normal(s.At(b.top-1, j).Text) != record.Normal(s.At(first.top-n, above[k]).Text) {
				return
			}
		}
		b.top--
	}
}

// anchors are the columns of a row whose heads name the naming field.
func (f *Form) anchors(s *workbook.Sheet, row, left, right int) []int {
	var out, named []int
	for _, j := range geometry.Row(s, row, left, right) {
		text := record.OneLine(s.At(row, j).Text)
		if f.namesRecords(text) {
			out = append(out, j)
			if f.Series != nil && contains(f.Series.IndicatorWords, headWord(text)) {
				named = append(named, j)
			}
		}
	}
	if len(named) > 0 {
		return named // 年度 beside 指標 names no records
	}
	return out
}

func (f *Form) namesRecords(text string) bool {
	c, ok := f.matchHeader(text)
	return ok && c.rule != nil && c.rule == f.namer
}

// bandsAt are the blocks whose naming heads stand in a row: more than one where the same heads come again side by side.
func (f *Form) bandsAt(s *workbook.Sheet, row int, side [2]int, anchors []int, year int, flip bool) []*band {
	if f.numbersIn(s, row, side[0], side[1]) && !yearNumbers(s, row, side[0], side[1], year) ||
		!f.mostlyHeads(s, row, side[0], side[1]) {
		return nil
	}
	from := []int{side[0]}
	if len(anchors) > 1 {
		from = geometry.Repeats(s, row, anchors, func(a, b int) bool {
			return b < side[1] && a >= side[0] && f.sameHead(s, row, a, b)
		})
		from[0] = side[0]
	}
	var out []*band
	for k, left := range from {
		right := side[1]
		if k+1 < len(from) {
			right = from[k+1]
		}
		if flip {
			left = f.begins(s, row, left, anchors[k])
		}
		b := f.bandIn(s, row, left, right, anchors[k], year)
		if b == nil {
			continue
		}
		out = append(out, b)
	}
	if len(anchors) > 1 && !f.eachWhole(out, len(anchors)) { // a word that means two of the form's fields
		if b := f.bandIn(s, row, side[0], side[1], anchors[0], year); b != nil {
			return []*band{b}
		}
	}
	return out
}

// begins is the first column of a list whose axes are changed: what stands above it on the sheet stands left of it in
// the view, and is no part of it.
func (f *Form) begins(s *workbook.Sheet, row, left, name int) int {
	names := rowsIn(s, row, name)
	first, gap, blank := name, false, false
	for j := name - 1; j >= left; j-- {
		cell := s.At(row, j)
		if s.Covered(row, j) {
			continue
		}
		if cell.Blank() {
			if blank {
				break
			}
			gap, blank = true, true
			continue
		}
		text := record.OneLine(cell.Text)
		c, ok := f.matchHeader(text)
		_, measure := f.measure(text)
		values := rowsIn(s, row, j)
		switch {
		case !ok && !measure:
			if f.isTitle(text) || f.yearOf(text) != "" || colon.MatchString(text) {
				return first
			}
			gap = true // a row of the department's own may stand between
			continue
		case c.rule == nil && !measure, f.statesDepartment(text),
			c.rule != nil && c.rule.Preamble && c.rule.Prefilled && values <= 1 && names > 1,
			gap && values < 2 && values*2 < names && f.standsOnce(s, row, j, name, c.rule):
			return first
		case c.rule != nil && c.rule.fillsDown() || c.rule != nil && c.rule.Type == "numbered":
			if values <= 1 && names > 1 && f.mostValues(s, row, left, j) <= 1 {
				return first // what stands once above the list
			}
		}
		first, blank = j, false
	}
	return first
}

// statesDepartment reports a label that says who sent the sheet.
func (f *Form) statesDepartment(text string) bool {
	rule := f.statedBy(text, func(r *FieldRule) bool { return r.Preamble })
	return rule != nil && rule.Name == "stated_department"
}

// standsOnce reports a label behind a gap whose only value may hold for the whole list: it stands beside the label, and
// the field is one that sheets state once.
func (f *Form) standsOnce(s *workbook.Sheet, row, col, name int, rule *FieldRule) bool {
	once := []string{"numbered", "choice", "unit"}
	if rule == nil || !rule.Preamble && !rule.fillsDown() && !slices.Contains(once, rule.Type) {
		return false
	}
	for i := row + 1; i < s.Rows; i++ {
		if geometry.Own(s, i, col) {
			return true
		}
		if geometry.Own(s, i, name) {
			return false // the value is a later record's
		}
	}
	return true
}

// mostValues is how many values stand below the fullest of the columns left of one, up to a blank.
func (f *Form) mostValues(s *workbook.Sheet, row, left, col int) int {
	most := 0
	for j := col - 1; j >= left && !s.At(row, j).Blank(); j-- {
		if _, ok := f.matchHeader(record.OneLine(s.At(row, j).Text)); ok {
			most = max(most, rowsIn(s, row, j))
		}
	}
	return most
}

// rowsIn is how many cells below a row hold something in a column.
func rowsIn(s *workbook.Sheet, row, col int) int {
	n := 0
	for i := row + 1; i < s.Rows; i++ {
		if geometry.Own(s, i, col) {
			n++
		}
	}
	return n
}

// eachWhole reports that every one of the blocks has what the first has.
func (f *Form) eachWhole(bands []*band, n int) bool {
	if len(bands) != n {
		return false
	}
	for _, b := range bands[1:] {
		same := 0
		for _, c := range bands[0].columns {
			if c.rule == nil || b.has(c.rule.Name) {
				same++
			}
		}
		if len(b.columns) < 2 || same*5 < len(bands[0].columns)*4 {
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
func (f *Form) mostlyHeads(s *workbook.Sheet, row, left, right int) bool {
	heads, all := 0, 0
	for _, j := range geometry.Row(s, row, left, right) {
		text := s.At(row, j).Text
		if _, short := bareNumber(text); short || f.isSymbol(text) || f.isTotal(text) {
			continue // a year of two digits, a tally's head, a column of totals
		}
		all++
		if f.headLike(s.At(row, j)) {
			heads++
		}
	}
	return heads >= 2 && heads*2 > all
}

// isSymbol reports a text that is one of the form's symbols.
func (f *Form) isSymbol(text string) bool {
	for _, set := range f.Symbols {
		if _, ok := symbol(text, set); ok {
			return true
		}
	}
	return false
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
	if f.scopeOf(text) != "" || f.yearOf(text) != "" || f.below(text) || f.datedField(headWord(text)) != nil {
		return true
	}
	_, number := bareNumber(text)
	return number && len(text) == len("2025") || eraAlone.MatchString(text) || relativeYear(text, 2000) != text
}

// numbersIn reports a row that holds numbers, which no head does; years are no numbers here.
func (f *Form) numbersIn(s *workbook.Sheet, row, left, right int) bool {
	years := 0
	for _, j := range geometry.Row(s, row, left, right) {
		if f.scopeOf(s.At(row, j).Text) != "" {
			years++
		}
	}
	for _, j := range geometry.Row(s, row, left, right) {
		c := s.At(row, j)
		if _, short := bareNumber(c.Text); short && years > 1 {
			continue // an abbreviated year between years: 令和4年度, 5
		}
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
		measures: -1, years: -1, heads: map[int][]geometry.Part{}, own: map[int][]string{}, rivals: map[int]int{},
	}
	for b.bottom+1 < s.Rows && b.bottom+1-b.top < deepestHead && f.headRow(s, b, b.bottom+1, year) {
		b.bottom++
	}
	for b.top > 0 && b.bottom-(b.top-1) < deepestHead && f.groupRow(s, b, b.top-1, year) {
		b.top--
	}
	f.deepHeads(s, b)
	f.describe(s, b, year)
	if b.given = f.blockYears(b.yearless); len(b.given) > 0 {
		b.rivals = map[int]int{}
		f.describe(s, b, year)
	}
	named := func(c column) bool { return c.col == name && c.rule != nil }
	if len(b.columns) < 2 || !slices.ContainsFunc(b.columns, named) {
		return nil
	}
	return b
}

var columnNumber = regexp.MustCompile(`^[(（【]?([0-9]{1,2}|[a-z])[)）】.]?$`)

// columnNumbers reports a row that numbers the columns: (1) (2) (3) …, ① ② ③, 1 2 3, a b c, each one more than the one
// before.
func columnNumbers(s *workbook.Sheet, row, left, right int) bool {
	const fewest = 3
	cells := geometry.Row(s, row, left, right)
	last := 0
	for k, j := range cells {
		m := columnNumber.FindStringSubmatch(record.Normal(s.At(row, j).Text))
		if m == nil {
			return false
		}
		n, err := strconv.Atoi(m[1])
		if err != nil {
			n = int(m[1][0] - 'a' + 1)
		}
		if k > 0 && (n <= last || n > last+fewest) || k == 0 && n > fewest {
			return false
		}
		last = n
	}
	return len(cells) >= fewest
}

// headRow reports a row below the naming head that still belongs to the heads: nothing of a record stands in it.
func (f *Form) headRow(s *workbook.Sheet, b *band, row, year int) bool {
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
	if f.allYears(s, b, row, year) || allUnits(s, b, row) {
		return true
	}
	if f.yearsAmongWords(s, row, cells) {
		return true
	}
	for _, j := range cells {
		c := s.At(row, j)
		_, number := bareNumber(c.Text)
		split := number && eraAlone.MatchString(s.At(row-1, j).Text)
		if !split && !f.headLike(c) && !isAsOf(c.Text) && !unitHead(c.Text) {
			return false
		}
	}
	return true
}

// yearsAmongWords reports a row of words of which at least one is a year or a measure: 令和5年度 | 計. What the others mean,
// the form does not know.
func (f *Form) yearsAmongWords(s *workbook.Sheet, row int, cells []int) bool {
	const longest = 12 // runes of a head of a part
	known := 0
	for _, j := range cells {
		c := s.At(row, j)
		text := record.OneLine(c.Text)
		if len(text) == len("2025") && f.yearIn(text) != "" {
			known++
			continue
		}
		if c.Kind == workbook.Number || isNumber(text) || f.isSymbol(text) || utf8.RuneCountInString(text) > longest ||
			missingMark(text) || hasChoice(f, text) {
			return false
		}
		if _, measure := f.measure(text); measure && !inBrackets.MatchString(text) || f.yearOf(text) != "" {
			known++
		}
	}
	return known > 0 && (known > 1 || len(cells) > 1)
}

// hasChoice reports a text that is a value of one of the form's choices: 成果, 増加.
func hasChoice(f *Form, text string) bool {
	for i := range f.rules {
		if r := &f.rules[i]; r.Type == "choice" {
			if _, ok := r.choose(text); ok {
				return true
			}
		}
	}
	return false
}

// allUnits reports a row of units below the heads: 人, 千円.
func allUnits(s *workbook.Sheet, b *band, row int) bool {
	for _, j := range geometry.Row(s, row, b.left, b.right) {
		if !isUnit(s.At(row, j).Text) {
			return false
		}
	}
	return true
}

// allYears reports a row in which nothing stands but years as bare numbers.
func (f *Form) allYears(s *workbook.Sheet, b *band, row, year int) bool {
	if !yearNumbers(s, row, b.left, b.right, year) {
		return false
	}
	for _, j := range geometry.Row(s, row, b.left, b.right) {
		if _, ok := bareNumber(s.At(row, j).Text); !ok {
			return false
		}
	}
	return true
}

// yearRow reports a row whose bare numbers are years (7 and 8, or 2025 and 2026): at least two, each group in one
// order, the sheet's year or one beside it among them.
func (f *Form) yearRow(s *workbook.Sheet, b *band, row, year int) bool {
	return yearNumbers(s, row, b.left, b.right, year)
}

func yearNumbers(s *workbook.Sheet, row, left, right, year int) bool {
	var years []int
	near, periods := false, 0
	for _, j := range geometry.Row(s, row, left, right) {
		n, ok := bareNumber(s.At(row, j).Text)
		if !ok {
			if isNumber(s.At(row, j).Text) {
				return false
			}
			if strings.Contains(s.At(row, j).Text, "期間") {
				periods++ // the whole period beside the only year
			}
			continue
		}
		y := eraNumber(n, year)
		near = near || year == 0 && n > 64 || y >= year-1 && y <= year+1
		years = append(years, y)
	}
	if len(years)+min(periods, 1) < 2 || !near {
		return false
	}
	turns := 0
	for k := 2; k < len(years); k++ {
		if (years[k]-years[k-1])*(years[k-1]-years[k-2]) <= 0 {
			turns++
		}
	}
	for k := 1; k < len(years); k++ {
		if years[k] == years[k-1] {
			return false
		}
	}
	return turns*3 <= len(years) || repeated(years)
}

// repeated reports a list that is one shorter list again and again: 7, 8, 7, 8.
func repeated(years []int) bool {
	for n := 2; n*2 <= len(years); n++ {
		if len(years)%n != 0 {
			continue
		}
		same := true
		for k := n; k < len(years); k++ {
			same = same && years[k] == years[k-n]
		}
		if same {
			return true
		}
	}
	return false
}

var inAnyBrackets = regexp.MustCompile(`[（(]([^（）()]{1,6})[)）]`)

var unitInBrackets = regexp.MustCompile(`^[（(](?:単位[:：])?([^（）()]{1,6})[)）]$`)

// unitHead reports a cell of a row of units: （人）, （千円）.
func unitHead(text string) bool {
	m := unitInBrackets.FindStringSubmatch(strings.TrimSpace(text))
	return m != nil && isUnit(m[1])
}

// groupRow reports a row above the heads that groups them: at least one of its cells names a field, a measure or a
// year, none stands beside a value, and it is no title over all of them.
func (f *Form) groupRow(s *workbook.Sheet, b *band, row, year int) bool {
	cells := geometry.Row(s, row, b.left, b.right)
	if len(cells) == 0 || f.titleRow(s, row) ||
		f.numbersIn(s, row, b.left, b.right) && !yearNumbers(s, row, b.left, b.right, year) {
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

// deepHeads takes the rows above the heads up to one that names a field of a year, where nothing of a record stands in
// them: heads of statistics are up to six rows deep.
func (f *Form) deepHeads(s *workbook.Sheet, b *band) {
	for i := b.top - 1; i >= 0 && b.bottom-i < deepestHead; i-- {
		cells := geometry.Row(s, i, b.left, b.right)
		if len(cells) == 0 || !s.At(i, b.name).Blank() || f.titleRow(s, i) {
			return
		}
		known := 0
		for _, j := range cells {
			if s.At(b.top, j).Blank() {
				return
			}
			if c, ok := f.matchHeader(record.OneLine(s.At(i, j).Text)); ok && c.rule != nil && c.rule.Scoped {
				known++
			}
		}
		if known > 0 && known == len(cells) {
			b.top = i
			return
		}
	}
}

// spreads reports that a cell of a row above heads stands over more than one of them.
func (f *Form) spreads(s *workbook.Sheet, b *band, row, col int) bool {
	return col+1 < b.right && s.At(row, col+1).Blank() && !s.At(b.top, col+1).Blank()
}

// describe finds what each column of a block is.
func (f *Form) describe(s *workbook.Sheet, b *band, year int) {
	seen := map[string]int{}
	b.columns, b.unknown, b.yearless = nil, nil, nil
	deepest := b.bottom
	for slices.Contains(b.numbers, deepest) { // numbers of columns group nothing
		deepest--
	}
	for j := b.left; j < b.right; j++ {
		own, all := geometry.Stack(s, b.top, deepest, b.left, j)
		unit := headUnit(texts(own))
		if above := s.At(max(b.top-1, 0), j).Text; unit == "" && b.top > 0 && isUnit(above) && allUnits(s, b, b.top-1) {
			unit = unitName(above)
		}
		own, all = f.withoutNumbers(b, own), f.withoutNumbers(b, all)
		own, all = f.spelled(s, b, own, year), f.spelled(s, b, all, year)
		if len(all) == 0 || len(own) == 0 {
			continue
		}
		b.heads[j], b.own[j] = all, texts(own)
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
		c.unit = unit
		for _, p := range all {
			c.scope, c.headYear = era(p.Text, c.scope, year), era(p.Text, c.headYear, year)
		}
		if c.rule != nil && c.rule.Scoped && c.scope == "" {
			b.yearless = append(b.yearless, c)
			c.scope, c.assumed = yearText(year), true
			if given := b.given[j]; given != "" {
				c.scope, c.assumed = given, false
			}
		}
		id := c.scope
		if c.rule != nil {
			id += "/" + c.rule.Name
		}
		if first, again := seen[id]; again {
			if next := f.namesake(c.rule, strings.Join(texts(own), ""), seen); next != nil {
				c.rule, id = next, "/"+next.Name
			} else if k := b.place(first); k >= 0 && c.rule != nil {
				if next := f.namesake(c.rule, b.headText(first), seen); next != nil { // the first may be the other field
					b.columns[k].rule = next
					seen["/"+next.Name] = first
					delete(seen, id)
				}
			}
		}
		if c.rule != nil && c.rule.Type == "skip" {
			b.columns = append(b.columns, c)
			continue
		}
		if k, again := seen[id]; again {
			b.rivals[j] = k
			continue
		}
		seen[id] = j
		b.columns = append(b.columns, c)
	}
}

var eraAlone = regexp.MustCompile(`^(?:令和|平成|昭和|R|H|S|Ｒ|Ｈ)$`)

// spelled writes the years of a head as years: an era split over two cells (令和 over 7年度), a bare number in a row of
// years, 前年度 and 今年度.
func (f *Form) spelled(s *workbook.Sheet, b *band, parts []geometry.Part, year int) []geometry.Part {
	var out []geometry.Part
	for k := 0; k < len(parts); k++ {
		p := parts[k]
		if eraAlone.MatchString(p.Text) && k+1 < len(parts) && hasDigit(firstRune(parts[k+1].Text)) {
			p = geometry.Part{At: parts[k+1].At, Text: p.Text + parts[k+1].Text}
			if !strings.Contains(p.Text, "年") {
				p.Text += "年度"
			}
			k++
		} else if n, ok := bareNumber(p.Text); ok && f.yearRow(s, b, p.At[0], year) {
			p.Text = fiscal.Wareki(eraNumber(n, year))
		} else {
			p.Text = relativeYear(p.Text, year)
		}
		out = append(out, p)
	}
	return out
}

func firstRune(text string) string {
	for _, r := range text {
		return string(r)
	}
	return ""
}

// relativeYear writes 前年度 and 今年度 as the years that they are on a sheet of a year; other words that begin so
// (前年度比) stay.
func relativeYear(text string, year int) string {
	if year == 0 || !strings.Contains(text, "年度") {
		return text
	}
	n := record.Normal(text)
	for _, w := range relativeYears {
		rest, ok := cutWord(n, w.word)
		if !ok || comparing.MatchString(rest) {
			continue
		}
		if w.word == "年度" {
			continue
		}
		return fiscal.Wareki(year+w.years) + rest
	}
	return text
}

// comparing is what follows a year in a head that compares with it: 前年度比, 前年度からの増減.
var comparing = regexp.MustCompile(`^[比と増差対か]`)

var relativeYears = []struct {
	word  string
	years int
}{
	{"前々年度", -2}, {"前年度", -1}, {"昨年度", -1}, {"今年度", 0}, {"本年度", 0}, {"当年度", 0}, {"当該年度", 0}, {"翌年度", 1},
	{"来年度", 1},
}

// bareNumber reads a whole number that may be a year: of an era, or of the west.
func bareNumber(text string) (int, bool) {
	n, err := strconv.Atoi(record.Normal(text))
	return n, err == nil && (n > 0 && n <= 64 || n >= 1990 && n <= 2060)
}

// eraNumber is the fiscal year of a bare number on a sheet of a year: 7 is 令和7年度, 29 平成29年度 where
// 令和29年度 lies far ahead.
func eraNumber(n, now int) int {
	const reiwa, heisei = 2018, 1988
	switch {
	case n > 64:
		return n
	case now > 0 && reiwa+n > now+farAhead && n <= 31:
		return heisei + n
	}
	return reiwa + n
}

func (f *Form) withoutNumbers(b *band, parts []geometry.Part) []geometry.Part {
	return slices.DeleteFunc(slices.Clone(parts), func(p geometry.Part) bool {
		return slices.Contains(b.numbers, p.At[0]) || f.dateHead(p.Text) || unitHead(p.Text) ||
			isUnit(p.Text) && f.field(headWord(p.Text)) == nil
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
		if len(parts) > 1 && isUnit(parts[k]) {
			return unitName(parts[k])
		}
		for _, m := range inAnyBrackets.FindAllStringSubmatch(parts[k], -1) {
			if isUnit(m[1]) {
				return unitName(m[1])
			}
		}
	}
	return ""
}

// usualUnit is a unit as heads state it.
var usualUnit = regexp.MustCompile(`^(?:延べ?)?(?:十|百|千|万|十万|百万|千万|億|兆)?(?:` +
	`円|人|名|件|回|日|月|年|時間|分|秒|週|か月|ヶ月|カ月|か所|箇所|ヶ所|カ所|ケ所|施設|団体|世帯|戸|台|枚|部|冊|校|園|館|棟|室|区画|` +
	`％|%|‰|割|点|ポイント|pt|種類|種|事業|組|本|個|社|者|床|頭|匹|羽|便|路線|地区|自治会|講座|ページ|頁|アクセス|回線|隻|駅|橋|基|口|票|` +
	`k?m|㎞|ｍ|㎡|m2|km2|㎢|ha|a|kg|㎏|g|t|トン|l|ℓ|リットル|kwh|mwh|kw|mw|kl|t-co2|kg-co2|gb|mb|坪|畳|式|クラス|学級|コース|教室|路|便数|歳|才|位|倍|度` +
	`)(?:[/／](?:年|月|日|人|世帯|台|件|回|時間))?$`)

// isUnit reports a text that is one of the usual units.
func isUnit(text string) bool { return usualUnit.MatchString(strings.ToLower(record.Normal(text))) }

// sameAsLeft reports a heading merged over the columns to its left: the first of them holds the field.
func (f *Form) sameAsLeft(s *workbook.Sheet, b *band, row, col int) bool {
	_, left := s.Origin(row, col)
	return slices.ContainsFunc(b.columns, func(c column) bool { return c.col >= left && c.col < col })
}

// reach is the column behind the last that has a head.
func (b *band) reach() int {
	last := b.name
	for j, parts := range b.heads {
		if len(parts) > 0 {
			last = max(last, j)
		}
	}
	return min(last+1, b.right)
}

// place is where a column stands among the block's, or -1.
func (b *band) place(col int) int {
	return slices.IndexFunc(b.columns, func(c column) bool { return c.col == col })
}

// namesake is another field that a head names as well and that has no column yet: the second 区分 of two, 記入課 beside 所管課.
func (f *Form) namesake(rule *FieldRule, head string, seen map[string]int) *FieldRule {
	n := headWord(head)
	for i := range f.rules {
		r := &f.rules[i]
		if rule == nil || r == rule || r.Scoped || r.Type == "skip" ||
			!slices.Equal(r.Words, rule.Words) && !contains(r.Words, n) {
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
			f.release(b, b.measures)
		} else if f.only == nil {
			b.dropYears()
		}
	}
	if assumed > 0 {
		b.years = f.yearColumn(s, b)
	}
}

// release takes the column of measures out of the fields: what it was a rival of, or was rivalled by, stands alone.
func (f *Form) release(b *band, col int) {
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
		if f.kindColumn(s, b, j) {
			return j
		}
		named, others := 0, 0
		distinct := map[*FieldRule]bool{}
		c, known := b.at(j)
		for i := b.bottom + 1; i < b.end; i++ {
			text := record.OneLine(s.At(i, j).Text)
			if text == "" || s.Covered(i, j) {
				continue
			}
			if known && c.rule != nil && c.rule.Type == "choice" {
				if _, choice := c.rule.choose(text); choice { // 種別 | 実績 is no measure
					continue
				}
			}
			if rule, ok := f.measure(text); ok && (f.Series == nil || !inBrackets.MatchString(text)) {
				named++
				distinct[rule] = true
			} else if len(geometry.Row(s, i, b.left, b.right)) > 1 && !isNumber(text) && !f.isSymbol(text) {
				others++
			}
		}
		const several = 10_000 // a column that tells two measures apart comes before one that says the same in every row
		if len(distinct) > 1 {
			named += several
		}
		if named > most && named%several > others {
			best, most = j, named
		}
	}
	return best
}

// kindColumn reports a column of a form of yearly values that is called 区分 and in which words of its measures stand,
// whatever else does: what fits none is told, and never taken for an actual value.
func (f *Form) kindColumn(s *workbook.Sheet, b *band, j int) bool {
	if f.Series == nil {
		return false
	}
	kind := func(h string) bool { return contains(f.Series.KindWords, headWord(h)) }
	if !slices.ContainsFunc(texts(b.heads[j]), kind) {
		return false
	}
	for i := b.bottom + 1; i < b.end; i++ {
		text := record.Normal(s.At(i, j).Text)
		said := func(w string) bool { return strings.Contains(text, w) }
		if text != "" && (estimated.MatchString(text) || slices.ContainsFunc(f.Series.ActualWords, said) ||
			slices.ContainsFunc(f.Series.PlanWords, said)) {
			return true
		}
	}
	return false
}

// ownYears are heads of columns of years that are no year of the values: 開始年度, 策定年度.
var ownYears = regexp.MustCompile(`開始|終了|完了|着手|策定|設置|設立|開設|改定|改訂|制定|導入|竣工|供用|作成|基準|予定|次回|前回|認定|取得|期限|終期|始期`)

// yearColumn is the column in which most rows state a fiscal year, or that is called 年度. Where the head of a column of
// years is not understood, or is of one measure (実績年度) beside another, nothing says of which values its years are.
func (f *Form) yearColumn(s *workbook.Sheet, b *band) int {
	best, most := -1, 0
	for j := b.left; j < b.right; j++ {
		if _, taken := b.at(j); taken {
			continue
		}
		years, others := 0, 0
		for i := b.bottom + 1; i < b.end; i++ {
			if text := s.At(i, j).Text; f.yearOf(text) != "" || relativeYear(text, 2000) != text {
				years++
			} else if strings.TrimSpace(text) != "" {
				others++
			}
		}
		head := strings.Join(texts(b.heads[j]), "")
		called := matches(head, yearHeads)
		mostly := years > 1 && years > others || years > 0 && others == 0 && strings.HasSuffix(headWord(head), "年度")
		if !called && (!mostly || ownYears.MatchString(head)) {
			continue
		}
		ofOne := f.speaksOfNumbers(head) && b.assumedFields() > 1
		b.yearRivals = b.yearRivals || best >= 0 || ofOne || !called && head != "" && !yearLabels.MatchString(headWord(head))
		if called {
			years += s.Rows
		}
		if years > most {
			best, most = j, years
		}
	}
	if b.yearRivals {
		return -1
	}
	if best >= 0 {
		b.drop(best)
		delete(b.rivals, best)
	}
	return best
}

// assumedFields is how many fields have a column whose head names no year.
func (b *band) assumedFields() int {
	fields := map[*FieldRule]bool{}
	for _, c := range b.columns {
		if c.assumed {
			fields[c.rule] = true
		}
	}
	return len(fields)
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
