package form

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
)

// Nearest is the first word of the field, or of the list of a series, of which any word is nearest to a head that the
// form does not know; "" where none is near.
func (f *Form) Nearest(head string) (word string) {
	var near nearest
	for _, l := range f.wordLists() {
		rule := f.field(headWord(l.item))
		if rule != nil && rule.Type == "number" && aboutNumbers.MatchString(headWord(head)) {
			continue // 実績年度 as a word of 実績値 would make years of values
		}
		if l.kind == headList {
			near.look(head, l.item, *l.words)
		}
	}
	return near.name
}

// aboutNumbers is a head of what is said about numbers, or of other numbers: 目標値の考え方, 実績年度, 変更後の目標値.
var aboutNumbers = regexp.MustCompile(`(?:年度|時点|日|理由|考え方|方法|備考|説明|内容|根拠|出典|担当者?|課)[)）]?$|` +
	`変更|見直|累計|平均|半期|当初|順位|比較?$|[~〜～]`)

// UnknownHead says of a head that the form does not know what a municipality can write into its 語彙.csv.
func (f *Form) UnknownHead(head, municipality string) string {
	if municipality == "" {
		municipality = "<自治体>"
	}
	head = record.OneLine(head)
	word := withoutYear(head)
	if noHead(word, itemPass) != "" || strings.ContainsAny(word, "|｜") {
		return fmt.Sprintf("見出し「%s」は分かりません。様式の見出しの語に直してください。", head)
	}
	file := fmt.Sprintf("inputs/%s/%s", municipality, collect.Vocabulary)
	if near := f.Nearest(word); near != "" {
		return fmt.Sprintf(
			"見出し「%s」は分かりません。「%s」のことなら、%s に「%s」の行を加えてください。", head, near, file, vocabularyLine(f.ID, near, word),
		)
	}
	return fmt.Sprintf(
		"見出し「%s」は分かりません。様式のどれかの項目のことなら、%s に「%s」の行を、読まなくてよければ「%s」の行を加えてください。", head, file,
		vocabularyLine(f.ID, "（項目の名前）", word), vocabularyLine(f.ID, itemPass, word),
	)
}

// wordFor says how a head that names a year would be understood, where a word of the form is near
// to what is left of it.
func (f *Form) wordFor(head, municipality string) string {
	word := withoutYear(record.OneLine(head))
	near := f.Nearest(word)
	if near == "" || word == "" || noHead(word, itemPass) != "" || strings.ContainsAny(word, "|｜（）()") ||
		f.field(headWord(word)) != nil {
		return ""
	}
	if municipality == "" {
		municipality = "<自治体>"
	}
	return fmt.Sprintf("「%s」のことなら、inputs/%s/%s に「%s」の行を加えることもできます。", near, municipality, collect.Vocabulary,
		vocabularyLine(f.ID, near, word))
}

// vocabularyLine is a line as it must stand in 語彙.csv.
func vocabularyLine(cells ...string) string {
	for i, c := range cells {
		if strings.ContainsAny(c, ",\"") {
			cells[i] = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		}
	}
	return strings.Join(cells, ",")
}

// withoutYear is the word that remains of a head, whose years the reader reads by itself; the head where nothing does.
func withoutYear(head string) string {
	word := head
	for {
		_, rest, ok := fiscal.FindYear(word)
		if !ok {
			return word
		}
		word = strings.Trim(rest, " 　_-・/()（）[]【】")
		for _, particle := range []string{"における", "末の", "末", "の"} {
			word = strings.TrimPrefix(word, particle)
		}
		if word == "" {
			return head
		}
	}
}

// nearest keeps the name whose words come nearest to a text, the first of those that come equally near.
type nearest struct {
	name     string
	distance int
}

func (n *nearest) look(text, name string, words []string) {
	for _, w := range append(slices.Clone(words), name) {
		if d, ok := record.Near(text, w); ok && (n.name == "" || d < n.distance) {
			n.name, n.distance = name, d
		}
	}
}

// formChoices says which forms there are, the nearest to a text first.
func formChoices(forms []Form, text string) string {
	var near nearest
	var all []string
	for i := range forms {
		f := &forms[i]
		near.look(text, f.Name, []string{f.ID})
		if name := f.ID + "（" + f.Name + "）"; !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	if near.name != "" {
		return "「" + near.name + "」のことなら、そう書いてください"
	}
	return "書けるのは " + strings.Join(all, "、") + " です"
}

// itemChoices says what a line about some of the forms may name, the nearest to a text first.
func itemChoices(forms []Form, of []int, text string) string {
	text, _, _ = strings.Cut(strings.ReplaceAll(text, "＝", "="), "=")
	var near nearest
	var all []string
	for _, i := range of {
		for _, l := range forms[i].wordLists() {
			near.look(text, l.item, *l.words)
			if !slices.Contains(all, l.item) {
				all = append(all, l.item)
			}
		}
	}
	near.look(text, itemPass, nil)
	if near.name != "" {
		return "「" + near.name + "」のことなら、そう書いてください"
	}
	return "書けるのは " + strings.Join(append(all, itemPass), "、") + " です"
}
