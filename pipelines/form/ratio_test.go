package form

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
)

const rates = `id: T
name: 収入一覧
layout: table
record: income
titles: [収入一覧]
fields:
  - {name: year, type: year, words: [年度]}
  - {name: item, type: name, needed: true, words: [税目]}
  - {name: contents, type: label, words: [区分]}
  - {name: adjusted, type: number, words: [調定額]}
  - {name: income, type: number, needed: true, words: [収入額]}
  - {name: rate, type: number, words: [収納率]}
  - {name: change, type: number, words: [前年度比]}
`

const keyed = "key: [year, item, contents]\n"

// ratioFindings are the findings of sheets of one department, each of a year's folder: cell, found and expected.
func ratioFindings(t *testing.T, yaml string, sheets ...string) string {
	t.Helper()
	forms := loaded(t, yaml)
	var books []*record.Workbook
	for i, sheet := range sheets {
		w := &record.Workbook{
			Path: fmt.Sprintf("inputs/市/%d/税務課/a%d.csv", 2024+i, i), Municipality: "市", Department: "税務課", FiscalYear: 2024 + i,
		}
		Read(forms, w, []byte("収入一覧\n"+sheet), limits.Default())
		books = append(books, w)
	}
	Screen(forms, books, Masters{})
	var out []string
	for i, w := range books {
		for _, f := range w.Findings {
			out = append(out, fmt.Sprintf("%d:%s %s %s→%s", i, f.Code, f.Cell, f.Found, f.Expected))
		}
		if len(w.Records) == 0 {
			t.Errorf("nothing was read of sheet %d", i)
		}
	}
	return strings.Join(out, "; ")
}

// A ratio printed as a fraction stays one, and follows from its parts as one.
func TestRatiosPrintedAsFractions(t *testing.T) {
	fraction := strings.Replace(rates, "name: rate, type: number", "name: rate, type: number, scale: 1", 1) + keyed +
		"ratios:\n  - {field: rate, of: income, to: adjusted}\n"
	percent := rates + keyed + "ratios:\n  - {field: rate, of: income, to: adjusted}\n"
	hundred := strings.Replace(fraction, "scale: 1", "scale: 100", 1)
	for name, c := range map[string]struct{ yaml, rate, want string }{
		"a fraction":                     {fraction, "0.981", ""},
		"a unit of the last digit above": {fraction, "0.982", "0:ratio_mismatch F3 0.982→0.981"},
		"a unit of the last digit below": {fraction, "0.980", "0:ratio_mismatch F3 0.980→0.981"},
		"a unit of the fourth digit":     {fraction, "0.9809", "0:ratio_mismatch F3 0.9809→0.9810"},
		"two places":                     {fraction, "0.98", ""},
		"two places, a unit off":         {fraction, "0.97", "0:ratio_mismatch F3 0.97→0.98"},
		"all of it":                      {fraction, "1", "0:ratio_mismatch F3 1→0.98"},
		"a fraction that says percent":   {fraction, "98.1%", ""},
		"and another percent":            {fraction, "98.2%", "0:ratio_mismatch F3 98.2%→98.1%"},
		"98.1 is no fraction":            {fraction, "98.1", "0:ratio_mismatch F3 98.1→0.98"},
		"a percentage":                   {percent, "98.1", ""},
		"0.981 is no percentage":         {percent, "0.981", "0:ratio_mismatch F3 0.981→98.100%"},
		"scale 100 is the usual one":     {hundred, "98.1", ""},
	} {
		t.Run(name, func(t *testing.T) {
			sheet := "年度,税目,区分,調定額,収入額,収納率\nR6,市民税,個人,1000,981," + c.rate + "\n"
			if got := ratioFindings(t, c.yaml, sheet); got != c.want {
				t.Errorf("findings %q, want %q", got, c.want)
			}
		})
	}
	w := record.Workbook{Path: "a.csv", FiscalYear: 2024}
	Read(loaded(t, fraction), &w, []byte("収入一覧\n年度,税目,区分,調定額,収入額,収納率\nR6,市民税,個人,1000,981,0.981\n"), limits.Default())
	if got := w.Records[0].Value("rate"); got != "0.981" {
		t.Errorf("the value is %q", got)
	}
}

// A ratio holds for the records of which its conditions hold.
func TestRatiosUnderConditions(t *testing.T) {
	yaml := rates + keyed + "ratios:\n  - {field: rate, of: income, to: adjusted, " +
		"when: [{field: contents, is: [個人, 法人]}, {field: adjusted, set: true}]}\n"
	sheet := "年度,税目,区分,調定額,収入額,収納率\nR6,市民税,個人,1000,981,90\nR6,市民税,法人,1000,900,90\nR6,市民税,交付金,1000,981,90\n" +
		"R6,市民税,,1000,981,90\nR5,市民税,法人,,981,90\n"
	if got := ratioFindings(t, yaml, sheet); got != "0:ratio_mismatch F3 90→98.1%" {
		t.Errorf("findings %q", got)
	}
	before := rates + keyed +
		"ratios:\n  - {field: rate, of: income, to: adjusted, when: [{field: year, before_year: true}]}\n"
	sheet = "年度,税目,区分,調定額,収入額,収納率\nR5,市民税,個人,1000,981,90\nR6,市民税,個人,1000,981,90\n"
	if got := ratioFindings(t, before, sheet); got != "0:ratio_mismatch F3 90→98.1%" {
		t.Errorf("findings of years before %q", got)
	}
}

// A ratio to the row before is one to the nearest row above that is the same but for its year.
func TestRatiosToThePreviousRow(t *testing.T) {
	yaml := rates + keyed + "ratios:\n  - {field: change, of: income, to_previous: row}\n"
	head := "年度,税目,区分,収入額,前年度比\n"
	for name, c := range map[string]struct{ sheet, want string }{
		"right":                {"R4,市民税,個人,200,98.0\nR5,市民税,個人,210,105.0\nR6,市民税,個人,105,50.0\n", ""},
		"a unit too much":      {"R5,市民税,個人,200,－\nR6,市民税,個人,210,105.1\n", "0:ratio_mismatch E4 105.1→105.0%"},
		"a unit too little":    {"R5,市民税,個人,200,－\nR6,市民税,個人,210,104.9\n", "0:ratio_mismatch E4 104.9→105.0%"},
		"less than a unit":     {"R5,市民税,個人,200,－\nR6,市民税,個人,210.1,105.0\n", ""},
		"the first of an item": {"R5,市民税,個人,200,－\nR6,市民税,個人,210,105.0\nR5,市民税,法人,100,12.3\nR6,市民税,法人,200,200.0\n", ""},
		"items in turn": {
			"R5,市民税,個人,200,－\nR5,市民税,法人,100,－\nR6,市民税,個人,210,105.0\nR6,市民税,法人,100,105.0\n",
			"0:ratio_mismatch E6 105.0→100.0%",
		},
		"nothing to divide by": {"R5,市民税,個人,0,－\nR6,市民税,個人,210,105.0\n", ""},
		"a blank before":       {"R5,市民税,個人,－,－\nR6,市民税,個人,210,105.0\n", ""},
		"the newest first":     {"R6,市民税,個人,210,105.0\nR5,市民税,個人,200,98.0\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ratioFindings(t, yaml, head+c.sheet); got != c.want {
				t.Errorf("findings %q, want %q", got, c.want)
			}
		})
	}
	monthly := strings.Replace(rates, "words: [年度]", "words: [決算年度]", 1) + "key: [item]\n" +
		"ratios:\n  - {field: change, of: income, to_previous: row}\n"
	if got := ratioFindings(t, monthly, "税目,収入額,前年度比\n4月,100,－\n5月,110,110.0\n6月,110,101.0\n"); got !=
		"0:ratio_mismatch C5 101.0→100.0%" {
		t.Errorf("without a year: findings %q", got)
	}
}

// A ratio to the year before is found on the same sheet, in whatever order, and in the file of the year before.
func TestRatiosToTheYearBefore(t *testing.T) {
	yaml := rates + keyed + "ratios:\n  - {field: change, of: income, to_previous: year}\n"
	head := "年度,税目,区分,収入額,前年度比\n"
	for name, c := range map[string]struct {
		sheets []string
		want   string
	}{
		"the newest first": {[]string{head + "R6,市民税,個人,210,105.0\nR5,市民税,個人,200,98.0\n"}, ""},
		"stale":            {[]string{head + "R6,市民税,個人,210,98.0\nR5,市民税,個人,200,98.0\n"}, "0:ratio_mismatch E3 98.0→105.0%"},
		"another file": {
			[]string{head + "R5,市民税,個人,200,98.0\n", head + "R6,市民税,個人,210,104.9\n"}, "1:ratio_mismatch E3 104.9→105.0%",
		},
		"another file, right": {
			[]string{head + "R5,市民税,個人,200,98.0\n", head + "R6,市民税,個人,210,105.0\n"}, "",
		},
		"two years before": {[]string{head + "R4,市民税,個人,200,98.0\n", head + "R6,市民税,個人,210,98.0\n"}, ""},
		"another item":     {[]string{head + "R5,市民税,法人,200,98.0\n", head + "R6,市民税,個人,210,98.0\n"}, ""},
		"the year before left out": {
			[]string{head + "R5,市民税,個人,2OO,98.0\n", head + "R6,市民税,個人,210,98.0\n"}, "0:number_unreadable D3 2OO→数値",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ratioFindings(t, yaml, c.sheets...); got != c.want {
				t.Errorf("findings %q, want %q", got, c.want)
			}
		})
	}
	scoped := strings.NewReplacer(
		"name: income, type: number", "name: income, type: number, scoped: true",
		"name: change, type: number", "name: change, type: number, scoped: true",
	).Replace(rates) + "key: [item]\nratios:\n  - {field: change, of: income, to_previous: year}\n"
	sheet := "税目,令和5年度収入額,令和6年度収入額,令和6年度前年度比\n市民税,200,210,105.0\n法人税,100,105,104.9\n"
	if got := ratioFindings(t, scoped, sheet); got != "0:ratio_mismatch D4 104.9→105.0%" {
		t.Errorf("columns of years: findings %q", got)
	}
}

// What a ratio cannot mean is refused with its line.
func TestMistakesInRatios(t *testing.T) {
	for name, c := range map[string]struct{ yaml, says string }{
		"nothing to divide by": {rates + keyed + "ratios:\n  - {field: rate, of: income}\n", ":16: ratios: に to:"},
		"no such condition": {
			rates + keyed + "ratios:\n  - {field: rate, of: income, to: adjusted, when: [{field: kind, is: [あ]}]}\n",
			":16: 「kind」",
		},
		"another record": {rates + keyed + "ratios:\n  - {field: rate, of: income, to_previous: month}\n", "row, year"},
		"no year": {
			strings.Replace(rates, "name: year, type: year", "name: term, type: label", 1) +
				"key: [term, item]\nratios:\n  - {field: change, of: income, to_previous: year}\n", ":16: to_previous: year には",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(fstest.MapFS{"forms/様式.yaml": {Data: []byte(c.yaml)}}, "forms")
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("says %v, want %q", err, c.says)
			}
		})
	}
}
