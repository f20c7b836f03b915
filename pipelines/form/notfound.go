package form

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// How much of a sheet a message about heads that were not found tells.
const (
	foundHeads    = 8
	excerptLength = 20
)

// insteadOf says, of heads that were looked for and are not there, what is: where their words stand otherwise, and
// which heads of the form were found. "" where there is nothing of either.
func (f *Form) insteadOf(s *workbook.Sheet, lacks string) string {
	titles := strings.Split(lacks, "・")
	otherwise := map[string]string{} // by the title of what is lacking
	var found []string
	for i := range s.Rows {
		for _, j := range geometry.Row(s, i, 0, s.Cols) {
			text := record.OneLine(s.At(i, j).Text)
			if c, ok := f.matchHeader(text); ok && c.rule != nil && len(found) < foundHeads {
				found = append(found, fmt.Sprintf("「%s」（%s）", excerpt(text), s.Ref(i, j)))
			}
			for k := range f.rules {
				r := &f.rules[k]
				if slices.Contains(titles, r.title) && otherwise[r.title] == "" && !f.isTitle(text) && r.isIn(text) {
					otherwise[r.title] = fmt.Sprintf("「%s」は %s に「%s」とありますが、表の見出しの行にある列の見出しではありません。",
						r.title, s.Ref(i, j), excerpt(text))
				}
			}
		}
	}
	var out strings.Builder
	for _, title := range titles {
		out.WriteString(otherwise[title])
	}
	if len(found) > 0 {
		out.WriteString("見つかった見出しは " + strings.Join(found, "、") + " です。")
	}
	return out.String()
}

// isIn reports a text in which the title or a word of a field stands.
func (r *FieldRule) isIn(text string) bool {
	n := record.Normal(text)
	return slices.ContainsFunc(append([]string{r.title}, r.Words...), func(word string) bool {
		return utf8.RuneCountInString(word) > 1 && strings.Contains(n, record.Normal(word))
	})
}

// excerpt is the beginning of a cell's text.
func excerpt(text string) string {
	if r := []rune(text); len(r) > excerptLength {
		text = string(r[:excerptLength]) + "…"
	}
	return printable.Line(text)
}
