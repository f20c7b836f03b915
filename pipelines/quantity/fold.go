package quantity

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// maxDigits bounds the texts that are computed with: no office writes a longer number, and a hostile one would be slow.
const maxDigits = 40

var (
	halfwidth  = regexp.MustCompile(`[\x{FF01}-\x{FF5E}\x{FF61}-\x{FF9F}\x{FFE0}-\x{FFE6}\x{3000}]+`)
	spaces     = regexp.MustCompile(`[ \t\x{00a0}\x{2000}-\x{200a}\x{202f}]+`)
	lines      = regexp.MustCompile(`\s*[\r\n\x{2028}\x{2029}]\s*`)
	splitDigit = regexp.MustCompile(`(\d) ?([.,]) (\d)`)
	slash      = regexp.MustCompile(`(\d) */ *(\d)`)
	leadingBar = regexp.MustCompile(`^ー(\d)`)
)

// fold brings widths, signs and spaces into one shape. It does not use NFKC as a whole: ① ² ½ are no digits of a
// number, and ㎡ is no 「m2」.
func fold(s string) string {
	s = strings.ToValidUTF8(s[:min(len(s), 4*maxText)], "\uFFFD")
	s = halfwidth.ReplaceAllStringFunc(s, norm.NFKC.String)
	s = strings.Map(func(r rune) rune {
		switch r {
		case '−', '‐', '‑', '–', '－', '﹣', '⁻':
			return '-'
		case '〜', '∼':
			return '~'
		case '㌫':
			return '%'
		case '〔', '［':
			return '('
		case '〕', '］':
			return ')'
		case '\u200b', '\u200c', '\u200d', '\ufeff', '\u00ad':
			return -1
		}
		return r
	}, s)
	s = lines.ReplaceAllString(strings.TrimSpace(s), "\n")
	s = spaces.ReplaceAllString(s, " ")
	s = splitDigit.ReplaceAllString(s, "$1$2$3") // 54. 9%
	s = slash.ReplaceAllString(s, "$1/$2")
	s = leadingBar.ReplaceAllString(s, "-$1") // the long vowel mark, typed for a minus
	return strings.ReplaceAll(strings.TrimSpace(s), "CO₂", "CO2")
}

// maxText is the number of runes of a literal that are looked at; a quantity is shorter.
const maxText = 400
