package form

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// sheetOf is the only sheet of a CSV.
func sheetOf(t *testing.T, text string) *workbook.Sheet {
	t.Helper()
	wb, err := workbook.Open("a.csv", []byte(text), limits.Default())
	if err != nil {
		t.Fatal(err)
	}
	return wb.Sheets[0]
}

// decidedForm has a field of every kind that these tests ask about.
const decidedForm = `id: D
name: 調査
layout: table
record: programme
key: [programme]
titles: [調査]
period_words: [全期間]
fields:
  - {name: plan, type: label, words: [計画名], preamble: true}
  - {name: code, type: label, words: [事業番号]}
  - {name: programme, type: name, needed: true, words: [事業名]}
  - {name: target, type: number, scoped: true, literal: true, words: [目標]}
  - {name: actual, type: number, scoped: true, words: [実績]}
  - {name: remarks, type: text, words: [備考]}
`

// A year alone in a column of years has four digits; elsewhere an era tells it.
func TestYearIn(t *testing.T) {
	f := &loaded(t, decidedForm)[0]
	for text, want := range map[string]string{
		"2025": "2025", "２０２５": "2025", " 2025 ": "2025", "R7": "2025", "令和7年度": "2025", "1900": "", "7": "", "25": "",
		"02025": "", "事業": "", "": "",
	} {
		if got := f.yearIn(text); got != want {
			t.Errorf("%q is the year %q, not %q", text, got, want)
		}
	}
}

// A row is of heads where two at least and more than half of its cells are; years, symbols and totals count for none.
func TestMostlyHeads(t *testing.T) {
	f := &loaded(t, decidedForm)[0]
	for row, want := range map[string]bool{
		"事業名,備考": true, "事業名": false, "事業名,備考,あ": true, "事業名,備考,あ,い": false, "事業名,備考,目標,あ,い": true, "あ,い": false,
		"事業名,備考,合計,計": true, ",事業名,,備考": true,
	} {
		s := sheetOf(t, row+"\n")
		if got := f.mostlyHeads(s, 0, 0, s.Cols); got != want {
			t.Errorf("%s: %v", row, got)
		}
	}
}

// Last year and this are asked for; of targets the years that the answers have too, and the whole period where one of
// that field had it. Another field's years are not this one's.
func TestYearsAskedFor(t *testing.T) {
	f := &loaded(t, decidedForm)[0]
	records := []record.Record{{Fields: []record.Field{
		{Name: "target", Scope: "2028"}, {Name: "target", Scope: "2027"}, {Name: "actual", Scope: "2030"},
		{Name: "actual", Scope: record.WholePeriod}, {Name: "target", Scope: "2024"},
	}}}
	for name, want := range map[string]string{
		"target": "2025 2026 2027 2028", "actual": "2025 2026 " + record.WholePeriod,
	} {
		if got := strings.Join(f.scopesOf(fieldIn(f.Fields, name), 2026, records), " "); got != want {
			t.Errorf("%s is asked for %s, not %s", name, got, want)
		}
	}
}

// A department is called by its present name, of its own municipality; one of no list keeps the name that it gives.
func TestPresentNames(t *testing.T) {
	m := Masters{Departments: []record.Department{
		{Municipality: "東市", Name: "庶務課"}, {Municipality: "西市", Name: "総務課", FormerNames: "庶務課"},
		{Municipality: "西市", Name: "図書課", FormerNames: "総務課"},
	}}
	for _, c := range []struct{ city, name, want string }{
		{"東市", "庶務課", "庶務課"}, {"西市", "庶務課", "総務課"}, {"西市", "総務課", "総務課"},
		{"西市", "図書課", "図書課"}, {"東市", "図書課", "図書課"}, {"東市", "総務課", "総務課"}, {"北市", "庶務課", "庶務課"},
	} {
		if got := m.Present(c.city, c.name); got != c.want {
			t.Errorf("%s of %s is %s, not %s", c.name, c.city, got, c.want)
		}
	}
}

// What stands outside the records and cannot be read says nothing: only what it would have told of itself is gone.
func TestSharedThatCannotBeRead(t *testing.T) {
	f := &loaded(t, decidedForm)[0]
	r := newReader(f, sheetOf(t, "調査\n"), 2026, false)
	before := record.Finding{Code: "a"}
	r.findings = []record.Finding{before}
	number := &FieldRule{Name: "amount", Type: "number", In: "人"}
	if got := r.interpretShared(record.Field{Name: "amount", Text: "多数", Cell: "A1"}, number); got != nil ||
		len(r.findings) != 1 || r.findings[0].Code != "a" {
		t.Errorf("多数 is %v, findings %v", got, r.findings)
	}
	got := r.interpretShared(record.Field{Name: "amount", Text: "3人", Cell: "A1"}, number)
	if len(got) != 1 || got[0].Value != "3" || len(r.findings) != 1 {
		t.Errorf("3人 is %v, findings %v", got, r.findings)
	}
	got = r.interpretShared(record.Field{Name: "remarks", Text: "一\n二", Cell: "A1"}, &FieldRule{Type: "text"})
	if len(got) != 1 || got[0].Value != "一二" {
		t.Errorf("a text is %v", got)
	}
}

// A small table of a card covers its years, its measures and the rows that are not understood, from its labels to its
// last year.
func TestPlacesOfYearTables(t *testing.T) {
	table := yearTable{
		head: 1, left: 1, years: map[int]string{2: "2025", 4: "2026"}, measures: map[int]*FieldRule{3: nil}, unread: []int{5},
	}
	var got []string
	for i := range 7 {
		line := ""
		for j := range 6 {
			line += map[bool]string{true: "x", false: "."}[table.covers(i, j)]
		}
		got = append(got, line)
	}
	want := []string{"......", ".xxxx.", "......", ".xxxx.", "......", ".xxxx.", "......"}
	if !slices.Equal(got, want) {
		t.Errorf("it covers\n%s", strings.Join(got, "\n"))
	}
	places := map[[2]int]bool{}
	table.mark(places)
	table.flipped = true
	for i := range 7 {
		for j := range 6 {
			if covered := want[i][j] == 'x'; places[[2]int{i, j}] != covered || table.covers(j, i) != covered {
				t.Errorf("row %d, column %d: marked %v, flipped %v", i, j, places[[2]int{i, j}], table.covers(j, i))
			}
		}
	}
}

// The cells of a field are its own, by year, in the order in which the years come.
func TestCellsOfAGroup(t *testing.T) {
	target, actual := &FieldRule{Name: "target"}, &FieldRule{Name: "actual"}
	var g group
	for _, e := range []entry{{rule: target, scope: "2026"}, {rule: actual, scope: "2024"}, {rule: target, scope: "2025"},
		{rule: target, scope: "2026"}} {
		g.add(e)
	}
	scopes, by := g.of(target)
	if !slices.Equal(scopes, []string{"2026", "2025"}) || len(by["2026"]) != 2 || len(by["2025"]) != 1 || len(by) != 2 {
		t.Errorf("%v %v", scopes, by)
	}
}

// Two lists have the same columns where they have as many, of the same fields one after the other.
func TestSameColumns(t *testing.T) {
	a, b := &FieldRule{}, &FieldRule{}
	of := func(rules ...*FieldRule) *band {
		out := &band{}
		for _, r := range rules {
			out.columns = append(out.columns, column{rule: r})
		}
		return out
	}
	for _, c := range []struct {
		one, two *band
		want     bool
	}{
		{of(a, b), of(a, b), true}, {of(a, b), of(b, a), false}, {of(a, b), of(a), false}, {of(a), of(a, b), false},
		{of(), of(), true},
	} {
		if got := sameColumns(c.one, c.two); got != c.want {
			t.Errorf("%v and %v: %v", c.one.columns, c.two.columns, got)
		}
	}
}

// A sheet is like data where three fields are named, the naming one or a yearly one among them, with values enough.
func TestLikeData(t *testing.T) {
	forms := loaded(t, decidedForm)
	for text, want := range map[string]bool{
		"事業番号,事業名,備考\n1,2,3\n": true, "事業番号,事業名,備考\n1,2,あ\n": false, "事業名,備考\n1,2\n3,4\n": false,
		"事業番号,計画名,備考\n1,2,3\n": false, "事業番号,令和7年度実績,備考\n1,あ,い\n": true, "事業番号,令和7年度実績,備考\nあ,い,う\n": false,
		"あ,い,う\n1,2,3\n": false,
	} {
		if got := likeData(forms, sheetOf(t, text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// A heading has 180 bytes at most, sixty characters.
func TestLongestHeading(t *testing.T) {
	word := strings.Repeat("あ", maxHead/3)
	f := &loaded(t, strings.Replace(strings.Replace(decidedForm, "words: [備考]", "words: [備考, "+word+", "+word+"x]", 1),
		"titles: [調査]", "titles: [調査, "+strings.Repeat("題", 10)+"]", 1))[0]
	for text, want := range map[string]bool{word: true, word + "x": false, "備考": true, "": false} {
		if _, got := f.matchHeader(text); got != want {
			t.Errorf("%d bytes are a heading: %v", len(text), got)
		}
	}
	for _, c := range []struct {
		text string
		want bool
	}{
		{strings.Repeat("x", maxHead-len("令和7年度調査")) + "令和7年度調査", true},
		{strings.Repeat("x", maxHead+1-len("令和7年度調査")) + "令和7年度調査", false},
		{"令和7年度調査。", false}, {"令和7年度", true}, {"", false},
	} {
		if _, got := f.yearLineOf(c.text, 2026); got != c.want {
			t.Errorf("%q, %d bytes, states a year: %v", c.text, len(c.text), got)
		}
	}
}

// A part of a head says something where the form knows it; any word is nothing.
func TestDescribes(t *testing.T) {
	f := &loaded(t, decidedForm)[0]
	for part, want := range map[string]bool{
		"事業名": true, "令和7年度": true, "R7": true, "全期間": true, "（単位）": true, "値": true, "数値": true, "令和7年3月末時点": true,
		"ほかの語": false, "値段": false,
	} {
		if got := f.describes(part); got != want {
			t.Errorf("%s: %v", part, got)
		}
	}
}

// A text states fields by their words and colons; nothing stands before the first.
func TestPairsOfAText(t *testing.T) {
	f := &loaded(t, decidedForm)[0]
	for text, want := range map[string]string{
		"計画名：一": "plan=一", "計画名:一　事業番号：1-1": "plan=一 code=1-1", "計画名：一 二 事業番号：3": "plan=一 二 code=3", "あ 計画名：一": "",
		"計 画 名：一": "plan=一", "（計画名：一）": "plan=一", "計画名：": "", "計画名：　事業番号：3": "code=3", "あ：一": "",
		"計画名：一 時刻 9:00": "plan=一 時刻 9:00",
		"あ　計画名：一":       "", "計画名：一　二\n事業番号：3": "plan=一　二 code=3",
	} {
		var out []string
		for _, p := range f.pairs(text, func(*FieldRule) bool { return false }) {
			out = append(out, p.rule.Name+"="+p.text)
		}
		if got := strings.Join(out, " "); got != want {
			t.Errorf("%q states %q, not %q", text, got, want)
		}
	}
}

// A decision is about a cell of its municipality, on the sheet that it names or on any.
func TestWhoseDecisionChooses(t *testing.T) {
	w := &record.Workbook{Path: "inputs/市/R8/a.xlsx", Municipality: "市"}
	f := record.Field{Text: "2回 11回", Unit: "回", Sheet: "S", Cell: "C2"}
	for _, c := range []struct{ city, cell, decision, want string }{
		{"市", "S!C2", "確認 11回", "11"}, {"市", "C2", "確認 2回", "2"}, {"市", "T!C2", "確認 11回", ""}, {"町", "S!C2", "確認 11回", ""},
		{"市", "S!C3", "確認 11回", ""}, {"市", "S!C2", "取下げ 11回", ""},
	} {
		m := Masters{Decisions: []record.Decision{{Municipality: c.city, Path: "a.xlsx", Cell: c.cell, Decision: c.decision}}}
		got, ok := m.chosen(w, f)
		value := ""
		if ok {
			value, _ = got.In(f.Unit)
		}
		if value != c.want || ok != (c.want != "") {
			t.Errorf("%+v chooses %q, %v", c, value, ok)
		}
	}
}

// A ratio to the year before asks for a field of the year, where neither the key nor the fields have one by year.
func TestRatiosThatAskForAYear(t *testing.T) {
	yearly := RatioRule{Field: "rate", Of: "income", ToPrevious: previousYear}
	income := FieldRule{Name: "income", Type: "number"}
	for name, c := range map[string]struct {
		fields []FieldRule
		fault  bool
	}{
		"a year":            {[]FieldRule{income, {Name: "year", Type: "year"}}, false},
		"a year of no type": {[]FieldRule{income, {Name: "year", Type: "label"}}, true},
		"no year":           {[]FieldRule{income}, true},
		"by year":           {[]FieldRule{{Name: "income", Type: "number", Scoped: true}}, false},
	} {
		f := &Form{Fields: c.fields, Ratios: []RatioRule{yearly}}
		place, what := f.inconsistentRatios()
		if (what != "") != c.fault || c.fault && !slices.Equal(place, []string{"ratios", "0", "to_previous"}) {
			t.Errorf("%s: %v %s", name, place, what)
		}
	}
}

// A sheet's year stands alone near its top, above the first head, or is its name.
func TestStatedYear(t *testing.T) {
	f := &loaded(t, decidedForm)[0]
	r := &fileReader{}
	for _, c := range []struct {
		name  string
		blank int
		text  string
		want  int
	}{
		{"S", 0, "令和7年度\n", 2025}, {"S", titleRows - 1, "令和7年度\n", 2025}, {"S", titleRows, "令和7年度\n", 0},
		{"S", 0, "事業名,備考\n令和7年度\n", 0}, {"令和6年度", 0, "事業名,備考\n", 2024}, {"S", 0, "令和7年度,令和6年度\n", 0},
		{"令和6年度", 0, "令和7年度\n", 2025},
	} {
		s := sheetOf(t, "票\n"+strings.Repeat("あ\n", max(c.blank-1, 0))+c.text)
		s.Name = c.name
		if got := r.statedYear(s, f); got != c.want {
			t.Errorf("%s", fmt.Sprintf("%q behind %d rows of %s: %d, not %d", c.text, c.blank, c.name, got, c.want))
		}
	}
}

// Two readings of a sheet that say the same of its numbers hold; where one cell is another field, year or value in one,
// no record does, and the first such cell is told.
func TestReadingsCompared(t *testing.T) {
	f := &loaded(t, decidedForm)[0]
	reading := func(fields ...record.Field) *reader {
		r := newReader(f, sheetOf(t, "調査\n"), 2026, false)
		r.records = []record.Record{{Fields: append([]record.Field{{Name: "programme", Value: "事業", Cell: "A2"}}, fields...)}}
		return r
	}
	target := record.Field{Name: "target", Scope: "2026", Value: "5", Cell: "C2"}
	actual := record.Field{Name: "actual", Scope: "2026", Value: "5", Cell: "C2"}
	later := record.Field{Name: "target", Scope: "2027", Value: "5", Cell: "C2"}
	more := record.Field{Name: "target", Scope: "2026", Value: "6", Cell: "C2"}
	word := record.Field{Name: "remarks", Value: "あ", Cell: "D2"}
	for name, c := range map[string]struct {
		one, two *reader
		cell     string
	}{
		"the same":       {reading(target), reading(target), ""},
		"another field":  {reading(target), reading(actual), "C2"},
		"another year":   {reading(target), reading(later), "C2"},
		"another value":  {reading(target), reading(more), "C2"},
		"no value":       {reading(target), reading(), "C2"},
		"a value more":   {reading(), reading(target), "C2"},
		"another remark": {reading(target), reading(target, word), ""},
	} {
		c.one.compare(c.two)
		told := c.cell != ""
		if c.one.records[0].Excluded != told || len(c.one.findings) == 1 != told || told && c.one.findings[0].Cell != c.cell {
			t.Errorf("%s: left out %v, %v", name, c.one.records[0].Excluded, c.one.findings)
		}
	}
}

// The counts and the shares that a tally prints are those of the records; what is not printed is not checked.
func TestTalliesAsCounted(t *testing.T) {
	f := &loaded(t, decidedForm)[0]
	counted := map[string]int64{"◎": 2, "○": 1}
	for row, want := range map[string]string{
		"2,1,3": "", "2,1,4": "C1", "2,1,": "", "2,1,－": "", "2,2,3": "B1 C1", "2,2,4": "B1", "二,1,3": "A1 C1",
		",1,1": "", ",,0": "",
	} {
		r := newReader(f, sheetOf(t, row+"\n"), 2026, false)
		r.checkCounts(0, tally{symbols: []string{"◎", "○"}, cols: []int{0, 1}, totalCol: 2}, counted)
		if got := cellsTold(r); got != want {
			t.Errorf("counts %s: %q, not %q", row, got, want)
		}
	}
	for row, want := range map[string]string{
		"66.7,33.3": "", "66.6%,33.4%": "", "66.5,33.3": "A1", "66.7,33.5": "B1", "多,33.3": "A1", ",33.3": "",
	} {
		r := newReader(f, sheetOf(t, row+"\n"), 2026, false)
		r.checkShares(0, tally{symbols: []string{"◎", "○"}, cols: []int{0, 1}, totalCol: -1}, counted)
		if got := cellsTold(r); got != want {
			t.Errorf("shares %s: %q, not %q", row, got, want)
		}
		r.findings = nil
		r.checkShares(0, tally{symbols: []string{"◎"}, cols: []int{0}, totalCol: -1}, nil)
		r.checkCounts(0, tally{totalCol: -1}, nil)
		if len(r.findings) > 0 {
			t.Errorf("of no records: %v", r.findings)
		}
	}
}

func cellsTold(r *reader) string {
	var out []string
	for _, f := range r.findings {
		out = append(out, f.Cell)
	}
	return strings.Join(out, " ")
}

// A column without a head belongs to the yearly number left of it, and to no name, text or number of no year.
func TestBesideAMeasure(t *testing.T) {
	yearly, once := &FieldRule{Type: "number", Scoped: true}, &FieldRule{Type: "number"}
	for name, c := range map[string]struct {
		left *FieldRule
		want bool
	}{
		"a yearly number": {yearly, true}, "a number": {once, false},
		"a yearly text":     {&FieldRule{Type: "text", Scoped: true}, false},
		"a column of years": {nil, true},
	} {
		b := &band{columns: []column{{rule: c.left, col: 1}}}
		r := &reader{}
		for j, want := range map[int]bool{0: false, 1: false, 2: c.want, 3: c.want} {
			if got := r.besideMeasure(b, j); got != want {
				t.Errorf("%s, column %d: %v", name, j, got)
			}
		}
		b.left = 2
		if r.besideMeasure(b, 3) {
			t.Errorf("%s: a column of another block", name)
		}
	}
}

// A list whose axes are changed begins behind what stands once above it: a field that holds for all rows, alone.
func TestWhereAChangedListBegins(t *testing.T) {
	f := &loaded(t, strings.Replace(strings.Replace(decidedForm, "preamble: true", "fill_down: true", 1),
		"  - {name: code, type: label", "  - {name: policy, type: numbered, words: [施策]}\n"+
			"  - {name: code, type: label", 1))[0]
	for text, want := range map[string]int{
		"計画名,事業番号,事業名\n第2期,1,甲\n,2,乙\n": 1, "施策,事業番号,事業名\n1 安全,1,甲\n,2,乙\n": 1, "計画名,事業番号,事業名\n第2期,1,甲\n": 0,
		"計画名,事業番号,事業名\n第2期,1,甲\n第3期,2,乙\n": 0, "備考,事業番号,事業名\nあ,1,甲\n,2,乙\n": 0, "計画名,,事業名\n第2期,,甲\n第3期,,乙\n": 0,
		"備考,,,事業名\nあ,,,甲\nい,,,乙\n": 3, "調査,事業番号,事業名\n,1,甲\n,2,乙\n": 1, "備考,ほか,事業名\nあ,1,甲\nい,2,乙\n": 0,
	} {
		s := sheetOf(t, text)
		if got := f.begins(s, 0, 0, slices.Index(strings.Split(strings.Split(text, "\n")[0], ","), "事業名")); got != want {
			t.Errorf("%q begins at column %d, not %d", text, got, want)
		}
	}
}
