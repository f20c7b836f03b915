package workbooktest

import (
	"testing"

	"github.com/xuri/excelize/v2"
)

// Sheet is a sheet to be written: its rows, its merged ranges (A1, C1), what is hidden, and formulas without a result.
type Sheet struct {
	Name          string
	Rows          [][]any
	Merged        [][2]string
	Formulas      map[string]string // by cell
	HiddenRows    []int             // 1-based
	HiddenColumns []string
	Hidden        bool
}

// Write makes an .xlsx of sheets, of which the first is not hidden.
func Write(t *testing.T, sheets ...Sheet) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // written below
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, s := range sheets {
		if i == 0 {
			do(f.SetSheetName("Sheet1", s.Name))
		} else {
			_, err := f.NewSheet(s.Name)
			do(err)
		}
		for k, row := range s.Rows {
			cell, err := excelize.CoordinatesToCellName(1, k+1)
			do(err)
			do(f.SetSheetRow(s.Name, cell, &row))
		}
		for _, m := range s.Merged {
			do(f.MergeCell(s.Name, m[0], m[1]))
		}
		for cell, formula := range s.Formulas {
			do(f.SetCellFormula(s.Name, cell, formula))
		}
		for _, row := range s.HiddenRows {
			do(f.SetRowVisible(s.Name, row, false))
		}
		for _, column := range s.HiddenColumns {
			do(f.SetColVisible(s.Name, column, false))
		}
		do(f.SetSheetVisible(s.Name, !s.Hidden))
	}
	out, err := f.WriteToBuffer()
	do(err)
	return out.Bytes()
}
