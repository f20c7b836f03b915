package form

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
	"kyogikai/pipelines/workbook/workbooktest"
)

// An intake workbook is written from last year's answers, filled in, read back, and says what was filled in: the same
// identities, last year's values as they were, this year's as typed.
func TestIntakeRoundTrip(t *testing.T) {
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		source string
		year   int // of the answers
	}{
		"indicators":  {"testdata/years_down/調査票.xlsx", 2026},
		"initiatives": {"testdata/plain/調査票.csv", 2024},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(c.source)
			if err != nil {
				t.Fatal(err)
			}
			before := record.Workbook{Path: filepath.Base(c.source), FiscalYear: c.year}
			Read(forms, &before, data, limits.Default())
			if len(before.Records) == 0 {
				t.Fatal("no records to ask for again")
			}
			f := formOf(forms, before.Records[0])
			sheet := f.Intake(asker(c.year+1), before.Records)
			written, err := workbook.WriteIntake(workbook.Intake{Sheets: []workbook.IntakeSheet{sheet}})
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "調査票.xlsx")
			if err := os.WriteFile(path, written, 0o644); err != nil {
				t.Fatal(err)
			}
			filled := fillOpen(t, path, sheet)
			data, err = os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			after := record.Workbook{Path: "調査票.xlsx", FiscalYear: c.year + 1}
			Read(forms, &after, data, limits.Default())
			for _, finding := range after.Findings {
				if finding.Severity == record.Error {
					t.Errorf("%s %s: %s", finding.Cell, finding.Code, finding.Message)
				}
			}
			sameRecords(t, before, after, c.year+1, filled)
		})
	}
}

// asker is a department that is asked for a year.
func asker(year int) Asker {
	return Asker{
		Municipality: "市", Bureau: "部", Department: "課", FiscalYear: year, Due: "2027-01-15",
		SendTo: "共有フォルダ「調査票提出」", Contact: "総務部行政管理課（内線 2345、gyosei@example.lg.jp）",
	}
}

// firstRowOf is the row of an intake sheet's first record: below the lines, the guide, a blank row and the heads.
func firstRowOf(s workbook.IntakeSheet) int { return len(s.Lines) + len(s.Guide) + 3 }

func formOf(forms []Form, r record.Record) *Form {
	for i := range forms {
		if forms[i].ID == r.Form && forms[i].Record == r.Kind {
			return &forms[i]
		}
	}
	return nil
}

// fillOpen types something into every open cell of the rows: the first choice of a drop-down, a number. It returns what
// was typed, by cell.
func fillOpen(t *testing.T, path string, s workbook.IntakeSheet) map[string]string {
	t.Helper()
	filled := map[string]string{}
	first := firstRowOf(s)
	for i, row := range s.Rows {
		for j, cell := range row {
			value := ""
			switch c := s.Columns[j]; {
			case !cell.Open || cell.Text != "":
			case c.Head == "終了区分" || c.Head == "終了年度":
			case len(c.Choices) > 0:
				value = c.Choices[0]
			case c.Number:
				value = "12.5"
			}
			if value == "" {
				continue
			}
			ref := columnLetters(j) + strconv.Itoa(first+i)
			workbooktest.SetCell(t, path, s.Name, ref, value)
			filled[ref] = value
		}
	}
	if len(filled) == 0 {
		t.Fatal("nothing is asked")
	}
	return filled
}

func columnLetters(j int) string {
	if j >= 26 {
		return string(rune('A'+j/26-1)) + string(rune('A'+j%26))
	}
	return string(rune('A' + j))
}

// sameRecords compares what was asked with what came back.
func sameRecords(t *testing.T, before, after record.Workbook, year int, filled map[string]string) {
	t.Helper()
	byKey := map[string]*record.Record{}
	for i := range after.Records {
		byKey[after.Records[i].Key] = &after.Records[i]
	}
	if len(byKey) != len(after.Records) || len(after.Records) != len(before.Records) {
		t.Fatalf("%d records came back of %d", len(after.Records), len(before.Records))
	}
	typed := 0
	for _, old := range before.Records {
		now := byKey[old.Key]
		if now == nil {
			t.Errorf("%s did not come back", old.Key)
			continue
		}
		for _, f := range old.Fields {
			got, ok := now.Field(f.Name, f.Scope)
			switch {
			case f.Scope != "" && f.Scope != record.WholePeriod &&
				f.Scope < strconv.Itoa(year-1), f.Name == "narrative", f.Name == "remarks",
				f.Name == "stated_department", f.Scope == strconv.Itoa(year):
			case f.Value == "" && !ok:
			case got.Value != f.Value || got.Comparator != f.Comparator:
				t.Errorf("%s %s/%s: %q came back as %q", old.Key, f.Name, f.Scope, f.Value, got.Value)
			}
		}
		for _, f := range now.Fields {
			if value, ok := filled[f.Cell]; ok {
				typed++
				if f.Value != value {
					t.Errorf("%s: typed %q, read %q", f.Cell, value, f.Value)
				}
			}
		}
	}
	if typed != len(filled) {
		t.Errorf("%d of %d typed values came back", typed, len(filled))
	}
}
