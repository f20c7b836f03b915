package form

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kyogikai/pipelines/limits"
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
			Read(forms, &w, data, limits.Default())
		}
	}
}

// BenchmarkReadInputs reads every .xlsx of the sample cities into records; see BenchmarkBareRows of workbook beside it.
func BenchmarkReadInputs(b *testing.B) {
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		b.Fatal(err)
	}
	files := map[string][]byte{}
	err = filepath.WalkDir("../../inputs", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(p) != ".xlsx" || strings.HasPrefix(d.Name(), "~$") {
			return err
		}
		files[p], err = os.ReadFile(p)
		return err
	})
	if err != nil || len(files) < 100 {
		b.Fatalf("%d files, %v", len(files), err)
	}
	for b.Loop() {
		for path, data := range files {
			w := record.Workbook{Path: path, FiscalYear: 2024}
			Read(forms, &w, data, limits.Default())
		}
	}
}
