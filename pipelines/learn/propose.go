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
	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// Example is a workbook from which a form is learned.
type Example struct {
	Path string // as people know it; its ending says what kind of file it is
	Data []byte

	FiscalYear int // of the folder in which it lies; 0 where that names none
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
	Sheets   []string          // 例.xlsx「シート」
	Read     []record.Workbook // those examples as they are read by the proposal
	grids    []*workbook.Workbook
}

const mostOfSeries = 9 // heads of a table of indicators by years

// Propose finds the forms of which the examples are, in the order in which they appear; ids are the letters of forms
// that are taken. seen says what stands on the sheets of which no form is proposed. Examples that cannot be opened are
// an error that names them.
func Propose(examples []Example, ids []string, within limits.Set) (out []Proposal, seen []string, _ error) {
	if err := words().err; err != nil {
		return nil, nil, err
	}
	var sheets []*sheet
	for i, e := range examples {
		wb, err := workbook.Open(e.Path, e.Data, within)
		if err != nil {
			return nil, nil, &OpenError{e.Path, err}
		}
		lists, err := workbook.Lists(e.Data)
		if err != nil {
			seen = append(seen, e.Path+"：選択肢の一覧を読めないため、選択肢は記入された答えからだけ調べました")
		}
		for _, s := range wb.Sheets {
			if s.Hidden || form.IsExample(s.Name) {
				continue
			}
			sheets = append(sheets, newSheet(i, s, lists))
		}
	}
	used := map[*sheet]bool{}
	for _, s := range sheets {
		if s.mixed() {
			used[s] = true
			seen = append(seen, sheetName(examples[s.example].Path, s.name)+
				"：一つのシートに二つの様式があるか、見出しの上に答えらしい行があります。シートを分けて、それぞれを例にしてください")
		}
	}
	sheets = slices.DeleteFunc(sheets, func(s *sheet) bool { return used[s] })
	for _, g := range groups(sheets) {
		d := draft{sheets: g, id: freeID(ids)}
		if d.make(examples) {
			ids = append(ids, d.id)
			out = append(out, d.proposal(examples))
			for _, s := range g {
				used[s] = true
			}
		}
	}
	for _, s := range sheets {
		if !used[s] && len(s.spots) > 0 {
			seen = append(seen, s.describe(examples[s.example].Path))
		}
	}
	return out, seen, nil
}

// OpenError names the example that cannot be opened.
type OpenError struct {
	Path string
	Err  error // in Japanese
}

func (e *OpenError) Error() string { return e.Path + ": " + e.Err.Error() }

func (e *OpenError) Unwrap() error { return e.Err }

// sheetName is how people are told of a sheet of an example.
func sheetName(path, sheet string) string { return path + "「" + cmp.Or(sheet, "（CSV）") + "」" }

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
	sheets  []*sheet
	id      string
	titles  []string
	fields  []*field
	left    []open
	namer   *field
	key     []string
	total   []string // the fields that a printed total sums
	series  bool
	trouble []record.Finding // what does not fit the examples
	unread  bool             // nothing of it is sure enough to read by
	yaml    []byte
	form    form.Form
	read    []record.Workbook
	of      []int
}

func (d *draft) make(examples []Example) bool {
	d.titles = titlesOf(d.sheets)
	d.fields, d.left = fieldsOf(headsOf(d.sheets), d.sheets)
	d.explainSymbols()
	d.addSections()
	d.series = d.isSeries()
	best, least := (*draft)(nil), 0
	for _, namer := range d.namers() {
		one := *d
		one.fields = cloned(d.fields)
		one.namer = one.fieldNamed(namer)
		one.adapt()
		one.key = []string{namer}
		if !one.try(examples) {
			continue
		}
		one.widenKey(examples)
		one.prune(examples)
		if doubts := one.doubts() + 3*len(one.key); best == nil || doubts < least {
			best, least = &one, doubts
		}
		if len(one.troubles()) == 0 {
			best = &one
			break // the likeliest that holds
		}
	}
	if best == nil {
		return false
	}
	*d = *best
	d.verify(examples)
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
		case "indicator", "item", "standard", "baseline", "unit", "target", "actual", "line", "attainment",
			"stated_department", "code", "departments", "remarks":
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
	for _, f := range d.fields {
		if len(some) == 0 && !f.scoped && f.kind != "number" && f.kind != "skip" && f.tellsApart() {
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

// tellsApart reports a field whose answers are all different: where nothing is called a name, it may be one.
func (f *field) tellsApart() bool {
	const fewest = 3
	return len(f.heads) == 1 && len(f.heads[0].answers.all) >= fewest &&
		len(f.heads[0].answers.distinct()) == len(f.heads[0].answers.all)
}

func rank(f *field) int {
	const none = 10
	switch {
	case f.question != nil && f.question.Rank == 0:
		return none
	case f.question != nil:
		return f.question.Rank
	case strings.HasSuffix(f.heads[0].word, "名") || strings.HasSuffix(f.heads[0].word, "名称"):
		return none - 2
	}
	return none - 1
}

// adapt makes the fields agree with what names the records.
func (d *draft) adapt() {
	if d.namer.name == "indicator" && d.has("initiative") && !d.has("project") {
		f := d.fieldNamed("initiative")
		f.name, f.question = "project", questionNamed("project")
		f.fillDown = slices.ContainsFunc(f.heads, func(h *head) bool { return h.blanks })
	}
	d.implied("ended", "end_year", "終了年度", "「完了（R4）」のように書かれた年度", func(string) bool { return true })
	d.findTotal()
	again := func(v string) bool { return strings.Contains(v, "再掲") }
	d.implied("initiative", "relisted", "再掲", "名称の前後に（再掲）と書かれています", again)
	if b := d.fieldNamed("baseline"); b != nil && !d.has("baseline_year") && !d.series {
		d.fields = append(d.fields, &field{
			name: "baseline_year", kind: "year", words: []string{"基準年度"}, question: questionNamed("baseline_year"),
			sure: b.sure, why: []string{"基準値の見出しに書かれた年度"},
		})
	}
}

// findTotal finds a printed total in a list of numbers that are not of years: it is a record of its own, and has to be
// the sum of the others.
func (d *draft) findTotal() {
	if slices.ContainsFunc(d.fields, func(f *field) bool { return f.scoped }) {
		return
	}
	for _, s := range d.sheets {
		for _, k := range s.spotsOf(d.namer) {
			head := s.spots[k]
			for _, other := range s.cols[head.col] {
				p := s.spots[other]
				if p.row <= head.row || !slices.Contains([]string{"計", "合計", "総計"}, record.Normal(p.text)) {
					continue
				}
				for _, f := range d.fields {
					if f.kind == "number" && !slices.Contains(d.total, f.name) && slices.ContainsFunc(s.spotsOf(f), func(n int) bool {
						return geometry.Own(s.grid, p.row, s.spots[n].col)
					}) {
						d.total = append(d.total, f.name)
					}
				}
			}
		}
	}
}

// spotsOf are the heads of a field on a sheet.
func (s *sheet) spotsOf(f *field) []int {
	var out []int
	for k, p := range s.spots {
		if p.head && slices.ContainsFunc(f.heads, func(h *head) bool { return h.word == p.word && h.sheets[s] }) {
			out = append(out, k)
		}
	}
	return out
}

// implied adds a field that has no head of its own, where an answer to another says it.
func (d *draft) implied(of, name, word, why string, says func(string) bool) {
	f := d.fieldNamed(of)
	said := func(h *head) bool { return slices.ContainsFunc(h.answers.all, says) }
	if f == nil || d.has(name) || !slices.ContainsFunc(f.heads, said) {
		return
	}
	d.fields = append(d.fields, &field{
		name: name, kind: questionNamed(name).Kind, words: []string{word}, question: questionNamed(name), sure: f.sure,
		why: []string{why},
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
func (d *draft) try(examples []Example) bool {
	d.yaml = d.write()
	f, err := form.Parse(d.id+"_"+d.called()+".yaml", d.yaml)
	if err != nil {
		return false
	}
	d.form, d.read, d.of = f, nil, nil
	for i, e := range examples {
		if !slices.ContainsFunc(d.sheets, func(s *sheet) bool { return s.example == i }) {
			continue
		}
		w := record.Workbook{Path: e.Path, FiscalYear: d.year(i, e.FiscalYear)}
		form.ReadOpened([]form.Form{f}, &w, d.book(i))
		d.read, d.of = append(d.read, w), append(d.of, i)
	}
	return true
}

// book is an example as far as it is of the form.
func (d *draft) book(example int) *workbook.Workbook {
	out := &workbook.Workbook{}
	for _, s := range d.sheets {
		if s.example == example {
			out.Sheets = append(out.Sheets, s.grid)
		}
	}
	return out
}

// doubts is how much of a reading does not hold.
func (d *draft) doubts() int {
	n := 0
	records := 0
	for _, w := range d.read {
		records += len(w.Records)
		for _, f := range w.Findings {
			n += 10 * bit(f.Severity == record.Error)
		}
		for _, c := range w.Cells {
			n += bit(c.Claim == record.ClaimUnread)
		}
		for _, r := range w.Records {
			n += 5 * bit(r.Excluded)
		}
	}
	if records == 0 {
		n += 1000
	}
	return n
}

// identifying are the fields that may tell two records of one name apart, in the order in which they are asked.
var identifying = []string{
	"subgroup", "kind", "code", "project", "item", "relisted", "measure", "goal", "pillar", "plan", "group",
	"contents", "classification", "year", "unit",
}

// widenKey adds what tells records of one name apart, until each is one of its own.
func (d *draft) widenKey(examples []Example) {
	for _, name := range identifying {
		if !d.twice() {
			return
		}
		if d.has(name) && name != d.namer.name {
			d.key = append(d.key, name)
			d.try(examples)
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
func (d *draft) prune(examples []Example) {
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
		headed := slices.ContainsFunc(f.heads, func(h *head) bool { return heads[h.word] })
		gone := !used[f.name] && f.kind != "skip" && !headed
		before := d.series && f.question != nil && f.question.Place == "before"
		if gone && len(f.heads) > 0 && !before {
			d.left = append(d.left, open{head: f.heads[0], why: "この見出しの値を、例から読み取れません"})
		}
		return gone
	})
	d.key = slices.DeleteFunc(d.key, func(name string) bool { return !d.has(name) })
	if len(d.fields) < n {
		d.try(examples)
	}
}

func (d *draft) proposal(examples []Example) Proposal {
	p := Proposal{Name: d.called(), YAML: d.yaml, Form: d.form, Items: d.items(), Examples: d.of, Read: d.read}
	for _, i := range d.of {
		wb := d.book(i)
		for _, s := range wb.Sheets {
			p.Sheets = append(p.Sheets, sheetName(examples[i].Path, s.Name))
		}
		p.grids = append(p.grids, wb)
	}
	return p
}

// called is the name of the form: the title most sheets have.
func (d *draft) called() string {
	if len(d.titles) == 0 {
		return "調査票"
	}
	return d.titles[0]
}

// explainSymbols gives the symbols what the sheets say that they mean, and adds those that only a legend or a tally
// names beside them.
func (d *draft) explainSymbols() {
	meaning, sets := legends(d.sheets)
	for _, s := range d.sheets {
		for _, tallied := range s.tallied {
			var set []string
			for _, sym := range symbolsOf(tallied) {
				set = append(set, sym.Symbol)
			}
			sets = append(sets, set)
		}
	}
	for _, f := range d.fields {
		if f.kind == "symbol" {
			f.explain(meaning, sets)
		}
	}
}

func (f *field) explain(meaning map[string]string, sets [][]string) {
	has := func(s string) bool {
		return slices.ContainsFunc(f.symbols, func(o symbol) bool { return o.Symbol == s })
	}
	for _, set := range sets {
		if !slices.ContainsFunc(set, func(s string) bool { return s != "－" && has(s) }) {
			continue
		}
		for _, s := range set {
			if !has(s) {
				f.symbols = append(f.symbols, symbol{Symbol: s})
				f.why = append(f.why, "「"+s+"」は凡例か集計の欄だけにあります")
			}
		}
	}
	explained := false
	for i := range f.symbols {
		s := &f.symbols[i]
		s.Meaning = meaning[s.Symbol]
		explained = explained || s.Meaning != ""
	}
	if explained { // the legend says which there are
		f.symbols = slices.DeleteFunc(f.symbols, func(s symbol) bool {
			odd := s.Meaning == "" && s.Symbol != "－"
			if odd {
				f.why = append(f.why, "「"+s.Symbol+"」は凡例にないので除きました")
			}
			return odd
		})
	}
	if !explained && len(f.symbols) > 0 {
		f.doubt(Probable, "凡例がなく、記号の意味と、ほかに使う記号は分かりません")
	}
}
