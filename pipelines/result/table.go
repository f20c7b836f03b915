package result

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/rivo/uniseg"

	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/warehouse"
)

// TableOptions say how a table stands on a terminal.
type TableOptions struct {
	Width int // columns of the terminal; 0 where it is none, and nothing is narrowed
	Rows  int // how many rows are shown; 0 for all
}

const (
	widestName = 20 // of a column, where each row stands by itself
	narrowest  = 8  // to which a column is narrowed
	// heldBytes is how much of a result a table holds: it must know all rows before it prints the first.
	heldBytes = 256 << 20
)

var errEnough = errors.New("enough rows")

// Table prints an aligned table; full-width characters count two columns. Where it does not fit the terminal, its
// widest columns are cut, and where that does not help, each row is printed by itself. more says that there are rows
// that are not shown.
func Table(w io.Writer, o TableOptions, columns []string, rows Rows) (n int, more bool, err error) {
	head := make([]string, len(columns))
	for i, c := range columns {
		head[i] = printable.Line(c)
	}
	t := table{cells: [][]string{head}, numeric: make([]bool, len(columns))}
	held := 0
	n, err = each(rows, func(row []any) error {
		if o.Rows > 0 && len(t.cells) > o.Rows {
			return errEnough
		}
		line := make([]string, len(row))
		for i, v := range row {
			if _, isNumber := v.(warehouse.Number); isNumber {
				t.numeric[i] = true
			}
			line[i] = printable.Line(shown(v))
			held += len(line[i])
		}
		t.cells = append(t.cells, line)
		if held > heldBytes {
			return errors.New("結果が大きすぎて表にできません。--format csv で出してください")
		}
		return nil
	})
	if more = errors.Is(err, errEnough); more {
		err = nil
	}
	if err != nil {
		return n, more, err
	}
	if !t.fit(o.Width) {
		return n, more, t.printRecords(w, o.Width)
	}
	return n, more, t.print(w)
}

type table struct {
	cells   [][]string // the first is the header
	numeric []bool
	widths  []int
}

// fit finds the widths of the columns: texts are narrowed, the widest first, figures never. It is false where that is
// not enough.
func (t *table) fit(width int) bool {
	t.widths = make([]int, len(t.cells[0]))
	for _, line := range t.cells {
		for i, c := range line {
			w := uniseg.StringWidth(c)
			if width > 0 {
				w = min(w, width)
			}
			t.widths[i] = max(t.widths[i], w)
		}
	}
	for width > 0 && t.total() > width {
		widest := -1
		for i, w := range t.widths {
			if !t.numeric[i] && w > narrowest && (widest < 0 || w > t.widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return false
		}
		t.widths[widest]--
	}
	return true
}

func (t *table) total() int {
	sum := 2 * (len(t.widths) - 1)
	for _, w := range t.widths {
		sum += w
	}
	return sum
}

func (t *table) print(w io.Writer) error {
	for n, line := range t.cells {
		var b strings.Builder
		for i, c := range line {
			c = Shorten(c, t.widths[i])
			pad := strings.Repeat(" ", t.widths[i]-uniseg.StringWidth(c))
			if t.numeric[i] && n > 0 {
				c, pad = pad+c, ""
			}
			b.WriteString(c + pad + "  ")
		}
		text := strings.TrimRight(b.String(), " ") + "\n"
		if n == 0 {
			var rule []string
			for _, width := range t.widths {
				rule = append(rule, strings.Repeat("-", width))
			}
			text += strings.Join(rule, "  ") + "\n"
		}
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
	}
	return nil
}

// printRecords prints each row by itself, a line a column, long texts over several lines.
func (t *table) printRecords(w io.Writer, width int) error {
	names := 0
	for _, c := range t.cells[0] {
		names = max(names, min(uniseg.StringWidth(c), widestName))
	}
	room := max(width-names-2, 2*narrowest)
	for n, line := range t.cells[1:] {
		var b strings.Builder
		fmt.Fprintf(&b, "── %d行目 ──────────\n", n+1)
		for i, c := range line {
			name := Padded(Shorten(t.cells[0][i], names), names)
			for _, part := range wrap(c, room) {
				b.WriteString(strings.TrimRight(name+"  "+part, " ") + "\n")
				name = strings.Repeat(" ", names)
			}
		}
		if _, err := io.WriteString(w, b.String()); err != nil {
			return err
		}
	}
	return nil
}

// wrap breaks a text into lines of a width; an empty text is one empty line.
func wrap(s string, width int) []string {
	var out []string
	for uniseg.StringWidth(s) > width {
		cut := strings.TrimSuffix(Shorten(s, width+1), "…")
		if cut == "" || cut == s {
			break
		}
		out, s = append(out, cut), s[len(cut):]
	}
	return append(out, s)
}

// Shorten cuts a text to a width in columns of a terminal, with … at its end.
func Shorten(s string, width int) string {
	if uniseg.StringWidth(s) <= width {
		return s
	}
	w, end := 0, 0
	g := uniseg.NewGraphemes(s)
	for g.Next() {
		if w += g.Width(); w > width-1 {
			break
		}
		_, end = g.Positions()
	}
	return s[:end] + "…"
}

// Padded fills a text up to a width in columns of a terminal.
func Padded(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-uniseg.StringWidth(s)))
}
