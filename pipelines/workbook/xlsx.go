package workbook

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

func openXLSX(data []byte) (*Workbook, error) {
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxUnzip, UnzipXMLSizeLimit: maxXML,
	})
	if err != nil {
		if errors.Is(err, excelize.ErrWorkbookPassword) {
			return nil, fmt.Errorf("%w: パスワードで保護されています", ErrEncrypted)
		}
		if strings.Contains(err.Error(), "limit") {
			return nil, fmt.Errorf("%w: 展開すると%dMBを超えます", ErrTooLarge, maxUnzip>>20)
		}
		return nil, fmt.Errorf("%w: ファイルが途中で切れているか、壊れています", ErrUnreadable)
	}
	defer f.Close() //nolint:errcheck // only temporary files are behind it
	x := xlsx{f: f, formats: map[int]numberFormat{}}
	if p, err := f.GetWorkbookProps(); err == nil && p.Date1904 != nil {
		x.date1904 = *p.Date1904
	}
	wb := &Workbook{}
	names := f.GetSheetList()
	if len(names) > maxSheets {
		return nil, fmt.Errorf("%w: シートが%d枚あります", ErrTooLarge, len(names))
	}
	for _, name := range names {
		s, err := x.sheet(name)
		if err != nil {
			return nil, err
		}
		wb.Sheets = append(wb.Sheets, s)
	}
	return wb, nil
}

type xlsx struct {
	f        *excelize.File
	date1904 bool
	formats  map[int]numberFormat // by style index
	cells    int
}

func (x *xlsx) sheet(name string) (*Sheet, error) {
	s := newSheet(name)
	if visible, err := x.f.GetSheetVisible(name); err == nil {
		s.Hidden = !visible
	}
	// GetMergeCells reports broken XML, Rows does not: it would end early without a word.
	merges, err := x.f.GetMergeCells(name, true)
	if err != nil {
		return nil, fmt.Errorf("%w: シート「%s」の内容が壊れています", ErrUnreadable, name)
	}
	if err := x.rows(s); err != nil {
		return nil, err
	}
	x.hiddenColumns(s)
	for _, m := range merges {
		left, top, err1 := excelize.CellNameToCoordinates(m.GetStartAxis())
		right, bottom, err2 := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err1 == nil && err2 == nil {
			s.merge(Range{top - 1, left - 1, bottom - 1, right - 1})
		}
	}
	return s, nil
}

func (x *xlsx) rows(s *Sheet) error {
	rows, err := x.f.Rows(s.Name)
	if err != nil {
		return fmt.Errorf("%w: シート「%s」の内容が読めません", ErrUnreadable, s.Name)
	}
	defer rows.Close() //nolint:errcheck // read only
	width := x.width(s.Name)
	for i := 0; rows.Next(); i++ {
		texts, err := rows.Columns()
		if err != nil {
			return fmt.Errorf("%w: シート「%s」の%d行目が読めません", ErrUnreadable, s.Name, i+1)
		}
		// A formula without a stored result leaves no text: look for it up to the sheet's declared width too.
		scanned := max(len(texts), min(width, 256))
		for j := range scanned {
			text := ""
			if j < len(texts) {
				text = texts[j]
			}
			if len(text) > maxText {
				return fmt.Errorf("%w: シート「%s」の%sに%dMBの文字があります", ErrTooLarge, s.Name, ref(i, j), len(text)>>20)
			}
			s.set(i, j, x.cell(s.Name, i, j, text))
		}
		if rows.GetRowOpts().Hidden {
			s.HiddenRows[i] = true
		}
		if x.cells += scanned; x.cells > maxCells {
			return fmt.Errorf("%w: セルが%d個を超えています", ErrTooLarge, maxCells)
		}
	}
	return nil
}

// width is the number of columns that the sheet declares.
func (x *xlsx) width(sheet string) int {
	d, err := x.f.GetSheetDimension(sheet)
	if err != nil {
		return 0
	}
	_, last, found := strings.Cut(d, ":")
	if !found {
		last = d
	}
	col, _, err := excelize.CellNameToCoordinates(last)
	if err != nil {
		return 0
	}
	return col
}

func (x *xlsx) cell(sheet string, row, col int, text string) Cell {
	name, err := excelize.CoordinatesToCellName(col+1, row+1)
	if err != nil {
		return Cell{}
	}
	formula, _ := x.f.GetCellFormula(sheet, name)
	if text == "" {
		kind, err := x.f.GetCellType(sheet, name)
		if err == nil && kind == excelize.CellTypeFormula && strings.Contains(formula, `""`) {
			return Cell{Formula: formula} // =IF(…,"再掲",""): the stored result is an empty text
		}
		if formula != "" {
			return Cell{Kind: Uncached, Formula: formula}
		}
		return Cell{}
	}
	c := Cell{Kind: Text, Text: text, Formula: formula}
	kind, err := x.f.GetCellType(sheet, name)
	if err != nil {
		return c
	}
	switch kind {
	case excelize.CellTypeError:
		c.Kind = Error
	case excelize.CellTypeBool:
		c.Kind = Bool
	case excelize.CellTypeUnset, excelize.CellTypeNumber, excelize.CellTypeFormula:
		style, _ := x.f.GetCellStyle(sheet, name)
		f := x.format(style)
		c = f.cell(text, x.date1904)
		c.Formula = formula
	}
	if c.Kind == Text && formula != "" && strings.HasPrefix(text, "#") {
		c.Kind = Error
	}
	return c
}

func (x *xlsx) format(style int) numberFormat {
	if f, ok := x.formats[style]; ok {
		return f
	}
	var f numberFormat
	if st, err := x.f.GetStyle(style); err == nil && st != nil {
		f = builtinFormat(st.NumFmt)
		if st.CustomNumFmt != nil {
			f = parseFormat(*st.CustomNumFmt)
		}
	}
	x.formats[style] = f
	return f
}

func (x *xlsx) hiddenColumns(s *Sheet) {
	for j := range s.Cols {
		if visible, err := x.f.GetColVisible(s.Name, columnName(j)); err == nil && !visible {
			s.HiddenCols[j] = true
		}
	}
}
