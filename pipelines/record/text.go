package record

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Normal is how words are compared: NFKC, lower case, without white space.
func Normal(s string) string {
	if isNormal(s) {
		return s
	}
	return normalised(s)
}

// isNormal reports that a text holds only characters that stand for themselves, as most headings and names do. Asking
// costs a tenth of normalising; a kana with a voicing mark of its own, and whatever else is rare, says no.
func isNormal(s string) bool {
	for _, r := range s {
		switch {
		case r >= 0x4E00 && r <= 0x9FFF: // kanji
		case r >= 0x3041 && r <= 0x3096, r >= 0x30A1 && r <= 0x30FC: // kana, ・ and ー
		case r > ' ' && r < 0x7F && (r < 'A' || r > 'Z'):
		case r == '、' || r == '。' || r == '「' || r == '」':
		default:
			return false
		}
	}
	return true
}

func normalised(s string) string {
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
		letter := len(m) == 1 && (unicode.IsLetter(m[0]) || unicode.IsDigit(m[0]) || isVoicing(r))
		if letter && (r >= 0xFF00 && r <= 0xFFEF) {
			b.WriteString(n)
		} else {
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(strings.TrimSpace(b.String()))
}

// isVoicing reports a half-width voicing mark: ﾃ and ﾞ become デ.
func isVoicing(r rune) bool { return r == 'ﾞ' || r == 'ﾟ' }
