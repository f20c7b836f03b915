// Package learn proposes the YAML of a form from examples: workbooks by which departments have answered, or are to. It
// knows what heads are called in surveys at large and no form; every proposal is tried on the examples themselves, and
// says of each item how sure it is. A person edits and accepts it.
package learn

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// Example is a workbook from which a form is learned.
type Example struct {
	Path string // as people know it; its ending says what kind of file it is
	Data []byte
}

// Item is something that a proposal says, and how sure it is.
type Item struct {
	What string // 項目 target, 表題, 年度 …
	Says string
	Sure string // Sure, Probable or Open
	Why  string
	At   []string // where it is seen: sheet!cell
}

// Proposal is a form that the examples seem to be of.
type Proposal struct {
	Name     string // what the form is called
	YAML     []byte
	Form     form.Form
	Items    []Item
	Examples []int             // which of the examples have a sheet of it
	Read     []record.Workbook // those examples as they are read by the proposal
}

const mostOfSeries = 9 // heads of a table of indicators by years

// Propose finds the forms of which the examples are, in the order in which they appear; ids are the letters of forms
// that are taken. Examples that cannot be opened are an error that names them.
func Propose(examples []Example, ids []string, within limits.Set) ([]Proposal, error) {
	var sheets []*sheet
	for i, e := range examples {
		wb, err := workbook.Open(e.Path, e.Data, within)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.Path, err)
		}
		for _, s := range wb.Sheets {
			if !s.Hidden && !strings.Contains(s.Name, "記入例") {
				sheets = append(sheets, newSheet(i, s))
			}
		}
	}
	var out []Proposal
	for _, g := range groups(sheets) {
		d := draft{sheets: g, id: freeID(ids)}
		if d.make(examples, within) {
			ids = append(ids, d.id)
			out = append(out, d.proposal())
		}
	}
	return out, nil
}

// freeID is the first letter that no form has.
func freeID(taken []string) string {
	for c := 'A'; c <= 'Z'; c++ {
		if !slices.Contains(taken, string(c)) {
			return string(c)
		}
	}
	return fmt.Sprintf("Z%d", len(taken))
}

// draft is a proposal in the making.
type draft struct {
	sheets []*sheet
	id     string
	titles []string
	heads  []*head
	fields []*field
	left   []open
	namer  *field
	key    []string
	series bool
	yaml   []byte
	form   form.Form
	read   []record.Workbook
	of     []int
}

func (d *draft) make(examples []Example, within limits.Set) bool {
	d.titles = titlesOf(d.sheets)
	d.heads = headsOf(d.sheets)
	d.fields, d.left = fieldsOf(d.heads, d.sheets)
	d.explainSymbols()
	d.series = d.isSeries()
	best, least := (*draft)(nil), 0
	for _, namer := range d.namers() {
		one := *d
		one.fields = cloned(d.fields)
		one.namer = one.fieldNamed(namer)
		one.adapt()
		one.key = []string{namer}
		if !one.try(examples, within) {
			continue
		}
		one.widenKey(examples, within)
		one.prune(examples, within)
		if doubts := one.doubts() + 3*len(one.key); best == nil || doubts < least {
			best, least = &one, doubts
		}
	}
	if best == nil {
		return false
	}
	*d = *best
	return true
}

func cloned(fields []*field) []*field {
	out := make([]*field, len(fields))
	for i, f := range fields {
		c := *f
		c.words, c.why = slices.Clone(f.words), slices.Clone(f.why)
		out[i] = &c
	}
	return out
}

func (d *draft) fieldNamed(name string) *field {
	for _, f := range d.fields {
		if f.name == name {
			return f
		}
	}
	return nil
}

func (d *draft) has(names ...string) bool {
	return !slices.ContainsFunc(names, func(n string) bool { return d.fieldNamed(n) == nil })
}

// isSeries reports a table of indicators by years: an indicator, its standard and unit, and years.
func (d *draft) isSeries() bool {
	years := slices.ContainsFunc(d.sheets, func(s *sheet) bool { return s.years || s.yearColumn() })
	if !years || len(d.fields) > mostOfSeries {
		return false
	}
	for _, f := range d.fields {
		switch f.name {
		case "indicator", "item", "standard", "baseline", "unit", "target", "actual", "line", "attainment", "stated_department", "code", "departments", "remarks":
		default:
			return false
		}
	}
	return d.has("indicator") || d.has("item")
}

// namers are the fields that may name the records, the likeliest first.
func (d *draft) namers() []string {
	var some []*field
	for _, f := range d.fields {
		switch {
		case f.question != nil && f.question.Rank > 0, f.question == nil && f.kind == "text" && !f.scoped:
			some = append(some, f)
		}
	}
	slices.SortStableFunc(some, func(a, b *field) int { return cmp.Compare(rank(a), rank(b)) })
	var out []string
	for _, f := range some {
		out = append(out, f.name)
	}
	return out
}

func rank(f *field) int {
	switch {
	case f.question != nil:
		return f.question.Rank
	case strings.HasSuffix(f.heads[0].word, "名") || strings.HasSuffix(f.heads[0].word, "名称"):
		return 8
	}
	return 9
}

// adapt makes the fields agree with what names the records.
func (d *draft) adapt() {
	if d.namer.name == "indicator" && d.has("initiative") && !d.has("project") {
		d.fieldNamed("initiative").name = "project"
	}
	d.implied("ended", "end_year", "終了年度", "「完了（R4）」のように書かれた年度", func(string) bool { return true })
	d.implied(d.namer.name, "relisted", "再掲", "名称の前後に（再掲）と書かれています", func(v string) bool { return strings.Contains(v, "再掲") })
	if b := d.fieldNamed("baseline"); b != nil && !d.has("baseline_year") && !d.series {
		d.fields = append(d.fields, &field{
			name: "baseline_year", kind: "year", words: []string{"基準年度"}, question: questionNamed("baseline_year"),
			sure: b.sure, why: []string{"基準値の見出しに書かれた年度"},
		})
	}
}

// implied adds a field that has no head of its own, where an answer to another says it.
func (d *draft) implied(of, name, word, why string, says func(string) bool) {
	f := d.fieldNamed(of)
	if f == nil || d.has(name) || !slices.ContainsFunc(f.heads, func(h *head) bool { return slices.ContainsFunc(h.answers.all, says) }) {
		return
	}
	d.fields = append(d.fields, &field{
		name: name, kind: questionNamed(name).Kind, words: []string{word}, question: questionNamed(name), sure: f.sure, why: []string{why},
	})
}

func questionNamed(name string) *question {
	l := words()
	for i := range l.Questions {
		if l.Questions[i].Name == name {
			return &l.Questions[i]
		}
	}
	return nil
}

// try writes the form and reads the examples by it.
func (d *draft) try(examples []Example, within limits.Set) bool {
	d.yaml = d.write()
	f, err := form.Parse(d.id+"_"+d.called()+".yaml", d.yaml)
	if err != nil {
		println(err.Error())
		return false
	}
	d.form, d.read, d.of = f, nil, nil
	for i, e := range examples {
		if !slices.ContainsFunc(d.sheets, func(s *sheet) bool { return s.example == i }) {
			continue
		}
		w := record.Workbook{Path: e.Path, FiscalYear: d.year(i)}
		form.Read([]form.Form{f}, &w, e.Data, within)
		d.read, d.of = append(d.read, w), append(d.of, i)
	}
	return true
}

// doubts is how much of a reading does not hold.
func (d *draft) doubts() int {
	n := 0
	records := 0
	mine := map[string]bool{}
	for _, s := range d.sheets {
		mine[fmt.Sprint(s.example, "/", s.name)] = true
	}
	for k, w := range d.read {
		records += len(w.Records)
		for _, f := range w.Findings {
			if f.Severity == record.Error && (f.Sheet == "" || mine[fmt.Sprint(d.of[k], "/", f.Sheet)]) {
				n += 10
			}
		}
		for _, c := range w.Cells {
			if c.Claim == record.ClaimUnread && mine[fmt.Sprint(d.of[k], "/", c.Sheet)] {
				n++
			}
		}
		for _, r := range w.Records {
			if r.Excluded {
				n += 5
			}
		}
	}
	if records == 0 {
		n += 1000
	}
	return n
}

// identifying are the fields that may tell two records of one name apart, in the order in which they are asked.
var identifying = []string{"subgroup", "kind", "code", "project", "item", "relisted", "measure", "goal", "pillar", "plan", "group",
	"contents", "classification", "year", "unit"}

// widenKey adds what tells records of one name apart, until each is one of its own.
func (d *draft) widenKey(examples []Example, within limits.Set) {
	for _, name := range identifying {
		if !d.twice() {
			return
		}
		if d.has(name) && name != d.namer.name {
			d.key = append(d.key, name)
			d.try(examples, within)
		}
	}
}

func (d *draft) twice() bool {
	for _, w := range d.read {
		if slices.ContainsFunc(w.Findings, func(f record.Finding) bool { return f.Code == finding.DuplicateRow }) {
			return true
		}
	}
	return false
}

// prune leaves out fields that neither a head nor a value of the examples is of.
func (d *draft) prune(examples []Example, within limits.Set) {
	used := map[string]bool{d.namer.name: true}
	heads := map[string]bool{}
	for _, w := range d.read {
		for _, f := range w.Stated {
			used[f.Name] = true
		}
		for _, r := range w.Records {
			for _, f := range slices.Concat(r.Fields, r.Blanks, r.Disputed) {
				used[f.Name] = true
			}
		}
		for _, c := range w.Cells {
			if c.Claim == record.ClaimHead || c.Claim == record.ClaimLabel {
				heads[headOf(c.Text)] = true
			}
		}
	}
	n := len(d.fields)
	d.fields = slices.DeleteFunc(d.fields, func(f *field) bool {
		gone := !used[f.name] && f.kind != "skip" && !slices.ContainsFunc(f.heads, func(h *head) bool { return heads[h.word] })
		if gone && len(f.heads) > 0 && !(d.series && f.question != nil && f.question.Place == "before") {
			d.left = append(d.left, open{f.heads[0], "この見出しの値を、例から読み取れません"})
		}
		return gone
	})
	d.key = slices.DeleteFunc(d.key, func(name string) bool { return !d.has(name) })
	if len(d.fields) < n {
		d.try(examples, within)
	}
}

func (d *draft) proposal() Proposal {
	return Proposal{Name: d.called(), YAML: d.yaml, Form: d.form, Items: d.items(), Examples: d.of, Read: d.read}
}

// called is the name of the form: the title most sheets have.
func (d *draft) called() string {
	if len(d.titles) == 0 {
		return "調査票"
	}
	return d.titles[0]
}

// explainSymbols gives the symbols what the sheets say that they mean, and adds those that a legend alone names.
func (d *draft) explainSymbols() {
	meaning, order := legends(d.sheets)
	for _, s := range d.sheets {
		for _, sym := range symbolsOf(s.tallied) {
			if !slices.Contains(order, sym.Symbol) && !slices.Contains(words().Totals, sym.Symbol) {
				order = append(order, sym.Symbol)
			}
		}
	}
	for _, f := range d.fields {
		if f.kind != "symbol" {
			continue
		}
		mine := map[string]bool{}
		same := false
		for i := range f.symbols {
			s := &f.symbols[i]
			s.Meaning = meaning[s.Symbol]
			mine[s.Symbol] = true
			same = same || s.Meaning != ""
		}
		for _, s := range order {
			if !mine[s] && (same || meaning[s] == "") && sameKind(s, f.symbols) {
				f.symbols = append(f.symbols, symbol{s, meaning[s]})
				f.why = append(f.why, "「"+s+"」は凡例か集計の欄だけにあります")
			}
		}
		if !same && len(f.symbols) > 0 {
			f.doubt(Probable, "凡例がなく、記号の意味と、ほかに使う記号は分かりません")
		}
	}
}

// sameKind reports a symbol that is a letter among letters, or a mark among marks.
func sameKind(s string, others []symbol) bool {
	letter := func(s string) bool { return strings.ContainsAny(s, "ABCDE12345") }
	return slices.ContainsFunc(others, func(o symbol) bool { return letter(o.Symbol) == letter(s) })
}
