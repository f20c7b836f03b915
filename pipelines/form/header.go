package form

import (
	"cmp"
	"slices"
	"strings"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

const (
	titleRows  = 12 // a form's title stands this near the top
	headerScan = 40 // a table's header begins this near the top
	mostHeads  = 3  // rows of a header, where the form does not say
)

// column is a header column that is a field, or a fiscal year whose field each row tells (rule is nil).
type column struct {
	rule     *FieldRule
	scope    string
	col      int
	headYear string // the year in the heading of a field that is not of one year: 基準値（令和6年度）
	assumed  bool   // the heading names no year: the sheet's is taken
}

// header is where a table's header stands and what its columns are.
type header struct {
	top, bottom int
	columns     []column
	unclear     []int // columns of a scoped field whose year cannot be told from another column's
	measures    int   // the column that says what each row's values are (目標, 実績); -1 when the headings say it
	years       int   // the column that says which year each row is of; -1 when the headings say it
}

// find is the column of a field that is not of one year.
func (h header) find(name string) (column, bool) {
	for _, c := range h.columns {
		if c.rule != nil && c.rule.Name == name && c.scope == "" {
			return c, true
		}
	}
	return column{}, false
}

// title is the longest title word found near the top of a sheet, and the fiscal year written beside it.
func (f *Form) title(top []string) (length, year int) {
	for _, text := range top {
		for _, w := range f.Titles {
			if strings.Contains(text, w) && len(w) > length {
				length = len(w)
				year = 0
				if named := fiscal.Named(text); len(named) == 1 { // 令和2年度～令和6年度 says no single year
					year = named[0]
				}
			}
		}
	}
	return length, year
}

// titleTexts are the normalised texts of the rows where a title may stand.
func titleTexts(s *workbook.Sheet) []string {
	var out []string
	for i := range min(s.Rows, titleRows) {
		for j := range s.Cols {
			if text := record.Normal(s.At(i, j).Text); text != "" && !s.Covered(i, j) {
				out = append(out, text)
			}
		}
	}
	return out
}

// titleRow reports a row in which a title of the form stands: it is no part of a table's header.
func (f *Form) titleRow(s *workbook.Sheet, i int) bool {
	for j := range s.Cols {
		text := record.Normal(s.At(i, j).Text)
		for _, w := range f.Titles {
			if len(w) > len("取組状況") && strings.Contains(text, w) {
				return true
			}
		}
	}
	return false
}

// findHeader finds the rows (one to three) under which most fields of the form are named; of equals, the fewest rows.
func (f *Form) findHeader(s *workbook.Sheet, sheetYear int) (header, bool) {
	var best header
	most := 0
	depth := cmp.Or(f.HeaderRows, mostHeads)
	for bottom := range min(s.Rows, headerScan+depth) {
		if bottom > 0 && f.numbersIn(s, bottom) || !f.headsIn(s, bottom) {
			continue
		}
		for top := bottom; top >= 0 && top > bottom-depth && top < headerScan && !f.titleRow(s, top); top-- {
			h := f.headerAt(s, top, bottom, sheetYear)
			if n := h.weight(); n > most {
				best, most = h, n
			}
		}
	}
	for _, rule := range f.Fields {
		if rule.Needed && !best.has(&rule) {
			return best, false
		}
	}
	return best, len(best.columns) > 0
}

// headsIn reports a row in which at least one cell can be a heading.
func (f *Form) headsIn(s *workbook.Sheet, i int) bool {
	for j := range s.Cols {
		text := record.OneLine(s.At(i, j).Text)
		if _, ok := f.matchHeader(text); ok || f.yearOf(text) != "" || f.below(text) {
			return true
		}
	}
	return false
}

// below reports a heading that means something only under another: 値 under 基準.
func (f *Form) below(text string) bool {
	if text == "" || len(text) > maxHead {
		return false
	}
	n := record.Normal(text)
	for i := range f.Fields {
		if contains(f.Fields[i].Below, n) {
			return true
		}
	}
	return false
}

// has reports whether a field has a column, or its values stand in rows that say so.
func (h header) has(rule *FieldRule) bool {
	return hasField(h.columns, rule.Name) || rule.Scoped && h.measures >= 0
}

// weight is how much a header says: a field with its year more than a field, a field more than a year alone.
func (h header) weight() int {
	n := 0
	for _, c := range h.columns {
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

// numbersIn reports a row that holds numbers, which no header does; years are no numbers here.
func (f *Form) numbersIn(s *workbook.Sheet, i int) bool {
	for j := range s.Cols {
		if c := s.At(i, j); c.Kind == workbook.Number && !s.Covered(i, j) {
			if _, ok := fiscal.ParseYear(c.Text + "年度"); !ok {
				return true
			}
		}
	}
	return false
}

func hasField(columns []column, name string) bool {
	for _, c := range columns {
		if c.rule != nil && c.rule.Name == name {
			return true
		}
	}
	return false
}

func (f *Form) headerAt(s *workbook.Sheet, top, bottom, sheetYear int) header {
	h := header{top: top, bottom: bottom, measures: -1, years: -1}
	seen := map[string]bool{}
	for j := range s.Cols {
		own, inherited := headerParts(s, top, bottom, j)
		c, ok := f.matchParts(own)
		if (!ok || c.rule == nil || c.rule.Scoped && c.scope == "") && len(inherited) > len(own) {
			if wide, matched := f.matchParts(inherited); matched && wide.rule != nil && (wide.scope != "" || !ok) {
				c, ok = wide, true
			}
		}
		if !ok || c.rule != nil && s.Covered(bottom, j) && f.sameAsLeft(s, h, bottom, j) {
			continue
		}
		c.col = j
		if c.rule != nil && c.rule.Scoped && c.scope == "" {
			c.scope, c.assumed = yearText(sheetYear), true
		}
		id := c.scope
		if c.rule != nil {
			id += "/" + c.rule.Name
		}
		if next := f.namesake(c.rule, seen); seen[id] && next != nil {
			c.rule, id = next, "/"+next.Name
		}
		if seen[id] {
			if c.rule != nil && c.rule.Scoped && !f.tallyBeside(s, bottom, j, c.rule) {
				h.unclear = append(h.unclear, j)
			}
			continue
		}
		seen[id] = true
		h.columns = append(h.columns, c)
	}
	f.findMeasures(s, &h)
	return h
}

// namesake is the next field with the same words that has no column yet: the second 区分 of two.
func (f *Form) namesake(rule *FieldRule, seen map[string]bool) *FieldRule {
	for i := range f.Fields {
		r := &f.Fields[i]
		if rule != nil && r != rule && !rule.Scoped && !seen["/"+r.Name] && slices.Equal(r.Words, rule.Words) {
			return r
		}
	}
	return nil
}

// sameAsLeft reports a heading merged over the columns to its left: the first of them holds the field.
func (f *Form) sameAsLeft(s *workbook.Sheet, h header, row, col int) bool {
	_, left := s.Origin(row, col)
	for _, c := range h.columns {
		if c.col >= left && c.col < col {
			return true
		}
	}
	return false
}

func (f *Form) tallyBeside(s *workbook.Sheet, bottom, j int, rule *FieldRule) bool {
	_, tally := symbol(s.At(bottom, j+1).Text, f.Symbols[rule.Symbols])
	return tally
}

// findMeasures looks for the columns that tell each row's measure (目標, 実績) or fiscal year, where the headings do not.
func (f *Form) findMeasures(s *workbook.Sheet, h *header) {
	yearAlone, assumed := false, 0
	taken := map[int]bool{}
	for _, c := range h.columns {
		taken[c.col] = true
		yearAlone = yearAlone || c.rule == nil
		if c.assumed && c.rule.Type == "number" {
			assumed++
		}
	}
	if !yearAlone && assumed == 0 {
		return
	}
	rows := min(s.Rows, h.bottom+1+2*headerScan)
	best, most := -1, 0
	for j := range s.Cols {
		measures, years := 0, 0
		for i := h.bottom + 1; i < rows && !taken[j]; i++ {
			text := s.At(i, j).Text
			if _, ok := f.measure(text); ok {
				measures++
			}
			if f.yearOf(text) != "" {
				years++
			}
		}
		if !yearAlone && !taken[j] && matches(headerText(s, h.top, h.bottom, j), yearHeads) {
			years += rows // a column that is called 年度, whatever stands in it
		}
		switch {
		case yearAlone && measures > most:
			best, most = j, measures
		case !yearAlone && years > most:
			best, most = j, years
		}
	}
	if yearAlone {
		h.measures = best
	} else if most > 1 || best >= 0 && matches(headerText(s, h.top, h.bottom, best), yearHeads) {
		h.years = best
	}
	if h.measures < 0 {
		h.dropYears()
	}
}

// dropYears forgets the columns of years whose values nothing names.
func (h *header) dropYears() {
	var kept []column
	for _, c := range h.columns {
		if c.rule != nil {
			kept = append(kept, c)
		}
	}
	h.columns = kept
}

var yearHeads = []string{"年度", "年次", "会計年度", "対象年度", "実績年度"}

// measure is the scoped field that a row's label names: 目標, 実績. ok is also true for a label of rows that are not
// read (達成率), with a nil rule.
func (f *Form) measure(text string) (rule *FieldRule, ok bool) {
	if text == "" || len(text) > maxHead {
		return nil, false
	}
	n := headWord(text)
	for i := range f.Fields {
		r := &f.Fields[i]
		if r.Type != "number" && r.Type != "skip" || !contains(r.Words, n) {
			continue
		}
		if r.Type == "skip" {
			return nil, !r.Prefilled
		}
		if r.Scoped {
			return r, true
		}
	}
	return nil, false
}

// headerParts are the texts of a header column from top to bottom, each merged range once. inherited adds, in the rows
// above the lowest, the text to the left of a blank cell: wide heads are not always merged.
func headerParts(s *workbook.Sheet, top, bottom, col int) (own, inherited []string) {
	last := [2]int{-1, -1}
	for i := top; i <= bottom; i++ {
		r, c := s.Origin(i, col)
		text := record.OneLine(s.At(i, col).Text)
		if text != "" && last != [2]int{r, c} {
			own, inherited = append(own, text), append(inherited, text)
		}
		last = [2]int{r, c}
		if text != "" || i == bottom || s.At(bottom, col).Blank() {
			continue
		}
		for k := col - 1; k >= 0; k-- {
			if left := s.At(i, k); !left.Blank() {
				inherited = append(inherited, record.OneLine(left.Text))
				break
			}
		}
	}
	return own, inherited
}

// headerText joins the parts of a header column, for messages.
func headerText(s *workbook.Sheet, top, bottom, col int) string {
	own, _ := headerParts(s, top, bottom, col)
	return strings.Join(own, "")
}
