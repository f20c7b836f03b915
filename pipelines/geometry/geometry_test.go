package geometry_test

import (
	"slices"
	"testing"

	"kyogikai/pipelines/geometry"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/workbook"
	"kyogikai/pipelines/workbook/workbooktest"
)

// sheet is a sheet of rows of cells, "" blank, with merged ranges.
func sheet(t *testing.T, rows [][]string, merged ...[2]string) *workbook.Sheet {
	t.Helper()
	s := workbooktest.Sheet{Name: "表", Merged: merged}
	for _, row := range rows {
		cells := make([]any, len(row))
		for i, text := range row {
			if text != "" {
				cells[i] = text
			}
		}
		s.Rows = append(s.Rows, cells)
	}
	wb, err := workbook.Open("表.xlsx", workbooktest.Write(t, s), limits.Default())
	if err != nil {
		t.Fatal(err)
	}
	return wb.Sheets[0]
}

func texts(parts []geometry.Part) []string {
	out := []string{}
	for _, p := range parts {
		out = append(out, p.Text)
	}
	return out
}

// A head stands over its column through merged ranges; a wide head that is not merged stands over the blanks behind it
// where, and only where, something deeper stands below each of them.
func TestStack(t *testing.T) {
	for _, c := range []struct {
		name     string
		rows     [][]string
		merged   [][2]string
		left     int
		col      int
		own, all []string
	}{
		{"its own", [][]string{{"実績", ""}, {"R5", "R6"}}, nil, 0, 0, []string{"実績", "R5"}, []string{"実績", "R5"}},
		{"wide", [][]string{{"実績", ""}, {"R5", "R6"}}, nil, 0, 1, []string{"R6"}, []string{"実績", "R6"}},
		{"wide, over two blanks", [][]string{{"実績", "", ""}, {"R5", "R6", "R7"}}, nil, 0, 2,
			[]string{"R7"}, []string{"実績", "R7"}},
		{"the next filled cell ends it", [][]string{{"実績", "計画", ""}, {"R5", "R6", "R7"}}, nil, 0, 2,
			[]string{"R7"}, []string{"計画", "R7"}},
		{"a blank column ends it", [][]string{{"実績", "", ""}, {"R5", "", "R7"}}, nil, 0, 2,
			[]string{"R7"}, []string{"R7"}},
		{"nothing deeper below the head", [][]string{{"備考", ""}, {"", "R6"}}, nil, 0, 1,
			[]string{"R6"}, []string{"R6"}},
		{"nothing deeper below the blank", [][]string{{"実績", ""}, {"R5", ""}}, nil, 0, 1, nil, nil},
		{"merged", [][]string{{"実績", ""}, {"R5", "R6"}}, [][2]string{{"A1", "B1"}}, 0, 1,
			[]string{"実績", "R6"}, []string{"実績", "R6"}},
		{"behind a merged head", [][]string{{"実績", "", ""}, {"R5", "R6", "R7"}}, [][2]string{{"A1", "B1"}}, 0, 2,
			[]string{"R7"}, []string{"R7"}},
		{"merged down, once", [][]string{{"施設", "実績"}, {"", "R5"}}, [][2]string{{"A1", "A2"}}, 0, 0,
			[]string{"施設"}, []string{"施設"}},
		{"beyond the block", [][]string{{"実績", ""}, {"R5", "R6"}}, nil, 1, 1, []string{"R6"}, []string{"R6"}},
		{"in one line", [][]string{{"実績\n（人）"}, {"R5"}}, nil, 0, 0,
			[]string{"実績（人）", "R5"}, []string{"実績（人）", "R5"}},
	} {
		own, all := geometry.Stack(sheet(t, c.rows, c.merged...), 0, len(c.rows)-1, c.left, c.col)
		if !slices.Equal(texts(own), c.own) || !slices.Equal(texts(all), c.all) {
			t.Errorf("%s: %q %q, not %q %q", c.name, texts(own), texts(all), c.own, c.all)
		}
	}
}

// Tables side by side begin at the first of the heads that come again.
func TestRepeats(t *testing.T) {
	for _, c := range []struct {
		name    string
		row     []string
		anchors []int
		want    []int
	}{
		{"the naming head first", []string{"施設", "R5", "施設", "R5"}, []int{0, 2}, []int{0, 2}},
		{"a head before it", []string{"番号", "施設", "R5", "番号", "施設", "R5"}, []int{1, 4}, []int{0, 3}},
		{"another head before it", []string{"番号", "施設", "R5", "備考", "施設", "R5"}, []int{1, 4}, []int{0, 4}},
		{"nothing between", []string{"番号", "施設", "施設"}, []int{1, 2}, []int{0, 2}},
		{"the same heads without any between", []string{"施設", "施設", "施設"}, []int{1, 2}, []int{0, 2}},
		{"three", []string{"番号", "施設", "番号", "施設", "番号", "施設"}, []int{1, 3, 5}, []int{0, 2, 4}},
		{"one", []string{"", "施設", "R5"}, []int{1}, []int{1}},
		{"none", []string{"施設", "R5"}, nil, nil},
	} {
		s := sheet(t, [][]string{c.row})
		same := func(a, b int) bool { return s.At(0, a).Text == s.At(0, b).Text }
		if got := geometry.Repeats(s, 0, c.anchors, same); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, not %v", c.name, got, c.want)
		}
	}
	blank := sheet(t, [][]string{{""}, {"施設"}})
	if got := geometry.Repeats(blank, 0, []int{0}, nil); got != nil {
		t.Errorf("a blank row begins tables: %v", got)
	}
}

// What a row holds itself, what shows in it, and how far its cells go.
func TestRows(t *testing.T) {
	s := sheet(t, [][]string{
		{"節", "", "", "終"},
		{"", "", "", ""},
		{"名", "", "値", ""},
	}, [2]string{"A1", "B2"})
	if got := geometry.Row(s, 0, 0, s.Cols); !slices.Equal(got, []int{0, 3}) {
		t.Errorf("row 1 holds %v", got)
	}
	if got := geometry.Row(s, 0, 1, 9); !slices.Equal(got, []int{3}) {
		t.Errorf("row 1 from its second column holds %v", got)
	}
	if got := geometry.Row(s, 1, -1, s.Cols); got != nil {
		t.Errorf("row 2, which a cell above covers, holds %v", got)
	}
	if geometry.BlankRow(s, 1, 0, s.Cols) || geometry.BlankRow(s, 1, 1, 2) || !geometry.BlankRow(s, 1, 2, s.Cols) {
		t.Error("row 2 shows what is merged down into it, and nothing else")
	}
	if !geometry.BlankRow(s, 0, 2, 3) || geometry.BlankRow(s, 0, 2, 4) || geometry.BlankRow(s, 0, 3, 9) ||
		!geometry.BlankRow(s, 0, 4, 9) || !geometry.BlankRow(s, 1, -1, 0) {
		t.Error("row 1 shows something in its first two columns and in its last")
	}
	if geometry.Own(s, 0, 1) || !geometry.Own(s, 0, 0) || geometry.Own(s, 2, 1) {
		t.Error("a covered cell or a blank one holds nothing itself")
	}
	for _, c := range []struct{ row, col, width, height int }{
		{0, 0, 2, 2}, {0, 3, 1, 1}, {2, 0, 1, 1}, {2, 1, 1, 1},
	} {
		w, h := geometry.Width(s, c.row, c.col), geometry.Height(s, c.row, c.col)
		if w != c.width || h != c.height {
			t.Errorf("cell %d, %d is %d wide and %d high", c.row, c.col, w, h)
		}
	}
	wide := sheet(t, [][]string{{"節", "", "", "終"}, {"", "", "", ""}, {"", "", "", ""}, {"名", "", "", "値"}},
		[2]string{"A1", "C3"}, [2]string{"D1", "D3"}, [2]string{"A4", "C4"})
	for _, c := range []struct{ row, col, width, height int }{
		{0, 0, 3, 3}, {0, 3, 1, 3}, {3, 0, 3, 1}, {3, 3, 1, 1},
	} {
		w, h := geometry.Width(wide, c.row, c.col), geometry.Height(wide, c.row, c.col)
		if w != c.width || h != c.height {
			t.Errorf("of merged ranges side by side, cell %d, %d is %d wide and %d high", c.row, c.col, w, h)
		}
	}
	for _, c := range []struct {
		row, left, right int
		at               geometry.Place
		text             string
	}{
		{0, 0, 4, geometry.Place{}, ""}, {0, 0, 3, geometry.Place{0, 0}, "節"}, {0, 1, 4, geometry.Place{0, 3}, "終"},
		{1, 0, 4, geometry.Place{}, ""}, {2, 1, 4, geometry.Place{2, 2}, "値"},
	} {
		part, ok := geometry.Alone(s, c.row, c.left, c.right)
		if part.At != c.at || part.Text != c.text || ok != (c.text != "") {
			t.Errorf("alone in row %d from %d to %d: %v %v", c.row, c.left, c.right, part, ok)
		}
	}
}
