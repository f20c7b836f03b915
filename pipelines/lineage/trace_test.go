package lineage

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/brief"
)

// traced publishes a city of many rows and traces a figure of a paper with two queries.
func traced(t *testing.T, f brief.Figure) Trail {
	t.Helper()
	w := city(t)
	welfare := w.file(welfareFile)
	for i := range 10 {
		welfare.rows = append(welfare.rows, [3]string{fmt.Sprint("指標", i), "1件", fmt.Sprint(i, "件")})
	}
	p := brief.Paper{
		Queries: map[string]string{
			"counts": "\n  SELECT * FROM marts.tally WHERE fiscal_year = $year  \n",
			"q":      "FROM marts.indicators JOIN marts.tally USING (fiscal_year)",
		},
		Parameters: map[string]any{"year": 2024, "municipality": "見本市"},
	}
	trail, err := Trace(context.Background(), w.publish(t), "templates/briefs/見本.md", p, f)
	if err != nil {
		t.Fatal(err)
	}
	return trail
}

// The cells stand in the order in which a person reads them, each once, with what they were read as and what stands
// there.
func TestTraceNamesTheCells(t *testing.T) {
	f := printed("会議/1/表/計/件数", "3件",
		source("actual", welfareFile, "C10"), source("target", welfareFile, "AA3"), source("actual", welfareFile, "C2"),
		source("actual", welfareFile, "C2"), source("target", welfareFile, "B3"), source("actual", staffFile, "C2"),
		brief.Source{Field: "due", Path: duties, Cell: "A3"}, source("actual", lastYearFile, "C2"),
		brief.Source{Field: "hours_per_person", Path: "kyogikai.yaml"})
	f.Revised = &brief.Revision{Published: "4", Today: "3"}
	trail := traced(t, f)
	var got []string
	for _, c := range trail.Cells {
		words := []string{c.Path, c.Sheet, c.Cell, c.Field, c.Meaning, c.Text, fmt.Sprint(c.Known)}
		got = append(got, strings.Join(words, " "))
	}
	want := []string{
		lastYearFile + " 表 C2 actual 実績値 490件 true",
		welfareFile + " 表 C2 actual 実績値 520件 true",
		welfareFile + " 表 B3 target 目標値 30回 true",
		welfareFile + " 表 AA3 target 目標値  false",
		welfareFile + " 表 C10 actual 実績値 6件 true",
		staffFile + " 表 C2 actual 実績値 1,383人 true",
		duties + "  A3 due 提出対象  false",
		"kyogikai.yaml   hours_per_person   false",
	}
	if !slices.Equal(got, want) {
		t.Errorf("\n got\n  %s\n want\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
	if trail.Examined || !reflect.DeepEqual(trail.Figure, f) {
		t.Errorf("examined %v, figure %+v", trail.Examined, trail.Figure)
	}
}

// The queries of a figure stand once each, in the order of its origins, with the parameters that they name; below them
// the models, the nearest first.
func TestTraceShowsTheSQL(t *testing.T) {
	f := brief.Figure{Origins: []brief.Origin{{Query: "counts", Examined: true}, {Query: "q"}, {Query: "counts"}}}
	trail := traced(t, f)
	want := []Step{
		{
			Name: "counts", File: "templates/briefs/見本.md", SQL: "SELECT * FROM marts.tally WHERE fiscal_year = $year",
			Needs: []string{"marts.tally"}, Parameters: map[string]any{"year": 2024},
		},
		{
			Name: "q", File: "templates/briefs/見本.md",
			SQL:   "FROM marts.indicators JOIN marts.tally USING (fiscal_year)",
			Needs: []string{"marts.indicators", "marts.tally"}, Parameters: map[string]any{},
		},
	}
	if !reflect.DeepEqual(trail.Queries, want) {
		t.Errorf("got %+v", trail.Queries)
	}
	var models []string
	for _, m := range trail.Models {
		models = append(models, m.Name+" "+m.File+" "+strings.Join(m.Needs, ","))
		if !strings.Contains(m.SQL, "SELECT") {
			t.Errorf("the SQL of %s is %q", m.Name, m.SQL)
		}
	}
	if want := []string{
		"marts.tally sql/marts/tally.sql staging.indicators",
		"marts.indicators sql/marts/indicators.sql staging.indicators",
		"staging.indicators sql/staging/indicators.sql ",
	}; !slices.Equal(models, want) {
		t.Errorf("models %q", models)
	}
	if !trail.Examined {
		t.Error("that the cells were only looked through is not told")
	}
}

// A query that cannot be read is named.
func TestTraceNamesTheQueryThatIsNone(t *testing.T) {
	p := brief.Paper{Queries: map[string]string{"半端": "SELECT FROM WHERE"}}
	f := brief.Figure{Origins: []brief.Origin{{Query: "半端"}}}
	_, err := Trace(context.Background(), city(t).publish(t), "a.md", p, f)
	if err == nil || !strings.Contains(err.Error(), "半端") {
		t.Errorf("got %v", err)
	}
}
