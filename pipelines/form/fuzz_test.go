package form

import (
	"os"
	"path/filepath"
	"testing"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
)

// Whatever a department sends, reading it ends with records and findings, never with a panic; a record that a finding
// of severity error is about carries no value into a figure.
func FuzzRead(f *testing.F) {
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		f.Fatal(err)
	}
	cases, err := filepath.Glob("testdata/*/調査票.csv")
	if err != nil || len(cases) < 10 {
		f.Fatalf("%d seeds, %v", len(cases), err)
	}
	for _, file := range cases {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		w := record.Workbook{Path: "調査票.csv", FiscalYear: 2024, Municipality: "市", Department: "課"}
		Read(forms, &w, data, limits.Default())
		if w.Status == "" {
			t.Error("the file has no status")
		}
		Screen(forms, []*record.Workbook{&w}, Masters{})
		for _, finding := range w.Findings {
			if finding.Message == "" || finding.Severity == "" {
				t.Errorf("finding without words: %+v", finding)
			}
		}
	})
}
