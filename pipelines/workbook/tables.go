package workbook

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Table is a table to be written as a sheet: cells, notes below, and a list of where its figures are from.
type Table struct {
	Name, Title, Unit string
	Widths            []float64 // of the columns, in half-width characters
	Head              int       // rows of the head
	Rows              int
	Cells             []TableCell
	Notes             []string
	Sources           [][]string // a row each: the figure's address, its text, file, sheet, cell
}

// TableCell stands at a row and column, from 0, over so many rows and columns.
type TableCell struct {
	Row, Col, Rows, Cols int
	Text, Align          string // left, center, right, decimal
}

var printedNumber = regexp.MustCompile(`^([−-]?)(0|[1-9]\d{0,2}(?:,\d{3})*|[1-9]\d*)(\.\d+)?(%?)$`)

// WriteTables makes a workbook with a sheet a table. A printed number becomes a number with its format; everything else
// is text, whatever sign it begins with: no formula comes from a table.
func WriteTables(tables []Table) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // written below
	used := map[string]bool{}
	for i, t := range tables {
		name := sheetName(t.Name, used)
		if i == 0 {
			if err := f.SetSheetName("Sheet1", name); err != nil {
				return nil, fmt.Errorf("writing sheet %s: %w", name, err)
			}
		} else if _, err := f.NewSheet(name); err != nil {
			return nil, fmt.Errorf("writing sheet %s: %w", name, err)
		}
		w := newSheetWriter(f, name)
		w.table(t)
		if w.err != nil {
			return nil, fmt.Errorf("writing sheet %s: %w", name, w.err)
		}
		if err := writeSources(f, t, sheetName(t.Name+"の出どころ", used)); err != nil {
			return nil, err
		}
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		return nil, fmt.Errorf("writing workbook: %w", err)
	}
	return out.Bytes(), nil
}

// sheetName makes a name that Excel takes, and no two alike.
func sheetName(name string, used map[string]bool) string {
	name = strings.NewReplacer(
		"/", "／", "\\", "＼", "?", "？", "*", "＊", ":", "：", "[", "［", "]", "］", "'", "’",
	).Replace(name)
	if r := []rune(name); len(r) > 28 {
		name = string(r[:28])
	}
	if name == "" {
		name = "表"
	}
	for out, n := name, 1; ; n++ {
		if !used[out] {
			used[out] = true
			return out
		}
		out = name + "_" + strconv.Itoa(n+1)
	}
}

// wide is the width of a cell's columns.
func (t Table) wide(c TableCell) float64 {
	sum := 0.0
	for k := c.Col; k < c.Col+c.Cols && k < len(t.Widths); k++ {
		sum += max(t.Widths[k], 6)
	}
	return sum
}

func (w *sheetWriter) table(t Table) {
	w.put(0, 0, t.Title, titleText)
	w.put(1, 0, t.Unit, plainText)
	const top = 2
	for i, width := range t.Widths {
		w.width(i, max(width, 6))
	}
	heights := map[int]int{}
	for _, c := range t.Cells {
		l := boxText
		if c.Row < t.Head {
			l = headText
		}
		row := top + c.Row
		for a := range c.Rows {
			for b := range c.Cols {
				w.put(row+a, c.Col+b, "", l)
			}
		}
		w.figure(row, c, l)
		if wide := t.wide(c); c.Rows == 1 && wide > 2 {
			heights[row] = max(heights[row], lineCount(c.Text, int(wide)))
		}
		if c.Rows > 1 || c.Cols > 1 {
			w.do(w.f.MergeCell(w.sheet, ref(row, c.Col), ref(row+c.Rows-1, c.Col+c.Cols-1)))
		}
	}
	for row, lines := range heights {
		w.height(row, lines)
	}
	row := top + t.Rows
	for _, n := range t.Notes {
		w.put(row, 0, n, plainText)
		row++
	}
	w.page(len(t.Widths) > 8, top+max(t.Head, 1)-1)
}

// writeSources lists where a table's figures are from on a sheet of its own.
func writeSources(f *excelize.File, t Table, name string) error {
	if len(t.Sources) == 0 {
		return nil
	}
	if _, err := f.NewSheet(name); err != nil {
		return fmt.Errorf("writing sheet %s: %w", name, err)
	}
	w := newSheetWriter(f, name)
	for j, head := range []string{"数値の番地", "印字", "ファイル", "シート", "セル"} {
		w.put(0, j, head, headText)
		w.width(j, []float64{50, 14, 70, 16, 10}[j])
	}
	for i, line := range t.Sources {
		for j, text := range line {
			w.do(w.f.SetCellStr(name, ref(i+1, j), strings.ReplaceAll(text, "\n", " ")))
		}
	}
	w.page(true, 0)
	if w.err != nil {
		return fmt.Errorf("writing sheet %s: %w", name, w.err)
	}
	return nil
}

// figure writes a cell: a number with its format where the text is just that.
func (w *sheetWriter) figure(row int, c TableCell, l look) {
	m := printedNumber.FindStringSubmatch(c.Text)
	if l == headText || m == nil {
		w.do(w.f.SetCellStr(w.sheet, ref(row, c.Col), c.Text))
		if l != headText {
			w.aligned(row, c, cellStyle(l))
		}
		return
	}
	value, err := strconv.ParseFloat(strings.ReplaceAll(m[2], ",", "")+m[3], 64)
	if err != nil {
		w.do(w.f.SetCellStr(w.sheet, ref(row, c.Col), c.Text))
		return
	}
	format := "#,##0"
	if m[3] != "" {
		format += "." + strings.Repeat("0", len(m[3])-1)
	}
	if m[4] != "" {
		value, format = value/100, format+"%"
	}
	if m[1] != "" {
		value = -value
	}
	st := cellStyle(l)
	st.CustomNumFmt = &format
	w.do(w.f.SetCellValue(w.sheet, ref(row, c.Col), value))
	w.aligned(row, c, st)
}

// aligned gives a cell its style, standing as in the paper.
func (w *sheetWriter) aligned(row int, c TableCell, st *excelize.Style) {
	switch c.Align {
	case "right", "decimal":
		st.Alignment.Horizontal = "right"
	case "center":
		st.Alignment.Horizontal = "center"
	}
	id, err := w.f.NewStyle(st)
	w.do(err)
	w.do(w.f.SetCellStyle(w.sheet, ref(row, c.Col), ref(row+c.Rows-1, c.Col+c.Cols-1), id))
}
