package form

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
)

// The sample cities' workbooks are read as ever: a rule that suddenly refuses, or takes, something in them shows here
// in a second. What each value must be, the tests of nightly say.
func TestInputs(t *testing.T) {
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	err = filepath.WalkDir("../../inputs", func(path string, d fs.DirEntry, err error) error {
		parts := strings.Split(filepath.ToSlash(path), "/")
		const year = 4 // ../../inputs/市/令和8年度/部/課/調査票.xlsx
		if err != nil || d.IsDir() || len(parts) < year+3 {
			return err
		}
		w := record.Workbook{Path: path}
		w.FiscalYear, _ = fiscal.ParseYear(parts[year])
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		Read(forms, &w, data, limits.Default())
		counts["workbooks"]++
		for i := range w.Records {
			counts["records"]++
			counts["fields"] += len(w.Records[i].Fields)
			if w.Records[i].Excluded {
				counts["records left out"]++
			}
		}
		for _, f := range w.Findings {
			counts[f.Severity+" "+f.Code]++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, what := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(&got, "%s: %d\n", what, counts[what])
	}
	const file = "testdata/sheets/inputs.txt"
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("differs from %s (-update rewrites it):\n%s", file, got.String())
	}
}
