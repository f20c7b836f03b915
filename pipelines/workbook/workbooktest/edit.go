// Package workbooktest writes and edits real workbooks for the tests of other packages.
package workbooktest

import (
	"testing"

	"github.com/xuri/excelize/v2"
)

// SetCell changes one cell of a workbook on disk.
func SetCell(t *testing.T, path, sheet, cell string, value any) {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatalf("opening %s: %v", path, err)
	}
	defer f.Close() //nolint:errcheck // saved below
	if err := f.SetCellValue(sheet, cell, value); err != nil {
		t.Fatalf("setting %s %s: %v", path, cell, err)
	}
	if err := f.Save(); err != nil {
		t.Fatalf("saving %s: %v", path, err)
	}
}

// Cell reads one cell's text, by the library's own getter.
func Cell(t *testing.T, path, sheet, cell string) string {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatalf("opening %s: %v", path, err)
	}
	defer f.Close() //nolint:errcheck // read only
	v, err := f.GetCellValue(sheet, cell)
	if err != nil {
		t.Fatalf("reading %s %s: %v", path, cell, err)
	}
	return v
}

// New makes an .xlsx of one sheet: strings become text, numbers numbers.
func New(t *testing.T, sheet string, rows [][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // nothing is written by it
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetSheetRow(sheet, cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
