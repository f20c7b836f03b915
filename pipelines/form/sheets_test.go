package form

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook/workbooktest"
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
		Read(forms, &w, []byte(strings.TrimRight(sheet, "\n")+"\n"), limits.Default())
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
			fields = append(fields, fmt.Sprintf("%s%s=%s%s@%s", f.Name, year, f.Value, f.Unit+qualities(f), f.Cell))
		}
		slices.Sort(fields)
		fmt.Fprintf(&b, "  %s: %s\n", state, strings.Join(fields, " "))
	}
	for _, f := range w.Findings {
		fmt.Fprintf(&b, "  %s %s %s %s\n", f.Severity, f.Code, f.Cell, f.Message)
	}
	return b.String()
}

// A number merged over two places is of neither: two fields, two years, an indicator's years, the values of two labels.
// A target that is merged over its years is of each of them.
func TestMergedNumbers(t *testing.T) {
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	attributes := []any{"来館者数", "成果", "人", "増加"}
	list := func(first, second string) [][]any {
		return [][]any{
			{"成果指標調査票"}, {"指標名", "種別", "単位", "方向性", first, second, "令和6年度実績値"},
			slices.Concat(attributes, []any{100, nil, 80}), {"貸出数", "成果", "冊", "増加", 10, 9, 8},
		}
	}
	for _, c := range []struct {
		name   string
		rows   [][]any
		merged [2]string
		cell   string // of the finding; "" where there is none
	}{
		{"two fields", list("令和8年度目標値", "令和8年度実績値"), [2]string{"E3", "F3"}, "E3"},
		{"two years", list("令和7年度実績値", "令和8年度実績値"), [2]string{"E3", "F3"}, "E3"},
		{"a target of two years", list("令和7年度目標値", "令和8年度目標値"), [2]string{"E3", "F3"}, ""},
		{"two years of an indicator", [][]any{
			{"財政指標"}, {"指標", "R5", "R6"}, {"職員数（人）", 90, nil}, {"経常収支比率（％）", 91, 92},
		}, [2]string{"B3", "C3"}, "B3"},
		{"two labels of a card", [][]any{
			{"成果指標調査票"}, {"指標名", "来館者数"}, {"種別", "成果"}, {"単位", "人"}, {"方向性", "増加"},
			{"令和8年度目標値", 100}, {"令和8年度実績値", nil},
		}, [2]string{"B6", "B7"}, "B6"},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := workbooktest.Write(t, workbooktest.Sheet{Name: "調査票", Rows: c.rows, Merged: [][2]string{c.merged}})
			w := record.Workbook{Path: "調査票.xlsx", FiscalYear: 2026}
			Read(forms, &w, data, limits.Default())
			told := ""
			for _, f := range w.Findings {
				if f.Code == finding.ReadingAmbiguous {
					told += f.Cell
				}
			}
			if told != c.cell {
				t.Errorf("reading_ambiguous at %q, want %q:\n%s", told, c.cell, saidOf(&w))
			}
			if w.Records[0].Excluded != (c.cell != "") {
				t.Errorf("excluded: %v\n%s", w.Records[0].Excluded, saidOf(&w))
			}
		})
	}
}

// qualities are what is known of a number beside its value: [見込 年度途中 9月末 約 increase +1290人].
func qualities(f record.Field) string {
	var out []string
	for _, q := range []string{f.Nature, f.Span, f.AsOf, f.Change, f.Remark} {
		if q != "" {
			out = append(out, q)
		}
	}
	if f.Approx {
		out = append(out, "約")
	}
	if f.Second != "" {
		out = append(out, "+"+f.Second+f.SecondUnit)
	}
	if len(out) == 0 {
		return ""
	}
	return "[" + strings.Join(out, " ") + "]"
}
