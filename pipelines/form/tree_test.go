package form_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/form/layouttest"
)

var tree = flag.String("tree", "", "a folder of laid-out workbooks for TestTree: inputs/ and expected.jsonl")

// part is what a line of expected.jsonl says of one form of a workbook.
type part struct {
	File, Form string
	Year       int
	Dimensions map[string]string
	Unknown    *string
	Facts      []struct {
		Record, Field string
		Scope         any
		Value         string
		Places        [][3]any
	}
}

// TestTree reads a folder of laid-out workbooks, and tells what was read right as TestLayouts does:
// go test ./pipelines/form -run TestTree -tree DIR [-shown N] [-layout K] -v
func TestTree(t *testing.T) {
	if *tree == "" {
		t.Skip("no -tree DIR")
	}
	f, err := os.Open(filepath.Join(*tree, "expected.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // read only
	parts := map[string][]part{}
	var files []string
	for lines := json.NewDecoder(f); lines.More(); {
		var p part
		if err := lines.Decode(&p); err != nil {
			t.Fatal(err)
		}
		if parts[p.File] == nil {
			files = append(files, p.File)
		}
		parts[p.File] = append(parts[p.File], p)
	}
	var outcomes []outcome
	shown := 0
	for i, file := range files {
		if *oneLayout > 0 && *oneLayout != i+1 {
			continue
		}
		l := layoutOf(t, parts[file], i+1)
		w := readLayout(t, l)
		o := judge(l, &w)
		outcomes = append(outcomes, o)
		if *oneLayout > 0 || (o.silent() > 0 || o.share() < 1) && shown < *mostShown {
			shown++
			t.Log("\n" + file + "\n" + o.String() + pictureOfLayout(l, &w))
		}
	}
	t.Log("\n" + byDimension(outcomes))
	total := sum(outcomes)
	silent := total.silent()
	alarmed := numbersOf(outcomes, func(o *outcome) bool { return len(o.alarms) > 0 })
	if silent > 0 || total.share() < leastRight || len(alarmed) > 0 {
		faulty := numbersOf(outcomes, func(o *outcome) bool { return o.silent() > 0 })
		t.Errorf("right %.1f%%, %d silent faults in %v, findings though all is right in %v; first: %s",
			100*total.share(), silent, faulty, alarmed, firstAlarm(outcomes))
	}
}

// layoutOf is a workbook of a tree as a layout.
func layoutOf(t *testing.T, parts []part, number int) *layouttest.Layout {
	t.Helper()
	file := filepath.Join(*tree, "inputs", parts[0].File)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := layouttest.Stored{Name: filepath.Base(file), Data: data}
	var choices []layouttest.Choice
	var across, own []string
	for i, p := range parts {
		before := map[bool]string{true: "2:"}[i > 0]
		choices = append(choices, layouttest.Choice{Dimension: before + "form", Value: p.Form})
		for _, d := range slices.Sorted(maps.Keys(p.Dimensions)) {
			choices = append(choices, layouttest.Choice{Dimension: before + d, Value: p.Dimensions[d]})
		}
		if p.Dimensions["orientation"] == "transposed" {
			across = append(across, p.Form)
		}
		if p.Unknown != nil && *p.Unknown != "" {
			own = append(own, *p.Unknown)
		}
		s.Facts = append(s.Facts, p.facts()...)
	}
	l := layouttest.Of(s, number, parts[0].Year, choices, across...)
	l.Own = own
	return l
}

// facts are a part's, by the names that the forms give to fields.
func (p *part) facts() []layouttest.Fact {
	var facts []layouttest.Fact
	for _, f := range p.Facts {
		fact := layouttest.Fact{Form: p.Form, Record: f.Record, Field: f.Field, Value: f.Value}
		switch f.Field {
		case "name":
			fact.Field = "initiative"
		case "no":
			fact.Field = "code"
		case "relisted":
			fact.Value = strings.ToLower(f.Value)
		}
		if f.Scope != nil {
			fact.Scope = fmt.Sprint(f.Scope)
		}
		for _, place := range f.Places {
			row, isCell := place[1].(float64)
			col, _ := place[2].(float64)
			at := layouttest.Place{Sheet: fmt.Sprint(place[0]), Row: int(row) - 1, Col: int(col) - 1}
			if !isCell {
				at.Row = -1
			}
			fact.Places = append(fact.Places, at)
		}
		facts = append(facts, fact)
	}
	return facts
}
