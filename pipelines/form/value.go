package form

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
)

const relisted = `[（(【［\[]再[）)】］\]]|[（(【［\[〔＜<][^（）()【】［］\[\]〔〕]*再掲[^（）()【】［］\[\]〔〕]*[）)】］\]〕＞>]|※\s*再掲`

var (
	leadingNumber = []*regexp.Regexp{
		regexp.MustCompile(`^第\s*(\d+)\s*の?\s*(?:柱|項目|施策)?`),        // 第1の柱
		regexp.MustCompile(`^(?:柱|項目|施策|基本目標|目標)\s*(\d+)`),          // 柱1
		regexp.MustCompile(`^[（(]\s*(?:\d+[-－‐])*(\d+)\s*[)）]`),     // (2)
		regexp.MustCompile(`^(?:\d+[-－‐.．])*(\d+)\s*[.．、)）:：\s　-]`), // 2. and 1-2 before a space
	}
	endInBrackets = regexp.MustCompile(`^(.*?)[（(]([^（）()]+)[）)]$`)
	// relistedMark is （再掲）, 【再掲】, （1-1再掲） or ※再掲 at either end of a name.
	relistedMark = regexp.MustCompile(`^(?:` + relisted + `)|(?:` + relisted + `)$`)
)

// numbered splits 柱1 職員能力の向上, ①職員能力の向上 and （２）組織力の向上 into number and label. A number that the label
// itself begins with (24時間窓口) is no number of a list.
func numbered(text string, words ...string) (number, label string) {
	label = record.Label(text)
	if m := numberInBrackets.FindStringSubmatch(label); m != nil { // 【柱2】…
		label = m[1] + "　" + m[2]
	}
	if number, rest, ok := numberedByWord(label, words); ok {
		return number, rest
	}
	const separators = " 　.．、:："
	runes := []rune(label)
	if len(runes) > 1 && runes[0] >= '①' && runes[0] <= '⑳' {
		return strconv.Itoa(int(runes[0]-'①') + 1), strings.Trim(string(runes[1:]), separators)
	}
	if len(runes) > 1 && runes[0] >= 'Ⅰ' && runes[0] <= 'Ⅻ' {
		return strconv.Itoa(int(runes[0]-'Ⅰ') + 1), strings.Trim(string(runes[1:]), separators)
	}
	for _, re := range leadingNumber {
		if m := re.FindStringSubmatch(label); m != nil && len(m[0]) < len(label) {
			return m[1], strings.Trim(label[len(m[0]):], separators)
		}
	}
	return "", label
}

var (
	numberInBrackets = regexp.MustCompile(`^[【〔\[（(]([^【】〔〕\[\]（）()\d]+\d+)[】〕\])）]\s*(.+)$`)
	wordNumber       = regexp.MustCompile(`^(?:\d+[-－‐.．])*(\d+)\s*[.．、:：\s　)）]*(\D.*)$`)
)

// numberedByWord splits 推進項目1　窓口の改善 by a word of its field.
func numberedByWord(label string, words []string) (number, rest string, ok bool) {
	longest := ""
	for _, w := range words {
		if strings.HasPrefix(record.Normal(label), w) && len(w) > len(longest) {
			longest = w
		}
	}
	if longest == "" {
		return "", "", false
	}
	tail := label
	for left := len(record.Normal(label)) - len(longest); len(record.Normal(tail)) > left; {
		_, size := utf8.DecodeRuneInString(tail)
		tail = tail[size:]
	}
	m := wordNumber.FindStringSubmatch(strings.TrimSpace(tail))
	if m == nil {
		return "", "", false
	}
	return m[1], strings.Trim(m[2], " 　.．、:："), true
}

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
