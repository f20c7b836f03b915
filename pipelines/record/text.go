package record

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Normal is how words are compared: NFKC, lower case, without white space.
func Normal(s string) string {
	s = norm.NFKC.String(s)
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || r == '\u200b' || r == '\ufeff' {
			return -1
		}
		return r
	}, s))
}

var lineEnds = strings.NewReplacer("\r\n", "", "\n", "", "\r", "")

// OneLine joins the lines of a cell: a newline inside a Japanese name is a wrap and is dropped.
func OneLine(s string) string {
	if strings.ContainsAny(s, "\r\n") {
		s = lineEnds.Replace(s)
	}
	return strings.TrimSpace(s)
}

// Label is a category's printable name: one line, full-width letters and digits made half width,
// half-width kana made full width, punctuation left as written.
func Label(s string) string {
	var b strings.Builder
	for _, r := range OneLine(s) {
		n := norm.NFKC.String(string(r))
		m := []rune(n)
		letter := len(m) == 1 && (unicode.IsLetter(m[0]) || unicode.IsDigit(m[0]))
		if letter && (r >= 0xFF00 && r <= 0xFFEF) {
			b.WriteString(n)
		} else {
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(strings.TrimSpace(b.String()))
}
