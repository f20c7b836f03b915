package workbook

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strconv"
	"unicode/utf16"
)

// Record types of BIFF8, the format of .xls ([MS-XLS] 2.3).
const (
	recFormula   = 0x0006
	recEOF       = 0x000A
	recDate1904  = 0x0022
	recFilePass  = 0x002F
	recFont      = 0x0031
	recContinue  = 0x003C
	recColInfo   = 0x007D
	recOptions   = 0x0081
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
	sheetOfCells = 0      // in the list of sheets; dialogs too
	streamCells  = 0x0010 // in a sheet's first record
	dialog       = 0x0010 // in a sheet's options
	calcOnLoad   = 0x0002 // in a formula
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
	*budget
	data    []byte
	passed  int // bytes of records that were looked at
	texts   []rich
	formats map[int]numberFormat
	fonts   []bool // struck out
	xf      []style
	date04  bool

	calculated bool      // a formula has a result that it was calculated to
	formulas   []formula // those with a result of 0 that are to be calculated by who opens the workbook
}

// openBIFF reads the stream of a file of so many bytes, which is no longer than that.
func openBIFF(stream io.Reader, size int, within *budget) (*Workbook, error) {
	data, err := io.ReadAll(io.LimitReader(stream, int64(size)))
	if err != nil {
		return nil, errDamaged
	}
	b := &biff{budget: within, data: data, formats: map[int]numberFormat{}}
	sheets, err := b.globals()
	if err != nil {
		return nil, err
	}
	wb := &Workbook{}
	for _, sh := range sheets {
		if b.passed > 2*len(data) {
			return nil, errDamaged // sheets that lie within one another
		}
		s := newSheet(sh.name)
		s.Hidden = sh.hidden
		cells, err := b.sheet(s, sh.offset)
		if err != nil {
			return nil, err
		}
		if cells {
			wb.Sheets = append(wb.Sheets, s)
		}
	}
	if !b.calculated {
		uncalculated(b.formulas)
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
	from := at
	at += 4 + len(body)
	for {
		k, more, ok := read(at)
		if !ok || k != recContinue {
			b.passed += at - from
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
	damaged := errDamaged
	for at := 0; ; {
		r, next, ok := b.next(at)
		if !ok {
			return nil, damaged
		}
		at = next
		switch r.kind {
		case recBOF:
			if !r.has(4) || le.Uint16(r.body()) != biff8 {
				return nil, &kindExcel5
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
		case recFont:
			b.fonts = append(b.fonts, r.has(4) && le.Uint16(r.body()[2:])&0x0008 != 0)
		case recXF:
			if r.has(4) {
				font, format := int(le.Uint16(r.body())), int(le.Uint16(r.body()[2:]))
				b.xf = append(b.xf, style{b.numberFormat(format), b.strike(font)})
			}
		case recSST:
			if err := b.sharedStrings(r); err != nil {
				return nil, err
			}
		case recSheet:
			if !r.has(8) {
				return nil, damaged
			}
			if err := b.budget.sheet(); err != nil {
				return nil, err
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

func (b *biff) sharedStrings(r biffRecord) error {
	if !r.has(8) {
		return errDamaged
	}
	n := int(le.Uint32(r.body()[4:]))
	c := &chars{parts: r.parts}
	c.at = 8
	for range n {
		s, runs, ok := c.rich(2)
		if !ok {
			return errDamaged
		}
		if err := b.string(s); err != nil {
			return err
		}
		b.texts = append(b.texts, b.runs(s, runs))
	}
	return nil
}

// strike reports whether a font is struck out. There is no font 4.
func (b *biff) strike(font int) bool {
	if font > 4 {
		font--
	}
	return font < len(b.fonts) && b.fonts[font]
}

// runs splits a text where its font changes: before the first place it is the cell's.
func (b *biff) runs(text string, runs []byte) rich {
	if len(runs) < 4 {
		return rich{text: text, asSet: true}
	}
	var out pieces
	units := utf16.Encode([]rune(text))
	from, own, struck := 0, false, false
	for i := 0; i+4 <= len(runs); i += 4 {
		to := min(max(int(le.Uint16(runs[i:])), from), len(units))
		out.add(string(utf16.Decode(units[from:to])), own, struck)
		from, own, struck = to, true, b.strike(int(le.Uint16(runs[i+2:])))
	}
	out.add(string(utf16.Decode(units[from:])), own, struck)
	out.text = text
	return out.rich
}

// sheet reads one sheet. cells is false for one without: a chart, a dialog, macros. What stands between a BOF and an
// EOF of their own inside it is a chart on it, and no cells.
func (b *biff) sheet(s *Sheet, at int) (cells bool, err error) {
	var pending *place // the formula cell whose text comes in the next STRING record
	inside := 0
	for {
		r, next, ok := b.next(at)
		if !ok {
			return false, fmt.Errorf("%w: シート「%s」が途中で切れています", ErrUnreadable, s.Name)
		}
		at = next
		switch {
		case r.kind == recBOF:
			if inside++; inside == 1 && (!r.has(4) || le.Uint16(r.body()[2:]) != streamCells) {
				return false, nil
			}
			continue
		case r.kind == recEOF:
			if inside--; inside > 0 {
				continue
			}
			return true, nil
		case inside > 1:
			continue
		}
		switch r.kind {
		case recOptions:
			if r.has(2) && le.Uint16(r.body())&dialog != 0 {
				return false, nil
			}
		case recMerges:
			for _, m := range mergedRanges(r.body()) {
				if err := b.merge(s, m); err != nil {
					return false, err
				}
			}
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
				c := Cell{Formula: "="}
				if text, _ := (&chars{parts: r.parts}).text(2); text != "" {
					c = Cell{Kind: Text, Text: text, Formula: "=", Struck: pending.struck}
				}
				if err := b.put(s, pending.row, pending.col, c); err != nil {
					return false, err
				}
				pending = nil
			}
		case recLabelSST, recLabel, recNumber, recRK, recMulRK, recBoolErr, recFormula:
			if r.has(6) {
				if pending, err = b.value(s, r); err != nil {
					return false, err
				}
			}
		}
	}
}

// place is a cell whose content is still to come.
type place struct {
	row, col int
	struck   bool
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
func (b *biff) value(s *Sheet, r biffRecord) (*place, error) {
	d := r.body()
	row, col := int(le.Uint16(d)), int(le.Uint16(d[2:]))
	struck := b.style(d[4:]).struck
	if err := b.count(1); err != nil {
		return nil, err
	}
	var c Cell
	switch {
	case r.kind == recLabelSST && r.has(10):
		if i := int(le.Uint32(d[6:])); i < len(b.texts) && b.texts[i].text != "" {
			c = Cell{Kind: Text, Text: b.texts[i].text}
			c.Struck, c.PartStruck = b.texts[i].strike(struck)
		}
	case r.kind == recLabel && r.has(9):
		text, _ := (&chars{parts: [][]byte{d[6:]}}).text(2)
		c = Cell{Kind: Text, Text: text, Struck: struck}
	case r.kind == recNumber && r.has(14):
		c = b.number(d[4:], math.Float64frombits(le.Uint64(d[6:])))
	case r.kind == recRK && r.has(10):
		c = b.number(d[4:], rk(le.Uint32(d[6:])))
	case r.kind == recMulRK:
		return nil, b.numbers(s, row, col, d)
	case r.kind == recBoolErr && r.has(8):
		c = boolOrError(d[6], d[7] == 1)
		c.Struck = struck
	case r.kind == recFormula && r.has(14):
		return b.formula(s, row, col, d)
	}
	return nil, b.put(s, row, col, c)
}

// numbers stores the cells of a record that has several.
func (b *biff) numbers(s *Sheet, row, col int, d []byte) error {
	for i := 4; i+6 <= len(d)-2; i += 6 {
		if err := b.count(1); err != nil {
			return err
		}
		if err := b.put(s, row, col, b.number(d[i:], rk(le.Uint32(d[i+2:])))); err != nil {
			return err
		}
		col++
	}
	return nil
}

// formula stores the result of a formula ([MS-XLS] 2.5.133): a number, or 0xFFFF and what kind of result it is.
func (b *biff) formula(s *Sheet, row, col int, d []byte) (*place, error) {
	struck := b.style(d[4:]).struck
	if le.Uint16(d[12:]) != 0xFFFF {
		c := b.number(d[4:], math.Float64frombits(le.Uint64(d[6:])))
		c.Formula = "="
		if c.Value == "0" && len(d) >= 16 && le.Uint16(d[14:])&calcOnLoad != 0 {
			b.formulas = append(b.formulas, formula{s, row, col})
		} else {
			b.calculated = true
		}
		return nil, b.put(s, row, col, c)
	}
	b.calculated = true
	switch d[6] {
	case 0:
		return &place{row, col, struck}, nil
	case 1, 2:
		c := boolOrError(d[8], d[6] == 2)
		c.Formula, c.Struck = "=", struck
		return nil, b.put(s, row, col, c)
	case 3: // an empty text
		return nil, b.put(s, row, col, Cell{Formula: "="})
	}
	return nil, nil
}

// style is that of a cell's XF index.
func (b *biff) style(xf []byte) style {
	if i := int(le.Uint16(xf)); i < len(b.xf) {
		return b.xf[i]
	}
	return style{}
}

func (b *biff) number(xf []byte, v float64) Cell {
	st := b.style(xf)
	c := st.format.cell(strconv.FormatFloat(v, 'g', 17, 64), b.date04)
	c.Struck = st.struck
	return c
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
