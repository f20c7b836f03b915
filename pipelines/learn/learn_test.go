package learn

import (
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/form"
	"kyogikai/pipelines/form/layouttest"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
)

var (
	layouts   = flag.Int("layouts", 240, "how many layouts TestLayouts draws")
	seed      = flag.Uint64("seed", 21, "the seed of the layouts")
	oneLayout = flag.Int("layout", 0, "the number of the only layout that TestLayouts learns from, and prints")
	faults    = flag.Bool("faults", false, "print examples of which much is lacking, too")
	shown     = flag.Int("shown", 12, "how many examples with faults are printed")
)

// least is the share of the meant fields that must be proposed right, in percent; none may be proposed wrong.
const least = 80

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
func report(t *testing.T, outcomes []outcome) {
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
		proposals, _, err := Propose([]Example{{Path: name, Data: data}}, nil, limits.Default())
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
	report(t, outcomes)
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
	err = filepath.WalkDir("../../inputs", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".xlsx" || strings.HasPrefix(d.Name(), "~$") {
			return err
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
	report(t, outcomes)
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
