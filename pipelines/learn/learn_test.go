package learn

import (
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kyogikai/pipelines/form"
	"kyogikai/pipelines/form/layouttest"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/trial"
	"kyogikai/pipelines/workbook"
)

var (
	layouts   = flag.Int("layouts", trial.Count(24, 240), "how many layouts TestLayouts draws")
	seed      = flag.Uint64("seed", 21, "the seed of the layouts")
	oneLayout = flag.Int("layout", 0, "the number of the only layout that TestLayouts learns from, and prints")
	faults    = flag.Bool("faults", false, "print examples of which much is lacking, too")
	shown     = flag.Int("shown", 12, "how many examples with faults are printed")
)

// What share of the meant fields must be proposed right, in percent; none may be proposed wrong. The generator's
// layouts have much of which one example says too little: examples to fill in, two forms on a sheet, heads without
// years.
const (
	least     = 80
	leastOdds = 45
)

// values are a field's values: of which record and year each cell is.
type values map[string][]string // naming cell|scope → cells

// outcome is how a proposal compares with what is meant.
type outcome struct {
	example             string
	right, extra        int
	wrong, lacking      []string
	proposals           []Proposal
	meantBy, proposedBy map[string]values
}

// compare says of each proposed field whether its set of (cell, record, year) equals that of one field that is meant.
func compare(example string, meant map[string]values, proposals []Proposal) outcome {
	o := outcome{example: example, proposals: proposals, meantBy: meant, proposedBy: map[string]values{}}
	known := map[string]bool{}
	for _, v := range meant {
		for _, cells := range v {
			for _, c := range cells {
				known[c] = true
			}
		}
	}
	found := map[string]bool{}
	for n, p := range proposals {
		got := map[string]values{}
		for i := range p.Read {
			readInto(got, &p.Read[i])
		}
		for _, name := range slices.Sorted(maps.Keys(got)) {
			o.proposedBy[fmt.Sprint(n, ".", name)] = got[name]
			same := func(key string) bool { return !found[key] && equal(meant[key], got[name]) }
			keys := slices.Sorted(maps.Keys(meant))
			at := slices.IndexFunc(keys, same)
			switch {
			case at >= 0:
				found[keys[at]] = true
				o.right++
			case slices.ContainsFunc(keys, func(key string) bool { return equal(meant[key], got[name]) }):
				o.extra++ // 〃: two fields of one cell
			case touches(got[name], known):
				o.wrong = append(o.wrong, name)
			default:
				o.extra++
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(meant)) {
		if !found[key] {
			o.lacking = append(o.lacking, key)
		}
	}
	return o
}

func equal(want, got values) bool {
	if len(want) != len(got) {
		return false
	}
	for at, cells := range want {
		if len(got[at]) == 0 || !slices.Contains(cells, got[at][0]) {
			return false
		}
	}
	return true
}

func touches(v values, known map[string]bool) bool {
	for _, cells := range v {
		if slices.ContainsFunc(cells, func(c string) bool { return known[c] }) {
			return true
		}
	}
	return false
}

// readInto collects the values of a workbook's records. The number that a 「(2) …」 begins with belongs to its text.
func readInto(got map[string]values, w *record.Workbook) {
	for i := range w.Records {
		r := &w.Records[i]
		for _, f := range r.Fields {
			if f.Value == "" || strings.HasSuffix(f.Name, "_no") || r.Kind == "indicator_value" && f.Name == "year" {
				continue
			}
			scope := f.Scope
			if r.Kind == "indicator_value" && (f.Name == "actual" || f.Name == "plan_value") {
				scope = r.Value("year")
			}
			if got[f.Name] == nil {
				got[f.Name] = values{}
			}
			got[f.Name][r.Sheet+"!"+r.Cell+"|"+scope] = []string{f.Sheet + "!" + f.Cell}
		}
	}
}

// report fails where a field is wrong, or too few are right, and shows the first examples with faults.
func report(t *testing.T, least int, outcomes []outcome) {
	t.Helper()
	right, lacking, wrong, extra := 0, 0, 0, 0
	lack := map[string]int{}
	n := 0
	for _, o := range outcomes {
		right, lacking, wrong, extra = right+o.right, lacking+len(o.lacking), wrong+len(o.wrong), extra+o.extra
		for _, key := range o.lacking {
			lack[key]++
		}
		if (len(o.wrong) > 0 || *faults && len(o.lacking) > 3) && n < *shown {
			n++
			t.Log(o.String())
		}
	}
	t.Logf("right %d, lacking %d, wrong %d, of nobody's asking %d; lacking %v", right, lacking, wrong, extra, lack)
	if wrong > 0 {
		t.Errorf("%d fields are proposed wrong", wrong)
	}
	if 100*right < least*(right+lacking) {
		t.Errorf("%d of %d fields are proposed right, want at least %d%%", right, right+lacking, least)
	}
}

func (o outcome) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "━━ %s: wrong %v, lacking %v\n", o.example, o.wrong, o.lacking)
	for _, p := range o.proposals {
		for _, it := range p.Items {
			if it.Sure == Open {
				fmt.Fprintf(&b, "  %s %s: %s %v\n", it.What, it.Says, it.Why, it.At[:min(len(it.At), 2)])
			}
		}
		for _, w := range p.Read {
			for _, f := range w.Findings {
				if f.Severity == record.Error {
					fmt.Fprintf(&b, "  %s %s!%s %s\n", f.Code, f.Sheet, f.Cell, f.Message)
				}
			}
		}
	}
	for _, name := range o.wrong {
		for key, v := range o.proposedBy {
			if strings.HasSuffix(key, "."+name) {
				fmt.Fprintf(&b, "  %s: %v\n", key, v)
			}
		}
	}
	return b.String()
}

// However an example is laid out, no field is proposed whose cells, records or years are not those of one that is
// meant, and most that are meant are proposed: from one example, without any form.
// go test ./pipelines/learn -run TestLayouts [-layouts N] [-seed S] [-layout K]
func TestLayouts(t *testing.T) {
	var numbers []int
	for n := range *layouts {
		numbers = append(numbers, n+1)
	}
	if *oneLayout > 0 {
		numbers = []int{*oneLayout}
	}
	var outcomes []outcome
	for _, n := range numbers {
		l := layouttest.Draw(*seed, n)
		name, data, err := l.File()
		if err != nil {
			t.Fatal(err)
		}
		proposals, _, err := Propose([]Example{{Path: name, Data: data, FiscalYear: l.FiscalYear}}, nil, limits.Default())
		if err != nil {
			t.Fatal(err)
		}
		o := compare(l.String(), meantBy(l), proposals)
		if *oneLayout > 0 {
			for _, p := range proposals {
				t.Log("\n" + string(p.YAML))
			}
			t.Log(o.String())
		}
		outcomes = append(outcomes, o)
	}
	report(t, leastOdds, outcomes)
}

// meantBy are the fields that a layout states.
func meantBy(l *layouttest.Layout) map[string]values {
	names := map[string]string{}
	for _, f := range l.Facts() {
		if (f.Field == "indicator" || f.Field == "name" || f.Field == "initiative") && len(f.Places) > 0 {
			names[f.Form+f.Record] = at(f.Places[0])
		}
	}
	out := map[string]values{}
	for _, f := range l.Facts() {
		if f.Value == "" {
			continue
		}
		key := f.Form + "." + f.Field
		if out[key] == nil {
			out[key] = values{}
		}
		for _, p := range f.Places {
			of := names[f.Form+f.Record] + "|" + f.Scope
			out[key][of] = append(out[key][of], at(p))
		}
	}
	return out
}

func at(p layouttest.Place) string { return p.Sheet + "!" + layouttest.Ref(p.Row, p.Col) }

// From the workbooks of the sample cities themselves, each learned from alone and without the forms of the sample, what
// is proposed is what the sample's forms mean.
func TestSample(t *testing.T) {
	shipped, err := form.Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	var outcomes []outcome
	n, every := 0, trial.Count(3, 1) // workbooks
	err = filepath.WalkDir("../../inputs", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".xlsx" || strings.HasPrefix(d.Name(), "~$") {
			return err
		}
		if n++; n%every != 0 {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		w := record.Workbook{Path: path, FiscalYear: 2024}
		form.Read(shipped, &w, data, limits.Default())
		if w.Status != record.StatusRead {
			return nil
		}
		proposals, _, err := Propose([]Example{{Path: path, Data: data}}, nil, limits.Default())
		if err != nil {
			return err
		}
		outcomes = append(outcomes, compare(path, meantOf(&w), proposals))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	report(t, least, outcomes)
}

// meantOf are the fields that a workbook was read to have by the forms of the sample.
func meantOf(w *record.Workbook) map[string]values {
	out := map[string]values{}
	byKind := map[string][]record.Record{}
	for _, r := range w.Records {
		key := r.Form + "." + r.Kind
		byKind[key] = append(byKind[key], r)
	}
	for key, records := range byKind {
		got := map[string]values{}
		readInto(got, &record.Workbook{Records: records})
		for name, v := range got {
			out[key+"."+name] = v
		}
	}
	return out
}

// From drawn layouts that a careful clerk reads without doubt, one example each, what is proposed is what is meant.
func TestDrawn(t *testing.T) {
	raw, err := os.ReadFile("testdata/layouts/expected.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var outcomes []outcome
	for line := range strings.Lines(string(raw)) {
		var l struct {
			File, Form string
			Facts      [][]any
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join("testdata/layouts", l.File))
		if err != nil {
			t.Fatal(err)
		}
		proposals, _, err := Propose([]Example{{Path: l.File, Data: data}}, nil, limits.Default())
		if err != nil {
			t.Fatal(err)
		}
		outcomes = append(outcomes, compare(l.File, meantIn(l.Form, l.Facts), proposals))
	}
	report(t, least, outcomes)
}

// meantIn are the fields of facts: record, field, year, value and places, which count from one.
func meantIn(form string, facts [][]any) map[string]values {
	place := func(p any) string {
		at := p.([]any)
		return fmt.Sprint(at[0], "!", layouttest.Ref(int(at[1].(float64))-1, int(at[2].(float64))-1))
	}
	names := map[any]string{}
	for _, f := range facts {
		if f[1] == "indicator" || f[1] == "name" {
			names[f[0]] = place(f[4].([]any)[0])
		}
	}
	out := map[string]values{}
	for _, f := range facts {
		if f[3] == nil || f[3] == "" {
			continue
		}
		scope := ""
		switch s := f[2].(type) {
		case float64:
			scope = strconv.Itoa(int(s))
		case string:
			scope = s
		}
		key := form + "." + f[1].(string)
		if out[key] == nil {
			out[key] = values{}
		}
		for _, p := range f[4].([]any) {
			of := names[f[0]] + "|" + scope
			out[key][of] = append(out[key][of], place(p))
		}
	}
	return out
}

const (
	filled = `来館者調査票
施設名,区分,来館者数（人） 令和7年度,来館者数（人） 令和8年度,満足度,備考
図書館,直営,"1,200","1,300",A,
公民館,委託,800,900,B,
博物館,委託,300,310,A,夜間も開館
`
	empty = `来館者調査票
施設名,区分,来館者数（人） 令和7年度,来館者数（人） 令和8年度,満足度,備考
,,,,,
,,,,,
`
)

func proposed(t *testing.T, files ...string) Proposal {
	t.Helper()
	var examples []Example
	for i, f := range files {
		examples = append(examples, Example{Path: fmt.Sprintf("例%d.csv", i+1), Data: []byte(f)})
	}
	proposals, seen, err := Propose(examples, []string{"A", "B"}, limits.Default())
	if err != nil || len(proposals) != 1 {
		t.Fatalf("%d proposals, %v, %v", len(proposals), seen, err)
	}
	return proposals[0]
}

func item(t *testing.T, p Proposal, says string) Item {
	t.Helper()
	at := slices.IndexFunc(p.Items, func(it Item) bool { return it.Says == says })
	if at < 0 {
		t.Fatalf("nothing is said of %s: %+v", says, p.Items)
	}
	return p.Items[at]
}

// Words that no list knows are proposed by their answers, and said to be less sure; a free letter is taken.
func TestWordsOfNobody(t *testing.T) {
	p := proposed(t, filled)
	if p.Form.ID != "C" || p.Name != "来館者調査票" {
		t.Errorf("form %s, %s", p.Form.ID, p.Name)
	}
	if it := item(t, p, "施設名"); it.Sure != Sure {
		t.Errorf("%+v", it)
	}
	if it := item(t, p, "来館者数"); it.Sure != Probable || len(it.At) != 2 {
		t.Errorf("%+v", it)
	}
	want := map[string]string{"facility": "図書館", "remarks": "", "item_3": "1200"}
	for name, value := range want {
		if got := p.Read[0].Records[0].Value(name); got != value {
			t.Errorf("%s is %q, want %q\n%s", name, got, value, p.YAML)
		}
	}
	if f, ok := p.Read[0].Records[2].Field("item_3", "2026"); !ok || f.Cell != "D5" {
		t.Errorf("%+v, %v", f, ok)
	}
}

// What an empty example leaves open, or takes from words alone, a filled one settles.
func TestTwoExamplesSettle(t *testing.T) {
	one := proposed(t, empty)
	if it := item(t, one, "満足度"); it.Sure != Open {
		t.Errorf("one example: %+v", it)
	}
	if it := item(t, one, "施設名"); it.Sure != Probable {
		t.Errorf("one example: %+v", it)
	}
	two := proposed(t, empty, filled)
	if it := item(t, two, "満足度"); it.Sure != Probable {
		t.Errorf("two examples: %+v", it)
	}
	if it := item(t, two, "施設名"); it.Sure != Sure {
		t.Errorf("two examples: %+v", it)
	}
	if len(two.Examples) != 2 || len(two.Read) != 2 || len(two.Read[1].Records) != 3 {
		t.Errorf("%v, %d records", two.Examples, len(two.Read[1].Records))
	}
}

// Where the examples cannot be read by the proposal, it reads nothing until a person has mended it, and says why.
func TestWhatDoesNotFitIsOpen(t *testing.T) {
	p := proposed(t, "施設調査票\n施設名,記入例,図書館,公民館\n単位,人,人,人\n方向,上昇,上昇,上昇\n実績値 令和8年度,100,5,6\n")
	if p.Form.Layout != form.LayoutUnknown || len(p.Read[0].Records) > 0 {
		t.Errorf("%s, %d records", p.Form.Layout, len(p.Read[0].Records))
	}
	if !slices.ContainsFunc(p.Items, func(it Item) bool { return it.What == "合わないところ" && it.Sure == Open }) {
		t.Errorf("nothing says why: %+v", p.Items)
	}
	// as a person takes it in
	off := regexp.MustCompile(`(?m)^# (period_words|fields|symbols|tally|required|key|total|  )`)
	yaml := strings.Replace(off.ReplaceAllString(string(p.YAML), "$1"), "layout: not_read_yet", "layout: table", 1)
	if f, err := form.Parse("案.yaml", []byte(yaml)); err != nil || f.Word("facility") != "施設名" {
		t.Errorf("what is left open is no form: %v\n%s", err, yaml)
	}
}

// Whatever stands in a cell, it begins no line of the YAML.
func TestOneLine(t *testing.T) {
	p := proposed(t, strings.Replace(filled, "備考\n", "備\u2028id: Z\u0085考\n", 1))
	if p.Form.ID != "C" || strings.ContainsAny(string(p.YAML), "\u2028\u0085") {
		t.Errorf("%s\n%s", p.Form.ID, p.YAML)
	}
}

// Drop-down lists say what may be answered, also where nothing is.
func TestListsAreChoices(t *testing.T) {
	data, err := os.ReadFile("testdata/lists.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	proposals, _, err := Propose([]Example{{Path: "調査票.xlsx", Data: data}}, nil, limits.Default())
	if err != nil || len(proposals) != 1 {
		t.Fatalf("%d proposals, %v", len(proposals), err)
	}
	yaml := string(proposals[0].YAML)
	for _, want := range []string{
		"{name: item_2, type: choice, choices: [{value: '直営', words: ['直営']}, {value: '委託', words: ['委託']}], words: ['運営']}",
		"{name: item_3, type: choice, choices: [{value: 'よい', words: ['よい']}, {value: 'わるい', words: ['わるい']}], " +
			"words: ['見立て']}",
	} {
		if !strings.Contains(yaml, want) {
			t.Errorf("%s is not in\n%s", want, yaml)
		}
	}
}

// Two forms on a sheet are not taken for one, nor is a sheet without heads taken for a form: what was seen is said.
func TestWhatWasSeen(t *testing.T) {
	both := filled + "\n\n職員研修状況調査票\n研修名,人数 令和8年度,場所\n新任研修,5,本庁\n"
	for text, says := range map[string]string{
		both:              "二つの様式",
		"お知らせ\nきょうは雨です\n": "見出しの行が見つかりません",
	} {
		proposals, seen, err := Propose([]Example{{Path: "例.csv", Data: []byte(text)}}, nil, limits.Default())
		if err != nil || len(proposals) != 0 || len(seen) != 1 || !strings.Contains(seen[0], says) {
			t.Errorf("%q: %d proposals, %q, %v; want %s", text[:12], len(proposals), seen, err, says)
		}
	}
}

// Whatever bytes come, learning ends with an answer or an error for people.
func FuzzPropose(f *testing.F) {
	f.Add([]byte(filled))
	f.Add([]byte(empty))
	f.Fuzz(func(t *testing.T, data []byte) {
		proposals, _, err := Propose([]Example{{Path: "例.csv", Data: data}}, nil, limits.Default())
		for _, p := range proposals {
			if _, bad := form.Parse("案.yaml", p.YAML); bad != nil || err != nil {
				t.Errorf("%v, %v\n%s", bad, err, p.YAML)
			}
		}
	})
}

// A field of which a cell stands in its place and is read as another's is left open, with the cell.
func TestReadingsThatDisagree(t *testing.T) {
	examples := []Example{{Path: "例.csv", Data: []byte(filled)}}
	wb, err := workbook.Open("例.csv", examples[0].Data, limits.Default())
	if err != nil {
		t.Fatal(err)
	}
	d := draft{sheets: []*sheet{newSheet(0, wb.Sheets[0], nil)}, id: "C"}
	if !d.make(examples) || d.fieldNamed("remarks") == nil {
		t.Fatalf("%s", d.yaml)
	}
	h := d.fieldNamed("remarks").heads[0]
	h.cells = append(h.cells, cell{ref: "A3", text: "図書館"})
	d.verify(examples)
	if !d.unread && d.fieldNamed("remarks") != nil {
		t.Errorf("it is proposed all the same:\n%s", d.yaml)
	}
	if yaml := string(d.yaml); !d.unread && !strings.Contains(yaml, "# 未定：見出し「備考」") {
		t.Errorf("nothing says that it is open:\n%s", yaml)
	}
}

const alternating = `指標調査票
番号,指標名,単位,目指す方向,区分,令和7年度,令和8年度
1-1,来館者数,人,上昇,目標,100,110
,,,,実績,90,120
,,,,達成率,90%,109%
1-2,貸出冊数,冊,上昇,目標,50,60
,,,,実績,55,58
,,,,達成率,110%,97%
`

// What names the records, what tells two of one name apart, and what a blank means follow from the answers.
func TestWhatIsDecidedByAnswers(t *testing.T) {
	for _, c := range []struct{ csv, want string }{
		{ // a name that comes twice is told apart by its item, and is the name all the same
			"取組状況調査票\n推進項目,取組名,令和8年度進捗\n(1) 研修の充実,研修の見直し,○\n(2) 組織の見直し,様式の統一,○\n" +
				"(3) 広域の連携,研修の見直し,△\n", "key: [initiative, item]",
		},
		{ // blank among rows that have names: as above
			"取組状況調査票\n改革の柱,取組名,令和8年度進捗\n1 職員の育成,研修の見直し,○\n,様式の統一,○\n2 財政の健全化,広告の募集,△\n",
			"{name: pillar, type: numbered, needed: true, fill_down: true, words: ['改革の柱']}",
		},
		{ // blank in the second row of a record alone: no more than that
			alternating,
			"{name: code, type: label, needed: true, words: ['番号']}",
		},
		{ // 達成率 among them is passed over
			alternating,
			"{name: attainment, type: skip, words: ['達成率']}",
		},
		{ // of two heads that one question has, the second is another question
			"施設調査票\n施設名,担当課,課名,来館者数 令和8年度\n図書館,社会教育課,社会教育課,5\n公民館,生涯学習課,市民課,6\n",
			"# 未定：見出し「課名」",
		},
	} {
		p := proposed(t, c.csv)
		if !strings.Contains(string(p.YAML), c.want) {
			t.Errorf("%s is not in\n%s", c.want, p.YAML)
		}
	}
}
