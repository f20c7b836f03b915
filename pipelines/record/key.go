package record

import (
	"strings"
	"unicode"
)

// Key is how words that identify something are compared: keys, duplicates, addresses, waivers. Like Normal it makes
// widths, letters' cases and white space one, and signs that only draw other ones closer: ㎡ m2, ㈱ (株), ⑴ (1), Ⅱ II.
// A sign that says something else than the digit or letter in it stays: ① is not 1, Ⓐ not A, ½ not 12, 10² not 102; 秦野市
// has both an indicator ①-1 and an indicator 1-1.
func Key(s string) string {
	if isNormal(s) {
		return s
	}
	var out strings.Builder
	begin := 0
	before := rune(0)
	for i, r := range s {
		if staysApart(r, before) {
			out.WriteString(normalised(s[begin:i]))
			out.WriteRune(r)
			begin = i + len(string(r))
		}
		before = r
	}
	out.WriteString(normalised(s[begin:]))
	return out.String()
}

// staysApart reports a sign that Key takes for itself: one that stands in a circle or a square, a fraction, and a
// raised or lowered digit, unless it follows a letter (m², CO₂).
func staysApart(r, before rune) bool {
	return unicode.Is(enclosed, r) || unicode.Is(fractions, r) || unicode.Is(raised, r) && !unicode.IsLetter(before)
}

// Signs with one digit, letter or word in a circle or a square: ① Ⓐ ㉑ ㊤ ㋐ ㊿ and those beyond the first plane. ⑴ and ⒈
// are not among them: they are written (1) and 1. as well.
var enclosed = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x2460, Hi: 0x2473, Stride: 1}, {Lo: 0x24B6, Hi: 0x24EA, Stride: 1}, {Lo: 0x3244, Hi: 0x324F, Stride: 1},
		{Lo: 0x3251, Hi: 0x325F, Stride: 1}, {Lo: 0x3280, Hi: 0x32BF, Stride: 1}, {Lo: 0x32D0, Hi: 0x32FE, Stride: 1},
	},
	R32: []unicode.Range32{{Lo: 0x1F12B, Hi: 0x1F190, Stride: 1}, {Lo: 0x1F200, Hi: 0x1F23B, Stride: 1}, {
		Lo: 0x1F250, Hi: 0x1F251, Stride: 1,
	}},
}

var fractions = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x00BC, Hi: 0x00BE, Stride: 1}, {Lo: 0x2150, Hi: 0x215F, Stride: 1}, {Lo: 0x2189, Hi: 0x2189, Stride: 1},
	},
	LatinOffset: 1,
}

var raised = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x00B2, Hi: 0x00B3, Stride: 1}, {Lo: 0x00B9, Hi: 0x00B9, Stride: 1}, {Lo: 0x2070, Hi: 0x2079, Stride: 1},
		{Lo: 0x2080, Hi: 0x2089, Stride: 1},
	},
	LatinOffset: 2,
}
