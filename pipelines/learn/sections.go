package learn

import (
	"regexp"
	"strings"

	"kyogikai/pipelines/record"
)

// styles are the kinds of numbering of a row that heads the rows below it.
var styles = []*regexp.Regexp{
	regexp.MustCompile(`^[①-⑳][ 　]*\S{2,}`),
	regexp.MustCompile(`^[(（][0-9０-９]{1,2}[)）][ 　]*\S{2,}`),
	regexp.MustCompile(`^[0-9０-９]{1,2}[.．、 　][ 　]*[^0-9０-９\s]\S+`),
	regexp.MustCompile(`^[ⅠⅡⅢⅣⅤ][.．、 　]?[ 　]*\S{2,}`),
	regexp.MustCompile(`^[【〈《＜■◆●].{2,}`),
}

// addSections proposes a field for rows of one numbered text between the records of a list, which no word names: what
// such a row says holds for the records below it. Where rows of two kinds are, which is above the other is left open.
func (d *draft) addSections() {
	found := map[int]*head{}
	var order []int
	for _, s := range d.sheets {
		first := s.first()
		for k := range s.spots {
			p := &s.spots[k]
			if p.row < first || len(s.rows[p.row]) != 1 || p.head || !s.listAbove(p.row) || !s.recordBelow(p.row) {
				continue
			}
			if d.named(p.text) {
				continue
			}
			for n, style := range styles {
				if !style.MatchString(strings.TrimSpace(p.text)) {
					continue
				}
				if found[n] == nil {
					found[n] = &head{word: "見出しの行", examples: map[int]bool{}, sheets: map[*sheet]bool{}}
					order = append(order, n)
				}
				h := found[n]
				h.texts = append(h.texts, p.text)
				h.at = append(h.at, s.name+"!"+s.grid.Ref(p.row, p.col))
				h.answers.all = append(h.answers.all, p.text)
				h.examples[s.example] = true
				break
			}
		}
	}
	if len(order) == 0 {
		return
	}
	const levels = 2
	if len(order) > levels {
		for _, n := range order {
			d.left = append(d.left, open{head: found[n], why: "記録の上に置く行が三種類以上あり、どの項目か分かりません"})
		}
		return
	}
	for level, n := range order {
		h := found[n]
		f := &field{name: "section", kind: "numbered", words: []string{"見出しの行"}, section: true, sure: Sure, heads: []*head{h}}
		if level > 0 {
			f.name, f.words = "section_2", []string{"見出しの行2"}
		}
		if n == len(styles)-1 {
			f.kind = "label"
		}
		f.doubt(Probable, "「%s」のような行は、その下の記録すべてについてのものとみなします。項目の名前と見出しの言葉を決めてください", record.OneLine(h.texts[0]))
		d.fields = append(d.fields, f)
	}
}

// named reports a row that a word says itself what it is: 柱2　….
func (d *draft) named(text string) bool {
	if m := levelMark.FindStringSubmatch(text); m != nil && len(words().byWord[record.Normal(m[1])]) > 0 {
		return true
	}
	for _, m := range pairMark.FindAllStringSubmatch(text, -1) {
		if len(words().byWord[headOf(m[1])]) > 0 {
			return true
		}
	}
	bare := strings.Trim(text, "【】〈〉《》＜＞<>■◆●◎○ 　")
	return questionNamed("kind").chosen(bare) != ""
}

// recordBelow reports that the next row that holds something is one of a record, or heads some.
func (s *sheet) recordBelow(i int) bool {
	for k := i + 1; k < s.grid.Rows && k <= i+3; k++ {
		if len(s.rows[k]) > 1 {
			return true
		}
	}
	return false
}
