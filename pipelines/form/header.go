package form

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/quantity"
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

func (h header) find(name, scope string) (column, bool) {
	for _, c := range h.columns {
		if c.rule != nil && c.rule.Name == name && c.scope == scope {
			return c, true
		}
	}
	return column{}, false
}

// title is the longest title word found near the top of a sheet, and the fiscal year written beside it.
func (f *Form) title(s *workbook.Sheet) (length, year int) {
	for i := range min(s.Rows, titleRows) {
		for j := range s.Cols {
			text := record.Normal(s.At(i, j).Text)
			if text == "" || s.Covered(i, j) {
				continue
			}
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
	}
	return length, year
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

// matchParts reads the parts of a header column: all together; a field under a group (基準 over 値); else one part as
// the field and another as its year; else a year alone.
func (f *Form) matchParts(parts []string) (column, bool) {
	if len(parts) == 0 {
		return column{}, false
	}
	if c, ok := f.matchHeader(strings.Join(parts, "")); ok {
		return c, true
	}
	last := len(parts) - 1
	if c, ok := f.matchUnder(parts); ok {
		return c, true
	}
	for k := last; k >= 0; k-- {
		c, ok := f.matchHeader(parts[k])
		if !ok || c.rule == nil || !c.rule.Scoped && k != last && c.rule.HeadYear == "" {
			continue
		}
		if c.rule.Scoped && k == last && f.namesField(parts[:last]) {
			return column{}, false // a value under a heading, not a heading
		}
		for m := 0; c.scope == "" && m < len(parts); m++ {
			if m == k {
				continue
			}
			if c.rule.Scoped {
				c.scope = f.scopeOf(parts[m])
			} else if y := f.yearOf(parts[m]); y != "" && c.rule.HeadYear != "" {
				c.headYear = y
			}
		}
		if !c.rule.Scoped && k != last && c.headYear == "" {
			continue
		}
		return c, true
	}
	if scoped := f.hasScopedNumber(); scoped {
		if y := f.yearOf(parts[last]); y != "" {
			return column{scope: y}, true
		}
	}
	return column{}, false
}

func (f *Form) hasScopedNumber() bool {
	for _, r := range f.Fields {
		if r.Scoped && r.Type == "number" {
			return true
		}
	}
	return false
}

// namesField reports that one of the parts is by itself the heading of a field that has no year.
func (f *Form) namesField(parts []string) bool {
	for _, p := range parts {
		if c, ok := f.matchHeader(p); ok && c.rule != nil && !c.rule.Scoped {
			return true
		}
	}
	return false
}

// matchUnder reads headings of two rows: 値 under 基準.
func (f *Form) matchUnder(parts []string) (column, bool) {
	if len(parts) < 2 {
		return column{}, false
	}
	last := headWord(parts[len(parts)-1])
	for i := range f.Fields {
		r := &f.Fields[i]
		if !contains(r.Below, last) {
			continue
		}
		for _, p := range parts[:len(parts)-1] {
			year, rest, _ := fiscal.FindYear(p)
			if !contains(r.Under, headWord(p)) && !contains(r.Under, headWord(rest)) {
				continue
			}
			c := column{rule: r}
			if r.HeadYear != "" {
				c.headYear = yearText(year)
			}
			return c, true
		}
	}
	return column{}, false
}

var (
	bareYear     = regexp.MustCompile(`^(\d{1,2})年度`)
	bareYearIn   = regexp.MustCompile(`(?:^|[^\d和成昭rhs.])(\d{1,2}年度)`)
	bareYearOnly = regexp.MustCompile(`^\d{1,2}年度$`)
	headNumber   = regexp.MustCompile(`^(?:[①-⑳]|[(]\d{1,2}[)]|\d{1,2}[.)、])`)
	headNote     = regexp.MustCompile(`(?:[※*★☆]+\d*|\((?:必須|任意|注\d*|※\d*)\))$`)
	headMark     = regexp.MustCompile(`^[※*★☆●■◆▼▽○]+`)
	headBrackets = regexp.MustCompile(`^(.+?)\([^()]*\)$`)
)

// headWord is a heading as it is compared: normalised, without the number, mark or note beside it.
func headWord(text string) string {
	n := strings.TrimRight(record.Normal(text), ":")
	n = headNote.ReplaceAllString(headNumber.ReplaceAllString(n, ""), "")
	if m := headMark.ReplaceAllString(n, ""); m != "" {
		n = m
	}
	return n
}

// yearOf is the fiscal year that a text is and nothing else; 8年度 is of 令和.
func (f *Form) yearOf(text string) string {
	if len(text) > maxHead || !strings.ContainsAny(text, "年RHSＲＨＳrhsｒｈｓ") {
		return ""
	}
	n := record.Normal(text)
	if m := headBrackets.FindStringSubmatch(n); m != nil { // 令和3年度(R4.4.1現在)
		if _, dated := fiscal.ParseDay("(" + strings.TrimSuffix(n[len(m[1])+1:], ")") + ")"); dated {
			n = m[1]
		}
	}
	if bareYearOnly.MatchString(n) {
		n = "令和" + n
	}
	if y, ok := fiscal.ParseYear(strings.TrimSuffix(n, "末")); ok {
		return yearText(y)
	}
	return ""
}

// scopeOf reads a head that groups columns as a fiscal year or the whole period: 令和5年度実績, 5年度 (of 令和), 全体.
func (f *Form) scopeOf(text string) string {
	if len(text) > maxHead {
		return ""
	}
	const longest = 15 // runes beside the year: a sentence that mentions one is no heading
	if year, rest, ok := fiscal.FindYear(text); ok && utf8.RuneCountInString(rest) <= longest && !strings.ContainsAny(rest, "。:○") {
		return yearText(year)
	}
	n := record.Normal(text)
	for _, w := range f.PeriodWords {
		if strings.Contains(n, w) {
			return record.WholePeriod
		}
	}
	if m := bareYear.FindStringSubmatch(n); m != nil {
		if year, ok := fiscal.ParseYear("令和" + m[1] + "年度"); ok {
			return yearText(year)
		}
	}
	return ""
}

// maxHead is the number of bytes of the longest text that is looked at as a heading.
const maxHead = 180

// headMemo remembers how texts were read as headings: the departments of a city use the same few hundred.
type headMemo struct {
	mu   sync.Mutex
	read map[string]headMatch
}

type headMatch struct {
	column column
	ok     bool
}

// matchHeader reads a header text as a field and its year: 令和6年度進捗状況 is progress of 2024.
func (f *Form) matchHeader(text string) (column, bool) {
	if text == "" || len(text) > maxHead {
		return column{}, false
	}
	const most = 20_000
	f.heads.mu.Lock()
	m, known := f.heads.read[text]
	f.heads.mu.Unlock()
	if known {
		return m.column, m.ok
	}
	m.column, m.ok = f.readHeader(text)
	f.heads.mu.Lock()
	defer f.heads.mu.Unlock()
	if len(f.heads.read) >= most {
		clear(f.heads.read)
	}
	f.heads.read[text] = m
	return m.column, m.ok
}

func (f *Form) readHeader(text string) (column, bool) {
	n := headWord(text)
	for _, try := range []string{record.Normal(text), n} {
		if rule := f.field(try); rule != nil {
			return column{rule: rule}, true
		}
	}
	if m := bareYearIn.FindStringSubmatchIndex(n); m != nil { // 8年度目標, 目標値(8年度): of 令和
		n = n[:m[2]] + "令和" + n[m[2]:]
		text = n
	}
	if year, rest, ok := fiscal.FindYear(text); ok {
		rest = headWord(strings.Trim(rest, "末のにおける時点_-・/()（）[]【】"))
		if rule := f.field(rest); rule != nil {
			switch {
			case rule.Scoped:
				return column{rule: rule, scope: yearText(year)}, true
			case rule.HeadYear != "":
				return column{rule: rule, headYear: yearText(year)}, true
			case rule.Type == "text" || rule.Type == "skip":
				return column{rule: rule}, true
			}
		}
	}
	for _, w := range f.PeriodWords {
		if rest, ok := cutWord(n, w); ok {
			if rule := f.field(strings.Trim(rest, "の_-・/()")); rule != nil && rule.Scoped {
				return column{rule: rule, scope: record.WholePeriod}, true
			}
		}
	}
	if m := headBrackets.FindStringSubmatch(n); m != nil { // 備考（変更の理由など）
		if rule := f.field(m[1]); rule != nil {
			return column{rule: rule}, true
		}
	}
	return column{}, false
}

func (f *Form) field(word string) *FieldRule {
	for i := range f.Fields {
		if contains(f.Fields[i].Words, word) {
			return &f.Fields[i]
		}
	}
	return nil
}

// cutWord takes a word off the beginning or the end of a text.
func cutWord(text, word string) (string, bool) {
	if rest, ok := strings.CutPrefix(text, word); ok {
		return rest, true
	}
	return strings.CutSuffix(text, word)
}

// isNumber reports a text that a column of numbers can hold.
func isNumber(text string) bool { return quantity.Parse(text).Status == quantity.Number }
