package document

import (
	"fmt"
	"strings"
	"testing"
)

// grid draws a table's places, a row a line: each place bears the letter of the cell that covers it, · where none does.
// A place that two cells cover is a !.
func grid(t *testing.T, table Table) string {
	t.Helper()
	placed, err := table.Placed()
	if err != nil {
		return err.Error()
	}
	if len(placed) != len(table.Head)+len(table.Rows) {
		t.Errorf("%d rows of %d", len(placed), len(table.Head)+len(table.Rows))
	}
	lines := make([][]string, len(placed))
	for i := range lines {
		lines[i] = strings.Split(strings.Repeat("·", len(table.Columns)), "")
	}
	for i, row := range placed {
		for _, c := range row {
			if c.Row != i || c.Head != (i < len(table.Head)) {
				t.Errorf("%s stands in row %d: %+v", c.Text, i, c)
			}
			for r := range c.Rows {
				for k := range c.Cols {
					at := &lines[i+r][c.Col+k]
					if *at != "·" {
						*at = "!"
						continue
					}
					*at = c.Text
				}
			}
		}
	}
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = strings.Join(l, "")
	}
	return strings.Join(out, "/")
}

// rowOf makes cells of words like A, B2 (two columns), C×3 (three rows), D2×3.
func rowOf(words ...string) Row {
	var row Row
	for _, w := range words {
		c := Cell{Text: w[:1]}
		cols, rows, _ := strings.Cut(w[1:], "×")
		_, _ = fmt.Sscan(cols, &c.ColSpan)
		_, _ = fmt.Sscan(rows, &c.RowSpan)
		row.Cells = append(row.Cells, c)
	}
	return row
}

func TestPlaced(t *testing.T) {
	three := make([]Column, 3)
	for _, c := range []struct {
		name       string
		head, rows []Row
		columns    []Column
		want       string
	}{
		{"plain", []Row{rowOf("A", "B", "C")}, []Row{rowOf("D", "E", "F")}, three, "ABC/DEF"},
		{"a head of two rows", []Row{rowOf("A×2", "B2"), rowOf("C", "D")}, []Row{rowOf("E", "F", "G")}, three, "ABB/ACD/EFG"},
		{"a cell over rows", nil, []Row{rowOf("A×3", "B", "C"), rowOf("D", "E"), rowOf("F", "G")}, three, "ABC/ADE/AFG"},
		{"in the middle", nil, []Row{rowOf("A", "B×2", "C"), rowOf("D", "E")}, three, "ABC/DBE"},
		{"over rows and columns", nil, []Row{rowOf("A2×2", "B"), rowOf("C"), rowOf("D3")}, three, "AAB/AAC/DDD"},
		{"fewer cells than columns", nil, []Row{rowOf("A"), rowOf(), rowOf("B", "C")}, three, "A··/···/BC·"},
		{"a span beyond the last column", nil, []Row{rowOf("A", "B9")}, three, "ABB"},
		{"a span beyond the last row", nil, []Row{rowOf("A×9", "B", "C"), rowOf("D", "E")}, three, "ABC/ADE"},
		{"a span of the head ends with it", []Row{rowOf("A×9", "B", "C")}, []Row{rowOf("D", "E", "F")}, three, "ABC/DEF"},
		{"a span ends before a covered column", nil, []Row{rowOf("A", "B", "C×2"), rowOf("D3")}, three, "ABC/DDC"},
		{"a span within others", nil, []Row{rowOf("A×2", "B", "C×2"), rowOf("D2")}, three, "ABC/ADC"},
		{
			"a negative span is one", nil, []Row{{Cells: []Cell{{Text: "A", ColSpan: -1, RowSpan: -2}, {Text: "B"}}}},
			three, "AB·",
		},
		{"more cells than columns", nil, []Row{rowOf("A", "B", "C"), rowOf("D", "E", "F", "G")}, three,
			"表「表」の2行目に、列より多くのセルがあります"},
		{"no room beside a covered column", []Row{rowOf("A")}, []Row{rowOf("B3×2"), rowOf("C")}, three,
			"表「表」の3行目に、列より多くのセルがあります"},
		{"no columns", nil, []Row{rowOf("A")}, nil, "表「表」の1行目に、列より多くのセルがあります"},
		{"nothing", nil, nil, nil, ""},
	} {
		if got := grid(t, Table{ID: "表", Columns: c.columns, Head: c.head, Rows: c.rows}); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// A cell stands as it says, else as the column that it begins in.
func TestPlacedAlign(t *testing.T) {
	table := Table{Columns: []Column{{Align: "left"}, {Align: "decimal"}, {}}, Rows: []Row{
		{Cells: []Cell{{Text: "A"}, {Text: "B"}, {Text: "C"}}},
		{Cells: []Cell{{Text: "D", Align: "center"}, {Text: "E", ColSpan: 2}}},
	}}
	placed, err := table.Placed()
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, row := range placed {
		for _, c := range row {
			got += c.Text + c.Align + " "
		}
	}
	if want := "Aleft Bdecimal C Dcenter Edecimal "; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// No two cells lie over each other and none reaches out of the table, whatever the spans say.
func FuzzPlaced(f *testing.F) {
	f.Add([]byte{3, 1, 2, 9, 0, 5, 77, 200, 13})
	f.Fuzz(func(t *testing.T, data []byte) {
		table := Table{Columns: make([]Column, 6)}
		for len(data) > 0 {
			n := min(int(data[0]%4), len(data)-1)
			var row Row
			for _, b := range data[1 : n+1] {
				row.Cells = append(row.Cells, Cell{Text: "X", ColSpan: int(b%16) - 2, RowSpan: int(b/16) - 2})
			}
			data = data[n+1:]
			if len(table.Head) < 2 {
				table.Head = append(table.Head, row)
			} else {
				table.Rows = append(table.Rows, row)
			}
		}
		if got := grid(t, table); strings.Contains(got, "!") {
			t.Error(got)
		}
	})
}
