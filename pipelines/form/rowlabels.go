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
		if r := &f.rules[i]; r.Scoped && r.Type != typeState {
			out += " " + cmp.Or(r.title, r.Name)
		}
	}
	return strings.TrimSpace(out)
}
