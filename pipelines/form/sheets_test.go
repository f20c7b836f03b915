package form

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/record"
)

// Small sheets of the kinds on which a figure was once taken for another record, field, year or unit, or lost: each is
// read as testdata/sheets/read.txt says, in a folder of 令和8年度.
func TestSheets(t *testing.T) {
	raw, err := os.ReadFile("testdata/sheets/cases.txt")
	if err != nil {
		t.Fatal(err)
	}
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, part := range strings.Split("\n"+string(raw), "\n=== ")[1:] {
		name, sheet, _ := strings.Cut(part, "\n")
		w := record.Workbook{Path: "inputs/市/令和8年度/部/課/調査票.csv", FiscalYear: 2026}
		Read(forms, &w, []byte(strings.TrimRight(sheet, "\n")+"\n"))
		fmt.Fprintf(&got, "=== %s: %s\n%s\n", name, w.Status, saidOf(&w))
	}
	const file = "testdata/sheets/read.txt"
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	gots, wants := strings.Split(got.String(), "=== "), strings.Split(string(want), "=== ")
	if len(gots) != len(wants) {
		t.Fatalf("%d sheets were read, %s has %d", len(gots)-1, file, len(wants)-1)
	}
	for k := range gots {
		if gots[k] != wants[k] {
			t.Errorf("differs from %s (-update rewrites it):\ngot  %s\nwant %s", file, gots[k], wants[k])
		}
	}
}

// saidOf lists what was read of a workbook: a line a record, with its fields and their cells, and a line a finding.
func saidOf(w *record.Workbook) string {
	var b strings.Builder
	for i := range w.Records {
		r := &w.Records[i]
		state := "counts"
		if r.Excluded {
			state = "left out"
		}
		var fields []string
		for _, f := range r.Fields {
			year := ""
			if f.Scope != "" {
				year = "/" + f.Scope
			}
			fields = append(fields, fmt.Sprintf("%s%s=%s%s@%s", f.Name, year, f.Value, f.Unit, f.Cell))
		}
		slices.Sort(fields)
		fmt.Fprintf(&b, "  %s: %s\n", state, strings.Join(fields, " "))
	}
	for _, f := range w.Findings {
		fmt.Fprintf(&b, "  %s %s %s %s\n", f.Severity, f.Code, f.Cell, f.Message)
	}
	return b.String()
}
