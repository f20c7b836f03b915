package learn

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"kyogikai/pipelines/form"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/record"
)

// How sure a proposal is of something.
const (
	Sure     = "確か"
	Probable = "たぶん"
	Open     = "未定"
)

// field is a field of the form that is proposed.
type field struct {
	name, kind string
	words      []string // as they are written
	heads      []*head
	over       []string  // heads that make the field of a 年度 or a 値 below them
	question   *question // nil for one whose words the lexicon does not know
	scoped     bool
	fillDown   bool
	section    bool // it stands in rows of its own above its records
	needed     bool // every sheet has it
	choices    []choice
	symbols    []symbol
	sure       string
	why        []string
}

type symbol struct{ Symbol, Meaning string }

func (f *field) doubt(sure, why string, args ...any) {
	if f.sure == Sure || sure == Open {
		f.sure = sure
	}
	f.why = append(f.why, fmt.Sprintf(why, args...))
}

// open is a head of which the proposal says nothing.
type open struct {
	head *head
	why  string
	line string // the field as it might be; "" where that is not known
}

// fieldsOf makes a field of each head that is a question; left are those of which it cannot be told what they ask.
func fieldsOf(heads []*head, sheets []*sheet) (fields []*field, left []open) {
	byName := map[string]*field{}
	for _, h := range heads {
		q, sure := h.resolve(byName, heads)
		switch {
		case q == nil && words().corners[h.word]: // it names what the cells beside it are
			continue
		case q == nil && h.known:
			left = append(left, open{head: h, why: "どの項目か、見出しからも答えからも決まりません"})
			continue
		case q == nil:
			f, why := h.unnamed(len(fields) + 1)
			if f == nil {
				left = append(left, open{head: h, why: why})
				continue
			}
			fields = append(fields, f)
			byName[f.name] = f
			continue
		}
		f := byName[q.Name]
		if f == nil {
			f = &field{name: q.Name, kind: q.Kind, question: q, sure: Sure}
			byName[q.Name] = f
			fields = append(fields, f)
		}
		f.add(h)
		if sure != Sure {
			f.doubt(sure, "答えの記入がなく、見出しの言葉だけで決めました")
		}
	}
	for _, f := range fields {
		f.settle()
		f.needed = f.question != nil && f.kind != "skip" && f.name != "remarks" && f.everywhere(sheets)
	}
	return fields, left
}

// everywhere reports a field of which every sheet has a head or label.
func (f *field) everywhere(sheets []*sheet) bool {
	return !slices.ContainsFunc(sheets, func(s *sheet) bool {
		return !slices.ContainsFunc(f.heads, func(h *head) bool { return h.sheets[s] })
	})
}

func (f *field) add(h *head) {
	f.heads = append(f.heads, h)
	if h.fixed != nil {
		f.over = append(f.over, spelled(h.over, headOf(h.over)))
		if len(f.words) == 0 {
			f.words = append(f.words, h.fixed.Words[0])
		}
		return
	}
	for _, text := range h.texts {
		if w := spelled(text, h.word); !slices.Contains(f.words, w) {
			f.words = append(f.words, w)
		}
	}
}

// spelled is a head's word as its author writes it, where nothing else stands in the cell.
func spelled(text, word string) string {
	plain := strings.Join(strings.Fields(text), "")
	if record.Normal(plain) == word {
		return plain
	}
	return word
}

// resolve finds the question that a head asks: of those that have its word the first whose answers look like it and
// that no other head of the same sheets asks.
func (h *head) resolve(byName map[string]*field, heads []*head) (q *question, sure string) {
	if h.fixed != nil {
		return h.fixed, Sure
	}
	candidates := words().byWord[h.word]
	var blank *question
	for _, q := range candidates {
		if q.Place == "before" && h.listed || q.Place == "" && h.before && !h.listed && q.Kind == "departments" {
			continue
		}
		if f := byName[q.Name]; f != nil && f.rival(h) {
			continue
		}
		if q.Kind == "year" && q.Name == "year" && h.axis(heads) {
			return nil, ""
		}
		if q.Name == "line" && !h.numbersLines(heads) {
			continue
		}
		switch h.possible().like(q) {
		case alike:
			return q, Sure
		case unknown:
			if blank == nil {
				blank = q
			}
		}
	}
	return blank, Probable
}

// rival reports a head beside one that the field has already: one of the two asks something else.
func (f *field) rival(h *head) bool {
	return slices.ContainsFunc(f.heads, func(other *head) bool {
		return other != h && other.listed && h.listed && other.beside(h)
	})
}

func (h *head) beside(other *head) bool {
	sheets := map[string]bool{}
	for _, at := range h.at {
		sheet, _, _ := strings.Cut(at, "!")
		sheets[sheet] = true
	}
	return slices.ContainsFunc(other.at, func(at string) bool {
		sheet, _, _ := strings.Cut(at, "!")
		return sheets[sheet]
	})
}

// numbersLines reports that a head of serial numbers stands beside another that codes what the line is about, or in a
// table of yearly values, whose lines have no code.
func (h *head) numbersLines(heads []*head) bool {
	for _, other := range heads {
		if other == h || !other.listed {
			continue
		}
		for _, q := range words().byWord[other.word] {
			if q.Name == "code" && !asks(other.word, "line") {
				return true
			}
			if q.Name == "standard" && len(heads) <= mostOfSeries {
				return true
			}
		}
	}
	return false
}

// asks reports a word of a question.
func asks(word, name string) bool {
	return slices.ContainsFunc(words().byWord[word], func(q *question) bool { return q.Name == name })
}

// axis reports a column of years beside yearly questions: it says of which year a line's values are.
func (h *head) axis(heads []*head) bool {
	return slices.ContainsFunc(heads, func(other *head) bool { return other != h && yearly(other.word) && other.listed })
}

// unnamed makes a field of a head that no list of words knows.
func (h *head) unnamed(n int) (*field, string) {
	if len(h.choices) > 0 {
		f := &field{name: fmt.Sprintf("item_%d", n), kind: "choice", sure: Sure, scoped: h.own}
		f.add(h)
		for _, c := range h.choices {
			f.choices = append(f.choices, choice{c, []string{c}})
		}
		f.why = append(f.why, "選択肢の一覧から決めました")
		return f, ""
	}
	kind := h.answers.kind()
	end := words().ending(h.word)
	switch {
	case kind == "" && len(h.answers.all) > 0:
		return nil, "数値とほかの文字が混ざっていて、種類が決まりません"
	case kind == "" && end == "":
		return nil, "記入がなく、言葉からも種類が分かりません"
	case h.blanks && kind != "number":
		return nil, "空欄が「上と同じ」か「なし」か、分かりません"
	}
	f := &field{name: fmt.Sprintf("item_%d", n), kind: cmp.Or(kind, end), sure: Probable}
	f.add(h)
	f.scoped = h.own
	if kind == "" {
		f.doubt(Probable, "記入がなく、見出しの終わり「%s」から決めました", lastRunes(h.word, 2))
	} else {
		f.doubt(Probable, "知らない見出しなので、記入された値から決めました")
	}
	return f, ""
}

func lastRunes(s string, n int) string {
	r := []rune(s)
	return string(r[max(0, len(r)-n):])
}

// settle decides what follows from the answers of all of a field's heads.
func (f *field) settle() {
	var all answers
	examples := map[int]bool{}
	for _, h := range f.heads {
		possible := h.possible()
		all.all = append(all.all, possible.all...)
		all.blank += possible.blank
		f.scoped = f.scoped || h.own || f.question != nil && f.question.Yearly && h.dated
		f.fillDown = f.fillDown || h.blanks && f.question != nil && f.question.Group
		maps.Copy(examples, h.examples)
	}
	switch f.kind {
	case "choice", "ended":
		if f.question == nil {
			break // what a list offers
		}
		f.choices = nil
		for _, c := range f.question.Choices {
			f.choices = append(f.choices, choice{c.Value, slices.Clone(c.Words)})
		}
		for _, v := range all.distinct() {
			if f.question.chosen(v) == "" {
				f.doubt(Open, "「%s」がどの値か分かりません", v)
			}
		}
	case "symbol":
		f.symbols = f.ofOneKind(symbolsOf(all.distinct()))
		if all.blank > 0 {
			f.symbols = append(f.symbols, symbol{Symbol: "－"})
		}
		if len(f.symbols) == 0 {
			f.doubt(Open, "記入がなく、どの記号を使うか分かりません")
		}
	case "text":
		f.repeats(all)
	case "number":
		if all.share(func(v string) bool {
			return strings.HasPrefix(strings.TrimSpace(v), "(") || strings.HasPrefix(strings.TrimSpace(v), "（")
		}) > 0 {
			f.doubt(Probable, "括弧書きの数値があります。負の数なら parentheses: negative を足してください")
		}
	}
	if q := f.question; q != nil && q.Yearly && !f.scoped && (f.kind == "number" || f.kind == "symbol") {
		f.scoped = true
		f.doubt(Probable, "見出しに年度がないので、表題かフォルダの年度の値とみなします")
	}
	if f.fillDown {
		f.doubt(Probable, "空欄は上の行と同じとみなします")
	}
	if len(examples) > 1 && f.sure == Probable && f.question == nil {
		f.why = append(f.why, "どの例にも同じ見出しがあります")
	}
}

// repeats makes choices of a text that says the same few words again and again.
func (f *field) repeats(all answers) {
	const fewest, largest = 8, 6
	d := all.distinct()
	if f.question != nil || len(all.all) < fewest || len(d) > largest || len(d)*3 > len(all.all) {
		return
	}
	f.kind = "choice"
	for _, v := range d {
		f.choices = append(f.choices, choice{record.Label(v), []string{record.Label(v)}})
	}
	f.doubt(Probable, "同じ言葉が繰り返されているので、選択肢とみなします")
}

var alikeSymbols = map[string]string{
	"〇": "○", "◯": "○", "⭕": "○", "o": "○", "◉": "◎", "⦿": "◎", "δ": "△", "∆": "△", "✕": "×", "✖": "×", "╳": "×", "x": "×",
	"-": "－", "―": "－", "ー": "－", "—": "－", "‐": "－", "–": "－", "−": "－",
}

// symbolsOf are the symbols among answers, each once however it is written.
func symbolsOf(values []string) []symbol {
	var out []symbol
	seen := map[string]bool{}
	for _, v := range values {
		n := record.Normal(v)
		if s, ok := alikeSymbols[n]; ok {
			n = s
		} else {
			n = strings.ToUpper(n)
		}
		if !seen[n] && len([]rune(n)) <= 2 {
			seen[n] = true
			out = append(out, symbol{Symbol: n})
		}
	}
	return out
}

// ofOneKind leaves out letters among marks, or marks among letters: an answer in the wrong column.
func (f *field) ofOneKind(all []symbol) []symbol {
	letters := 0
	for _, s := range all {
		letters += bit(letter(s.Symbol))
	}
	return slices.DeleteFunc(all, func(s symbol) bool {
		odd := letter(s.Symbol) != (2*letters > len(all))
		if odd {
			f.doubt(Probable, "「%s」は、ほかの記号と種類が違うので除きました", s.Symbol)
		}
		return odd
	})
}

func letter(s string) bool { return strings.ContainsAny(s, "ABCDEF12345") }

var legendPair = regexp.MustCompile(`([◎○〇◯△▲×✕☆★●□■◇A-Ea-eＡ-Ｅ１-５1-5－―])[ 　]*[:：＝=…‥・][ 　]*([^　\s:：]{2,40})`)

// legends are what notes on the sheets say of symbols (◎：計画を上回って進んだ), and which of them are told together.
func legends(sheets []*sheet) (meaning map[string]string, sets [][]string) {
	meaning = map[string]string{}
	for _, s := range sheets {
		for _, p := range s.spots {
			found := legendPair.FindAllStringSubmatch(p.text, -1)
			if len(found) < 2 {
				continue
			}
			var set []string
			for _, m := range found {
				sym := symbolsOf([]string{m[1]})
				if len(sym) == 0 {
					continue
				}
				set = append(set, sym[0].Symbol)
				if meaning[sym[0].Symbol] == "" {
					meaning[sym[0].Symbol] = strings.TrimRight(m[2], "、,。")
				}
			}
			sets = append(sets, set)
		}
	}
	return meaning, sets
}

// missing reports a text that stands for no answer; 〇〇 is what a form prints where a number is to be.
func missing(text string) bool {
	n := record.Normal(text)
	same := func(w string) bool { return record.Normal(w) == n }
	if form.IsDitto(text) || slices.ContainsFunc(words().Totals, same) {
		return true
	}
	if slices.Contains(form.AnswerStates, n) {
		return true
	}
	status := quantity.Parse(text).Status
	return status == quantity.Missing || status == quantity.Undecided ||
		strings.HasPrefix(strings.TrimPrefix(text, "約"), "〇〇") || strings.HasPrefix(text, "約〇")
}
