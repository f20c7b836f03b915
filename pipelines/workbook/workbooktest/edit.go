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
