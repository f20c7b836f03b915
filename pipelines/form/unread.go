package form

import (
	"strings"
	"unicode/utf8"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/record"
)

// unread reports columns that the reader passes over although their headings speak of the form's yearly numbers and
// numbers stand in them, down to the row before end, where the next head begins: a target that is lost in silence would
// be missed by nobody.
func (t *tableReader) unread(end int) {
	taken := map[int]bool{t.head.measures: true, t.head.years: true}
	for _, c := range t.head.columns {
		taken[c.col] = true
	}
	for _, j := range t.head.unclear {
		taken[j] = true
	}
	for j := range t.sheet.Cols {
		head := headerText(t.sheet, t.head.top, t.head.bottom, j)
		if taken[j] || head == "" || t.sheet.Covered(t.head.bottom, j) || !t.form.speaksOfNumbers(head) {
			continue
		}
		for i := t.head.bottom + 1; i < end; i++ {
			if !t.sheet.Covered(i, j) && isNumber(t.sheet.At(i, j).Text) {
				f := finding.New(finding.NumberUnreadable, t.sheet.Name, t.sheet.Ref(t.head.bottom, j), head, "")
				f.Severity = record.Warning // the other columns of its rows are read
				f.Message = "見出し「" + head + "」の列は、どの年度の何か分からないため読んでいません。「令和8年度目標値」のように書いてください。"
				t.findings = append(t.findings, f)
				break
			}
		}
	}
}

// speaksOfNumbers reports a heading that contains a word of a yearly number (目標, 実績) and none of a column that is
// passed over on purpose (達成率).
func (f *Form) speaksOfNumbers(head string) bool {
	const shortest = 2 // runes of a word that means something inside another
	n := record.Normal(head)
	found := false
	for _, r := range f.Fields {
		for _, w := range r.Words {
			if utf8.RuneCountInString(w) < shortest || !strings.Contains(n, w) {
				continue
			}
			if r.Type == "skip" && !r.Prefilled {
				return false
			}
			found = found || r.Scoped && r.Type == "number"
		}
	}
	return found
}
