package form

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
)

// olderForms are the forms as they came with version 0.1: cities have their own, written after them.
const olderForms = "testdata/forms_0.1"

// The forms of an earlier version load, each with all that it said.
func TestFormsOfEarlierVersionLoad(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(olderForms + "/*.yaml")
	if err != nil || len(files) != 9 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	forms, err := Load(os.DirFS("."), olderForms)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for i := range forms {
		f := &forms[i]
		if f.Name == "" || len(f.Titles) == 0 || len(f.Fields) == 0 && f.Series == nil {
			t.Errorf("%s/%s has lost what it said", f.ID, f.Record)
		}
		got = append(got, f.ID+"/"+f.Record)
	}
	if want := strings.Fields("A/indicator B/initiative C/indicator_value D/initiative_text E/planned_project " +
		"E/reduction E/current_project F/tax_settlement K/confirmation"); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// A workbook says the same by the forms of an earlier version as by those of today.
func TestFormsOfEarlierVersionRead(t *testing.T) {
	t.Parallel()
	older, err := Load(os.DirFS("."), olderForms)
	if err != nil {
		t.Fatal(err)
	}
	today, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	said := func(forms []Form, name string, data []byte) string {
		w := &record.Workbook{Path: name, FiscalYear: 2024, Department: "人事課"}
		Read(forms, w, data, limits.Default())
		var b strings.Builder
		fmt.Fprintln(&b, w.Status, w.Forms, len(w.Findings))
		for _, r := range w.Records {
			fmt.Fprintln(&b, r.Form, r.Kind, r.FiscalYear, r.Sheet, r.Cell, r.Key, r.Excluded)
			for _, f := range r.Fields {
				fmt.Fprintln(&b, "  ", f.Name, f.Scope, f.Value, f.Unit, f.Comparator, f.Cell)
			}
		}
		if len(w.Records) == 0 {
			t.Errorf("%s holds nothing", name)
		}
		return b.String()
	}
	for _, name := range []string{
		"plain", "cards_value_right", "series_across", "series_down", "tabs_with_preamble", "notes_and_totals", "years_down",
		"project_lists", "two_row_header", "text_cards", "group_heads", "card_revised_target", "units",
	} {
		files, err := filepath.Glob("testdata/" + name + "/調査票.*")
		if err != nil || len(files) != 1 {
			t.Fatalf("%s: %q, %v", name, files, err)
		}
		data, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		if then, now := said(older, files[0], data), said(today, files[0], data); then != now {
			t.Errorf("%s: by the older forms\n%s\nby today's\n%s", name, then, now)
		}
	}
}
