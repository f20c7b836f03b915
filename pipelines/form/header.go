package form

import (
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
				if w := record.Normal(w); strings.Contains(text, w) && len(w) > length {
					length = len(w)
					year, _, _ = fiscal.FindYear(text)
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
			h := header{top, bottom, f.columnsOf(s, top, bottom, sheetYear)}
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

func (f *Form) columnsOf(s *workbook.Sheet, top, bottom, sheetYear int) []column {
	var out []column
	seen := map[string]bool{}
	above := "" // the group head to the left, for wide years that are not merged
	for j := range s.Cols {
		text, group := headerText(s, top, bottom, j)
		if group != "" {
			above = group
		}
		if text == "" {
			continue
		}
		rule, scope, ok := f.matchHeader(text)
		if ok && rule.Scoped && scope == "" && group == "" && bottom > top && s.At(top, j).Blank() {
			if r, sc, matched := f.matchHeader(above + text); matched {
				rule, scope = r, sc
			}
		}
		if !ok {
			continue
		}
		if rule.Scoped && scope == "" {
			scope = strconv.Itoa(sheetYear)
		}
		if id := rule.Name + "/" + scope; !seen[id] {
			seen[id] = true
			out = append(out, column{rule, scope, j})
		}
	}
	return out
}

// headerText joins the cells of a header column from top to bottom, each merged range once. group is the part above
// the lowest row.
func headerText(s *workbook.Sheet, top, bottom, col int) (text, group string) {
	last := [2]int{-1, -1}
	for i := top; i <= bottom; i++ {
		r, c := s.Origin(i, col)
		if last == [2]int{r, c} {
			continue
		}
		last = [2]int{r, c}
		if i == bottom {
			group = text
		}
		text += record.OneLine(s.At(i, col).Text)
	}
	return text, group
}

// matchHeader reads a header text as a field and its scope: 令和6年度進捗状況 is progress of 2024.
func (f *Form) matchHeader(text string) (*FieldRule, string, bool) {
	for i := range f.Fields {
		if matches(text, f.Fields[i].Words) {
			return &f.Fields[i], "", true
		}
	}
	if year, rest, ok := fiscal.FindYear(text); ok {
		if rule := f.scoped(rest); rule != nil {
			return rule, strconv.Itoa(year), true
		}
	}
	n := record.Normal(text)
	for _, w := range f.PeriodWords {
		if rest, ok := cutWord(n, record.Normal(w)); ok {
			if rule := f.scoped(rest); rule != nil {
				return rule, record.WholePeriod, true
			}
		}
	}
	return nil, "", false
}

func (f *Form) scoped(text string) *FieldRule {
	text = strings.Trim(text, "のにおける_-・/()（）")
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
