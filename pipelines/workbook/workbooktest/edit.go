// Package workbooktest writes and edits real workbooks for the tests of other packages.
package workbooktest

import (
	"bytes"
	"strconv"
	"strings"
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

// Without is a workbook without one of its sheets.
func Without(t *testing.T, data []byte, sheet string) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // nothing is written by it
	if err := f.DeleteSheet(sheet); err != nil {
		t.Fatal(err)
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Notes are what hangs on the cells of a sheet, by their addresses.
func Notes(t *testing.T, path, sheet string) map[string]string {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatalf("opening %s: %v", path, err)
	}
	defer f.Close() //nolint:errcheck // read only
	comments, err := f.GetComments(sheet)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, c := range comments {
		out[c.Cell] = c.Text
	}
	return out
}

// Locked reports a cell into which nothing can be typed while its sheet is protected.
func Locked(t *testing.T, path, sheet, cell string) bool {
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
	return style.Protection == nil || style.Protection.Locked
}

// Printed is the size in points that a text of a sheet has in print, by the paper, the margins and the widths of the
// columns, and how many pages wide the sheet is.
func Printed(t *testing.T, data []byte, sheet string, text float64) (points float64, pages int) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // read only
	layout, err := f.GetPageLayout(sheet)
	if err != nil {
		t.Fatal(err)
	}
	margins, err := f.GetPageMargins(sheet)
	if err != nil {
		t.Fatal(err)
	}
	size, ok := map[int][2]float64{9: {210, 297}, 8: {297, 420}}[*layout.Size] // millimetres
	if !ok {
		t.Fatalf("paper %d", *layout.Size)
	}
	const inch, pixel, digit = 25.4, 0.75, 7 // of a millimetre, of a point, of pixels
	paper := size[0]
	if *layout.Orientation == "landscape" {
		paper = size[1]
	}
	room := (paper/inch - *margins.Left - *margins.Right) * 72
	cols, err := f.GetCols(sheet)
	if err != nil {
		t.Fatal(err)
	}
	wide := 0.0
	for j := range min(len(cols), printedColumns(t, f, sheet, len(cols))) {
		name, err := excelize.ColumnNumberToName(j + 1)
		if err != nil {
			t.Fatal(err)
		}
		width, err := f.GetColWidth(sheet, name)
		if err != nil {
			t.Fatal(err)
		}
		wide += width * digit * pixel
	}
	pages = *layout.FitToWidth
	return text * min(1, room*float64(pages)/wide), pages
}

// printedColumns is how many columns of a sheet are printed; all where nothing is said of it.
func printedColumns(t *testing.T, f *excelize.File, sheet string, all int) int {
	t.Helper()
	for _, n := range f.GetDefinedName() {
		if n.Name != "_xlnm.Print_Area" || n.Scope != sheet {
			continue
		}
		_, last, _ := strings.Cut(strings.ReplaceAll(n.RefersTo, "$", ""), ":")
		columns, _, err := excelize.CellNameToCoordinates(last)
		if err != nil {
			t.Fatal(err)
		}
		return columns
	}
	return all
}

// InsertRow inserts an empty row into a sheet of a workbook on disk, as people do: it looks like the one above it.
func InsertRow(t *testing.T, path, sheet string, row int) {
	t.Helper()
	f, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatalf("opening %s: %v", path, err)
	}
	defer f.Close() //nolint:errcheck // saved below
	if err := f.InsertRows(sheet, row, 1); err != nil {
		t.Fatal(err)
	}
	if err := f.Save(); err != nil {
		t.Fatalf("saving %s: %v", path, err)
	}
}

// PrintedPart says which part of a sheet is printed, and which of its rows stand on every page.
func PrintedPart(t *testing.T, data []byte, sheet string) (area, titles string, landscape bool, paper int) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // read only
	layout, err := f.GetPageLayout(sheet)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range f.GetDefinedName() {
		switch n.Name {
		case "_xlnm.Print_Area":
			area = n.RefersTo
		case "_xlnm.Print_Titles":
			titles = n.RefersTo
		}
	}
	return area, titles, *layout.Orientation == "landscape", *layout.Size
}
