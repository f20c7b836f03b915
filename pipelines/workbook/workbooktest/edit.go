// Package workbooktest writes and edits real workbooks for the tests of other packages.
package workbooktest

import (
	"bytes"
	"strconv"
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

// Marked is the fill colour and the comment of a cell.
func Marked(t *testing.T, path, sheet, cell string) (fill, comment string) {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatalf("opening %s: %v", path, err)
	}
	defer f.Close() //nolint:errcheck // read only
	id, err := f.GetCellStyle(sheet, cell)
	if err != nil {
		t.Fatal(err)
	}
	style, err := f.GetStyle(id)
	if err != nil {
		t.Fatal(err)
	}
	if len(style.Fill.Color) > 0 {
		fill = style.Fill.Color[0]
	}
	comments, err := f.GetComments(sheet)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range comments {
		if c.Cell == cell {
			comment += c.Text
			for _, p := range c.Paragraph {
				comment += p.Text
			}
		}
	}
	return fill, comment
}

// Sheets are the names of a workbook's sheets, in order.
func Sheets(t *testing.T, path string) []string {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatalf("opening %s: %v", path, err)
	}
	defer f.Close() //nolint:errcheck // read only
	return f.GetSheetList()
}

// Link is where a cell's link leads.
func Link(t *testing.T, path, sheet, cell string) string {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatalf("opening %s: %v", path, err)
	}
	defer f.Close() //nolint:errcheck // read only
	_, target, err := f.GetCellHyperLink(sheet, cell)
	if err != nil {
		t.Fatal(err)
	}
	return target
}

// Fill opens a workbook on disk and lets f answer for every row of a sheet from a row (1 for the first) until one whose
// key column is empty: f is given the row's cells by column, and returns those to set.
func Fill(t *testing.T, path, sheet string, from int, key string, f func(row map[string]string) map[string]string) int {
	t.Helper()
	file, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatalf("opening %s: %v", path, err)
	}
	defer file.Close() //nolint:errcheck // saved below
	rows := 0
	for at := from; ; at++ {
		row := map[string]string{}
		for col := 1; col <= 26; col++ {
			name, err := excelize.ColumnNumberToName(col)
			if err != nil {
				t.Fatal(err)
			}
			if row[name], err = file.GetCellValue(sheet, name+strconv.Itoa(at)); err != nil {
				t.Fatal(err)
			}
		}
		if row[key] == "" {
			break
		}
		rows++
		for col, text := range f(row) {
			if err := file.SetCellStr(sheet, col+strconv.Itoa(at), text); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := file.Save(); err != nil {
		t.Fatalf("saving %s: %v", path, err)
	}
	return rows
}

// Printed is how a sheet is printed: its page, the rows that stand on every page, and what is printed of it.
type Printed struct {
	Landscape   bool
	Paper       int // 9 is A4
	Wide, Tall  int // pages; 0 for as many as it takes
	Titles      string
	Area        string
	Widths      []float64 // of the columns, from A
	LetterSize  float64   // points, of the first row of the table
	FitsToPages bool
}

// Page says how a sheet of a workbook is printed; row is one of its table, 1 for the first.
func Page(t *testing.T, data []byte, sheet string, row, columns int) Printed {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // read only
	var out Printed
	layout, err := f.GetPageLayout(sheet)
	if err != nil {
		t.Fatal(err)
	}
	props, err := f.GetSheetProps(sheet)
	if err != nil {
		t.Fatal(err)
	}
	out.Landscape = layout.Orientation != nil && *layout.Orientation == "landscape"
	out.FitsToPages = props.FitToPage != nil && *props.FitToPage
	for to, from := range map[*int]*int{&out.Paper: layout.Size, &out.Wide: layout.FitToWidth, &out.Tall: layout.FitToHeight} {
		if from != nil {
			*to = *from
		}
	}
	for _, n := range f.GetDefinedName() {
		switch n.Name {
		case "_xlnm.Print_Titles":
			out.Titles = n.RefersTo
		case "_xlnm.Print_Area":
			out.Area = n.RefersTo
		}
	}
	for i := range columns {
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			t.Fatal(err)
		}
		wide, err := f.GetColWidth(sheet, name)
		if err != nil {
			t.Fatal(err)
		}
		out.Widths = append(out.Widths, wide)
	}
	id, err := f.GetCellStyle(sheet, "A"+strconv.Itoa(row))
	if err != nil {
		t.Fatal(err)
	}
	style, err := f.GetStyle(id)
	if err != nil {
		t.Fatal(err)
	}
	out.LetterSize = style.Font.Size
	return out
}
