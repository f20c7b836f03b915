package form_test

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kyogikai/pipelines/record"
)

// place is where a value belongs: a field of a record, and its year where it has one.
type place struct{ form, record, field, scope string }

func (p place) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s %s %s %s", p.form, p.record, p.field, p.scope))
}

// values are what a workbook's records say, by place. More than one text is more than one answer for one place.
type values map[place][]string

func (v values) put(p place, text string) {
	if text != "" && !slices.Contains(v[p], text) {
		v[p] = append(v[p], text)
	}
}

func (v values) places() []place {
	return slices.SortedFunc(maps.Keys(v), func(a, b place) int { return strings.Compare(a.String(), b.String()) })
}

// valuesOf are the values of the records that count. Records are named by what people call them; a value of form C
// belongs to its indicator and year.
func valuesOf(w record.Workbook) values {
	got := values{}
	for i := range w.Records {
		if r := &w.Records[i]; !r.Excluded {
			got.of(r)
		}
	}
	return got
}

func (v values) of(r *record.Record) {
	name := normal(called(r))
	if year := r.Value("year"); r.Kind == "indicator_value" {
		v.series(r, name, year)
		return
	}
	for _, f := range r.Fields {
		switch f.Name {
		case "stated_department", "goal_no", "measure_no", "pillar_no", "item_no", "line":
			continue
		}
		v.put(place{r.Form, name, f.Name, scopeOf(r, f)}, f.Value)
	}
	if r.Value("unit") == "" {
		for _, f := range r.Fields {
			v.put(place{r.Form, name, "unit", ""}, f.Unit)
		}
	}
}

// scopeOf is a field's year. The text answers of form D have one a sheet, which is no part of their place.
func scopeOf(r *record.Record, f record.Field) string {
	if r.Form == "D" {
		return ""
	}
	return f.Scope
}

func (v values) series(r *record.Record, name, year string) {
	for _, f := range r.Fields {
		switch f.Name {
		case "indicator":
			v.put(place{r.Form, name, f.Name, ""}, f.Value)
		case "standard":
			v.put(place{r.Form, name, f.Name, ""}, f.Text)
		case "actual":
			v.put(place{r.Form, name, "value", year}, f.Value)
			v.put(place{r.Form, name, "unit", ""}, f.Unit)
		case "plan_value":
			v.put(place{r.Form, name, "plan", year}, f.Value)
			v.put(place{r.Form, name, "unit", ""}, f.Unit)
		}
	}
}

// called is what tells a record from the others of its form.
func called(r *record.Record) string {
	switch {
	case r.Value("subgroup") != "":
		return r.Value("indicator") + "／" + r.Value("subgroup")
	case r.Value("relisted") == "true":
		return r.Value("initiative") + "／再掲"
	}
	for _, name := range []string{"indicator", "initiative", "facility"} {
		if v := r.Value(name); v != "" {
			return v
		}
	}
	return r.Name()
}

// normal leaves out what two writings of one text may differ in: width, spaces and line breaks.
func normal(text string) string { return norm.NFKC.String(without(text, " 　\t\r\n")) }

// without leaves out some characters.
func without(text, characters string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(characters, r) {
			return -1
		}
		return r
	}, text)
}

// same reports whether a value is the wanted one: equal as numbers, else as texts, where lists may be written with any
// mark between their items.
func same(want, got string) bool {
	a, okA := new(big.Rat).SetString(strings.ReplaceAll(normal(want), ",", ""))
	b, okB := new(big.Rat).SetString(strings.ReplaceAll(normal(got), ",", ""))
	if okA && okB {
		return a.Cmp(b) == 0
	}
	const between = "、・，,/"
	return without(normal(want), between) == without(normal(got), between)
}
