package form

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// reader reads one sheet by one form. sheet is a view: the sheet as it is, or with its rows as columns.
type reader struct {
	form          *Form
	sheet         *workbook.Sheet
	flip          bool
	upright       *workbook.Sheet // the sheet as its author sees it, where rows are shown as columns
	year          int
	contradicted  bool // lines above cards contradict each other
	contradiction record.Finding
	groupUnit     string // of a line without values, for the indented ones below it
	ended         bool   // heads of another table stand in the block: nothing below is read by its own
	city          string // whose sheet it is, for what is said about heads
	head          *band  // the block that is being read; nil on cards
	current       *group
	records       []record.Record
	findings      []record.Finding
	claims        map[[2]int]string // by the cell's own place in the view
	also          []string          // cells whose text is part of another cell's value
	fill          map[string]record.Field
	sections      []section
	shared        []record.Field // what the sheet states once for all its records
	preambles     int            // how many times lines above records were read
	sharedIn      map[string]int // by field: in which of them it was stated
	recordAt      map[int][]int  // row → records that have cells there
	start         int            // the year in which what the record being read tells began; 0 where nothing says
	headNature    nature         // what the head of the cell that is being read says of its number
	headUnit      string         // the unit in the head of the cell that is being read

	said          // by lines that are nothing but a year or a measure
	sides []*side // of tables side by side, each with what holds in it
	side  *side
	base  side // what holds above all of them

	exampleRow  int
	exampleLine bool // a line of its own says that the next row is an example
	done        []*indicator
	asOf        map[int]asOf // of every indicator, by fiscal year
}

// said is what lines say of the years and measures of the values below them, until others say otherwise.
type said struct {
	blockYear    int            // of the heads without a year in the block being read; 0 where lines contradict
	sectionYear  string         // of the rows below a line between them
	elsewhere    record.Finding // why the records below are of another year than the sheet
	blockMeasure *FieldRule     // what the yearly values are; nil where no line says it
	unmeasured   bool           // they are none of the form's
}

func newReader(f *Form, s *workbook.Sheet, year int, flip bool) *reader {
	return &reader{
		form: f, sheet: s, flip: flip, year: year, claims: map[[2]int]string{}, fill: map[string]record.Field{},
		recordAt: map[int][]int{}, sharedIn: map[string]int{}, asOf: map[int]asOf{}, exampleRow: -1,
	}
}

func (t *reader) flipped() bool { return t.flip }

func (t *reader) origin(i, j int) [2]int {
	row, col := t.sheet.Origin(i, j)
	return [2]int{row, col}
}

// claim says what a cell was taken for; the first claim of a cell holds.
func (t *reader) claim(i, j int, as string) {
	at := t.origin(i, j)
	if t.claims[at] == "" && !t.sheet.At(i, j).Blank() {
		t.claims[at] = as
	}
}

func (t *reader) claimedAs(i, j int, as string) bool { return t.claims[t.origin(i, j)] == as }

// ref is the address of a cell's content.
func (t *reader) ref(at [2]int) string { return t.sheet.Ref(t.sheet.Origin(at[0], at[1])) }

// describeField names a field and its year, as the form's own heads would.
func (t *reader) describeField(rule *FieldRule, scope string) string {
	title := cmp.Or(rule.title, rule.Name)
	if year, err := strconv.Atoi(scope); err == nil {
		return fiscal.Wareki(year) + title
	}
	if scope == record.WholePeriod && len(t.form.PeriodWords) > 0 {
		return t.form.PeriodWords[0] + title
	}
	return title
}

// ownTexts is what a column's head says itself; what it takes from beside where it says nothing.
func (b *band) ownTexts(col int) []string {
	if own := b.own[col]; len(own) > 0 {
		return own
	}
	return texts(b.heads[col])
}

func (b *band) headText(col int) string { return strings.Join(b.ownTexts(col), "") }

// claimHeads claims the rows of a block's heads.
func (t *reader) claimHeads(b *band) {
	for i := b.top; i <= b.bottom; i++ {
		claim := record.ClaimHead
		for _, n := range b.numbers {
			if n == i {
				claim = record.ClaimTemplate
			}
		}
		for _, j := range geometry.Row(t.sheet, i, b.left, b.right) {
			t.claim(i, j, claim)
		}
	}
}

// table reads the blocks of a sheet. It reports how much the sheet says, and the needed fields that nothing names.
func (t *reader) table(bands []*band) {
	if t.flip {
		slices.SortStableFunc(bands, func(a, b *band) int { return cmp.Compare(a.lead(), b.lead()) })
	}
	from, below := 0, 0
	for k, b := range bands {
		if t.flip {
			t.before(b, below)
			t.yearOfBlock(b, t.upright, [2]int{below, b.lead()}, 0, t.upright.Cols, k > 0)
			below = b.last() + 1
		} else if b.top > from || k == 0 {
			t.preamble(b, from, b.top, 0, t.sheet.Cols)
		}
		if t.flip {
			t.forgetColumns()
		} else {
			t.yearsAbove(bands, k)
			t.enter(b)
		}
		t.block(b)
		from = max(from, min(b.end, t.sheet.Rows))
	}
}

// yearsAbove finds of which year a block is: by the lines above all of them, or those right above it.
func (t *reader) yearsAbove(bands []*band, k int) {
	b := bands[k]
	t.hear(b)
	beside := slices.ContainsFunc(bands, func(o *band) bool {
		return o != b && o.top <= b.bottom && b.top <= o.bottom && (o.right <= b.left || b.right <= o.left)
	})
	under := slices.ContainsFunc(bands[:k], func(o *band) bool {
		return o.bottom < b.top && o.left < b.right && b.left < o.right
	})
	switch {
	case under:
		t.yearOfBlock(b, t.sheet, [2]int{b.begin, b.top}, b.left, b.right, true)
	case beside:
		lines := t.form.yearLines(t.sheet, b.begin, b.top, b.left, b.right, t.year)
		if year, rivals := yearAbove(lines); year != 0 && len(rivals) == 0 {
			t.yearOfBlock(b, t.sheet, [2]int{b.begin, b.top}, b.left, b.right, true)
			return
		}
		// A year at the left of the sheet holds for all; one that stands above a table farther right alone may or may not.
		b.yearRivals = b.yearRivals || slices.ContainsFunc(bands, func(o *band) bool {
			return o.left >= b.right && o.top <= b.bottom && b.top <= o.bottom && o.begin < b.begin
		})
		t.yearOfBlock(b, t.sheet, [2]int{0, b.begin}, 0, b.right, false)
	default:
		t.yearOfBlock(b, t.sheet, [2]int{0, b.top}, 0, t.sheet.Cols, false)
	}
}

// side is what holds in some columns of a sheet, where tables stand side by side.
type side struct {
	band     *band
	said     said
	fill     map[string]record.Field
	sections []section
}

// enter makes hold for a block what holds in its columns: what the last block there, or else the lines above all, said.
func (t *reader) enter(b *band) {
	if len(t.sides) == 0 {
		t.sides = []*side{{band: b, fill: t.fill, sections: t.sections}}
		t.base = side{fill: maps.Clone(t.fill), sections: slices.Clone(t.sections)}
		t.side = t.sides[0]
		return
	}
	t.side.fill, t.side.sections = t.fill, t.sections
	for _, s := range t.sides {
		if s.band.left < b.right && b.left < s.band.right {
			t.fill, t.sections = s.fill, s.sections
			if !sameColumns(s.band, b) {
				t.forgetColumns()
			}
			s.band, t.side = b, s
			return
		}
	}
	t.side = &side{band: b, fill: maps.Clone(t.base.fill), sections: slices.Clone(t.base.sections)}
	t.sides = append(t.sides, t.side)
	t.fill, t.sections = t.side.fill, t.side.sections
}

// hear makes hold for a block what lines said of the years and measures in its columns.
func (t *reader) hear(b *band) {
	if t.side == nil {
		return
	}
	t.side.said = t.said
	t.said = said{}
	for _, s := range t.sides {
		if s.band.left < b.right && b.left < s.band.right {
			t.said = s.said
			return
		}
	}
}

// forgetColumns drops what a block's columns filled down: another block has columns of its own.
func (t *reader) forgetColumns() {
	kept := map[string]record.Field{}
	for _, s := range t.sections {
		for _, name := range []string{s.field, s.field + "_no"} {
			if f, ok := t.fill[name]; ok {
				kept[name] = f
			}
		}
	}
	t.fill = kept
}

func sameColumns(a, b *band) bool {
	if len(a.columns) != len(b.columns) {
		return false
	}
	for i := range a.columns {
		if a.columns[i].rule != b.columns[i].rule {
			return false
		}
	}
	return true
}

// before reads what stands before a list whose axes are changed: as its author sees it, above it. What stands before
// the first holds for all of them, what stands between two for those below.
func (t *reader) before(b *band, from int) {
	above := newReader(t.form, t.upright, t.year, false)
	above.shared, above.fill, above.sections = t.shared, t.fill, t.sections
	above.preamble(nil, from, b.lead(), 0, t.upright.Cols)
	t.shared, t.fill, t.sections = above.shared, above.fill, above.sections
	for at, claim := range above.claims {
		t.claims[[2]int{at[1], at[0]}] = claim
	}
	b.left = max(b.left, b.lead())
	b.unknown = slices.DeleteFunc(b.unknown, func(j int) bool { return j < b.left })
}

// last is the last column of a block that is a field or a year.
func (b *band) last() int {
	last := b.name
	for _, c := range b.columns {
		last = max(last, c.col)
	}
	return last
}

// lead is the first column of a block that is a field or a year.
func (b *band) lead() int {
	first := b.name
	for _, c := range b.columns {
		first = min(first, c.col)
	}
	return first
}
