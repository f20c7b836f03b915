// Package printable makes text that others wrote (names of files and folders, cells, sheets, what a server or the
// database says) fit for a terminal, a log, a mail or a list: whatever a reader cannot see, or a terminal would obey,
// becomes a visible sign, and one value stays on one line.
//
// It is applied twice. Where a foreign value is put into a sentence, Line (or Sprintf and Fprintf, which do it for each
// of their arguments) shows the value's own line breaks, so that no name begins a line of its own. At the last door
// before a terminal, Writer does the rest for whatever came by another way, and keeps the line breaks of the program's
// own words. What programs read back (CSV, JSON, Parquet) carries the data as they are and is never passed through
// here, but for JSON, which can say the same in ASCII.
//
// Japanese is left as it is written: combining 濁点, 異体字 selectors, 外字 in the private areas, the ideographic space.
package printable

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// LineBreak is how Line shows a line break inside a value.
const LineBreak = "⏎"

// Line is a foreign value on one line: line breaks are ⏎, tabs ␉, other controls their signs (␛), and what is invisible
// or turns the direction of writing its number, 〔U+202E〕. Bytes that are no UTF-8 are 〔0x835C〕. Line of a Line is the
// same.
func Line(s string) string { return show(s, false) }

// Text is Line for a text of several lines: its line breaks and tabs stay.
func Text(s string) string { return show(s, true) }

// Clean reports a value that Line leaves alone.
func Clean(s string) bool {
	for i, r := range s {
		if hidden(r) || r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			return false
		}
	}
	return true
}

func show(s string, lines bool) string {
	if Clean(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + len(s)/2)
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			for n < len(s)-i && invalid(s[i+n:]) {
				n++
			}
			fmt.Fprintf(&b, "〔0x%X〕", s[i:i+n])
		case lines && (r == '\n' || r == '\t') || !hidden(r):
			b.WriteString(s[i : i+n])
		case r == '\r' && strings.HasPrefix(s[i+1:], "\n"): // one line break; its sign, or the break itself, comes now
		case r == '\n':
			b.WriteString(LineBreak)
		default:
			b.WriteString(sign(r))
		}
		i += n
	}
	return b.String()
}

func invalid(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	return r == utf8.RuneError && n == 1
}

// sign stands for one character that cannot be seen.
func sign(r rune) string {
	const pictures = 0x2400 // of C0, in its order
	switch {
	case r < ' ':
		return string(pictures + r)
	case r == 0x7F:
		return "␡"
	}
	return fmt.Sprintf("〔U+%04X〕", r)
}

// hidden reports a character that cannot be seen, or that does something to what stands around it: controls, formats
// (bidi marks, zero widths, tags), separators of lines and paragraphs, fillers, and what is no character. Selectors of
// variants are not among them: 葛󠄀 is written with one.
func hidden(r rune) bool {
	switch {
	case r < 0x7F:
		return r < ' '
	case r < 0x300: // what most texts are made of
		return r < 0xA0 || r == 0xAD
	case r >= 0x3000 && r <= 0x9FFF && r != hangulFiller:
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Noncharacter_Code_Point,
		unicode.Other_Default_Ignorable_Code_Point)
}

// hangulFiller stands among the letters of Korean and shows nothing.
const hangulFiller = 0x3164
