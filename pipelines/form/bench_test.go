package form

import (
	"os"
	"path/filepath"
	"testing"

	"kyogikai/pipelines/record"
)

// BenchmarkRead reads the case folders, whose grids cost next to nothing to open: what remains is matching.
func BenchmarkRead(b *testing.B) {
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		b.Fatal(err)
	}
	cases, err := filepath.Glob("testdata/*/調査票.csv")
	if err != nil || len(cases) == 0 {
		b.Fatalf("%d cases, %v", len(cases), err)
	}
	var files [][]byte
	for _, c := range cases {
		data, err := os.ReadFile(c)
		if err != nil {
			b.Fatal(err)
		}
		files = append(files, data)
	}
	for b.Loop() {
		for _, data := range files {
			w := record.Workbook{Path: "調査票.csv", FiscalYear: 2024}
			Read(forms, &w, data)
		}
	}
}
