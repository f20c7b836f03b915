package form

import (
	"cmp"
	"slices"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// yearOfCards finds of which year the labels of cards are that state none: by the lines above the first, or above one
// of them, which holds until the next says another.
func (t *reader) yearOfCards(s *workbook.Sheet, from, to int) {
	lines := t.form.yearLines(s, from, to, 0, s.Cols, t.year)
	if from > 0 {
		if lines = slices.DeleteFunc(lines, func(l yearLine) bool { return !l.exact }); len(lines) == 0 {
			return
		}
	}
	year, rivals, contradicted := t.yearSaid(s, lines, from > 0)
	t.contradicted = contradicted
	t.blockYear = cmp.Or(year, t.year)
	for _, l := range lines {
		if !l.exact {
			continue
		}
		t.claim(l.at[0], l.at[1], record.ClaimPreamble)
		if from > 0 && year != 0 {
			t.yearField(year, l.text, l.at[0], l.at[1])
		}
	}
	if t.contradicted {
		t.contradiction = t.rivalYears(lines, rivals)
	}
}

// yearInCard takes the year that a line of a card states for that card alone: 年度 | 令和5年度.
func (t *reader) yearInCard(s *workbook.Sheet, from, to int) {
	for i := from; i < to; i++ {
		cells := geometry.Row(s, i, 0, s.Cols)
		for n := 1; n < len(cells); n++ {
			label := headWord(s.At(i, cells[n-1]).Text)
			t.measureYear(s, i, cells[n-1])
			t.measureYear(s, i, cells[n])
			l, ok := t.form.yearLineOf(s.At(i, cells[n]).Text, t.year)
			if ok && l.exact && yearLabels.MatchString(label) && label != "期間" {
				t.claim(i, cells[n-1], record.ClaimLabel)
				t.claim(i, cells[n], record.ClaimPreamble)
				t.blockYear = l.years[0]
			}
		}
	}
}

// measureYear finds a label for the year of one measure (目標年度): those without a year are not of the sheet's.
func (t *reader) measureYear(s *workbook.Sheet, i, j int) {
	text := record.OneLine(s.At(i, j).Text)
	n := headWord(text)
	if !strings.HasSuffix(n, "年度") || hasDigit(n) || !t.form.speaksOfNumbers(n) {
		return
	}
	if _, ok := t.form.matchHeader(text); ok {
		return
	}
	t.contradicted = true
	t.contradiction = finding.New(finding.ReadingAmbiguous, t.sheet.Name, t.ref([2]int{i, j}), text, "")
	t.contradiction.Message = "「" + text + "」の年度がどの値のものか決められません。値の見出しに「令和8年度実績値」のように年度を書いてください。この記録は集計から除きました。"
}

// scopeOnCard is the year of a label that states none: one that stands behind its value, else that of the lines above.
func (t *reader) scopeOnCard(g *group, l label, s *workbook.Sheet) string {
	for j := l.col - 1; j >= 0; j-- {
		for i := l.row; i >= max(0, l.row-deepestHead); i-- {
			if s.At(i, j).Blank() {
				continue
			}
			if line, ok := t.form.yearLineOf(s.At(i, j).Text, t.year); ok && line.exact {
				t.claim(i, j, record.ClaimLabel)
				return yearText(line.years[0])
			}
			break
		}
	}
	for j := max(l.col, l.value[1]) + 1; j < s.Cols && l.value[0] == l.row; j++ {
		if s.Covered(l.row, j) || s.At(l.row, j).Blank() {
			continue
		}
		text := s.At(l.row, j).Text
		if _, label := t.form.matchHeader(record.OneLine(text)); label {
			break
		}
		if line, ok := t.form.yearLineOf(text, t.year); ok && line.exact {
			t.claim(l.row, j, record.ClaimLabel)
			return yearText(line.years[0])
		}
	}
	if t.contradicted && l.value[0] >= 0 && !s.At(l.value[0], l.value[1]).Blank() {
		if t.contradiction.Code != "" && len(g.problems) == 0 {
			g.problems = append(g.problems, t.contradiction)
		}
	}
	return yearText(t.blockYear)
}
