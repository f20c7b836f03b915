package printable

import (
	"fmt"
	"io"
)

// Block is an argument of Sprintf and Fprintf that the program has put together from whole lines: its line breaks stay.
type Block string

// Sprintf is fmt.Sprintf, each of whose arguments is a Line. The line breaks of the format stay.
func Sprintf(format string, args ...any) string { return fmt.Sprintf(format, lines(args)...) }

// Fprintf is fmt.Fprintf, each of whose arguments is a Line. That nothing can be written is no error of the value's.
func Fprintf(w io.Writer, format string, args ...any) {
	_, _ = fmt.Fprintf(w, format, lines(args)...)
}

// Fprintln writes one line: its arguments, each a Line, with spaces between.
func Fprintln(w io.Writer, args ...any) { _, _ = fmt.Fprintln(w, lines(args)...) }

// lines wraps what can hold text. An int goes as it is: it may be the width of a column.
func lines(args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case nil, bool, int, float64:
			out[i] = a
		case string:
			out[i] = Line(a)
		case Block:
			out[i] = Text(string(a))
		default:
			out[i] = line{a}
		}
	}
	return out
}

// line is a value whose text, however it is formatted, is a Line.
type line struct{ v any }

// Format implements fmt.Formatter.
func (l line) Format(f fmt.State, verb rune) {
	_, _ = io.WriteString(f, Line(fmt.Sprintf(fmt.FormatString(f, verb), l.v)))
}
