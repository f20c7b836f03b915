package form

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// reading is what a case's workbook yields, as its golden file states it.
type reading struct {
	Status   string
	Forms    []string
	Records  []goldenRecord
	Findings []string
}

type goldenRecord struct {
	Cell, Key string
	Year      int
	Excluded  bool `json:",omitempty"`
	Fields    map[string]string
}

// Each folder of testdata is a case: the workbook that a department sent, and what must come out.
func TestGolden(t *testing.T) {
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	cases, err := filepath.Glob("testdata/*/調査票.*")
	if err != nil || len(cases) < 10 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for _, file := range cases {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			w := record.Workbook{Path: filepath.Base(file), FiscalYear: 2024, Department: "人事課"}
			Read(forms, &w, data, limits.Default())
			compare(t, filepath.Join(filepath.Dir(file), "expected.json"), asReading(w))
		})
	}
}

func asReading(w record.Workbook) reading {
	r := reading{Status: w.Status, Forms: w.Forms}
	for _, rec := range w.Records {
		g := goldenRecord{
			Cell: rec.Cell, Key: rec.Key, Year: rec.FiscalYear, Excluded: rec.Excluded, Fields: map[string]string{},
		}
		for _, f := range rec.Fields {
			name := f.Name
			if f.Scope != "" {
				name += "/" + f.Scope
			}
			value := f.Value
			for _, extra := range []string{f.Unit, f.Comparator} {
				if extra != "" {
					value += " " + extra
				}
			}
			g.Fields[name] = value + " @" + f.Cell
		}
		r.Records = append(r.Records, g)
	}
	for _, f := range w.Findings {
		r.Findings = append(r.Findings, f.Severity+" "+f.Code+" "+f.Cell+" "+f.Message)
	}
	return r
}

func compare(t *testing.T, golden string, got reading) {
	t.Helper()
	data, err := json.MarshalIndent(got, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, append(data, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != string(data)+"\n" {
		t.Errorf("differs from %s (go test ./pipelines/form -update rewrites it):\n%s", golden, data)
	}
}
