package form_test

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/form"
	"kyogikai/pipelines/form/layouttest"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
)

var (
	layouts   = flag.Int("layouts", 400, "how many layouts TestLayouts draws")
	seed      = flag.Uint64("seed", 18, "the seed of the layouts")
	oneLayout = flag.Int("layout", 0, "the number of the only layout that TestLayouts reads, and prints")
	mostShown = flag.Int("shown", 4, "how many layouts with faults TestLayouts prints whole")
)

// leastRight is the share of values that must be read: all others must be refused with a finding.
const leastRight = 0.95

// However a sheet is laid out, no value is read wrong, none is made up, and none is missing without a finding that
// stands on it. go test ./pipelines/form -run TestLayouts [-layouts N] [-seed S] [-layout K] [-shown N]
func TestLayouts(t *testing.T) {
	numbers := make([]int, 0, *layouts)
	for n := range *layouts {
		numbers = append(numbers, n+1)
	}
	if *oneLayout > 0 {
		numbers = []int{*oneLayout}
	}
	var outcomes []outcome
	shown := 0
	for _, n := range numbers {
		l := layouttest.Draw(*seed, n)
		w := readLayout(t, l)
		o := judge(l, &w)
		outcomes = append(outcomes, o)
		if *oneLayout > 0 || o.silent() > 0 && shown < *mostShown {
			shown++
			t.Log("\n" + o.String() + pictureOfLayout(l, &w))
		}
	}
	total := sum(outcomes)
	t.Log("\n" + byDimension(outcomes))
	if total.count["wrong"]+total.count["invented"]+total.count["missing"] > 0 {
		silent := numbersOf(outcomes, func(o *outcome) bool { return o.silent() > 0 })
		t.Errorf("wrong %d, invented %d, missing without a word %d, in layouts %v", total.count["wrong"],
			total.count["invented"], total.count["missing"], silent)
	}
	strict := sum(slices.DeleteFunc(slices.Clone(outcomes), func(o outcome) bool { return o.layout.Lenient }))
	if share := strict.share(); share < leastRight {
		t.Errorf("%.1f%% of values are right, want at least %.0f%%", 100*share, 100*leastRight)
	}
	if alarmed := numbersOf(outcomes, func(o *outcome) bool { return len(o.alarms) > 0 }); len(alarmed) > 0 {
		t.Errorf("every value is right, and yet there are findings, in layouts %v; first: %s", alarmed, firstAlarm(outcomes))
	}
	silent := func(o *outcome) bool { return len(o.unnamed) > 0 && o.count["right"] > 0 }
	if unnamed := numbersOf(outcomes, silent); len(unnamed) > 0 {
		t.Errorf("no warning quotes a head of the department's own, in layouts %v", unnamed)
	}
}

// The plainest list of each form, and each other orientation, is read whole and without a word.
func TestPlainLayouts(t *testing.T) {
	for _, kind := range []string{
		"A rows", "A alternate", "A long", "A transposed", "A cards", "B rows", "B alternate", "B transposed", "B cards",
		"C rows", "C alternate", "C long", "C transposed", "D rows", "D transposed", "D cards",
	} {
		t.Run(kind, func(t *testing.T) {
			id, orientation, _ := strings.Cut(kind, " ")
			pins := []layouttest.Choice{{Dimension: "form", Value: id}, {Dimension: "orientation", Value: orientation}}
			for _, p := range plain {
				dimension, value, _ := strings.Cut(p, " = ")
				pins = append(pins, layouttest.Choice{Dimension: dimension, Value: value})
			}
			const some = 5
			for n := range some {
				l := layouttest.Draw(*seed, n+1, pins...)
				w := readLayout(t, l)
				if o := judge(l, &w); o.share() < 1 || len(o.alarms) > 0 {
					t.Fatal("\n" + o.String() + pictureOfLayout(l, &w))
				}
			}
		})
	}
}

// plain are the choices of a sheet on which nothing is out of the ordinary.
var plain = []string{
	"format = xlsx", "forms = one", "year spelling = 令和8年度", "records = all", "names = plain", "none spelling = ",
	"number spelling = 数値", "A plan = column", "A project = column", "A kind = column", "A goal = none",
	"A subgroups = none", "A baseline = year and value", "A unknown head = none", "A years in heads = stated",
	"A attainment = none", "A target years = contiguous", "A undecided = none", "B pillar = column",
	"B item = column", "B relisted = none", "B start and end = two columns", "B scopes = year and whole",
	"group numbering = 1 name", "C unit = column", "C plan = none", "C years = five", "D goal = column",
	"D measure = column", "D departments = 、", "head text = plain", "head = one cell", "one cell = {y}{w}",
	"head merging = merged", "head number row = none", "head group row = none", "same as above = repeated",
	"blank rows = none", "head repeated = no", "example row = none", "total row = none", "subtotals = none",
	"unit row = none", "ending = none", "C forecast = none", "empty rows = none", "remarks = last",
	"column order = usual", "own column = none", "line numbers = none", "year order = ascending",
	"blank column = none", "C measure word = none", "title = 令和8年度　title", "title merging = none",
	"preamble = one cell", "stamp box = none", "department line = stated", "instruction = none", "date = none",
	"contact = none", "offset = 0 0", "legend = none", "B tally = none", "tables = one", "cards per = stack",
	"card labels = left", "card heading = none", "card table = across", "card table gap = none",
	"card merges = none", "card order = usual", "cover sheet = none", "instructions sheet = none",
	"list sheet = none",
}

func readLayout(t testing.TB, l *layouttest.Layout) record.Workbook {
	t.Helper()
	name, data, err := l.File()
	if err != nil {
		t.Fatal(err)
	}
	w := record.Workbook{Path: name, FiscalYear: l.FiscalYear, Department: "総務課"}
	form.Read(shippedForms(t), &w, data, limits.Default())
	return w
}

func pictureOfLayout(l *layouttest.Layout, w *record.Workbook) string {
	name, data, err := l.File()
	if err != nil {
		return err.Error()
	}
	return picture(name, data, w)
}

// outcome is how a layout was read.
type outcome struct {
	layout  *layouttest.Layout
	count   map[string]int
	faults  []fault
	alarms  []record.Finding // on a workbook of which every value is right
	unnamed []string         // heads of the department's own that no finding quotes
}

// fault is a value that was not read right: refused and flagged with a finding that stands on it, missing, wrong and
// invented without.
type fault struct {
	verdict   string
	at        place
	want, got string
	cells     []layouttest.Place
}

func (o *outcome) silent() int { return o.count["wrong"] + o.count["invented"] + o.count["missing"] }

func (o *outcome) share() float64 {
	all := 0
	for _, n := range o.count {
		all += n
	}
	return float64(o.count["right"]) / float64(max(all, 1))
}

func (o *outcome) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "━━ layout %s\n%v\n", o.layout, o.count)
	for _, f := range o.faults {
		where := ""
		for _, c := range f.cells[:min(len(f.cells), 3)] {
			where += " " + c.Sheet + "!" + layouttest.Ref(c.Row, c.Col)
		}
		fmt.Fprintf(&b, "%-8s %s: want %q, got %q at%s\n", f.verdict, f.at, f.want, f.got, where)
	}
	for _, f := range o.alarms {
		fmt.Fprintf(&b, "alarm    %s\n", told(f))
	}
	for _, head := range o.unnamed {
		fmt.Fprintf(&b, "unnamed  %s\n", head)
	}
	return b.String()
}

// judge compares what was read with what the layout states.
func judge(l *layouttest.Layout, w *record.Workbook) outcome {
	o := outcome{layout: l, count: map[string]int{}}
	got := valuesOf(*w)
	byForm := map[string][]layouttest.Fact{}
	for _, f := range l.Facts() {
		byForm[f.Form] = append(byForm[f.Form], f)
	}
	for _, id := range slices.Sorted(maps.Keys(byForm)) {
		o.part(id, byForm, got, w)
	}
	for _, p := range got.places() {
		if _, asked := byForm[p.form]; !asked {
			o.add(fault{"invented", p, "", strings.Join(got[p], " / "), nil})
		}
	}
	for _, head := range l.Own {
		told := func(f record.Finding) bool { return f.Severity != record.Info && quotes(f, head) }
		if !slices.ContainsFunc(w.Findings, told) {
			o.unnamed = append(o.unnamed, head)
		}
	}
	if o.share() == 1 {
		for _, f := range w.Findings {
			own := f.Severity == record.Warning && slices.ContainsFunc(l.Own, func(h string) bool { return quotes(f, h) })
			if f.Severity != record.Info && !own {
				o.alarms = append(o.alarms, f)
			}
		}
	}
	return o
}

func quotes(f record.Finding, word string) bool {
	return strings.Contains(normal(f.Message+f.Found), normal(word))
}

// part judges the part of a workbook that answers to one form.
func (o *outcome) part(id string, byForm map[string][]layouttest.Fact, got values, w *record.Workbook) {
	facts := byForm[id]
	heard := listen(facts, w.Findings, foreign(id, byForm), o.layout.Transposed(id))
	heard.unread = sheetsOf(facts)
	for _, f := range facts {
		if texts := got[placeOf(f)]; len(texts) == 1 && same(f.Value, texts[0]) {
			for _, p := range f.Places {
				delete(heard.unread, p.Sheet)
			}
		}
	}
	wanted := map[place]bool{}
	byName := map[string][]layouttest.Place{}
	names := map[string]string{}
	for _, f := range facts {
		at := placeOf(f)
		wanted[at] = true
		names[at.record] = f.Record
		byName[at.record] = append(byName[at.record], f.Places...)
		texts := got[at]
		spoken := heard.on(f.Record, f.Places)
		fit := slices.ContainsFunc(texts, func(text string) bool { return same(f.Value, text) })
		switch {
		case fit && len(texts) == 1:
			o.count["right"]++
		case len(texts) > 0:
			o.add(fault{choose(spoken, "flagged", "wrong"), at, f.Value, strings.Join(texts, " / "), f.Places})
		default:
			o.add(fault{choose(spoken, "refused", "missing"), at, f.Value, "", f.Places})
		}
	}
	for _, p := range got.places() {
		if p.form == id && !wanted[p] {
			spoken := names[p.record] != "" && heard.on(names[p.record], byName[p.record])
			o.add(fault{choose(spoken, "flagged", "invented"), p, "", strings.Join(got[p], " / "), byName[p.record]})
		}
	}
}

func choose(spoken bool, yes, no string) string {
	if spoken {
		return yes
	}
	return no
}

func (o *outcome) add(f fault) {
	o.count[f.verdict]++
	o.faults = append(o.faults, f)
}

func placeOf(f layouttest.Fact) place { return place{f.Form, normal(f.Record), f.Field, f.Scope} }

func sheetsOf(facts []layouttest.Fact) map[string]bool {
	sheets := map[string]bool{}
	for _, f := range facts {
		for _, p := range f.Places {
			sheets[p.Sheet] = true
		}
	}
	return sheets
}

// foreign are the sheets that hold another form and not this one.
func foreign(id string, byForm map[string][]layouttest.Fact) map[string]bool {
	sheets := map[string]bool{}
	for other, facts := range byForm {
		if other != id {
			maps.Copy(sheets, sheetsOf(facts))
		}
	}
	for own := range sheetsOf(byForm[id]) {
		delete(sheets, own)
	}
	return sheets
}

func sum(outcomes []outcome) outcome {
	total := outcome{count: map[string]int{}}
	for _, o := range outcomes {
		for verdict, n := range o.count {
			total.count[verdict] += n
		}
	}
	return total
}

func numbersOf(outcomes []outcome, of func(*outcome) bool) []int {
	var numbers []int
	for i := range outcomes {
		if of(&outcomes[i]) {
			numbers = append(numbers, outcomes[i].layout.Number)
		}
	}
	return numbers
}

func firstAlarm(outcomes []outcome) string {
	for _, o := range outcomes {
		if len(o.alarms) > 0 {
			return told(o.alarms[0])
		}
	}
	return ""
}

var verdicts = []string{"right", "refused", "flagged", "missing", "wrong", "invented"}

// byDimension counts by what was drawn, for what is not read right throughout.
func byDimension(outcomes []outcome) string {
	groups := map[string][]outcome{}
	for _, o := range outcomes {
		form := ""
		for _, c := range o.layout.Choices {
			switch c.Dimension {
			case "form":
				form = c.Value
			case "orientation":
				key := "form " + form + " " + c.Value
				groups[key] = append(groups[key], o)
			}
			key := c.Dimension + " = " + strings.ReplaceAll(c.Value, "\n", "⏎")
			groups[key] = append(groups[key], o)
		}
	}
	var b strings.Builder
	line := func(name string, some []outcome) {
		total := sum(some)
		all := 0
		for _, n := range total.count {
			all += n
		}
		alarms := len(numbersOf(some, func(o *outcome) bool { return len(o.alarms) > 0 }))
		fmt.Fprintf(&b, "%4d %6d ", len(some), all)
		for _, v := range verdicts {
			fmt.Fprintf(&b, "%8.2f", 100*float64(total.count[v])/float64(max(all, 1)))
		}
		fmt.Fprintf(&b, "%7d  %s\n", alarms, name)
	}
	fmt.Fprintf(&b, "   n values    right refused flagged missing   wrong invented alarms\n")
	line("all", outcomes)
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		if total := sum(groups[key]); total.share() < 1 {
			line(key, groups[key])
		}
	}
	return b.String()
}
