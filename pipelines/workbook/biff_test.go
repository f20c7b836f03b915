package workbook

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"
	"unicode/utf16"

	"kyogikai/pipelines/limits"
)

// biffBytes puts values together as an .xls holds them.
func biffBytes(values ...any) []byte {
	var b bytes.Buffer
	for _, v := range values {
		switch v := v.(type) {
		case string:
			for _, u := range utf16.Encode([]rune(v)) {
				_ = binary.Write(&b, le, u) // a buffer takes everything
			}
		case []byte:
			b.Write(v)
		default:
			_ = binary.Write(&b, le, v)
		}
	}
	return b.Bytes()
}

func biffRec(kind uint16, values ...any) []byte {
	body := biffBytes(values...)
	return biffBytes(kind, uint16(len(body)), body)
}

func biffBOF(kind uint16) []byte { return biffRec(recBOF, uint16(biff8), kind, make([]byte, 12)) }

// biffBook makes the stream of an .xls: a sheet each of sheets, of the kind in its first record.
func biffBook(globals []byte, sheets ...[]byte) []byte {
	head := append(biffBOF(5), globals...)
	entry := func(i, offset int) []byte {
		return biffRec(recSheet, uint32(offset), byte(0), byte(0), byte(1), byte(1), string(rune('A'+i)))
	}
	offset := len(head) + len(sheets)*len(entry(0, 0)) + len(biffRec(recEOF))
	var body []byte
	for i, s := range sheets {
		head = append(head, entry(i, offset+len(body))...)
		body = append(body, s...)
	}
	return append(append(head, biffRec(recEOF)...), body...)
}

func biffSheetOf(records ...[]byte) []byte {
	out := biffBOF(streamCells)
	for _, r := range records {
		out = append(out, r...)
	}
	return append(out, biffRec(recEOF)...)
}

func biffNumber(row, col, xf uint16, v float64) []byte {
	return biffRec(recNumber, row, col, xf, math.Float64bits(v))
}

func biffFormula(row, col, flags uint16, result uint64) []byte {
	return biffRec(recFormula, row, col, uint16(0), result, flags, uint32(0), uint16(0))
}

func openStream(t *testing.T, stream []byte) []*Sheet {
	t.Helper()
	b := &budget{Set: limits.Default()}
	wb, err := openBIFF(bytes.NewReader(stream), len(stream), b)
	must(t, err)
	must(t, b.settle(wb.Sheets))
	return wb.Sheets
}

// A chart on a sheet has cells of its own in the file: they are none of the sheet's, and a sheet that is a chart, a
// dialog or macros is passed over.
func TestXLSPartsThatAreNoCells(t *testing.T) {
	chart := append(append(biffBOF(0x0020), biffNumber(0, 0, 0, 9)...), biffRec(recEOF)...)
	inChart := append(append(biffBOF(0x0020), chart...), biffRec(recEOF)...)
	sheets := openStream(t, biffBook(nil,
		biffSheetOf(biffNumber(0, 0, 0, 1), chart, inChart, biffNumber(1, 0, 0, 2)),
		chart,
		biffSheetOf(biffRec(recOptions, uint16(dialog)), biffNumber(0, 0, 0, 3)),
		append(append(biffBOF(0x0040), biffNumber(0, 0, 0, 4)...), biffRec(recEOF)...),
		biffSheetOf(biffRec(recOptions, ^uint16(dialog)), biffNumber(0, 0, 0, 5)),
	))
	if len(sheets) != 2 || sheets[0].Name != "A" || sheets[1].Name != "E" {
		t.Fatalf("%d sheets", len(sheets))
	}
	number := func(v string) Cell { return Cell{Kind: Number, Text: v, Value: v} }
	shows(t, sheets[0], map[string]Cell{"A1": number("1"), "A2": number("2"), "B1": {}})
	shows(t, sheets[1], map[string]Cell{"A1": number("5")})
}

// Rows and columns are hidden by a bit of their records; a record that is too short says nothing.
func TestXLSHidden(t *testing.T) {
	row := func(n uint16, bits uint32) []byte {
		return biffRec(recRow, n, uint16(0), uint16(9), uint16(255), uint32(0), bits)
	}
	columns := func(from, to, bits uint16) []byte { return biffRec(recColInfo, from, to, uint16(0), uint16(0), bits) }
	s := openStream(t, biffBook(nil, biffSheetOf(
		row(0, 0), row(1, 0x20), row(2, 0x40), columns(0, 0, 0), columns(1, 2, 1), columns(3, 3, 2),
		biffRec(recColInfo, uint16(4), uint16(4), uint16(0), uint16(1)), columns(255, 300, 1), biffNumber(4, 4, 0, 1),
	)))[0]
	if len(s.HiddenRows) != 1 || !s.HiddenRows[1] {
		t.Errorf("hidden rows are %v", s.HiddenRows)
	}
	if len(s.HiddenCols) != 3 || !s.HiddenCols[1] || !s.HiddenCols[2] || !s.HiddenCols[255] {
		t.Errorf("hidden columns are %v", s.HiddenCols)
	}
}

// A number is of the format that its XF names; one behind the last is of none.
func TestXLSStyles(t *testing.T) {
	xf := biffRec(recXF, uint16(0), uint16(10), make([]byte, 16)) // 0.00%
	s := openStream(t, biffBook(xf, biffSheetOf(biffNumber(0, 0, 0, 0.5), biffNumber(0, 1, 1, 0.5))))[0]
	shows(t, s, map[string]Cell{
		"A1": {Kind: Number, Text: "50.00%", Value: "0.5"}, "B1": {Kind: Number, Text: "0.5", Value: "0.5"},
	})
}

func TestXLSStruckOutCells(t *testing.T) {
	font := func(grbit uint16) []byte { return biffRec(recFont, uint16(200), grbit, make([]byte, 10)) }
	var globals []byte
	for i := range 6 { // fonts 0 to 3, 5 and 6: the last is struck out
		globals = append(globals, font(map[bool]uint16{true: 8}[i == 5])...)
	}
	xf := func(font uint16) []byte { return biffRec(recXF, font, uint16(0), make([]byte, 16)) }
	globals = append(append(append(globals, xf(0)...), xf(6)...), xf(5)...)
	text := func(s string, runs ...uint16) []byte {
		n := uint16(len(utf16.Encode([]rune(s))))
		if len(runs) == 0 {
			return biffBytes(n, byte(1), s)
		}
		return biffBytes(n, byte(9), uint16(len(runs)/2), s, runs)
	}
	globals = append(globals, biffRec(recSST, uint32(5), uint32(4),
		text("一"), text("旧", 0, 6), text("𠮷旧", 2, 6), text("旧新", 0, 6, 1, 0))...)
	label := func(row, col, xf uint16, i uint32) []byte { return biffRec(recLabelSST, row, col, xf, i) }
	s := openStream(t, biffBook(globals, biffSheetOf(
		label(0, 0, 0, 0), label(0, 1, 1, 0), label(0, 2, 2, 0), label(1, 0, 0, 1), label(1, 1, 0, 2), label(1, 2, 1, 2),
		label(1, 3, 1, 3), biffNumber(2, 0, 1, 5), biffNumber(2, 1, 0, 6),
	)))[0]
	shows(t, s, map[string]Cell{
		"A1": {Kind: Text, Text: "一"}, "B1": {Kind: Text, Text: "一", Struck: true}, "C1": {Kind: Text, Text: "一"},
		"A2": {Kind: Text, Text: "旧", Struck: true}, "B2": {Kind: Text, Text: "𠮷旧", PartStruck: true},
		"C2": {Kind: Text, Text: "𠮷旧", Struck: true}, "D2": {Kind: Text, Text: "旧新", PartStruck: true},
		"A3": {Kind: Number, Text: "5", Value: "5", Struck: true}, "B3": {Kind: Number, Text: "6", Value: "6"},
	})
}

func TestXLSFormulas(t *testing.T) {
	const text, empty, isTrue = 0xFFFF000000000000, 0xFFFF000000000003, 0xFFFF000000010001
	str := func(s string) []byte { return biffRec(recString, uint16(len(s)), byte(0), []byte(s)) }
	shared := biffRec(0x04BC, make([]byte, 12)) // a shared formula stands between the result and its text
	s := openStream(t, biffBook(nil, biffSheetOf(
		biffFormula(0, 0, 0, text), str("ok"), biffFormula(0, 1, 0, text), shared, str("shared"),
		biffFormula(0, 2, 0, empty), biffFormula(0, 3, 0, isTrue), biffFormula(0, 4, calcOnLoad, 0),
		biffFormula(0, 5, 0, text), str(""), biffNumber(1, 0, 0, 7),
	)))[0]
	shows(t, s, map[string]Cell{
		"A1": {Kind: Text, Text: "ok", Formula: "="}, "B1": {Kind: Text, Text: "shared", Formula: "="}, "C1": {Formula: "="},
		"D1": {Kind: Bool, Text: "TRUE", Formula: "="}, "E1": {Kind: Number, Text: "0", Value: "0", Formula: "="},
		"F1": {Formula: "="}, "A2": {Kind: Number, Text: "7", Value: "7"},
	})
	// Where every formula is still to be calculated, its 0 is no result.
	zero := Cell{Kind: Number, Text: "0", Value: "0", Formula: "="}
	for name, c := range map[string]struct {
		second []byte
		want   Cell
	}{
		"all to be calculated": {biffFormula(1, 0, calcOnLoad, 0), Cell{Kind: Uncached, Formula: "="}},
		"one is calculated":    {biffFormula(1, 0, 0, 0), zero},
		"one has a result":     {biffFormula(1, 0, calcOnLoad, math.Float64bits(1)), zero},
		"a number":             {biffNumber(1, 0, 0, 1), Cell{Kind: Uncached, Formula: "="}},
	} {
		s := openStream(t, biffBook(nil, biffSheetOf(biffFormula(0, 0, calcOnLoad, 0), c.second)))[0]
		if got := s.At(0, 0); got != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// The records of an .xls, without the container, in which a fuzzer would hardly find them.
func FuzzBIFF(f *testing.F) {
	f.Add(biffBook(biffRec(recFont, uint16(200), uint16(8), make([]byte, 10)), biffSheetOf(
		biffNumber(0, 0, 0, 1), biffFormula(1, 0, calcOnLoad, 0), biffRec(recString, uint16(1), byte(0), []byte("a")),
		biffRec(recMerges, uint16(1), uint16(0), uint16(1), uint16(0), uint16(1)), biffBOF(0x0020), biffRec(recEOF),
	)))
	f.Add(biffBook(biffRec(recSST, uint32(1), uint32(1), uint16(2), byte(9), uint16(1), "旧新", uint16(1), uint16(0)),
		biffSheetOf(biffRec(recLabelSST, uint16(0), uint16(0), uint16(0), uint32(0)))))
	f.Fuzz(func(t *testing.T, stream []byte) {
		b := &budget{Set: limits.Default()}
		wb, err := openBIFF(bytes.NewReader(stream), len(stream), b)
		if (err == nil) == (wb == nil) {
			t.Error("neither a workbook nor an error")
		}
		if wb != nil && b.settle(wb.Sheets) == nil {
			for _, s := range wb.Sheets {
				s.Flip().Each(func(int, int, Cell) {})
			}
		}
	})
}
