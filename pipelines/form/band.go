package form

import (
	"regexp"
	"slices"

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
	said     nature // what the heading says of its numbers: 実績（速報値）
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

// comparing is what follows a year in a head that compares with it: 前年度比, 前年度からの増減.
var comparing = regexp.MustCompile(`^[比と増差対か]`)

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
