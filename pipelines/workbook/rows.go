package workbook

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/rivo/uniseg"
	"github.com/xuri/excelize/v2"
)

// Figure is an exact decimal number as text, to be written as a number.
type Figure string

// RowsSheet is a sheet of plain rows under a header, as programs read it: a typed cell each.
type RowsSheet struct {
	Name    string
	Columns []string
	Next    func() ([]any, error) // string, Figure, bool, time.Time or nil; io.EOF after the last
}

const (
	mostRows      = 1_048_575 // under a header, of a sheet
	longestCell   = 32_767    // characters of a cell
	exactDigits   = 15        // of a number in a workbook
	widthSample   = 200       // rows by which columns are made as wide as what they hold
	widestRowCell = 60.0
)

// WriteRows writes a workbook of one sheet of rows, and beside it a sheet of notes, a label and a text a row. What
// begins with = + - or @ is text like any other: no formula comes from a row. It counts the rows.
func WriteRows(w io.Writer, sheet RowsSheet, notes [][2]string) (int, error) {
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // written below
	name := sheetName(sheet.Name, map[string]bool{})
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return 0, fmt.Errorf("writing sheet %s: %w", name, err)
	}
	r := &rowsWriter{f: f, styles: map[string]int{}}
	n, err := r.rows(name, sheet)
	if err != nil {
		return n, err
	}
	if err := r.notes(notes); err != nil {
		return n, err
	}
	if err := f.Write(w); err != nil {
		return n, fmt.Errorf("writing workbook: %w", err)
	}
	return n, nil
}

type rowsWriter struct {
	f      *excelize.File
	styles map[string]int // by number format; "" is the header's
}

func (r *rowsWriter) style(format string) (int, error) {
	if id, ok := r.styles[format]; ok {
		return id, nil
	}
	s := &excelize.Style{CustomNumFmt: &format, Alignment: &excelize.Alignment{Vertical: "top"}}
	if format == "" {
		s = &excelize.Style{
			Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDE6F0"}},
			Border:    []excelize.Border{{Type: "bottom", Color: "7F7F7F", Style: 1}},
			Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
		}
	}
	id, err := r.f.NewStyle(s)
	if err != nil {
		return 0, fmt.Errorf("making a style: %w", err)
	}
	r.styles[format] = id
	return id, nil
}

func (r *rowsWriter) rows(name string, sheet RowsSheet) (int, error) {
	var first [][]any // by which the columns are made wide
	var ended error
	for len(first) < widthSample && ended == nil {
		row, err := sheet.Next()
		if err != nil {
			ended = err
			break
		}
		first = append(first, row)
	}
	if ended != nil && !errors.Is(ended, io.EOF) {
		return 0, ended
	}
	s, err := r.f.NewStreamWriter(name)
	if err != nil {
		return 0, fmt.Errorf("writing sheet %s: %w", name, err)
	}
	head := make([]any, len(sheet.Columns))
	for i, c := range sheet.Columns {
		width := float64(uniseg.StringWidth(c)) + 2
		for _, row := range first {
			width = max(width, float64(uniseg.StringWidth(fmt.Sprint(row[i])))+2)
		}
		if err := s.SetColWidth(i+1, i+1, min(width, widestRowCell)); err != nil {
			return 0, fmt.Errorf("writing sheet %s: %w", name, err)
		}
		id, err := r.style("")
		if err != nil {
			return 0, err
		}
		head[i] = excelize.Cell{StyleID: id, Value: c}
	}
	if err := s.SetPanes(&excelize.Panes{
		Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft",
	}); err != nil {
		return 0, fmt.Errorf("writing sheet %s: %w", name, err)
	}
	if err := s.SetRow("A1", head); err != nil {
		return 0, fmt.Errorf("writing sheet %s: %w", name, err)
	}
	n := 0
	write := func(row []any) error {
		if n == mostRows {
			return fmt.Errorf("行が多すぎて xlsx にできません（%d行まで）。条件を絞るか、--format csv か parquet で出してください", mostRows)
		}
		n++
		cells := make([]any, len(row))
		for i, v := range row {
			if cells[i], err = r.cell(v); err != nil {
				return fmt.Errorf("%d行目「%s」: %w", n, sheet.Columns[i], err)
			}
		}
		if err := s.SetRow("A"+strconv.Itoa(n+1), cells); err != nil {
			return fmt.Errorf("writing sheet %s: %w", name, err)
		}
		return nil
	}
	for _, row := range first {
		if err := write(row); err != nil {
			return n, err
		}
	}
	for ended == nil {
		row, err := sheet.Next()
		if err != nil {
			ended = err
			break
		}
		if err := write(row); err != nil {
			return n, err
		}
	}
	if !errors.Is(ended, io.EOF) {
		return n, ended
	}
	if err := s.Flush(); err != nil {
		return n, fmt.Errorf("writing sheet %s: %w", name, err)
	}
	return n, r.filter(name, len(sheet.Columns), n)
}

// filter puts the arrows to the header by which rows are chosen.
func (r *rowsWriter) filter(name string, columns, rows int) error {
	if columns == 0 || rows == 0 {
		return nil
	}
	if err := r.f.AutoFilter(name, "A1:"+ref(rows, columns-1), nil); err != nil {
		return fmt.Errorf("writing sheet %s: %w", name, err)
	}
	return nil
}

// cell is a value with its type and format.
func (r *rowsWriter) cell(v any) (any, error) {
	format := "@"
	switch x := v.(type) {
	case nil:
		return nil, nil // an empty cell
	case bool:
		return x, nil
	case float64:
		format = "General"
	case time.Time:
		if format = "yyyy-mm-dd hh:mm:ss"; x.Equal(x.Truncate(24 * time.Hour)) {
			format = "yyyy-mm-dd"
		}
	case Figure:
		number, decimals, ok := exact(string(x))
		if !ok {
			v = string(x) // more digits than a workbook's number has: as text it is whole
			break
		}
		if v, format = number, "0"; decimals > 0 {
			format = "0." + strings.Repeat("0", decimals)
		}
	case string:
		if len([]rune(x)) > longestCell {
			return nil, fmt.Errorf("文字が多すぎて xlsx のセルに入りません（%d字まで）。--format csv で出すか、"+
				"出どころの列なら SELECT * EXCLUDE (sources) のように除いてください", longestCell)
		}
	}
	id, err := r.style(format)
	if err != nil {
		return nil, err
	}
	return excelize.Cell{StyleID: id, Value: v}, nil
}

// exact is a decimal number as a workbook holds it, with its decimal places as printed; ok is false where digits would
// be lost. Zeros that only a type has are not printed.
func exact(text string) (number float64, decimals int, ok bool) {
	digits := strings.TrimLeft(strings.NewReplacer("-", "", ".", "").Replace(text), "0")
	whole, fraction, _ := strings.Cut(text, ".")
	if len(fraction) >= 6 {
		fraction = strings.TrimRight(fraction, "0")
		digits = strings.TrimLeft(strings.TrimPrefix(whole, "-")+fraction, "0")
	}
	number, err := strconv.ParseFloat(text, 64)
	return number, len(fraction), err == nil && len(digits) <= exactDigits && !strings.ContainsAny(text, "eEnN")
}

func (r *rowsWriter) notes(notes [][2]string) error {
	const name = "この表について"
	if len(notes) == 0 {
		return nil
	}
	if _, err := r.f.NewSheet(name); err != nil {
		return fmt.Errorf("writing sheet %s: %w", name, err)
	}
	id, err := r.style("@")
	if err != nil {
		return err
	}
	for i, n := range notes {
		for j, text := range n {
			if err := errors.Join(
				r.f.SetCellStr(name, ref(i, j), text), r.f.SetCellStyle(name, ref(i, j), ref(i, j), id),
			); err != nil {
				return fmt.Errorf("writing sheet %s: %w", name, err)
			}
		}
	}
	return errors.Join(r.f.SetColWidth(name, "A", "A", 12), r.f.SetColWidth(name, "B", "B", 100))
}
