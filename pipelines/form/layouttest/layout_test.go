package layouttest

import (
	"bytes"
	"slices"
	"testing"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/workbook"
)

// A workbook shows its reader what was drawn: every cell, merged range and sheet.
func TestFilesShowWhatWasDrawn(t *testing.T) {
	const some = 150
	for n := range some {
		l := Draw(1, n)
		name, data, err := l.File()
		if err != nil {
			t.Fatal(err)
		}
		wb, err := workbook.Open(name, data, limits.Default())
		if err != nil {
			t.Fatalf("layout %s: %v", l, err)
		}
		if len(wb.Sheets) != len(l.Sheets) {
			t.Fatalf("layout %s: %d sheets, want %d", l, len(wb.Sheets), len(l.Sheets))
		}
		for i, s := range l.Sheets {
			got := wb.Sheets[i]
			if got.Name != s.Name || got.Hidden != s.Hidden || len(got.Merges) > len(s.merges) {
				t.Errorf("layout %s: sheet %q hidden %v merges %v", l, got.Name, got.Hidden, got.Merges)
			}
			count := 0
			got.Each(func(row, col int, c workbook.Cell) {
				count++
				want := s.At(row, col)
				dated := l.format == "xlsx" && want.Format == yearFormat
				if c.Text != want.Text && !dated || dated && c.Kind != workbook.Date {
					t.Errorf("layout %d: %s shows %q, want %q", l.Number, got.Ref(row, col), c.Text, want.Text)
				}
			})
			if count != len(s.cells) {
				t.Errorf("layout %s: sheet %q has %d cells, want %d", l, s.Name, count, len(s.cells))
			}
		}
	}
}

func TestSameNumberSameLayout(t *testing.T) {
	_, a, errA := Draw(7, 3).File()
	_, b, errB := Draw(7, 3).File()
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Errorf("the same seed and number draw two workbooks, %v, %v", errA, errB)
	}
	if _, c, _ := Draw(7, 4).File(); bytes.Equal(a, c) {
		t.Error("two numbers draw one workbook")
	}
	if _, c, _ := Draw(8, 3).File(); bytes.Equal(a, c) {
		t.Error("two seeds draw one workbook")
	}
}

// A pin changes its dimension, and no other that was drawn.
func TestPinsLeaveOtherDimensionsAlone(t *testing.T) {
	free := Draw(7, 5)
	pinned := Draw(7, 5, Choice{"title", "two rows"})
	if !slices.Contains(pinned.Choices, Choice{"title", "two rows"}) {
		t.Error("the pinned choice was not made")
	}
	for i, c := range free.Choices {
		if c.Dimension != "title" && pinned.Choices[i] != c {
			t.Errorf("%v became %v", c, pinned.Choices[i])
		}
	}
}

// What is inserted moves what stands at and behind the place, with its facts; a merged range that spans it grows.
func TestInsertedLinesMoveWhatIsBehind(t *testing.T) {
	for _, at := range []struct{ row, cell, top, bottom int }{{1, 3, 2, 4}, {2, 3, 1, 4}, {3, 2, 1, 4}, {4, 2, 1, 3}} {
		s := &Sheet{Name: "x", grid: *newGrid()}
		s.put(2, 0, Cell{Text: "a", marks: []Fact{{Field: "f", Value: "a"}}})
		s.merge(1, 1, 3, 1)
		s.InsertRow(at.row)
		if s.At(at.cell, 0).Text != "a" || s.merges[0].Top != at.top || s.merges[0].Bottom != at.bottom {
			t.Errorf("a row before %d: %v, %v", at.row, s.cells, s.merges)
		}
		if p := factsOf([]*Sheet{s})[0].Places; len(p) != 1 || p[0].Row != at.cell {
			t.Errorf("a row before %d: the fact stands at %v", at.row, p)
		}
	}
	s := &Sheet{Name: "x", grid: *newGrid()}
	s.text(0, 1, "a")
	s.InsertColumn(1)
	s.InsertColumn(3)
	if s.At(0, 2).Text != "a" || s.At(0, 1).Text != "" {
		t.Errorf("columns before 1 and 3: %v", s.cells)
	}
}

func TestYearsAndNumbersAsWritten(t *testing.T) {
	for spelling, want := range map[string][3]string{ // 2017, 2019, 2026
		"令和8年度": {"平成29年度", "令和元年度", "令和8年度"}, "R8(2026)": {"H29(2017)", "R1(2019)", "R8(2026)"},
		"8年度": {"29年度", "1年度", "8年度"}, "令和８年度": {"平成２９年度", "令和元年度", "令和８年度"}, "R08": {"H29", "R01", "R08"},
		"2026年度": {"2017年度", "2019年度", "2026年度"}, relative + "@2026": {"平成29年度", "令和元年度", "今年度"},
	} {
		if got := [3]string{spelled(2017, spelling), spelled(2019, spelling), spelled(2026, spelling)}; got != want {
			t.Errorf("%s: %v, want %v", spelling, got, want)
		}
	}
	if got := yearCell(2026, "日付"); got.Text != "2026年度" || got.Number != "46113" {
		t.Errorf("1 April 2026 is %v", got)
	}
	for _, c := range []struct{ value, unit, spelling, text, number string }{
		{"1234", "件", "書式", "1,234", "1234"}, {"999", "件", "文字", "999", ""}, {"1000", "件", "単位付きの文字", "1,000件", ""},
		{"39.3", "%", "書式", "39.3%", "0.393"}, {"5.5", "%", "書式", "5.5%", "0.055"}, {"110.0", "%", "書式", "110.0%", "1.100"},
		{"1234.5", "億円", "全角", "１，２３４．５", ""}, {"", "件", "数値", "", ""},
	} {
		if got := numberCell(c.value, c.unit, c.spelling); got.Text != c.text || got.Number != c.number {
			t.Errorf("%s%s %s: %v", c.value, c.unit, c.spelling, got)
		}
	}
}
