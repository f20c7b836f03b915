package form

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// cards reads a sheet on which every record is a card (個票): labels with their values beside or below them, and for
// values of several years a small table of years. A card begins where its first label comes again.
type cards struct {
	form   *Form
	sheet  *workbook.Sheet
	year   int
	labels []label
	starts []int // the first row of each card
	tables []yearTable
	places map[[2]int]bool // of the sheet that belong to a table
	below  bool            // values stand below their labels, not beside them
	reach  int             // how many cells right of their labels values stand, at most
	beside []*cards        // the blocks of a sheet whose cards stand side by side
	around *workbook.Sheet // the whole sheet, of which these are some columns
}

// label is a cell that names a field, and the place of its value.
type label struct {
	rule     *FieldRule
	scope    string
	headYear string
	assumed  bool // it names no year
	row, col int
	value    [2]int // -1, -1 when nothing is there
}

// findCards looks for cards: every needed field is named by a label, and the naming field has a value beside it.
func (f *Form) findCards(s *workbook.Sheet, year int) (*cards, bool) {
	if f.Series != nil {
		return nil, false
	}
	return f.cardsOf(s, s, year)
}

// cardsOf finds the cards in some columns of a sheet: what a line states for all of them may stand elsewhere.
func (f *Form) cardsOf(s, around *workbook.Sheet, year int) (*cards, bool) {
	c := &cards{form: f, sheet: s, around: around, year: year}
	c.tables = f.yearTables(s, year)
	c.places = map[[2]int]bool{}
	for k := range c.tables {
		c.tables[k].mark(c.places)
	}
	c.findLabels()
	c.senders()
	if from := c.blocks(); len(from) > 1 {
		c.split()
		for k, lo := range from {
			hi := s.Cols
			if k+1 < len(from) {
				hi = from[k+1]
			}
			block, ok := f.cardsOf(s.Columns(lo, hi), around, year)
			if !ok {
				return c, false
			}
			c.beside = append(c.beside, block)
		}
		c.align()
		return c, true
	}
	c.split()
	c.blockYears()
	for i := range f.rules {
		rule := &f.rules[i]
		if rule.Needed && !c.has(rule) && !c.stated(rule) {
			return c, false
		}
	}
	return c, len(c.starts) > 0
}

// align lets cards that stand side by side begin in one row: a label above only one of them stands above all.
func (c *cards) align() {
	for _, l := range c.beside[0].labels { // a label that each of them has is each one's own
		if !l.rule.Preamble || len(c.beside[0].starts) == 0 || l.row >= c.beside[0].starts[0] {
			continue
		}
		each := true
		for _, block := range c.beside {
			each = each && len(block.starts) > 0 && slices.ContainsFunc(block.labels, func(o label) bool {
				return o.rule == l.rule && o.row == l.row
			})
		}
		for _, block := range c.beside {
			if each {
				block.starts[0] = min(block.starts[0], l.row)
			}
		}
	}
	start := map[int]int{}
	for _, block := range c.beside {
		for k, row := range block.names() {
			if k < len(block.starts) {
				start[row] = max(start[row], block.starts[k])
			}
		}
	}
	for _, block := range c.beside {
		for k, row := range block.names() {
			if k < len(block.starts) {
				block.starts[k] = start[row]
			}
		}
	}
}

// names are the rows of the naming labels.
func (c *cards) names() []int {
	var out []int
	for _, l := range c.labels {
		if l.rule == c.form.namer {
			out = append(out, l.row)
		}
	}
	return out
}

// blocks are the columns at which cards that stand side by side begin: naming labels in one row, equally far apart.
func (c *cards) blocks() []int {
	leftmost := c.sheet.Cols
	rows := map[int][]label{}
	var most []label
	for _, l := range c.labels {
		leftmost = min(leftmost, l.col)
		if l.rule.Type == "name" {
			rows[l.row] = append(rows[l.row], l)
			if len(rows[l.row]) > len(most) {
				most = rows[l.row]
			}
		}
	}
	var from []int
	for _, l := range most {
		from = append(from, leftmost+l.col-most[0].col)
	}
	return from
}

func (c *cards) has(rule *FieldRule) bool {
	for _, l := range c.labels {
		if l.rule == rule {
			return true
		}
	}
	return slices.ContainsFunc(c.tables, func(t yearTable) bool { return t.names(rule) })
}

// senders tells who sent the sheet from whom a card names, where one label means the former and another the latter: 記入課
// beside 担当課.
func (c *cards) senders() {
	for i := range c.labels {
		l := &c.labels[i]
		text := record.OneLine(c.sheet.At(l.row, l.col).Text)
		sender := c.form.statedBy(text, func(r *FieldRule) bool { return r.Preamble })
		if sender == nil || sender == l.rule || sender.Name != "stated_department" {
			continue
		}
		if slices.ContainsFunc(c.labels, func(o label) bool {
			return o.rule == l.rule && !c.form.statesDepartment(record.OneLine(c.sheet.At(o.row, o.col).Text))
		}) {
			l.rule = sender
		}
	}
}

// stated reports that a line before the cards, or between them, states a field.
func (c *cards) stated(rule *FieldRule) bool {
	at := &band{top: c.first(), bottom: c.first()}
	for i := range c.around.Rows {
		cells := geometry.Row(c.around, i, 0, c.around.Cols)
		for _, j := range cells {
			if (len(cells) == 1 || i < at.top) && c.form.states(c.around, at, i, j, rule, len(cells) == 1) {
				return true
			}
		}
	}
	return false
}

// findLabels finds the labels in reading order. A cell that is another label's value is none, whatever its word.
func (c *cards) findLabels() {
	taken := map[[2]int]bool{}
	s := c.sheet
	c.reach = c.usualReach()
	c.below = c.mostlyBelow()
	for i := range s.Rows {
		below := c.below || c.labelsAbove(i)
		for j := range s.Cols {
			if s.Covered(i, j) || s.At(i, j).Blank() || taken[[2]int{i, j}] || c.inTable(i, j) {
				continue
			}
			l, ok := c.labelAt(i, j)
			if !ok {
				continue
			}
			if below && (!c.valueBeside(i, j) || c.below && c.headsBeside(i, j)) {
				l.value = c.under(i, j)
			} else {
				l.value = c.right(i, j)
			}
			taken[l.value] = true
			c.labels = append(c.labels, l)
		}
	}
}

func (c *cards) labelAt(i, j int) (label, bool) {
	cell := c.sheet.At(i, j)
	if cell.Kind != workbook.Text {
		return label{}, false
	}
	m, ok := c.form.matchHeader(record.OneLine(cell.Text))
	if !ok || m.rule == nil {
		return label{}, false
	}
	l := label{rule: m.rule, row: i, col: j, value: [2]int{-1, -1}}
	l.scope, l.headYear = era(cell.Text, m.scope, c.year), era(cell.Text, m.headYear, c.year)
	if m.rule.Scoped && l.scope == "" {
		l.scope, l.assumed = yearText(c.year), true
		if scope, told := scopeOfDay(cell.Text, c.year); told && scope == "" {
			return label{}, false
		} else if told {
			l.scope, l.assumed = scope, false
		}
	}
	return l, true
}

func (c *cards) inTable(i, j int) bool { return c.places[[2]int{i, j}] }

// speltValue reports a word that is the value of the choice to its left, though it is spelt like a label: 種別 | 実績.
func (c *cards) speltValue(i, j int) bool {
	for k := j - 1; k >= 0; k-- {
		if c.sheet.Covered(i, k) || c.sheet.At(i, k).Blank() {
			continue
		}
		l, ok := c.labelAt(i, k)
		if !ok || l.rule.Type != "choice" {
			return false
		}
		_, ok = l.rule.choose(c.sheet.At(i, j).Text)
		return ok
	}
	return false
}

// labelsAbove reports a row of labels whose values stand below them: all its cells are labels, at least two, something
// stands under one of them, and nothing there is a label again.
func (c *cards) labelsAbove(i int) bool {
	labels, others := 0, 0
	beneath := false
	for j := range c.sheet.Cols {
		if c.sheet.Covered(i, j) || c.sheet.At(i, j).Blank() {
			continue
		}
		if _, ok := c.labelAt(i, j); !ok || c.inTable(i, j) || c.speltValue(i, j) {
			others++
			continue
		}
		labels++
		if p := c.under(i, j); p[0] >= 0 && !c.sheet.At(p[0], p[1]).Blank() && !c.inTable(p[0], p[1]) {
			if _, label := c.labelAt(p[0], p[1]); label && !c.speltValue(p[0], p[1]) {
				return false
			}
			beneath = true
		}
	}
	return labels >= 2 && others == 0 && beneath
}

// right is the first place to the right that holds something before the next label, no farther than the values of the
// sheet stand from their labels; else the place beside the label.
func (c *cards) right(i, j int) [2]int {
	first := [2]int{-1, -1}
	steps := 0
	for k := j + 1; k < c.sheet.Cols; k++ {
		if c.sheet.Covered(i, k) {
			continue
		}
		steps++
		if c.sheet.At(i, k).Blank() {
			if first[0] < 0 {
				first = [2]int{i, k}
			}
			continue
		}
		if _, ok := c.labelAt(i, k); ok && !c.speltValue(i, k) || c.reach > 0 && steps > c.reach {
			return first
		}
		return [2]int{i, k}
	}
	return first
}

// usualReach is how many cells right of their labels the values of a sheet stand: the commonest distance.
func (c *cards) usualReach() int {
	n := map[int]int{}
	for i := range c.sheet.Rows {
		for _, j := range geometry.Row(c.sheet, i, 0, c.sheet.Cols) {
			if _, ok := c.labelAt(i, j); !ok || c.inTable(i, j) {
				continue
			}
			at := c.right(i, j)
			if at[0] < 0 || c.sheet.At(at[0], at[1]).Blank() {
				continue
			}
			steps := 0
			for k := j + 1; k <= at[1]; k++ {
				if !c.sheet.Covered(i, k) {
					steps++
				}
			}
			n[steps]++
		}
	}
	best := 0
	for steps, count := range n {
		if count > n[best] || count == n[best] && steps < best {
			best = steps
		}
	}
	return best
}

// valueBeside reports that the very next cell is filled in and is no label.
func (c *cards) valueBeside(i, j int) bool {
	for k := j + 1; k < c.sheet.Cols; k++ {
		if c.sheet.Covered(i, k) {
			continue
		}
		_, label := c.labelAt(i, k)
		return !c.sheet.At(i, k).Blank() && (!label || c.speltValue(i, k))
	}
	return false
}

// headsBeside reports, on a sheet whose values stand below their labels, that what stands beside a label is a label
// too, the department's own: something stands below it that is no label.
func (c *cards) headsBeside(i, j int) bool {
	for k := j + 1; k < c.sheet.Cols; k++ {
		if c.sheet.Covered(i, k) || c.sheet.At(i, k).Blank() {
			continue
		}
		p := c.under(i, k)
		if p[0] < 0 || c.sheet.At(p[0], p[1]).Blank() {
			return false
		}
		_, label := c.labelAt(p[0], p[1])
		return !label
	}
	return false
}

// labelRows counts the rows of labels with their values below, and those with values beside.
func (c *cards) labelRows() (above, beside int) {
	for i := range c.sheet.Rows {
		if c.labelsAbove(i) {
			above++
			continue
		}
		for _, j := range geometry.Row(c.sheet, i, 0, c.sheet.Cols) {
			if _, ok := c.labelAt(i, j); ok && !c.inTable(i, j) && c.valueBeside(i, j) {
				beside++
				break
			}
		}
	}
	return above, beside
}

// mostlyBelow reports a sheet on which more labels have something that is no label below them than beside them.
func (c *cards) mostlyBelow() bool {
	if above, beside := c.labelRows(); above > 1 && above > beside {
		return true
	}
	beside, below := 0, 0
	for i := range c.sheet.Rows {
		for j := range c.sheet.Cols {
			if c.sheet.Covered(i, j) || c.sheet.At(i, j).Blank() || c.inTable(i, j) {
				continue
			}
			if _, ok := c.labelAt(i, j); !ok || c.speltValue(i, j) {
				continue
			}
			if p := c.right(i, j); p[0] >= 0 && !c.sheet.At(p[0], p[1]).Blank() {
				beside++
			}
			if p := c.under(i, j); p[0] >= 0 && !c.sheet.At(p[0], p[1]).Blank() && !c.inTable(p[0], p[1]) {
				if _, label := c.labelAt(p[0], p[1]); !label {
					below++
				}
			}
		}
	}
	return below > 2*beside
}

// under is the place below a label.
func (c *cards) under(i, j int) [2]int {
	for k := i + 1; k < c.sheet.Rows; k++ {
		if row, col := c.sheet.Origin(k, j); row == i && col == j {
			continue
		}
		row, col := c.sheet.Origin(k, j)
		if c.inTable(row, col) {
			break
		}
		return [2]int{row, col}
	}
	return [2]int{-1, -1}
}

// split finds where each card begins: at the topmost of the labels that come as often as the naming label does.
func (c *cards) split() {
	count := map[*FieldRule][]int{}
	var name *FieldRule
	for _, l := range c.labels {
		count[l.rule] = append(count[l.rule], l.row)
		if l.rule.Type == "name" {
			name = l.rule
		}
	}
	if name == nil {
		return
	}
	for k, row := range count[name] {
		for rule, rows := range count {
			if rule.Preamble && len(rows) == 1 {
				continue // stated once, above the cards
			}
			if len(rows) == len(count[name]) && (k == 0 || rows[k] > count[name][k-1]) {
				row = min(row, rows[k])
			}
		}
		c.starts = append(c.starts, row)
	}
}

// place is where a card stands: the rows from start to end of a block of cards.
type cardPlace struct {
	block      *cards
	start, end int
}

// all are the cards of a sheet, block by block.
func (c *cards) all() []cardPlace {
	var out []cardPlace
	for _, block := range c.beside {
		out = append(out, block.all()...)
	}
	if len(c.beside) == 0 {
		for k, start := range c.starts {
			end := c.sheet.Rows
			if k+1 < len(c.starts) {
				end = c.starts[k+1]
			}
			out = append(out, cardPlace{c, start, end})
		}
	}
	return out
}

// last is the last row in which something of a card stands.
func (p cardPlace) last() int {
	last := p.start
	for _, l := range p.block.labels {
		if l.row >= p.start && l.row < p.end {
			last = max(last, l.row, min(l.value[0], p.end-1))
		}
	}
	for k := range p.block.tables {
		if table := &p.block.tables[k]; table.row >= p.start && table.row < p.end {
			last = max(last, table.last())
		}
	}
	return last
}

// read makes a record of every card. What stands between two cards holds for the cards below.
func (c *cards) read(t *reader) {
	for i := range c.sheet.Rows { // 個票1 above a card
		for _, j := range geometry.Row(c.sheet, i, 0, c.sheet.Cols) {
			if cardHeading.MatchString(record.OneLine(c.sheet.At(i, j).Text)) && c.onlyHeadings(i) {
				t.claim(i, j, record.ClaimTitle)
			}
		}
	}
	inside := map[int]bool{}
	all := c.all()
	for _, p := range all {
		for i := p.start; i <= p.last(); i++ {
			inside[i] = true
		}
	}
	fill, sections, above := t.fill, t.sections, t.said
	var block *cards
	done := 0
	var before *cards // the block of the card before, and the row behind it
	past := 0
	for _, p := range all {
		if p.block != block {
			block, done = p.block, 0
			t.fill, t.sections, t.said = maps.Clone(fill), slices.Clone(sections), above
		}
		c.between(t, done, p.start, inside)
		if p.block == before {
			t.yearOfCards(c.sheet, past, p.start)
		}
		before, past = p.block, p.last()+1
		year, contradicted := t.blockYear, t.contradicted
		t.yearInCard(c.sheet, p.start, p.last()+1)
		done = p.start
		p.block.card(t, p.start, p.end, p.last())
		t.blockYear, t.contradicted = year, contradicted
	}
	c.between(t, done, c.sheet.Rows, inside)
}

// onlyHeadings reports a row in which nothing stands but headings of cards.
func (c *cards) onlyHeadings(i int) bool {
	for _, j := range geometry.Row(c.sheet, i, 0, c.sheet.Cols) {
		if !cardHeading.MatchString(record.OneLine(c.sheet.At(i, j).Text)) {
			return false
		}
	}
	return true
}

// card reads the card of some rows; last is the last row in which something of it stands. Labels above the first card
// belong to every card that has none of its own.
func (c *cards) card(t *reader, start, end, last int) {
	g := &group{row: start, places: map[string][2]int{}, seen: map[string]bool{}}
	for i := start; i < end; i++ {
		g.rows = append(g.rows, i)
	}
	mine := map[*FieldRule]bool{}
	for _, l := range c.labels {
		if l.row >= start && l.row < end {
			c.enter(t, g, l)
			mine[l.rule] = true
		}
	}
	for _, l := range c.labels {
		if l.row < c.starts[0] && !mine[l.rule] && !l.rule.Preamble && !t.isShared(l.rule.Name) {
			c.enter(t, g, l)
		}
	}
	for k := range c.tables {
		if table := &c.tables[k]; table.row >= start && table.row < end {
			table.enter(t, g)
		}
	}
	for i := start; i <= last; i++ {
		for _, j := range geometry.Row(c.sheet, i, 0, c.sheet.Cols) {
			c.pairs(t, g, i, j)
		}
	}
	g.rows = slices.DeleteFunc(g.rows, func(i int) bool { return i > last })
	t.current = g
	made := len(t.records)
	t.endGroup()
	for i := last + 1; i < end && len(t.records) > made; i++ {
		t.recordAt[i] = append(t.recordAt[i], made)
	}
	c.ownLabels(t, start, end)
}

// ownLabels names the labels of a card that no field has: the department's own. They stand where its other labels do,
// with their values where the other values stand.
func (c *cards) ownLabels(t *reader, start, end int) {
	columns := map[int]int{} // of labels → of their values, for those beside
	for _, l := range c.labels {
		if l.value[0] == l.row {
			columns[l.col] = l.value[1]
		}
	}
	used := t.usedCells()
	for i := start; i < end; i++ {
		for _, j := range geometry.Row(c.sheet, i, 0, c.sheet.Cols) {
			value, is := columns[j]
			text := record.OneLine(c.sheet.At(i, j).Text)
			if !is || t.claims[t.origin(i, j)] != "" || c.sheet.At(i, value).Blank() || t.claims[t.origin(i, value)] != "" ||
				used[t.ref([2]int{i, j})] || used[t.ref([2]int{i, value})] || c.sheet.At(i, j).Kind != workbook.Text ||
				isNumber(text) || c.form.isSymbol(text) || c.form.speaksOfNumbers(text) ||
				c.form.scopeOf(text) != "" || colon.MatchString(text) {
				continue
			}
			t.claim(i, j, record.ClaimUnread)
			t.claim(i, value, record.ClaimUnread)
			f := finding.New(finding.CellsUnread, t.sheet.Name, t.ref([2]int{i, j}), text, "")
			f.Severity = record.Warning
			f.Message = "この欄は様式にないため、読んでいません。" + t.form.UnknownHead(text, t.city)
			t.findings = append(t.findings, f)
		}
	}
}

// between takes the lines between two cards: what they state holds for the cards below.
func (c *cards) between(t *reader, from, to int, inside map[int]bool) {
	for i := from; i < to; i++ {
		if inside[i] {
			continue
		}
		for _, j := range geometry.Row(c.sheet, i, 0, c.sheet.Cols) {
			if claim := t.claims[t.origin(i, j)]; claim != "" && claim != record.ClaimSection {
				continue
			}
			part, alone := geometry.Alone(c.sheet, i, 0, c.sheet.Cols)
			if found := c.form.pairs(c.sheet.At(i, j).Text, func(r *FieldRule) bool { return !r.Preamble }); len(found) > 0 {
				for _, p := range found {
					t.setSection(p.rule, p.text, "：", i, j)
				}
				t.claim(i, j, record.ClaimSection)
			} else if alone {
				t.sectionAbove(nil, i, j, part.Text)
			}
		}
	}
}

// pairs takes 計画：X in a cell of a card.
func (c *cards) pairs(t *reader, g *group, i, j int) {
	entered := func(e entry) bool { return e.at == [2]int{i, j} }
	if t.claims[t.origin(i, j)] != "" || slices.ContainsFunc(g.entries, entered) {
		return
	}
	found := c.form.pairs(c.sheet.At(i, j).Text, func(r *FieldRule) bool { return !r.Preamble })
	for _, p := range found {
		f := record.Field{Name: p.rule.Name, Text: p.text, Sheet: c.sheet.Name, Cell: c.sheet.Ref(i, j)}
		g.told = append(g.told, t.interpretShared(f, p.rule)...)
	}
	if len(found) > 0 {
		t.claim(i, j, record.ClaimPreamble)
	}
}

// cardHeading is a line above a card that only numbers it: 個票1, №1, 【指標２】.
var cardHeading = regexp.MustCompile(
	`^[【（(〔]?(?:個票|調書|調査票|指標|取組|事業|№|No\.?|様式|シート)\s*[(（]?[0-9０-９①-⑳]{1,3}[)）]?[】）)〕]?$|` +
		`^[【（(〔][0-9０-９]{1,3}[】）)〕]$|^[①-⑳]$`,
)

// enter adds the value of a label to a card.
func (c *cards) enter(t *reader, g *group, l label) {
	t.claim(l.row, l.col, record.ClaimLabel)
	if l.rule.Type == "skip" {
		if l.value[0] >= 0 {
			t.claim(l.value[0], l.value[1], record.ClaimSkipped)
		}
		return
	}
	if l.assumed {
		l.scope = t.scopeOnCard(g, l, c.sheet)
		c.datedElsewhere(t, g, l)
	}
	if l.rule.Type == "number" {
		c.mergedAbove(t, g, l)
	}
	if l.rule.Type == "number" && l.value[0] == l.row {
		c.severalValues(t, g, l)
	}
	e := entry{rule: l.rule, scope: l.scope, at: l.value, label: [2]int{l.row, l.col}, headYear: l.headYear}
	e.column.unit = headUnit([]string{record.OneLine(c.sheet.At(l.row, l.col).Text)})
	e.column.said = natureOfHeads([]string{c.sheet.At(l.row, l.col).Text})
	if l.value[0] < 0 {
		e.at = e.label
		e.nothing = true
	}
	g.add(e)
}

// datedElsewhere leaves out a card on which a field stands once with a year and once without: of which year it
// is there, nothing says.
func (c *cards) datedElsewhere(t *reader, g *group, l label) {
	if l.value[0] < 0 || c.sheet.At(l.value[0], l.value[1]).Blank() {
		return
	}
	k := slices.IndexFunc(c.labels, func(o label) bool {
		return o.rule == l.rule && !o.assumed && o.scope != record.WholePeriod &&
			!relativeIn.MatchString(c.sheet.At(o.row, o.col).Text)
	})
	if k < 0 {
		return
	}
	at := [2]int{l.row, l.col}
	text := record.OneLine(c.sheet.At(l.row, l.col).Text)
	dated := [2]int{c.labels[k].row, c.labels[k].col}
	f := finding.New(finding.ReadingAmbiguous, t.sheet.Name, t.ref(at), text, t.ref(dated))
	f.Message = "見出し「" + text + "」に年度がなく、" + f.Expected + " の「" +
		record.OneLine(c.sheet.At(dated[0], dated[1]).Text) + "」があるため、どの年度の値か決められません。見出しに年度を書いてください。この記録は集計から除きました。"
	g.problems = append(g.problems, f)
}

// mergedAbove leaves out a card on which one number is merged over the values of two labels.
func (c *cards) mergedAbove(t *reader, g *group, l label) {
	j := l.col + geometry.Width(c.sheet, l.row, l.col)
	if j >= c.sheet.Cols || !c.sheet.Covered(l.row, j) {
		return
	}
	row, col := c.sheet.Origin(l.row, j)
	if row == l.row || !isNumber(c.sheet.At(row, col).Text) {
		return
	}
	f := finding.New(finding.ReadingAmbiguous, t.sheet.Name, t.ref([2]int{row, col}), c.sheet.At(row, col).Text, "")
	f.Message = "「" + f.Found + "」のセルは「" + t.describeField(l.rule, l.scope) + "」の欄まで結合されています。どの項目の値か決められないため、" +
		"この記録を集計から除きました。結合を解いて書き分けてください。"
	g.problems = append(g.problems, f)
}

// severalValues leaves out a card on which two numbers stand right of one label: 上半期 and 下半期, 4月 and 5月.
func (c *cards) severalValues(t *reader, g *group, l label) {
	for j := l.value[1] + 1; j < c.sheet.Cols; j++ {
		cell := c.sheet.At(l.row, j)
		if c.sheet.Covered(l.row, j) || cell.Blank() {
			continue
		}
		_, another := c.labelAt(l.row, j)
		taken := slices.ContainsFunc(c.labels, func(o label) bool { return o.value == [2]int{l.row, j} })
		if another || taken || c.inTable(l.row, j) || !isNumber(cell.Text) ||
			!isNumber(c.sheet.At(l.value[0], l.value[1]).Text) {
			return
		}
		first := t.ref(l.value)
		f := finding.New(finding.ReadingAmbiguous, t.sheet.Name, t.ref([2]int{l.row, j}), cell.Text, first)
		f.Message = "「" + t.describeField(l.rule, l.scope) + "」の右に " + first + " の「" +
			c.sheet.At(l.value[0], l.value[1]).Text + "」と " + f.Cell + " の「" + cell.Text +
			"」の二つの数値があり、どちらか決められません。この記録は集計から除きました。要らない方を消してください。"
		g.problems = append(g.problems, f)
		return
	}
}

// blankCard reports a card on which nothing but prefilled fields is filled in.
func (t *reader) blankCard(r *record.Record) bool {
	for _, f := range r.Fields {
		rule := t.form.fieldNamed(strings.TrimSuffix(f.Name, "_no"))
		if rule == nil || !rule.Prefilled {
			return false
		}
	}
	return !r.Excluded
}

// first is the row in which the first card of a sheet begins.
func (c *cards) first() int {
	row := c.sheet.Rows
	for _, block := range c.beside {
		row = min(row, block.first())
	}
	if len(c.beside) == 0 && len(c.starts) > 0 {
		row = c.starts[0]
	}
	return row
}
