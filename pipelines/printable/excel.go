package printable

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Guarded is a text as it stands in a CSV for Excel: with a ' before it where Excel would take it for a formula, or where
// it begins with a ' itself, so that Unguarded gives back the very text.
func Guarded(s string) string {
	if Formula(s) || strings.HasPrefix(s, "'") {
		return "'" + s
	}
	return s
}

// Unguarded is the text of a cell that Guarded has written.
func Unguarded(s string) string { return strings.TrimPrefix(s, "'") }

// Formula reports a text that Excel, and programs like it, may take for a formula when they open a CSV: it begins with
// = + - @ in half or full width, whatever stands before that which they may pass over (spaces, quotes, what cannot be
// seen), or with a tab or a carriage return. A number with its sign, alone or with a unit of letters (-5, +1.2%, －3件),
// and signs alone (－) are none.
func Formula(s string) bool {
	if strings.HasPrefix(s, "\t") || strings.HasPrefix(s, "\r") {
		return strings.TrimSpace(s) != ""
	}
	rest := strings.TrimLeftFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || hidden(r) || strings.ContainsRune(`"'＂＇`, r)
	})
	first, n := utf8.DecodeRuneInString(rest)
	if !strings.ContainsRune("=+-@＝＋－＠", first) {
		return false
	}
	return !signed.MatchString(strings.TrimSpace(rest)) && strings.Trim(rest[n:], "=+-@＝＋－＠ 　") != ""
}

// signed is a number with a sign, and perhaps a unit. Nothing in it computes.
var signed = regexp.MustCompile(`^[+\-＋－][\s　]*[0-9０-９][0-9０-９,，.．]*[\s　]*[\p{L}%％‰℃]*$`)
