package form_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"kyogikai/pipelines/form/layouttest"
)

// change is something that a department does to a sheet and that changes no answer.
type change struct {
	name string
	pins []layouttest.Choice                      // what is drawn otherwise
	edit func(l *layouttest.Layout, r *rand.Rand) // what is done to the sheets drawn
	mild bool                                     // a careful reader still reads what it read before
	asks string                                   // the orientation that the change needs; "" for any
}

func pin(dimension, value string) []layouttest.Choice {
	return []layouttest.Choice{{Dimension: dimension, Value: value}}
}

// firstAnswers is the sheet on which the most answers stand, and the first row of one that stands for one record alone.
func firstAnswers(l *layouttest.Layout) (*layouttest.Sheet, int) {
	counts := map[string]int{}
	for _, f := range l.Facts() {
		for _, p := range f.Places {
			counts[p.Sheet]++
		}
	}
	best := l.Sheets[0]
	for _, s := range l.Sheets {
		if counts[s.Name] > counts[best.Name] {
			best = s
		}
	}
	top, _ := best.Size()
	for _, f := range l.Facts() {
		for _, p := range f.Places {
			if p.Sheet == best.Name && len(f.Places) == 1 && f.Field != "unit" {
				top = min(top, p.Row)
			}
		}
	}
	return best, top
}

func changes() []change {
	all := []change{
		{name: "a blank row before a record", edit: func(l *layouttest.Layout, r *rand.Rand) {
			s, top := firstAnswers(l)
			rows, _ := s.Size()
			s.InsertRow(top + 1 + r.IntN(max(rows-top-1, 1)))
		}},
		{name: "a blank row anywhere", edit: func(l *layouttest.Layout, r *rand.Rand) {
			s, _ := firstAnswers(l)
			rows, _ := s.Size()
			s.InsertRow(r.IntN(rows))
		}},
		{name: "a blank column anywhere", edit: func(l *layouttest.Layout, r *rand.Rand) {
			s, _ := firstAnswers(l)
			_, cols := s.Size()
			s.InsertColumn(r.IntN(cols))
		}},
		{name: "a blank first column", mild: true, edit: func(l *layouttest.Layout, _ *rand.Rand) {
			s, _ := firstAnswers(l)
			s.InsertColumn(0)
		}},
		{name: "lines above the title", mild: true, edit: func(l *layouttest.Layout, _ *rand.Rand) {
			s, _ := firstAnswers(l)
			for range 3 {
				s.InsertRow(0)
			}
			s.SetText(0, 0, "第12号様式（第5条関係）")
			s.SetText(1, 0, "起案　令和8年4月20日　　決裁　令和8年4月24日")
		}},
		{name: "a stamp box beside", mild: true, edit: func(l *layouttest.Layout, _ *rand.Rand) {
			s, _ := firstAnswers(l)
			_, cols := s.Size()
			for i, who := range []string{"部長", "課長", "係長", "係"} {
				s.SetText(0, cols+1+i, who)
			}
		}},
		{name: "a remark beside a record", edit: func(l *layouttest.Layout, _ *rand.Rand) {
			s, top := firstAnswers(l)
			_, cols := s.Size()
			s.SetText(top, cols, "要確認")
		}},
		{name: "a column of the department's own", mild: true, pins: pin("own column", "担当者名")},
		{name: "columns in another order", mild: true, pins: pin("column order", "shuffled")},
		{name: "years the other way round", mild: true, pins: pin("year order", "descending")},
		{name: "the usual words", mild: true, pins: pin("words", "first")},
		{name: "two lists, one below the other", mild: true, pins: pin("tables", "two below")},
		{name: "two lists side by side", mild: true, pins: pin("tables", "side by side")},
		{name: "what is as above repeated", mild: true, pins: pin("same as above", "repeated")},
		{name: "what is as above merged", mild: true, pins: pin("same as above", "merged")},
		{name: "ditto marks", mild: true, pins: pin("same as above", "〃")},
		{name: "heads in one cell", mild: true, pins: pin("head", "one cell")},
		{name: "years over what is counted", mild: true, pins: pin("head", "year over measure")},
		{name: "the plan as section rows", mild: true, asks: "rows", pins: pin("A plan", "section")},
		{name: "the project as section rows", mild: true, asks: "rows", pins: pin("A project", "section")},
		{name: "a list for each project", mild: true, asks: "rows", pins: pin("A project", "heading")},
		{name: "the pillar as section rows", mild: true, asks: "rows", pins: pin("B pillar", "section")},
		{name: "the goal as section rows", mild: true, asks: "rows", pins: pin("D goal", "section")},
		{name: "records across", mild: true, asks: "rows", pins: pin("orientation", "transposed")},
	}
	for _, years := range []string{"令和8年度", "R8", "2026年度", "8年度", "年度の数字", "日付", "元号と数字"} {
		const bare = "年度の数字" // 5, 6: they may be any numbers, and are refused where nothing else says that they are years
		all = append(all, change{name: "years as " + years, mild: years != bare, pins: pin("year spelling", years)})
	}
	for _, numbers := range []string{"数値", "文字", "単位付きの文字", "全角"} {
		all = append(all, change{name: "numbers as " + numbers, mild: true, pins: pin("number spelling", numbers)})
	}
	return all
}

// What a department does to a sheet without changing an answer changes no value that is read: it stays, or a finding
// says why it is refused. No other value comes in its place, and none is made up.
func TestChangesOfLayout(t *testing.T) {
	const bases, firstBase = 16, 10_001 // none of those that TestLayouts draws
	for _, c := range changes() {
		t.Run(c.name, func(t *testing.T) {
			kept, had := 0, 0
			for n := firstBase; n < firstBase+bases; n++ {
				k, h := changed(t, c, n)
				kept, had = kept+k, had+h
			}
			if had == 0 {
				t.Error("nothing was read before the change: it was not tried")
			}
			if c.mild && float64(kept) < leastRight*float64(had) {
				t.Errorf("%d of %d values are still read, want at least %.0f%%", kept, had, 100*leastRight)
			}
		})
	}
}

// changed reads a layout before and after a change, and counts the values that were read before, and still are.
func changed(t *testing.T, c change, number int) (kept, had int) {
	t.Helper()
	pins := []layouttest.Choice{
		{Dimension: "format", Value: "xlsx"}, {Dimension: "forms", Value: "one"}, {Dimension: "records", Value: "all"},
		{Dimension: "A unknown head", Value: "none"}, {Dimension: "A years in heads", Value: "stated"},
	}
	if c.asks != "" {
		pins = append(pins, layouttest.Choice{Dimension: "orientation", Value: c.asks})
		for _, dimension := range []string{"A plan", "A project", "A kind", "B pillar", "B item", "D goal", "D measure"} {
			pins = append(pins, layouttest.Choice{Dimension: dimension, Value: "column"})
		}
	}
	before, first := readBefore(t, c.asks, number, pins)
	after := layouttest.Draw(*seed, number, append(slices.Clip(pins), c.pins...)...)
	if c.edit != nil {
		c.edit(after, rand.New(rand.NewPCG(*seed, uint64(number)))) //nolint:gosec // draws a place, no secret
	}
	if a, b := answers(before), answers(after); !slices.Equal(a, b) {
		t.Fatalf("layout %d does not state the same before and after: %v\n%v", number, a, b)
	}
	v := readLayout(t, after)
	second := judge(after, &v)
	wrong := map[place]bool{}
	for _, f := range second.faults {
		wrong[f.at] = true
		if f.verdict == "wrong" || f.verdict == "invented" || f.verdict == "missing" && len(first[f.at]) > 0 {
			t.Errorf("layout %d: %s %s: want %q, got %q", number, f.verdict, f.at, f.want, f.got)
		}
	}
	for _, f := range before.Facts() {
		if texts := first[placeOf(f)]; len(texts) == 1 && same(f.Value, texts[0]) {
			had++
			if !wrong[placeOf(f)] {
				kept++
			}
		}
	}
	return kept, had
}

type unchanged struct {
	layout *layouttest.Layout
	values values
}

// readOnce are the layouts that were read before a change, by what the changes ask for and number.
var readOnce = map[string]unchanged{}

func readBefore(t *testing.T, asks string, number int, pins []layouttest.Choice) (*layouttest.Layout, values) {
	t.Helper()
	key := fmt.Sprint(asks, number, *seed)
	if _, done := readOnce[key]; !done {
		l := layouttest.Draw(*seed, number, pins...)
		w := readLayout(t, l)
		readOnce[key] = unchanged{l, valuesOf(w)}
	}
	return readOnce[key].layout, readOnce[key].values
}

// answers are what a layout states, wherever it stands.
func answers(l *layouttest.Layout) []string {
	var all []string
	for _, f := range l.Facts() {
		all = append(all, fmt.Sprint(placeOf(f), " = ", f.Value))
	}
	slices.Sort(all)
	return all
}
