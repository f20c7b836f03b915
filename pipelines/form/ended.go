package form

import (
	"regexp"
	"slices"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
)

var (
	besideYear  = regexp.MustCompile(`[（(\[【]\s*(?:末|中|内|限り|に|をもって)?\s*[)）\]】]`)
	yearBefore  = regexp.MustCompile(`^(?:末|中|内|限り)?(?:に|で|をもって)?`)
	yearBehind  = regexp.MustCompile(`(?:末|中)$`)
	bareYearOne = regexp.MustCompile(`(^|[^\d和成昭])(\d{1,2}年度)`)
)

// ended splits 完了（R4）, 完了　R4, 完了：令和4年度 and 令和4年度終了 into the word and 2022. A text with more than a word and
// a year (令和5年3月完了: of which fiscal year?) is left whole.
func ended(text string) (word, year string) {
	text = record.Label(text)
	y, rest, ok := fiscal.FindYear(text)
	if !ok {
		if m := bareYearOne.FindStringSubmatchIndex(text); m != nil { // 終了（4年度）: of 令和
			y, rest, ok = fiscal.FindYear(text[:m[4]] + "令和" + text[m[4]:])
		}
	}
	if !ok || hasDigit(rest) {
		return text, ""
	}
	word = besideYear.ReplaceAllString(rest, "")
	const marks = " 　：:、,，・/／"
	word = strings.Trim(yearBefore.ReplaceAllString(word, ""), marks)
	word = strings.Trim(yearBehind.ReplaceAllString(word, ""), marks)
	if word == "" {
		return text, ""
	}
	return word, yearText(y)
}

// endedCell reads whether something goes on or how it ended, with the year where one is written: 完了（R4）.
func (t *reader) endedCell(r *record.Record, f record.Field, rule *FieldRule) []record.Field {
	word, year := ended(f.Text)
	value, ok := rule.Ending(word)
	if !ok {
		t.fail(r, finding.SymbolUnknown, f.Cell, f.Text, strings.Join(append(rule.Values[:1:1], rule.Endings...), " "))
		f.Value = record.Label(f.Text)
		return []record.Field{f}
	}
	f.Value = value
	if year == "" || rule.EndYear == "" {
		return []record.Field{f}
	}
	end := f
	end.Name, end.Value = rule.EndYear, era(f.Text, year, t.year)
	return []record.Field{f, end}
}

// oneEnd leaves one of two cells that state the year of an end alike, 完了（R4） beside 令和4年度. That they differ is an
// error.
func (t *reader) oneEnd(r *record.Record, name string) {
	first := slices.IndexFunc(r.Fields, func(f record.Field) bool { return f.Name == name })
	if name == "" || first < 0 {
		return
	}
	for i := len(r.Fields) - 1; i > first; i-- {
		f := r.Fields[i]
		if f.Name != name {
			continue
		}
		if f.Value != r.Fields[first].Value {
			t.say(r, f.Cell, "終わった年度が "+r.Fields[first].Cell+" の「"+r.Fields[first].Text+"」と "+
				f.Cell+" の「"+f.Text+"」で違います。どちらかを直してください。")
			continue
		}
		t.also = append(t.also, f.Cell)
		r.Fields = slices.Delete(r.Fields, i, i+1)
	}
}
