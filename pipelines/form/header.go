package form

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

const (
	titleRows  = 12 // a form's title stands this near the top
	headerScan = 40 // a table's header begins this near the top
)

// column is a header column that is a field.
type column struct {
	rule  *FieldRule
	scope string
	col   int
}

// header is where a table's header stands and what its columns are.
type header struct {
	top, bottom int
	columns     []column
	unclear     []int // columns of a scoped field whose year cannot be told from another column's
}

func (h header) find(name, scope string) (column, bool) {
	for _, c := range h.columns {
		if c.rule.Name == name && c.scope == scope {
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

// findHeader finds the rows (one to three) under which most fields of the form are named.
func (f *Form) findHeader(s *workbook.Sheet, sheetYear int) (header, bool) {
	var best header
	depth := max(f.HeaderRows, 1)
	for top := range min(s.Rows, headerScan) {
		for bottom := top; bottom < min(top+depth, s.Rows); bottom++ {
			h := f.headerAt(s, top, bottom, sheetYear)
			if len(h.columns) > len(best.columns) {
				best = h
			}
		}
	}
	for _, rule := range f.Fields {
		if rule.Needed && !hasField(best.columns, rule.Name) {
			return best, false
		}
	}
	return best, len(best.columns) > 0
}

func hasField(columns []column, name string) bool {
	for _, c := range columns {
		if c.rule.Name == name {
			return true
		}
	}
	return false
}

func (f *Form) headerAt(s *workbook.Sheet, top, bottom, sheetYear int) header {
	h := header{top: top, bottom: bottom}
	seen := map[string]bool{}
	for j := range s.Cols {
		own, inherited := headerParts(s, top, bottom, j)
		rule, scope, ok := f.matchParts(own)
		if (!ok || rule.Scoped && scope == "") && len(inherited) > len(own) {
			if r, sc, matched := f.matchParts(inherited); matched && (sc != "" || !ok) {
				rule, scope, ok = r, sc, true
			}
		}
		if !ok {
			continue
		}
		if rule.Scoped && scope == "" {
			scope = strconv.Itoa(sheetYear)
		}
		id := rule.Name + "/" + scope
		if seen[id] {
			if _, tally := symbol(s.At(bottom, j+1).Text, f.Symbols[rule.Symbols]); rule.Scoped && !tally {
				h.unclear = append(h.unclear, j)
			}
			continue
		}
		seen[id] = true
		h.columns = append(h.columns, column{rule, scope, j})
	}
	return h
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

// matchParts reads the parts of a header column: all together, else one part as the field and another as its scope.
func (f *Form) matchParts(parts []string) (*FieldRule, string, bool) {
	if len(parts) == 0 {
		return nil, "", false
	}
	if rule, scope, ok := f.matchHeader(strings.Join(parts, "")); ok {
		return rule, scope, true
	}
	for k := len(parts) - 1; k >= 0; k-- {
		rule, scope, ok := f.matchHeader(parts[k])
		if !ok || !rule.Scoped && k != len(parts)-1 {
			continue
		}
		for m := 0; scope == "" && rule.Scoped && m < len(parts); m++ {
			if m != k {
				scope = f.scopeOf(parts[m])
			}
		}
		return rule, scope, true
	}
	return nil, "", false
}

var bareYear = regexp.MustCompile(`^(\d{1,2})年度`)

// scopeOf reads a head that groups columns as a fiscal year or the whole period: 令和5年度実績, 5年度 (of 令和), 全体.
func (f *Form) scopeOf(text string) string {
	if year, _, ok := fiscal.FindYear(text); ok {
		return strconv.Itoa(year)
	}
	n := record.Normal(text)
	for _, w := range f.PeriodWords {
		if strings.Contains(n, w) {
			return record.WholePeriod
		}
	}
	if m := bareYear.FindStringSubmatch(n); m != nil {
		if year, ok := fiscal.ParseYear("令和" + m[1] + "年度"); ok {
			return strconv.Itoa(year)
		}
	}
	return ""
}

// matchHeader reads a header text as a field and its scope: 令和6年度進捗状況 is progress of 2024.
func (f *Form) matchHeader(text string) (*FieldRule, string, bool) {
	n := record.Normal(text)
	for i := range f.Fields {
		if slices.Contains(f.Fields[i].Words, n) {
			return &f.Fields[i], "", true
		}
	}
	if year, rest, ok := fiscal.FindYear(text); ok {
		if rule := f.scoped(rest); rule != nil {
			return rule, strconv.Itoa(year), true
		}
	}
	for _, w := range f.PeriodWords {
		if rest, ok := cutWord(n, w); ok {
			if rule := f.scoped(rest); rule != nil {
				return rule, record.WholePeriod, true
			}
		}
	}
	return nil, "", false
}

func (f *Form) scoped(text string) *FieldRule {
	text = strings.Trim(text, "末のにおける時点_-・/()（）")
	for i := range f.Fields {
		if f.Fields[i].Scoped && matches(text, f.Fields[i].Words) {
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
