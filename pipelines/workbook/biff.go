package workbook

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strconv"
)

// Record types of BIFF8, the format of .xls ([MS-XLS] 2.3).
const (
	recFormula   = 0x0006
	recEOF       = 0x000A
	recDate1904  = 0x0022
	recFilePass  = 0x002F
	recContinue  = 0x003C
	recColInfo   = 0x007D
	recSheet     = 0x0085
	recMulRK     = 0x00BD
	recXF        = 0x00E0
	recMerges    = 0x00E5
	recSST       = 0x00FC
	recLabelSST  = 0x00FD
	recNumber    = 0x0203
	recLabel     = 0x0204
	recBoolErr   = 0x0205
	recString    = 0x0207
	recRow       = 0x0208
	recRK        = 0x027E
	recFormat    = 0x041E
	recBOF       = 0x0809
	biff8        = 0x0600
	sheetOfCells = 0
)

var le = binary.LittleEndian

// biffRecord is one record with the CONTINUE records behind it.
type biffRecord struct {
	kind  uint16
	parts [][]byte
}

func (r biffRecord) body() []byte { return r.parts[0] }

// has reports whether the record's first part is at least n bytes long.
func (r biffRecord) has(n int) bool { return len(r.parts[0]) >= n }

type biff struct {
	data    []byte
	strings []string
	formats map[int]numberFormat
	xf      []numberFormat
	date04  bool
	cells   int
}

func openBIFF(stream io.Reader) (*Workbook, error) {
	data, err := io.ReadAll(io.LimitReader(stream, maxFile))
	if err != nil {
		return nil, fmt.Errorf("%w: ファイルが途中で切れているか、壊れています", ErrUnreadable)
	}
	b := &biff{data: data, formats: map[int]numberFormat{}}
	sheets, err := b.globals()
	if err != nil {
		return nil, err
	}
	wb := &Workbook{}
	for _, sh := range sheets {
		s := newSheet(sh.name)
		s.Hidden = sh.hidden
		if err := b.sheet(s, sh.offset); err != nil {
			return nil, err
		}
		wb.Sheets = append(wb.Sheets, s)
	}
	return wb, nil
}

// next reads the record at an offset and returns the offset behind it.
func (b *biff) next(at int) (biffRecord, int, bool) {
	read := func(at int) (uint16, []byte, bool) {
		if at < 0 || at+4 > len(b.data) {
			return 0, nil, false
		}
		end := at + 4 + int(le.Uint16(b.data[at+2:]))
		if end > len(b.data) {
			return 0, nil, false
		}
		return le.Uint16(b.data[at:]), b.data[at+4 : end], true
	}
	kind, body, ok := read(at)
	if !ok {
		return biffRecord{}, at, false
	}
	r := biffRecord{kind, [][]byte{body}}
	at += 4 + len(body)
	for {
		k, more, ok := read(at)
		if !ok || k != recContinue {
			return r, at, true
		}
		r.parts = append(r.parts, more)
		at += 4 + len(more)
	}
}

type biffSheet struct {
	name   string
	offset int
	hidden bool
}

func (b *biff) globals() ([]biffSheet, error) {
	var sheets []biffSheet
	damaged := fmt.Errorf("%w: ファイルが途中で切れているか、壊れています", ErrUnreadable)
	for at := 0; ; {
		r, next, ok := b.next(at)
		if !ok {
			return nil, damaged
		}
		at = next
		switch r.kind {
		case recBOF:
			if !r.has(4) || le.Uint16(r.body()) != biff8 {
				return nil, fmt.Errorf("%w: 古い形式のエクセルファイルです（Excel 97より前）", ErrUnreadable)
			}
		case recFilePass:
			return nil, fmt.Errorf("%w: パスワードで保護されています", ErrEncrypted)
		case recDate1904:
			b.date04 = r.has(2) && le.Uint16(r.body()) == 1
		case recFormat:
			if r.has(5) {
				code, _ := (&chars{parts: [][]byte{r.body()[2:]}}).text(2)
				b.formats[int(le.Uint16(r.body()))] = parseFormat(code)
			}
		case recXF:
			if r.has(4) {
				b.xf = append(b.xf, b.numberFormat(int(le.Uint16(r.body()[2:]))))
			}
		case recSST:
			if !b.sharedStrings(r) {
				return nil, damaged
			}
		case recSheet:
			if !r.has(8) {
				return nil, damaged
			}
			if r.body()[5] == sheetOfCells {
				name, _ := (&chars{parts: [][]byte{r.body()[6:]}}).text(1)
				sheets = append(sheets, biffSheet{name, int(le.Uint32(r.body())), r.body()[4]&3 != 0})
			}
		case recEOF:
			return sheets, nil
		}
	}
}

func (b *biff) numberFormat(id int) numberFormat {
	if f, ok := b.formats[id]; ok {
		return f
	}
	return builtinFormat(id)
}

func (b *biff) sharedStrings(r biffRecord) bool {
	if !r.has(8) {
		return false
	}
	n := int(le.Uint32(r.body()[4:]))
	c := &chars{parts: r.parts}
	c.at = 8
	for range n {
		s, ok := c.text(2)
		if !ok {
			return false
		}
		b.strings = append(b.strings, s)
	}
	return true
}

func (b *biff) sheet(s *Sheet, at int) error {
	var merges []Range
	var pending *[2]int // the formula cell whose text comes in the next STRING record
	for {
		r, next, ok := b.next(at)
		if !ok {
			return fmt.Errorf("%w: シート「%s」が途中で切れています", ErrUnreadable, s.Name)
		}
		at = next
		switch r.kind {
		case recEOF:
			for _, m := range merges {
				s.merge(m)
			}
			return nil
		case recMerges:
			merges = append(merges, mergedRanges(r.body())...)
		case recRow:
			if r.has(16) && le.Uint32(r.body()[12:])&0x20 != 0 {
				s.HiddenRows[int(le.Uint16(r.body()))] = true
			}
		case recColInfo:
			if r.has(10) && le.Uint16(r.body()[8:])&1 != 0 {
				for j := int(le.Uint16(r.body())); j <= min(int(le.Uint16(r.body()[2:])), 255); j++ {
					s.HiddenCols[j] = true
				}
			}
		case recString:
			if pending != nil {
				text, _ := (&chars{parts: r.parts}).text(2)
				s.set(pending[0], pending[1], Cell{Kind: Text, Text: text, Formula: "="})
				pending = nil
			}
		default:
			if r.has(6) {
				pending = b.value(s, r)
			}
		}
		if b.cells > maxCells {
			return fmt.Errorf("%w: セルが%d個を超えています", ErrTooLarge, maxCells)
		}
	}
}

func mergedRanges(b []byte) []Range {
	var out []Range
	for i := 2; i+8 <= len(b); i += 8 {
		out = append(out, Range{
			int(le.Uint16(b[i:])), int(le.Uint16(b[i+4:])), int(le.Uint16(b[i+2:])), int(le.Uint16(b[i+6:])),
		})
	}
	return out
}

// value stores the cell or cells of one record. It returns the cell whose text is still to come.
func (b *biff) value(s *Sheet, r biffRecord) *[2]int {
	d := r.body()
	row, col := int(le.Uint16(d)), int(le.Uint16(d[2:]))
	b.cells++
	switch {
	case r.kind == recLabelSST && r.has(10):
		if i := int(le.Uint32(d[6:])); i < len(b.strings) && b.strings[i] != "" {
			s.set(row, col, Cell{Kind: Text, Text: b.strings[i]})
		}
	case r.kind == recLabel && r.has(9):
		text, _ := (&chars{parts: [][]byte{d[6:]}}).text(2)
		s.set(row, col, Cell{Kind: Text, Text: text})
	case r.kind == recNumber && r.has(14):
		s.set(row, col, b.number(d[4:], math.Float64frombits(le.Uint64(d[6:]))))
	case r.kind == recRK && r.has(10):
		s.set(row, col, b.number(d[4:], rk(le.Uint32(d[6:]))))
	case r.kind == recMulRK:
		for i := 4; i+6 <= len(d)-2; i += 6 {
			s.set(row, col, b.number(d[i:], rk(le.Uint32(d[i+2:]))))
			col++
			b.cells++
		}
	case r.kind == recBoolErr && r.has(8):
		s.set(row, col, boolOrError(d[6], d[7] == 1))
	case r.kind == recFormula && r.has(14):
		return b.formula(s, row, col, d)
	}
	return nil
}

// formula stores the result of a formula ([MS-XLS] 2.5.133): a number, or 0xFFFF and what kind of result it is.
func (b *biff) formula(s *Sheet, row, col int, d []byte) *[2]int {
	if le.Uint16(d[12:]) != 0xFFFF {
		c := b.number(d[4:], math.Float64frombits(le.Uint64(d[6:])))
		c.Formula = "="
		s.set(row, col, c)
		return nil
	}
	switch d[6] {
	case 0:
		return &[2]int{row, col}
	case 1, 2:
		c := boolOrError(d[8], d[6] == 2)
		c.Formula = "="
		s.set(row, col, c)
	}
	return nil
}

func (b *biff) number(xf []byte, v float64) Cell {
	var f numberFormat
	if i := int(le.Uint16(xf)); i < len(b.xf) {
		f = b.xf[i]
	}
	return f.cell(strconv.FormatFloat(v, 'g', 17, 64), b.date04)
}

func rk(v uint32) float64 {
	var f float64
	if v&2 != 0 {
		f = float64(int32(v) >> 2)
	} else {
		f = math.Float64frombits(uint64(v&^3) << 32)
	}
	if v&1 != 0 {
		f /= 100
	}
	return f
}

func boolOrError(v byte, isError bool) Cell {
	if !isError {
		return Cell{Kind: Bool, Text: map[bool]string{true: "TRUE", false: "FALSE"}[v != 0]}
	}
	name, ok := map[byte]string{
		0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
	}[v]
	if !ok {
		name = "#ERROR"
	}
	return Cell{Kind: Error, Text: name}
}
