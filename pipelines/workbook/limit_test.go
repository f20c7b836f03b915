package workbook

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"kyogikai/pipelines/limits"
)

// texts makes a CSV of so many cells in lines of ten, each with a text of so many bytes.
func texts(cells, each int) []byte {
	var b strings.Builder
	for i := range cells {
		b.WriteString(strings.Repeat("a", each))
		b.WriteString(map[bool]string{true: "\n", false: ","}[i%10 == 9])
	}
	return []byte(strings.TrimSuffix(b.String(), ","))
}

// sheetOf is an .xlsx of n sheets with rows and what stands behind them.
func sheetOf(t *testing.T, n int, rows, behind string) []byte {
	t.Helper()
	return hostile(t, n, `<worksheet `+hostileNS+`><sheetData>`+rows+`</sheetData>`+behind+`</worksheet>`)
}

func repeated10(n int, one func(i int) string) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		b.WriteString(one(i))
	}
	return b.String()
}

// Every limit holds at its boundary and not beyond it, in every format, and the error says which it is and what was
// found where that is known.
func TestLimitsAtTheirBoundary(t *testing.T) {
	t.Parallel()
	number := func(i int) string { return fmt.Sprintf(`<row r="%d"><c r="A%d"><v>1</v></c></row>`, i, i) }
	merge := func(i int) string { return fmt.Sprintf(`<mergeCell ref="A%d:B%d"/>`, i, i) }
	odsRows := func(attributes, s string) string {
		return `<table:table><table:table-row ` + attributes + `><table:table-cell office:value-type="string"><text:p>` + s +
			`</text:p></table:table-cell></table:table-row></table:table>`
	}
	for name, c := range map[string]struct {
		limit string
		file  string
		at    int // how much is just within the limit of 100
		set   func(s *limits.Set)
		make  func(n int) []byte
		found string
	}{
		"file": {limits.File, "a.csv", 100, func(s *limits.Set) { s.File = 100 },
			func(n int) []byte { return bytes.Repeat([]byte("a"), n) }, "101バイトで"},
		"cells of a csv": {limits.CellCount, "a.csv", 100, func(s *limits.Set) { s.Cells = 100 },
			func(n int) []byte { return texts(n, 1) }, ""},
		"text of a csv": {limits.Text, "a.csv", 100, func(s *limits.Set) { s.Text = 100 },
			func(n int) []byte { return texts(n, 1) }, ""},
		"text of a cell of a csv": {limits.CellText, "a.csv", 100, func(s *limits.Set) { s.CellText = 100 },
			func(n int) []byte { return texts(1, n) }, "A1の一つのセルの文字が101バイトで"},
		"area of a csv": {limits.Area, "a.csv", 10, func(s *limits.Set) { s.Area = 100 },
			func(n int) []byte { return texts(10*n, 1) }, "110個で"},
		"cells": {limits.CellCount, "a.xlsx", 100, func(s *limits.Set) { s.Cells = 100 },
			func(n int) []byte { return sheetOf(t, 1, repeated10(n, number), "") }, ""},
		"cells of two sheets": {limits.CellCount, "a.xlsx", 50, func(s *limits.Set) { s.Cells = 100 },
			func(n int) []byte { return sheetOf(t, 2, repeated10(n, number), "") }, ""},
		"sheets": {limits.SheetCount, "a.xlsx", 3, func(s *limits.Set) { s.Sheets = 3 },
			func(n int) []byte { return sheetOf(t, n, number(1), "") }, "4枚で"},
		"merges": {limits.Merges, "a.xlsx", 100, func(s *limits.Set) { s.Merges = 100 },
			func(n int) []byte {
				return sheetOf(t, 1, repeated10(n, number), "<mergeCells>"+repeated10(n, merge)+"</mergeCells>")
			}, ""},
		"formulas": {limits.Formulas, "a.xlsx", 100, func(s *limits.Set) { s.Formulas = 100 },
			func(n int) []byte {
				return sheetOf(t, 1, repeated10(n, func(i int) string {
					return fmt.Sprintf(`<row r="%d"><c r="A%d"><f>B1</f><v>1</v></c></row>`, i, i)
				}), "")
			}, ""},
		"formulas that are shared count as texts": {limits.Text, "a.xlsx", 20, func(s *limits.Set) { s.Text = 100 },
			func(n int) []byte {
				return sheetOf(t, 1, repeated10(n, func(i int) string {
					master := map[bool]string{true: "$B$1"}[i == 1]
					return fmt.Sprintf(`<row r="%d"><c r="A%d"><f t="shared" si="0">%s</f><v>1</v></c></row>`, i, i, master)
				}), "")
			}, ""},
		"area": {limits.Area, "a.xlsx", 100, func(s *limits.Set) { s.Area = 100 },
			func(n int) []byte { return sheetOf(t, 1, number(1)+number(n), "") }, "シート「S1」の使用範囲のセルの数が101個で"},
		"merges over one another": {limits.Area, "a.xlsx", 10, func(s *limits.Set) { s.Area = 100 },
			func(n int) []byte {
				return sheetOf(t, 1, repeated10(10, number),
					"<mergeCells>"+strings.Repeat(`<mergeCell ref="A1:A10"/>`, n)+"</mergeCells>")
			}, "結合を重ねた"},
		"a part": {limits.Part, "a.xlsx", 100_000, func(s *limits.Set) { s.Part = 100_000 + int64(len(sheetText(""))) },
			func(n int) []byte { return hostile(t, 1, sheetText(strings.Repeat(" ", n))) }, ""},
		"cells of an ods": {limits.CellCount, "a.ods", 100, func(s *limits.Set) { s.Cells = 100 },
			func(n int) []byte {
				return odsWith(t, "", odsRows(fmt.Sprintf(`table:number-rows-repeated="%d"`, n), "a"))
			}, ""},
		"text of an ods": {limits.Text, "a.ods", 50, func(s *limits.Set) { s.Text = 100 },
			func(n int) []byte {
				return odsWith(t, "", odsRows(fmt.Sprintf(`table:number-rows-repeated="%d"`, n), "ab"))
			}, ""},
		"sheets of an ods": {limits.SheetCount, "a.ods", 3, func(s *limits.Set) { s.Sheets = 3 },
			func(n int) []byte { return odsWith(t, "", strings.Repeat(odsRows("", "a"), n)) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := limits.Default()
			c.set(&s)
			for _, n := range []int{c.at - 1, c.at} {
				if _, err := Open(c.file, c.make(n), s); err != nil {
					t.Errorf("%d: %v", n, err)
				}
			}
			_, err := Open(c.file, c.make(c.at+1), s)
			var large *TooLargeError
			if !errors.As(err, &large) || large.Name != c.limit || !errors.Is(err, ErrTooLarge) ||
				!strings.Contains(err.Error(), c.found) || !strings.Contains(err.Error(), "（"+c.limit+"）を超えています") {
				t.Errorf("%d: %v", c.at+1, err)
			}
		})
	}
}

func sheetText(before string) string {
	return `<worksheet ` + hostileNS + `>` + before +
		`<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>`
}

// An .xls has the same limits.
func TestLimitsOfXLS(t *testing.T) {
	t.Parallel()
	numbers := func(n int) (out [][]byte) {
		for i := range n {
			out = append(out, biffNumber(uint16(i), 0, 0, 1))
		}
		return out
	}
	merges := func(n int) []byte {
		body := []any{uint16(n)}
		for i := range n {
			body = append(body, uint16(i), uint16(i), uint16(0), uint16(1))
		}
		return biffRec(recMerges, body...)
	}
	for name, c := range map[string]struct {
		limit string
		set   func(s *limits.Set)
		make  func(n int) []byte
	}{
		"cells": {limits.CellCount, func(s *limits.Set) { s.Cells = 10 },
			func(n int) []byte { return biffBook(nil, biffSheetOf(numbers(n)...)) }},
		"merges": {limits.Merges, func(s *limits.Set) { s.Merges = 10 },
			func(n int) []byte { return biffBook(nil, biffSheetOf(append(numbers(1), merges(n))...)) }},
		"text": {limits.Text, func(s *limits.Set) { s.Text = 10 },
			func(n int) []byte {
				return biffBook(nil, biffSheetOf(biffRec(recLabel, uint16(0), uint16(0), uint16(0), uint16(n), byte(0),
					bytes.Repeat([]byte("a"), n))))
			}},
		"strings": {limits.Strings, func(s *limits.Set) { s.Strings = 10 },
			func(n int) []byte {
				return biffBook(biffRec(recSST, uint32(n), uint32(n), make([]byte, 3*n)), biffSheetOf(numbers(1)...))
			}},
		"sheets": {limits.SheetCount, func(s *limits.Set) { s.Sheets = 10 },
			func(n int) []byte {
				sheets := make([][]byte, n)
				for i := range sheets {
					sheets[i] = biffSheetOf(numbers(1)...)
				}
				return biffBook(nil, sheets...)
			}},
	} {
		s := limits.Default()
		c.set(&s)
		open := func(n int) error {
			stream := c.make(n)
			_, err := openBIFF(bytes.NewReader(stream), len(stream), &budget{Set: s})
			return err
		}
		var large *TooLargeError
		if err := errors.Join(open(9), open(10)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := open(11); !errors.As(err, &large) || large.Name != c.limit {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A settled sheet shows what a map of its cells would, with merges that lie across each other, turned over and cut.
func TestSettledSheet(t *testing.T) {
	t.Parallel()
	s := newSheet("表")
	cells := map[[2]int]string{}
	for _, at := range [][2]int{{7, 2}, {0, 0}, {3, 9}, {0, 5}, {3, 1}, {7, 0}} {
		cells[at] = fmt.Sprint(at)
		s.set(at[0], at[1], Cell{Kind: Text, Text: cells[at]})
	}
	s.set(3, 1, Cell{Kind: Text, Text: "another"})
	cells[[2]int{3, 1}] = "another"
	ranges := []Range{{0, 0, 1, 2}, {1, 2, 3, 4}, {3, 1, 3, 1}, {6, 8, 99, 99}, {20, 20, 21, 21}, {2, 2, 1, 1}}
	for _, r := range ranges {
		s.merge(r)
	}
	s.settle()
	if s.Rows != 8 || s.Cols != 10 || len(s.Merges) != 4 {
		t.Fatalf("%d × %d, %v", s.Rows, s.Cols, s.Merges)
	}
	origin := func(row, col int) [2]int {
		at := [2]int{row, col}
		for _, r := range s.Merges {
			if row >= r.Top && row <= r.Bottom && col >= r.Left && col <= r.Right {
				at = [2]int{r.Top, r.Left}
			}
		}
		return at
	}
	flipped := s.Flip()
	for row := -1; row < 12; row++ {
		for col := -1; col < 12; col++ {
			at := origin(row, col)
			if r, c := s.Origin(row, col); [2]int{r, c} != at || s.At(row, col).Text != cells[at] {
				t.Errorf("%d, %d: %d, %d %q, want %v %q", row, col, r, c, s.At(row, col).Text, at, cells[at])
			}
			if f := flipped.At(col, row); f != s.At(row, col) {
				t.Errorf("flipped %d, %d: %q", row, col, f.Text)
			}
		}
	}
	var order [][2]int
	s.Each(func(row, col int, _ Cell) { order = append(order, [2]int{row, col}) })
	if want := [][2]int{{0, 0}, {0, 5}, {3, 1}, {3, 9}, {7, 0}, {7, 2}}; !reflect.DeepEqual(order, want) {
		t.Errorf("%v", order)
	}
	lines := s.Lines(3, 8)
	if lines.At(0, 0).Text != "" || lines.At(3, 1).Text != "another" || lines.Rows != 8 || lines.Cols != 10 {
		t.Errorf("%q %q, %d × %d", lines.At(0, 0).Text, lines.At(3, 1).Text, lines.Rows, lines.Cols)
	}
}

// A sheet is the same on the other side of a pipe.
func TestSheetThroughAPipe(t *testing.T) {
	t.Parallel()
	wb, err := fixture(t, "struck.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range append(wb.Sheets, wb.Sheets[0].Flip()) {
		data, err := s.GobEncode()
		if err != nil {
			t.Fatal(err)
		}
		var got Sheet
		if err := got.GobDecode(data); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(&got, s) {
			t.Errorf("%s: %+v, want %+v", s.Name, got, *s)
		}
	}
	if new(Sheet).GobDecode([]byte("x")) == nil {
		t.Error("no sheet is one")
	}
}
