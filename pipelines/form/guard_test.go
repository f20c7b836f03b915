package form

import (
	"errors"
	"os"
	"strings"
	"testing"

	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
)

// A file over which the reader fails half-way is unreadable as a whole, and says whose fault it is; one over which it
// does not fail is read as without the guard.
func TestGuard(t *testing.T) {
	t.Parallel()
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("testdata/plain/調査票.xlsx")
	if err != nil {
		data, err = os.ReadFile("testdata/plain/調査票.csv")
	}
	if err != nil {
		t.Fatal(err)
	}
	book := func() *record.Workbook {
		return &record.Workbook{
			Path: "inputs/市/令和6年度/部/課/調査票.csv", Municipality: "市", FiscalYear: 2024, Department: "課",
		}
	}
	bare, guarded := book(), book()
	Read(forms, bare, data, limits.Default())
	if err := Guard(Read, forms, guarded, data, limits.Default()); err != nil || guarded.Status != bare.Status ||
		len(guarded.Records) != len(bare.Records) || len(bare.Records) == 0 {
		t.Errorf("%v: %s, %d records, want %s, %d", err, guarded.Status, len(guarded.Records), bare.Status, len(bare.Records))
	}

	failing := func(forms []Form, w *record.Workbook, data []byte, within limits.Set) {
		Read(forms, w, data, within)
		var none *Form
		w.Status = none.Name // after all has been read
	}
	half := book()
	err = Guard(failing, forms, half, data, limits.Default())
	var p *fault.PanicError
	if !errors.As(err, &p) || !strings.Contains(string(p.Stack), "guard_test.go") {
		t.Errorf("developers are told %v", err)
	}
	if half.Status != record.StatusUnreadable || len(half.Records)+len(half.Cells)+len(half.Forms)+len(half.Stated) > 0 {
		t.Errorf("something of it counts: %+v", half)
	}
	if len(half.Findings) != 1 {
		t.Fatalf("%+v", half.Findings)
	}
	f := half.Findings[0]
	if f.Code != finding.WorkbookUnreadable || f.Severity != record.Error || f.Path != half.Path || f.Department != "課" ||
		!strings.Contains(f.Message, "プログラムの不具合") || !strings.Contains(f.Message, "「調査票.csv」") {
		t.Errorf("%+v", f)
	}
}
