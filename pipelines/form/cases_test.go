package form_test

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"kyogikai/pipelines/form"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
)

// Each folder is a workbook that was once read wrong or not at all, in the folder of its year. Its expected.csv is
// every value that must come out, and no other may: `or` says what else will do, "may" that the value may be absent
// (its record has an error), another word that it may where an error or warning quotes that word. Its findings.csv says
// which findings must or must never be there; an empty column fits all.
func TestCases(t *testing.T) {
	for _, group := range []struct {
		glob  string
		least int
	}{{"testdata/reading/*/*/調査票.*", 15}, {"testdata/drawn/*/*/調査票.*", 20}} {
		files, err := filepath.Glob(group.glob)
		if err != nil || len(files) < group.least {
			t.Fatalf("%s: %d cases, %v", group.glob, len(files), err)
		}
		for _, file := range files {
			folder := filepath.Dir(filepath.Dir(file))
			t.Run(filepath.Base(folder), func(t *testing.T) {
				w := readCase(t, file, folder)
				checkValues(t, filepath.Join(folder, "expected.csv"), &w)
				checkFindings(t, filepath.Join(folder, "findings.csv"), &w)
				if t.Failed() {
					t.Log("\n" + pictureOf(t, file, &w))
				}
			})
		}
	}
}

// readCase reads a workbook with the form that lies in its folder, or beside it, or else with the forms shipped.
func readCase(t *testing.T, file, folder string) record.Workbook {
	t.Helper()
	forms := shippedForms(t)
	for _, dir := range []string{folder, filepath.Dir(folder)} {
		if _, err := os.Stat(filepath.Join(dir, "form.yaml")); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		own, err := form.Load(os.DirFS(dir), ".")
		if err != nil {
			t.Fatal(err)
		}
		forms = own
		break
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	w := record.Workbook{Path: filepath.Base(file), FiscalYear: folderYear(file), Department: "総務課"}
	form.Read(forms, &w, data, limits.Default())
	return w
}

func shippedForms(t testing.TB) []form.Form {
	t.Helper()
	forms, err := loadShipped()
	if err != nil {
		t.Fatal(err)
	}
	return forms
}

var loadShipped = sync.OnceValues(func() ([]form.Form, error) {
	return form.Load(os.DirFS("../.."), "templates/forms")
})

var yearFolder = regexp.MustCompile(`令和(\d+)年度`)

// folderYear is the western year that a path's folder names; 0 for none.
func folderYear(file string) int {
	const beforeReiwa = 2018
	m := yearFolder.FindStringSubmatch(filepath.ToSlash(file))
	if m == nil {
		return 0
	}
	n, _ := strconv.Atoi(m[1])
	return beforeReiwa + n
}

func checkValues(t *testing.T, file string, w *record.Workbook) {
	t.Helper()
	got := valuesOf(*w)
	for _, row := range table(t, file, "form", "record", "field", "scope", "value", "or") {
		p := place{row[0], normal(row[1]), row[2], row[3]}
		want, or := row[4], row[5]
		switch texts := got[p]; {
		case len(texts) == 0:
			if or != "may" && (or == "" || !quoted(w, or)) {
				t.Errorf("%s: %q is missing", p, want)
			}
		case len(texts) > 1 || !same(want, texts[0]):
			t.Errorf("%s: %q, want %q", p, texts, want)
		}
		delete(got, p)
	}
	for _, p := range got.places() {
		t.Errorf("%s: %q is nowhere in the workbook", p, got[p])
	}
}

// quoted reports whether an error or a warning names a word.
func quoted(w *record.Workbook, word string) bool {
	for _, f := range w.Findings {
		if f.Severity != record.Info && strings.Contains(f.Message+f.Found, word) {
			return true
		}
	}
	return false
}

func checkFindings(t *testing.T, file string, w *record.Workbook) {
	t.Helper()
	for _, row := range table(t, file, "expect", "severity", "cell", "word") {
		expect, severity, cell, word := row[0], row[1], row[2], row[3]
		met := false
		for _, f := range w.Findings {
			fits := (severity == "" || f.Severity == severity) && (cell == "" || f.Cell == cell) &&
				strings.Contains(f.Message+f.Found+f.Expected, word)
			met = met || fits
			if fits && expect == "never" {
				t.Errorf("finding that must not be: %s", told(f))
			}
		}
		switch expect {
		case "never":
		case "must":
			if !met {
				t.Errorf("no finding: %s %s %s", severity, cell, word)
			}
		default:
			t.Fatalf("%s: %q is neither must nor never", file, expect)
		}
	}
}

func told(f record.Finding) string {
	return strings.Join([]string{f.Severity, f.Code, f.Sheet + "!" + f.Cell, f.Message}, " ")
}

// table reads a CSV with a given head.
func table(t *testing.T, file string, head ...string) [][]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // read only
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) == 0 || strings.Join(rows[0], ",") != strings.Join(head, ",") {
		t.Fatalf("%s: %v, want the head %v", file, err, head)
	}
	return rows[1:]
}
