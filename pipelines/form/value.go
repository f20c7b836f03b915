package form

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
)

var (
	leadingNumber = regexp.MustCompile(`^(?:柱|第|項目|施策|目標)?\s*(?:[（(]\s*(\d+)\s*[)）]|(\d+)(?:[.．、)）:：\s]|\b))\s*`)
	endInBrackets = regexp.MustCompile(`^(.*?)[（(]([^（）()]+)[）)]$`)
)

// numbered splits 柱1 職員能力の向上, ①職員能力の向上 and （２）組織力の向上 into number and label.
func numbered(text string) (number, label string) {
	label = record.Label(text)
	runes := []rune(label)
	if len(runes) > 1 && runes[0] >= '①' && runes[0] <= '⑳' {
		return strconv.Itoa(int(runes[0]-'①') + 1), strings.TrimSpace(string(runes[1:]))
	}
	if len(runes) > 1 && runes[0] >= 'Ⅰ' && runes[0] <= 'Ⅻ' {
		return strconv.Itoa(int(runes[0]-'Ⅰ') + 1), strings.TrimSpace(string(runes[1:]))
	}
	m := leadingNumber.FindStringSubmatch(label)
	if m == nil || len(m[0]) == len(label) {
		return "", label
	}
	return m[1] + m[2], strings.TrimSpace(label[len(m[0]):])
}

// cutMark takes a suffix such as （再掲） off a name.
func cutMark(name string, marks []string) (string, bool) {
	for _, m := range marks {
		if rest, ok := strings.CutSuffix(name, m); ok && rest != "" {
			return strings.TrimSpace(rest), true
		}
	}
	return name, false
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

// ended splits 完了（R4） into 完了 and 2022.
func ended(text string) (word, year string) {
	text = record.Label(text)
	if m := endInBrackets.FindStringSubmatch(text); m != nil {
		if y, ok := fiscal.ParseYear(m[2]); ok {
			return strings.TrimSpace(m[1]), strconv.Itoa(y)
		}
	}
	return text, ""
}
