package workbook

import (
	"kyogikai/pipelines/limits"
)

// TooLargeError says which limit a workbook is beyond. It wraps ErrTooLarge.
type TooLargeError struct{ limits.Exceeded }

func (e *TooLargeError) Error() string { return ErrTooLarge.Error() + ": " + e.String() }

// Unwrap makes it one of the files that cannot be opened.
func (e *TooLargeError) Unwrap() error { return ErrTooLarge }

// budget is what a workbook has used of its limits. What is read is counted before it is kept.
type budget struct {
	limits.Set
	sheets, cells, text, strings, merges, formulas int64
}

// beyond is the error of what is beyond a limit; found is 0 where only known that it is more.
func (b *budget) beyond(name string, found int64, where string) error {
	return &TooLargeError{b.Beyond(name, found, where)}
}

// of names a sheet as the place of what is beyond a limit; a CSV's has no name.
func of(sheet string) string {
	if sheet == "" {
		return ""
	}
	return "シート「" + sheet + "」の"
}

// in names a cell of a sheet likewise.
func in(s *Sheet, row, col int) string { return of(s.Name) + ref(row, col) + "の" }

// sheet counts a sheet.
func (b *budget) sheet() error {
	if b.sheets++; b.sheets > b.Sheets {
		return b.beyond(limits.SheetCount, 0, "")
	}
	return nil
}

// count counts n cells that a file holds, be they empty.
func (b *budget) count(n int) error {
	if b.cells += int64(n); b.cells > b.Cells {
		return b.beyond(limits.CellCount, 0, "")
	}
	return nil
}

// put puts a cell into a sheet and counts what stands in it, as often as it is put.
func (b *budget) put(s *Sheet, row, col int, c Cell) error {
	if n := int64(max(len(c.Text), len(c.Formula))); n > b.CellText {
		return b.beyond(limits.CellText, n, in(s, row, col))
	}
	if b.text += int64(len(c.Text) + len(c.Formula)); b.text > b.Text {
		return b.beyond(limits.Text, 0, "")
	}
	if c.Formula != "" {
		if b.formulas++; b.formulas > b.Formulas {
			return b.beyond(limits.Formulas, 0, "")
		}
	}
	s.set(row, col, c)
	return nil
}

// merge counts a merged range.
func (b *budget) merge(s *Sheet, r Range) error {
	if b.merges++; b.merges > b.Merges {
		return b.beyond(limits.Merges, 0, "")
	}
	s.merge(r)
	return nil
}

// string counts a text that cells may point to.
func (b *budget) string(text string) error {
	if b.strings++; b.strings > b.Strings {
		return b.beyond(limits.Strings, 0, "")
	}
	if n := int64(len(text)); n > b.CellText {
		return b.beyond(limits.CellText, n, "")
	}
	return nil
}

// settle settles the sheets, where none spans more than it may.
func (b *budget) settle(sheets []*Sheet) error {
	for _, s := range sheets {
		area := int64(s.Rows) * int64(s.Cols)
		if area > b.Area {
			return b.beyond(limits.Area, area, of(s.Name))
		}
		area = 0
		for _, r := range s.Merges {
			if r = s.clip(r); !r.empty() {
				area += r.area()
			}
		}
		if area > b.Area { // they lie across each other again and again
			return b.beyond(limits.Area, area, of(s.Name)+"結合を重ねた")
		}
		s.settle()
	}
	return nil
}
