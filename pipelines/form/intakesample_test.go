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
	"kyogikai/pipelines/workbook"
	"kyogikai/pipelines/workbook/workbooktest"
)

// sampleAnswers are what departments of the sample answered, by the form and the kind of record: a few of each.
func sampleAnswers(t *testing.T, forms []Form) map[string][]record.Workbook {
	t.Helper()
	files, err := filepath.Glob("../../inputs/*/*/*/*/*.xlsx")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d workbooks, %v", len(files), err)
	}
	const few = 3
	out := map[string][]record.Workbook{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		year := 0
		if _, err := fmt.Sscanf(filepath.Base(filepath.Dir(filepath.Dir(filepath.Dir(file)))), "令和%d年度", &year); err != nil {
			t.Fatal(err)
		}
		w := record.Workbook{Path: file, FiscalYear: 2018 + year}
		Read(forms, &w, data, limits.Default())
		by := map[string]record.Workbook{}
		for _, r := range w.Records {
			k := r.Form + "/" + r.Kind
			one := by[k]
			one.Records = append(one.Records, r)
			by[k] = one
		}
		for k, one := range by {
			if len(out[k]) < few {
				out[k] = append(out[k], one)
			}
		}
	}
	return out
}

// readBack writes an intake workbook and reads it, whole and without the sheet that says what it is.
func readBack(t *testing.T, forms []Form, sheet workbook.IntakeSheet, year int) (whole, bare record.Workbook) {
	t.Helper()
	data, err := workbook.WriteIntake(workbook.Intake{Sheets: []workbook.IntakeSheet{sheet}})
	if err != nil {
		t.Fatal(err)
	}
	whole = record.Workbook{Path: "調査票.xlsx", FiscalYear: year}
	Read(forms, &whole, data, limits.Default())
	bare = record.Workbook{Path: "調査票.xlsx", FiscalYear: year}
	Read(forms, &bare, workbooktest.Without(t, data, "_kyogikai"), limits.Default())
	return whole, bare
}

// Of every form that `form` writes, for answers of the sample: what was answered comes back as it was, and nothing that
// the sheet says of filling it in is read as an answer, nor where the hidden sheet is gone.
func TestIntakeOfSample(t *testing.T) {
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	tried := map[string]bool{}
	for k, answers := range sampleAnswers(t, forms) {
		for _, before := range answers {
			f := formOf(forms, before.Records[0])
			if f.Layout != LayoutTable {
				continue
			}
			tried[k] = true
			year := before.Records[0].FiscalYear + 1
			sheet := f.Intake(asker(year), before.Records)
			whole, bare := readBack(t, forms, sheet, year)
			sameAnswers(t, k, f, before.Records, whole, year)
			guided := saidOf(&whole)
			if got := saidOf(&bare); got != guided {
				t.Errorf("%s: without the hidden sheet:\n%s\nwith it:\n%s", k, got, guided)
			}
			for _, c := range whole.Cells {
				if c.Sheet == sheet.Name && slices.Contains(sheet.Guide, c.Text) != (c.Claim == record.ClaimTemplate) {
					t.Errorf("%s %s: 「%s」 was taken for %s", k, c.Ref, c.Text, c.Claim)
				}
			}
			inPrint(t, k, sheet)
			plain := sheet
			plain.Guide = nil
			unguided, _ := readBack(t, forms, plain, year)
			if got := valuesOf(&unguided); got != valuesOf(&whole) {
				t.Errorf("%s: without the guide:\n%s\nwith it:\n%s", k, got, valuesOf(&whole))
			}
		}
	}
	if len(tried) < 5 {
		t.Errorf("only %v were tried", tried)
	}
}

// inPrint checks that a sheet is one page wide on A4 or A3, and what it says can be read there.
func inPrint(t *testing.T, k string, sheet workbook.IntakeSheet) {
	t.Helper()
	data, err := workbook.WriteIntake(workbook.Intake{Sheets: []workbook.IntakeSheet{sheet}})
	if err != nil {
		t.Fatal(err)
	}
	const text, least = 10, 8.995 // points: nine, where the widths fill the page and are rounded
	if points, pages := workbooktest.Printed(t, data, sheet.Name, text); points < least || pages != 1 {
		t.Errorf("%s: %.2f points on %d pages", k, points, pages)
	}
}

// valuesOf are the fields of all records without the cells where they stand.
func valuesOf(w *record.Workbook) string {
	var b strings.Builder
	for _, r := range w.Records {
		fmt.Fprintf(&b, "%s %v", r.Key, r.Excluded)
		for _, f := range r.Fields {
			fmt.Fprintf(&b, " %s/%s=%s%s%s", f.Name, f.Scope, f.Comparator, f.Value, f.Unit+qualities(f))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// sameAnswers compares records with what came back of an intake sheet on which nothing was filled in.
func sameAnswers(t *testing.T, k string, f *Form, before []record.Record, after record.Workbook, year int) {
	t.Helper()
	byKey := map[string]*record.Record{}
	for i := range after.Records {
		byKey[after.Records[i].Key] = &after.Records[i]
	}
	asked := f.asked(year, before)
	for i := range before {
		old := &before[i]
		now := byKey[old.Key]
		if now == nil {
			t.Errorf("%s: %s did not come back\n%s", k, old.Key, saidOf(&after))
			continue
		}
		for _, a := range asked {
			cell := f.cell(a, old, year)
			was, _ := old.Field(a.rule.Name, a.scope)
			is, ok := now.Field(a.rule.Name, a.scope)
			if a.state || cell.Text == "" {
				if ok && !a.rule.fillsDown() && cell.Note == "" {
					t.Errorf("%s %s: %s/%s was blank and came back as %q", k, old.Key, a.rule.Name, a.scope, is.Text)
				}
				continue
			}
			if is.Value != was.Value || is.Comparator != was.Comparator || is.Unit != was.Unit {
				t.Errorf("%s %s: %s/%s %q%s came back as %q%s of 「%s」", k, old.Key, a.rule.Name, a.scope,
					was.Value, was.Unit, is.Value, is.Unit, cell.Text)
			}
		}
	}
}
