package typeset

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"kyogikai/pipelines/document"
)

// linesOf are what a person reads on each line of a width in characters, where marks may hang.
func linesOf(t *testing.T, hanging bool, text string, chars float64) []string {
	t.Helper()
	d := &drawing{fonts: fonts(t), absent: map[rune]bool{}, hanging: hanging}
	var out []string
	for _, l := range breakLines(d.shape(spans(text), mincho, bold), bodySize, chars*bodySize) {
		line := ""
		for _, g := range l.g {
			line += string(g.r)
		}
		out = append(out, line)
	}
	return out
}

// One mark may stand beyond the end of a line, as far as what is before it ends there; a second one may not, nor a mark
// behind what is longer already.
func TestBoundaryOfHangingMarks(t *testing.T) {
	ten, rest := strings.Repeat("漢", 10), strings.Repeat("字", 5)
	for _, c := range []struct {
		name    string
		hanging bool
		text    string
		chars   float64
		first   int // characters on the first line
	}{
		{"within the line", true, ten[:27] + "。" + rest, 10, 10},
		{"beyond its end", true, ten + "。" + rest, 10, 11},
		{"where it may not", false, ten + "。" + rest, 10, 9},
		{"two marks, the second beyond", true, ten[:27] + "。、" + rest, 10, 11},
		{"two marks beyond", true, ten + "。、" + rest, 10, 9},
		{"behind what is too long", true, ten + "。" + rest, 9.9, 9},
		{"a bracket does not hang", true, ten + "）" + rest, 10, 9},
	} {
		got := linesOf(t, c.hanging, c.text, c.chars)
		if n := len([]rune(got[0])); n != c.first || strings.Join(got, "") != c.text {
			t.Errorf("%s: %d characters on the first line: %q", c.name, n, got)
		}
	}
}

// What is no character is not drawn, wherever it stands.
func TestNothingIsDrawnOfWhatIsNoCharacter(t *testing.T) {
	for in, want := range map[string]string{
		"改\u200b行": "改行", "\ufeff頭": "頭", "\u200b": "", "尾\u200b": "尾", "タ\tブ": "タ ブ", "制\x07御": "制御", "二\n行": "二\n行",
	} {
		if got := clean(in); got != want {
			t.Errorf("%q is drawn as %q, want %q", in, got, want)
		}
	}
}

// rowsOf is a table of rows of so many lines, on an A4 page.
func rowsOf(lines ...int) *tableLayout {
	l := &tableLayout{sheet: sheets[""], lead: tableLead, size: tableSize, t: &document.Table{}}
	for _, n := range lines {
		l.rows = append(l.rows, rowLayout{lines: n, group: 1})
	}
	return l
}

// A whole row has a least height; a part of one has only that of its lines.
func TestBoundaryOfRowHeights(t *testing.T) {
	l := rowsOf(1, 2, 3)
	one, two := tableLead+2*padY, 2*tableLead+2*padY
	for _, c := range []struct {
		row, from, to int
		want          float64
	}{
		{0, 0, 1, rowMin}, {1, 0, 2, two}, {1, 0, 1, one}, {1, 1, 2, one}, {2, 1, 2, one}, {2, 1, 3, two},
	} {
		if got := l.height(c.row, c.from, c.to); math.Abs(got-c.want) > slack {
			t.Errorf("lines %d to %d of row %d are %.2f high, want %.2f", c.from, c.to, c.row, got, c.want)
		}
	}
	if one >= rowMin || two <= rowMin {
		t.Errorf("a line %.2f and two %.2f do not lie on both sides of %.2f", one, two, rowMin)
	}
}

// A row is parted where three lines stay and two go over, and where much of the page would stay empty or the row is
// high.
func TestBoundaryOfPartedRows(t *testing.T) {
	l := rowsOf(10, 26)
	eighth, half := l.sheet.depth*0.12, l.sheet.depth*0.5
	if h := l.height(1, 0, 26); h <= half || l.height(0, 0, 10) >= half {
		t.Fatalf("%.0f is not more than half of a page", h)
	}
	for _, c := range []struct {
		name           string
		row, left, fit int
		room           float64
		want           bool
	}{
		{"three stay", 0, 10, 3, eighth + 1, true}, {"two stay", 0, 10, 2, eighth + 1, false},
		{"five are left", 0, 5, 3, eighth + 1, true}, {"four are left", 0, 4, 3, eighth + 1, false},
		{"little room", 0, 10, 3, eighth, false}, {"a high row in little room", 1, 10, 3, eighth, true},
	} {
		if got := l.mayPart(c.row, c.left, c.fit, c.room); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// However far down a page a row begins, at least three of its lines stay there and two go over.
func TestPartedRowsAreNoStrays(t *testing.T) {
	parted := 0
	for before := range 40 {
		var lines []string
		for i := range 30 {
			lines = append(lines, fmt.Sprintf("行%02d", i))
		}
		table := &document.Table{Columns: []document.Column{{Align: "left"}}}
		for range before {
			table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{{Text: "前"}}})
		}
		table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{{Text: strings.Join(lines, "\n")}}})
		for _, text := range []string{"後", "終"} {
			table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{{Text: text}}})
		}
		l := laid(t, document.Document{Blocks: []document.Block{{Kind: document.TableOf, Table: table}}})
		all := 0
		for k, p := range l.Laid[0].Pages {
			n := strings.Count(p.Text, "行")
			all += n
			if n > 0 && n < 30 {
				parted++
				if first := strings.Contains(p.Text, "行00"); first && n < 3 || !first && n < 2 {
					t.Errorf("behind %d rows, %d lines stand alone on page %d", before, n, k+1)
				}
			}
		}
		if all != 30 {
			t.Errorf("behind %d rows, %d lines of 30 are drawn", before, all)
		}
	}
	if parted < 10 {
		t.Errorf("only %d parts", parted)
	}
}

// A table of less than 45 hundredths of a page is kept together; of a longer one only the head and four lines are.
func TestBoundaryOfShortTables(t *testing.T) {
	short, long := make([]int, 15), make([]int, 16)
	for i := range long {
		long[i] = 1
	}
	copy(short, long)
	for _, c := range []struct {
		lines []int
		head  int
		want  float64
	}{
		{short, 1, 15*rowMin + underTable},
		{long, 1, 2 * rowMin},
		{append([]int{1, 3}, long...), 1, rowMin + 3*tableLead + 2*padY},
		{append([]int{1, 4}, long...), 1, rowMin + 4*tableLead + 2*padY},
		{append([]int{1, 5}, long...), 1, rowMin + 4*tableLead + 2*padY},
		{long, 16, 16 * rowMin},
	} {
		l := rowsOf(c.lines...)
		l.head = c.head
		if got := l.least(); math.Abs(got-c.want) > slack {
			t.Errorf("%d rows need %.2f, want %.2f", len(c.lines), got, c.want)
		}
	}
	if whole := rowsOf(short...).whole() / sheets[""].depth; whole > 0.45 || whole < 0.42 {
		t.Errorf("the short one is %.2f of a page", whole)
	}
}

// A cell of several rows ends with its table: it is drawn over the rows that there are.
func TestSpansEndWithTheTable(t *testing.T) {
	for _, span := range []int{1, 2, 3, 9} {
		table := &document.Table{Columns: []document.Column{{Align: "left"}, {Align: "right"}}, Rows: []document.Row{
			{Cells: []document.Cell{{Text: "上"}, {Text: "1"}}},
			{Cells: []document.Cell{{Text: "束", RowSpan: span}, {Text: "2"}}},
			{Cells: []document.Cell{{Text: "3"}}},
		}}
		if span == 1 {
			table.Rows[2].Cells = append([]document.Cell{{Text: "下"}}, table.Rows[2].Cells...)
		}
		l := laid(t, document.Document{Blocks: []document.Block{{Kind: document.TableOf, Table: table}}})
		high := 0.0
		for _, o := range l.Pages[0].Ops {
			if r, ok := o.(Rect); ok && r.W < sheets[""].content-slack { // not the frame
				high = max(high, r.H)
			}
		}
		if want := float64(min(span, 2)) * rowMin; math.Abs(high-want) > slack {
			t.Errorf("a span of %d rows is %.2f high, want %.2f", span, high, want)
		}
	}
}

// A reader that speaks the page hears which cells name a column and which a row: those at the left that are set as
// words.
func TestTagsOfCells(t *testing.T) {
	for _, c := range []struct {
		cell cellLayout
		want string
	}{
		{cellLayout{head: true, cols: 1, rows: 1}, "TH /O /Table /Scope /Column"},
		{cellLayout{head: true, cols: 2, rows: 2, align: "left"}, "TH /O /Table /Scope /Column /ColSpan 2 /RowSpan 2"},
		{cellLayout{align: "left", cols: 1, rows: 1}, "TH /O /Table /Scope /Row"},
		{cellLayout{align: "left", cols: 1, rows: 3}, "TH /O /Table /Scope /Row /RowSpan 3"},
		{cellLayout{align: "right", cols: 1, rows: 1}, "TD /O /Table"},
		{cellLayout{col: 1, align: "left", cols: 1, rows: 1}, "TD /O /Table"},
		{cellLayout{col: 1, align: "right", cols: 2, rows: 1}, "TD /O /Table /ColSpan 2"},
	} {
		tag, attributes := cellTag(&c.cell)
		if got := tag + " " + attributes; got != c.want {
			t.Errorf("%+v is %s, want %s", c.cell, got, c.want)
		}
	}
}

// Numbers stand point below point, and whole numbers end where the point would be, before their unit.
func TestBoundaryOfTheDecimalPoint(t *testing.T) {
	d := &drawing{fonts: fonts(t), absent: map[rune]bool{}}
	shape := func(text string) []glyph { return d.shape(spans(text), mincho, bold) }
	for text, behind := range map[string]string{
		"12.5": ".5", "12.5%": ".5%", "12": "", "12%": "%", "1,234円": "円", "r12.25%": ".25%", "－": "－",
	} {
		if got, want := behindPoint(shape(text), 10), width(shape(behind), 10); math.Abs(got-want) > slack {
			t.Errorf("behind the point of %s is %.2f wide, want %.2f", text, got, want)
		}
	}
	table := &document.Table{Columns: []document.Column{{Width: 10, Align: "left"}, {Width: 30, Align: "decimal"}}}
	texts := []string{"12.5%", "7%", "100%", "0.25%"}
	for _, text := range texts {
		table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{{Text: "名"}, {Text: text}}})
	}
	points := map[string]float64{}
	l := laid(t, document.Document{Blocks: []document.Block{{Kind: document.TableOf, Table: table}}})
	for _, o := range l.Pages[0].Ops {
		if o, ok := o.(Text); ok && strings.Contains(textOf(o), "%") {
			g := shape(textOf(o))
			points[textOf(o)] = o.Runs[0].X + width(g, tableSize) - behindPoint(g, tableSize)
		}
	}
	if len(points) != len(texts) {
		t.Fatalf("drawn: %v", points)
	}
	for text, at := range points {
		if math.Abs(at-points["12.5%"]) > slack {
			t.Errorf("the point of %s stands at %.2f, of 12.5%% at %.2f", text, at, points["12.5%"])
		}
	}
}
