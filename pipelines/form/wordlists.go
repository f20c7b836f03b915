package form

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kyogikai/pipelines/record"
)

// wordList is one of a form's lists of words, with the name by which people call it.
type wordList struct {
	item  string // the first of the words as the form writes it, 項目=値, 様式名 or 年度全体
	kind  listKind
	words *[]string
	field *FieldRule // whose words or values these are, nil where they are the form's
	value string     // of a list of a value: what the words mean
}

type listKind int

const (
	headList  listKind = iota // heads and labels
	rowList                   // the names of rows that are no records: totals, counts, shares
	titleList                 // titles of sheets
	valueList                 // ways to write a value
	endList                   // what may stand behind a year in a head
)

// wordLists are all lists of the form but those of values.
func (f *Form) wordLists() []wordList {
	out := []wordList{{item: itemTitle, kind: titleList, words: &f.Titles}}
	add := func(kind listKind, words *[]string) {
		if len(*words) > 0 {
			out = append(out, wordList{item: (*words)[0], kind: kind, words: words})
		}
	}
	for i := range f.Fields {
		r := &f.Fields[i]
		if len(r.Words) > 0 {
			out = append(out, wordList{item: r.called(), kind: headList, words: &r.Words, field: r})
		}
	}
	if len(f.PeriodWords) > 0 {
		out = append(out, wordList{item: itemWhole, kind: headList, words: &f.PeriodWords})
	}
	if s := f.Series; s != nil {
		for _, words := range []*[]string{
			&s.IndicatorWords, &s.StandardWords, &s.YearWords, &s.KindWords, &s.AsOfWords, &s.ActualWords, &s.PlanWords,
			&s.UnitWords, &s.SkipWords,
		} {
			add(headList, words)
		}
		add(endList, &s.YearSuffixes)
	}
	add(rowList, &f.SkipWords)
	if f.Total != nil {
		add(rowList, &f.Total.Words)
	}
	if t := f.Tally; t != nil {
		add(rowList, &t.CountWords)
		add(rowList, &t.ShareWords)
		add(rowList, &t.TotalWords)
	}
	return out
}

// valueLists are the ways to write each value of a field; none of a field that takes any.
func (f *Form) valueLists(rule *FieldRule) []wordList {
	var out []wordList
	add := func(value string, words *[]string) {
		out = append(out, wordList{
			item: rule.called() + "=" + value, kind: valueList, words: words, field: rule, value: value,
		})
	}
	switch rule.Type {
	case "choice":
		for i := range rule.Choices {
			add(rule.Choices[i].Value, &rule.Choices[i].Words)
		}
	case "symbol":
		set := f.Symbols[rule.Symbols]
		for i := range set {
			add(set[i].Symbol, &set[i].Variants)
		}
	case "ended":
		for len(rule.endings) < len(rule.Endings) {
			rule.endings = append(rule.endings, Choice{Value: rule.Endings[len(rule.endings)]})
		}
		if len(rule.Values) > 0 {
			add(rule.Values[0], &rule.Values)
		}
		for i := range rule.endings {
			add(rule.endings[i].Value, &rule.endings[i].Words)
		}
	case "mark":
		if len(rule.Marks) > 0 {
			add(rule.Marks[0], &rule.Marks)
		}
		if len(rule.Unmarked) > 0 {
			add(rule.Unmarked[0], &rule.Unmarked)
		}
	}
	return out
}

// called is the first of a field's words, as the form writes it.
func (rule *FieldRule) called() string {
	if rule.title == "" && len(rule.Words) > 0 {
		return rule.Words[0]
	}
	return rule.title
}

// called reports whether people mean this list by a text.
func (l wordList) called(text string) bool {
	return record.Normal(text) == record.Normal(l.item)
}

// has reports whether a text is one of the words.
func (l wordList) has(text string) bool {
	n := record.Normal(text)
	return l.kind == valueList && record.Normal(l.value) == n ||
		slices.ContainsFunc(*l.words, func(w string) bool { return record.Normal(w) == n })
}

// alsoHas reports whether a text names the field together with something else: a year, or a word below it.
func (l wordList) alsoHas(text string) bool {
	if l.field == nil || l.kind != headList {
		return false
	}
	n := record.Normal(text)
	return contains(l.field.Dated, n) || contains(l.field.Under, n) || contains(l.field.SectionOf, n)
}

// stored is a word in the shape in which the reader compares the words of the list.
func (l wordList) stored(word string) []string {
	if l.kind != valueList {
		return []string{record.Normal(word)}
	}
	switch l.field.Type {
	case "ended":
		return []string{record.Label(word)}
	case "symbol":
		word = strings.Map(dropSpace, word)
		if folded := norm.NFKC.String(word); folded != word {
			return []string{word, folded}
		}
		return []string{word}
	}
	return []string{record.Normal(word)}
}

// Ending is how something ended, or that it goes on, by any word for it; ok is false for a word that the field does not
// know. Only for type ended.
func (rule *FieldRule) Ending(word string) (value string, ok bool) {
	n := record.Normal(word)
	is := func(w string) bool { return record.Normal(w) == n }
	if slices.ContainsFunc(rule.Values, is) {
		return rule.Values[0], true
	}
	if i := slices.IndexFunc(rule.Endings, is); i >= 0 {
		return rule.Endings[i], true
	}
	for _, e := range rule.endings {
		if slices.ContainsFunc(e.Words, is) {
			return e.Value, true
		}
	}
	return "", false
}
