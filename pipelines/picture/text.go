package picture

import (
	"fmt"
	"html"
	"strings"
)

// How much of a text is shown; more is counted, never dropped in silence.
const (
	longestCell  = 1000 // runes of a cell
	longestQuote = 120  // runes where a cell is quoted elsewhere
)

// esc makes a text fit for HTML, between tags and inside quotes. Characters that HTML does not allow, and those that
// turn the direction of the text around them, are shown as replaced.
func esc(s string) string {
	return html.EscapeString(strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return r
		case r == '\r':
			return -1
		case r < ' ' || r >= 0x7F && r < 0xA0, // controls
			r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, // directions
			r == 0xFFFE, r == 0xFFFF:
			return '\uFFFD'
		}
		return r
	}, s))
}

// shorten shows the first runes of a text and says how many more there are.
func shorten(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return fmt.Sprintf("%s…（ほか%d字）", string(runes[:most]), len(runes)-most)
}

// thousands writes a count as 12,345.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
