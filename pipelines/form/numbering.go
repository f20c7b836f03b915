package form

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kyogikai/pipelines/record"
)

const (
	arabic     = `(?:\d+[-－‐–.．])*\d+`
	signs      = `[①-⑳⑴-⒇Ⅰ-Ⅻ]`
	kanji      = `[一二三四五六七八九十]+`
	numberEnds = ` 　.．、:：)）-－‐–―`
	ends       = `[\s　.．、:：)）\-－‐–―]`
	opening    = `【〔\[（(〈《＜<`
	closing    = `】〕\])）〉》＞>`
)

var (
	// behind the word of a level: 1, 2-1, (2), ①, Ⅱ; a number in kanji only before a blank, for 柱一本 is a word
	wordNumbers = []*regexp.Regexp{
		regexp.MustCompile(`^(` + arabic + `)` + ends + `*([^\d\s].*)$`),
		regexp.MustCompile(`^(` + signs + `)` + ends + `*(.+)$`),
		regexp.MustCompile(`^[（(]\s*(` + arabic + `|` + signs + `|` + kanji + `)\s*[)）]` + ends + `*(.+)$`),
		regexp.MustCompile(`^(` + kanji + `)` + ends + `+(.+)$`),
	}
	// without a word: (2) …, 2. …, 2-1 …, ① …, Ⅱ …; 1.5倍 and 24時間 begin with no number of a list
	plainNumbers = []*regexp.Regexp{
		regexp.MustCompile(`^[（(【〔\[〈《＜<]\s*(` + arabic + `|` + signs + `)\s*[` + closing + `]` + ends + `*(.+)$`),
		regexp.MustCompile(`^(` + arabic + `)\s*[\s　、:：)）]` + ends + `*(.+)$`),
		regexp.MustCompile(`^(` + arabic + `)\s*[.．-]` + ends + `*([^\d\s　].*)$`),
		regexp.MustCompile(`^(` + signs + `)` + ends + `*(.+)$`),
	}
	ordinal       = regexp.MustCompile(`^第\s*(` + arabic + `|` + signs + `|` + kanji + `)\s*(の?)\s*(.*)$`)
	ordinalAlone  = regexp.MustCompile(`^第\s*(` + arabic + `|` + signs + `|` + kanji + `)` + ends + `+(.+)$`)
	leadInBracket = regexp.MustCompile(`^[` + opening + `]([^` + opening + closing + `]+)[` + closing + `]\s*(.+)$`)
	allInBracket  = regexp.MustCompile(`^[` + opening + `]([^` + opening + closing + `]+)[` + closing + `]$`)
	endingDigits  = regexp.MustCompile(`\d+$`)
	// numberInBrackets is 【柱2】…: a word and a number before the label.
	numberInBrackets = regexp.MustCompile(
		`^[` + opening + `]([^` + opening + closing + `\d]+\d+)[` + closing + `]\s*(.+)$`,
	)
)

// usualLevels are words of levels that are numbered in any plan.
var usualLevels = []string{"柱", "項目", "施策", "基本目標", "目標", "章", "節", "編"}

// numbered splits 柱1 職員能力の向上, ①職員能力の向上, 【柱２】組織力の向上 and 第1の柱 組織力の向上 into number and label, by the
// words of a level or without one. Of 2-1 the last number is the level's own. A number that the label itself begins
// with (24時間窓口) is no number of a list.
func numbered(text string, words ...string) (number, label string) {
	label = record.Label(text)
	if number, rest, ok := byWord(label, words); ok {
		return number, rest
	}
	if m := leadInBracket.FindStringSubmatch(label); m != nil { // 【柱2】…
		if number, rest, ok := byWord(m[1]+"　"+m[2], words); ok && rest == bare(m[2]) {
			return number, rest
		}
	}
	if m := allInBracket.FindStringSubmatch(label); m != nil { // 【柱2　…】
		if number, rest, ok := byWord(m[1], words); ok {
			return number, rest
		}
	}
	for _, re := range plainNumbers {
		if m := re.FindStringSubmatch(label); m != nil {
			return listNumber(m[1]), bare(m[2])
		}
	}
	if m := numberInBrackets.FindStringSubmatch(label); m != nil { // a word that is none of the level's
		label = m[1] + "　" + m[2]
	}
	return "", label
}

// bare is a label without what parts it from its number.
func bare(label string) string {
	return strings.TrimRight(strings.TrimLeft(label, numberEnds), " 　.．、:：")
}

// byWord splits 推進項目1　窓口の改善 and 第1の柱　窓口の改善 by a word of the level.
func byWord(label string, words []string) (number, rest string, ok bool) {
	if tail, found := cutLevel(label, words); found {
		for _, re := range wordNumbers {
			m := re.FindStringSubmatch(tail)
			if m != nil {
				return listNumber(m[1]), bare(m[2]), true
			}
		}
	}
	if m := ordinal.FindStringSubmatch(label); m != nil {
		tail, found := cutLevel(m[3], words)
		apart := strings.ContainsAny(m[3][:len(m[3])-len(strings.TrimLeft(tail, numberEnds))], numberEnds)
		if rest := bare(tail); found && rest != "" && (m[2] != "" || apart) {
			return listNumber(m[1]), rest, true
		}
	}
	if m := ordinalAlone.FindStringSubmatch(label); m != nil {
		return listNumber(m[1]), bare(m[2]), true
	}
	return "", "", false
}

// cutLevel cuts the longest word of a level off the beginning of a label.
func cutLevel(label string, words []string) (tail string, ok bool) {
	longest := ""
	n := record.Normal(label)
	for _, w := range slices.Concat(words, usualLevels) {
		if strings.HasPrefix(n, w) && len(w) > len(longest) {
			longest = w
		}
	}
	if longest == "" {
		return "", false
	}
	tail = label
	for left := len(n) - len(longest); len(record.Normal(tail)) > left; {
		_, size := utf8.DecodeRuneInString(tail)
		tail = tail[size:]
	}
	return strings.TrimLeft(tail, " 　"), true
}

// listNumber is a number of a list in digits: 2 of 2-1, ②, ⑵, Ⅱ and 二.
func listNumber(text string) string {
	r, _ := utf8.DecodeRuneInString(text)
	switch {
	case r >= '①' && r <= '⑳':
		return strconv.Itoa(int(r-'①') + 1)
	case r >= '⑴' && r <= '⒇':
		return strconv.Itoa(int(r-'⑴') + 1)
	case r >= 'Ⅰ' && r <= 'Ⅻ':
		return strconv.Itoa(int(r-'Ⅰ') + 1)
	}
	if n := endingDigits.FindString(text); n != "" {
		return n
	}
	return strconv.Itoa(kanjiNumber(text))
}

// kanjiNumber reads 一 to 九十九.
func kanjiNumber(text string) int {
	n, digit := 0, 0
	for _, r := range text {
		if r == '十' {
			n, digit = max(digit, 1)*10, 0
			continue
		}
		digit = strings.IndexRune("一二三四五六七八九", r)/len("一") + 1
	}
	return n + digit
}

var (
	// levelNumber is what stands behind the word of a level in a line that heads a section, as texts are compared: 1, (2),
	// ii (for Ⅱ), or a colon.
	levelNumber  = regexp.MustCompile(`^(?:\d|:|\(\d{1,2}\)|[ivx]{1,4}(?:[^a-z]|$))`)
	levelOrdinal = regexp.MustCompile(`^第(?:\d+|[ivx]{1,4}|` + kanji + `)の?(.*)$`)
)

// statesLevel reports that a line, as texts are compared, states a level by its word: 柱1 …, 柱: …, 第1の柱 ….
func statesLevel(line, word string) bool {
	if word == "" {
		return false
	}
	if rest, ok := strings.CutPrefix(line, word); ok && levelNumber.MatchString(rest) {
		return true
	}
	m := levelOrdinal.FindStringSubmatch(line)
	return m != nil && strings.HasPrefix(m[1], word)
}
