package form

import (
	"fmt"
	"slices"
	"strings"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/record"
)

// Word is a line of a municipality's 語彙.csv: words that it uses for something that a form has words for.
type Word struct {
	Municipality string
	Form         string   // the form's name or id
	Item         string   // the first of a list of words, 項目=値, or one of the names below
	Words        []string // as they are written
	Path         string
	Line         int
}

// What a line may name that is no first word of a list.
const (
	itemTitle = "様式名"  // by what a sheet is recognised
	itemWhole = "年度全体" // heads of values that speak of the whole period
	itemPass  = "読まない" // heads to pass over
)

// vocabularyColumns are those of 語彙.csv; a further one is for the people who keep it.
var vocabularyColumns = []string{"様式", "項目", "語"}

// readWords reads a 語彙.csv. One that is absent has no words.
func readWords(city string, file collect.File) ([]Word, error) {
	if file.Disk == "" {
		return nil, nil
	}
	wb, err := openMaster(file)
	if err != nil {
		return nil, fmt.Errorf("%s を読めません: %w", file.Path, err)
	}
	s := wb.Sheets[0]
	text := func(i, j int) string { return record.OneLine(s.At(i, j).Text) }
	at, headed := map[string]int{}, map[int]bool{}
	for j := range s.Cols {
		if name := text(0, j); name != "" {
			at[name], headed[j] = j, true
		}
	}
	for _, name := range vocabularyColumns {
		if _, ok := at[name]; !ok {
			return nil, fmt.Errorf("%s の1行目に「%s」の列がありません。見出しを直してください", file.Path, name)
		}
	}
	var out []Word
	for i := 1; i < s.Rows; i++ {
		w := Word{
			Municipality: city, Form: text(i, at["様式"]), Item: text(i, at["項目"]), Path: file.Path, Line: i + 1,
		}
		for word := range strings.SplitSeq(strings.ReplaceAll(text(i, at["語"]), "｜", "|"), "|") {
			if word = strings.TrimSpace(word); word != "" {
				w.Words = append(w.Words, word)
			}
		}
		for j := range s.Cols {
			if beyond := text(i, j); beyond != "" && !headed[j] {
				return nil, w.refuse("「%s」は、見出しのない列にあります。二つ以上の語は | で区切ってください", beyond)
			}
		}
		switch {
		case w.Form == "" && w.Item == "" && len(w.Words) == 0:
			continue
		case w.Form == "" || w.Item == "" || len(w.Words) == 0:
			return nil, w.refuse("様式・項目・語のどれかが空です。三つとも書いてください")
		}
		out = append(out, w)
	}
	return out, nil
}

func (w Word) refuse(format string, args ...any) error {
	return &SchemaError{w.Path, w.Line, fmt.Sprintf(format, args...)}
}

// WithWords are the forms of a municipality that has words of its own: copies of those that a line concerns, the rest
// as they are. A line that concerns nothing, or gives a word to two, is refused with its place.
func WithWords(forms []Form, words []Word) ([]Form, error) {
	out, own := slices.Clone(forms), map[int]bool{}
	for _, w := range words {
		of := named(forms, w.Form)
		if len(of) == 0 {
			return nil, w.refuse("様式「%s」はありません。%s", w.Form, formChoices(forms, w.Form))
		}
		found := false
		for _, i := range of {
			f := out[i]
			if !own[i] {
				f = out[i].forWords() // which is dropped again where the line does not concern it
			}
			lists, err := f.listsOf(w)
			if err != nil {
				return nil, err
			}
			if len(lists) == 0 {
				continue
			}
			for _, word := range w.Words {
				if other := titled(out, out[i].ID, word); other != "" && lists[0].kind == titleList {
					return nil, w.refuse("「%s」は様式「%s」の様式名でもあります。どちらの様式かが決まる語を書いてください", word, other)
				}
				if err := f.add(w, lists, word); err != nil {
					return nil, err
				}
			}
			f.derive()
			out[i], own[i], found = f, true, true
		}
		if !found {
			return nil, w.refuse("様式「%s」に項目「%s」はありません。%s", w.Form, w.Item, itemChoices(out, of, w.Item))
		}
	}
	return out, nil
}

// titled is the form of another id that a title belongs to, "" where there is none.
func titled(forms []Form, id, title string) string {
	for i := range forms {
		if forms[i].ID != id && matches(title, forms[i].Titles) {
			return forms[i].Name
		}
	}
	return ""
}

// named are the places of the forms of a name or an id.
func named(forms []Form, name string) []int {
	var out []int
	for i := range forms {
		if n := record.Normal(name); n == record.Normal(forms[i].ID) || n == record.Normal(forms[i].Name) {
			out = append(out, i)
		}
	}
	return out
}

// forWords is a copy to which words can be added: adding to a list never writes where the list of another copy stands.
func (f *Form) forWords() Form {
	c := *f
	c.heads = &headMemo{read: map[string]headMatch{}}
	c.Fields = slices.Clone(f.Fields)
	for i := range c.Fields {
		c.Fields[i].Choices = slices.Clone(c.Fields[i].Choices)
		c.Fields[i].endings = slices.Clone(c.Fields[i].endings)
	}
	c.Symbols = map[string][]Symbol{}
	for name, set := range f.Symbols {
		c.Symbols[name] = slices.Clone(set)
	}
	if f.Total != nil {
		total := *f.Total
		c.Total = &total
	}
	if f.Tally != nil {
		tally := *f.Tally
		c.Tally = &tally
	}
	if f.Series != nil {
		series := *f.Series
		c.Series = &series
	}
	return c
}

// listsOf are the lists that a line adds to; none where the form has nothing of that name.
func (f *Form) listsOf(w Word) ([]wordList, error) {
	if record.Normal(w.Item) == itemPass {
		return []wordList{f.passed()}, nil
	}
	var found []wordList
	lists := f.wordLists()
	for _, l := range lists {
		switch {
		case !l.called(w.Item), len(found) > 0 && l.kind != found[0].kind:
		case len(found) > 0 && l.kind == headList && !slices.Equal(*l.words, *found[0].words):
			return nil, w.refuse("様式「%s」には「%s」という項目が二つあるので、どちらの語か決められません。様式のYAMLに書いてください", w.Form, w.Item)
		default:
			found = append(found, l)
		}
	}
	if len(found) > 0 && found[0].kind == rowList { // 計 means the same in each list that has it
		found = slices.DeleteFunc(lists, func(l wordList) bool { return l.kind != rowList || !l.has(w.Item) })
	}
	if len(found) > 0 {
		return found, nil
	}
	return f.valuesOf(w)
}

// valuesOf are the lists of a line about a value: 項目=値.
func (f *Form) valuesOf(w Word) ([]wordList, error) {
	item, value, ok := strings.Cut(strings.ReplaceAll(w.Item, "＝", "="), "=")
	if !ok {
		return nil, nil
	}
	var found []wordList
	for _, l := range f.wordLists() {
		if l.field == nil || !l.called(item) {
			continue
		}
		all := f.valueLists(l.field)
		if len(all) == 0 {
			return nil, w.refuse("「%s」は、値の決まっていない項目です。見出しの語なら、項目を「%s」とだけ書いてください", item, l.item)
		}
		i := slices.IndexFunc(all, func(v wordList) bool { return v.called(l.item + "=" + value) })
		if i < 0 {
			var known []string
			for _, v := range all {
				known = append(known, v.item)
			}
			return nil, w.refuse(
				"「%s」に「%s」という値はありません。%s のいずれかを書いてください", item, strings.TrimSpace(value), strings.Join(known, "、"),
			)
		}
		found = append(found, all[i])
	}
	return found, nil
}

// passed is the list of heads that are passed over. A form that has none gets one.
func (f *Form) passed() wordList {
	if f.Series != nil {
		return wordList{item: itemPass, kind: headList, words: &f.Series.SkipWords}
	}
	i := slices.IndexFunc(f.Fields, func(r FieldRule) bool { return r.Name == passedOver })
	if i < 0 {
		i = len(f.Fields)
		f.Fields = append(f.Fields, FieldRule{Name: passedOver, Type: "skip", title: itemPass})
	}
	return wordList{item: itemPass, kind: headList, words: &f.Fields[i].Words, field: &f.Fields[i]}
}

// passedOver is the field of the heads that a municipality wants passed over.
const passedOver = "passed_over"

// add gives a word to lists that a line names, unless it can be no such word or belongs to something else.
func (f *Form) add(w Word, lists []wordList, word string) error {
	first := lists[0]
	if first.kind == headList {
		if why := noHead(word, first.item); why != "" {
			return w.refuse("「%s」%s", word, why)
		}
	}
	if other, ok := f.claimant(lists, word); ok {
		return w.refuse(
			"「%s」は「%s」の語でもあるので、「%s」の語にはできません。どちらの意味かを決め、この行から除くか、様式のYAMLから除いてください", word, other, first.item,
		)
	}
	for _, l := range lists {
		if !l.has(word) {
			*l.words = append(slices.Clip(*l.words), l.stored(word)...)
		}
	}
	return nil
}

// noHead says why a word can be no head of a field. A head to pass over may name a year.
func noHead(word, item string) string {
	if _, _, dated := fiscal.FindYear(word); dated && item != itemPass {
		return "には年度があります。年度は見出しから読むので、年度を除いた語を書いてください"
	}
	if q := quantity.Parse(word).Status; q == quantity.Number || q == quantity.Missing {
		return "は数値か空欄の印なので、見出しの語にはできません。この行から除いてください"
	}
	return ""
}

// claimant is what a word belongs to already beside the lists that it is meant for.
func (f *Form) claimant(lists []wordList, word string) (string, bool) {
	kind := lists[0].kind
	others := f.wordLists()
	if kind == valueList {
		others = f.valueLists(lists[0].field)
	}
	for _, l := range others {
		own := slices.ContainsFunc(lists, func(m wordList) bool { return m.words == l.words })
		if own || !rivals(l.kind, kind) {
			continue
		}
		if l.has(word) || l.alsoHas(word) && !lists[0].alsoHas(word) {
			return l.item, true
		}
	}
	return "", false
}

// rivals reports whether a word of two lists of these kinds would mean two things in one place: titles and what stands
// behind a year are looked for elsewhere, and a row may be a total for several reasons.
func rivals(a, b listKind) bool {
	switch {
	case a == titleList || b == titleList || a == endList || b == endList:
		return false
	case a == rowList && b == rowList:
		return false
	}
	return true
}
