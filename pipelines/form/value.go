package form

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kyogikai/pipelines/record"
)

const relisted = `[（(【［\[]再[）)】］\]]|[（(【［\[〔＜<][^（）()【】［］\[\]〔〕]*再掲[^（）()【】［］\[\]〔〕]*[）)】］\]〕＞>]|※\s*再掲`

var (
	// relistedMark is （再掲）, 【再掲】, （1-1再掲） or ※再掲 at either end of a name.
	relistedMark = regexp.MustCompile(`^(?:` + relisted + `)|(?:` + relisted + `)$`)
)

// cutMark takes a mark such as （再掲） off either end of a name.
func cutMark(name string) (string, bool) {
	rest := strings.TrimSpace(relistedMark.ReplaceAllString(name, ""))
	if rest == "" {
		return name, false
	}
	return rest, rest != strings.TrimSpace(name)
}

// symbol is the canonical symbol that a text is, of a set.
func symbol(text string, set []Symbol) (string, bool) {
	text = record.OneLine(strings.Map(dropSpace, text))
	folded := norm.NFKC.String(text)
	for _, s := range set {
		if text == s.Symbol || folded == s.Symbol {
			return s.Symbol, true
		}
		for _, v := range s.Variants {
			if text == v || folded == v {
				return s.Symbol, true
			}
		}
	}
	return "", false
}

func dropSpace(r rune) rune {
	switch r {
	case ' ', '　', '\t', '\n', '\r', '\u00a0', '\ufe0f', '\ufe0e':
		return -1
	}
	return r
}

// yearText writes a fiscal year as a scope; "" for none.
func yearText(year int) string {
	if year == 0 {
		return ""
	}
	return strconv.Itoa(year)
}

// previous is the scope of the year before.
func previous(scope string) string {
	year, err := strconv.Atoi(scope)
	if err != nil {
		return ""
	}
	return strconv.Itoa(year - 1)
}
