package form

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

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
		if !split && !f.headLike(c) && !isAsOf(c.Text) && !unitHead(c.Text) && !saysNature(c.Text) {
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
