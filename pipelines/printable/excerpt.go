package printable

import (
	"regexp"
	"unicode/utf8"
)

// figure is a number as people write it, with its sign, its era and the unit behind it, and others that go on from it:
// 令和6年度, ▲1,234.5 千円, 3時間20分, 3～5件. A unit is any word that follows without a break: more are used than anybody lists.
var figure = regexp.MustCompile(`(?:令和|平成|昭和|大正|明治)?` + one + `(?:[～〜・/／-]?` + one + `)*`)

const one = `(?:[▲△−－+±-]|約|第|r)?[0-9０-９]+(?:[,，.．:：][0-9０-９]+)*[ 　]?` +
	`(?:か?[\p{Han}\p{Katakana}ーa-zA-Zａ-ｚＡ-Ｚ%％‰℃㎡㎥㎞㎏㎝㎜]{1,6})?`

// Excerpt is a place of a text, between two bytes, with about so many characters on each side, and 「…」 where more
// stands. A figure is never cut, neither within its number nor before its unit: what is shown reaches to its end.
func Excerpt(text string, from, to, near int) string {
	start := from - len(lastRunes(text[:from], near))
	end := to + len(firstRunes(text[to:], near))
	for _, m := range figure.FindAllStringIndex(text, -1) {
		if m[0] < start && start < m[1] {
			start = m[0]
		}
		if m[0] < end && end < m[1] {
			end = m[1]
		}
	}
	out := text[start:end]
	if start > 0 {
		out = "…" + out
	}
	if end < len(text) {
		out += "…"
	}
	return out
}

// Figure is the whole figure of which a part stands between two bytes of a text: with its sign and its unit.
func Figure(text string, from, to int) string {
	for _, m := range figure.FindAllStringIndex(text, -1) {
		if m[0] <= from && to <= m[1] {
			return text[m[0]:m[1]]
		}
	}
	return text[from:to]
}

// Short is the beginning of a text, about so many characters of it, cut as Excerpt cuts.
func Short(text string, most int) string { return Excerpt(text, 0, 0, most) }

// firstRunes and lastRunes are so many characters of a text; a byte that is none counts as one.
func firstRunes(s string, n int) string {
	end := 0
	for ; n > 0 && end < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[end:])
		end += size
	}
	return s[:end]
}

func lastRunes(s string, n int) string {
	from := len(s)
	for ; n > 0 && from > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(s[:from])
		from -= size
	}
	return s[from:]
}
