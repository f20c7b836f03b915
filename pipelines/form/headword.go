package form

import (
	"strconv"
	"strings"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
)

// Parse reads a form's YAML, as Load does those of a folder; file is its name in messages.
func Parse(file string, data []byte) (Form, error) {
	f, err := parse(file, data)
	if err != nil {
		return Form{}, err
	}
	f.complete()
	f.normalise()
	return f, nil
}

// HeadWord is a head or label as forms compare it, without the number, mark, note or unit beside it and without the
// fiscal year that it names (令和8年度目標値（人）→ 目標値, 2026); the year is 0 where it names none, and the word "" where it
// is a year and nothing else.
func HeadWord(text string) (word string, year int) {
	f := &Form{}
	text = record.OneLine(text)
	if y, err := strconv.Atoi(f.yearOf(text)); err == nil {
		return "", y
	}
	word = headWord(text)
	if len(word) > maxHead || yearRange.MatchString(word) {
		return word, 0
	}
	if m := bareYearIn.FindStringSubmatchIndex(word); m != nil {
		word = word[:m[2]] + "令和" + word[m[2]:]
	}
	if m := westernIn.FindStringSubmatchIndex(word); m != nil {
		word = word[:m[3]] + "年度" + word[m[3]:]
	}
	if y, rest, ok := fiscal.FindYear(word); ok {
		rest = strings.NewReplacer("()", "", "（）", "", "[]", "", "【】", "").Replace(rest)
		rest = strings.Trim(rest, "末のにおける時点_-・/")
		if strings.HasPrefix(rest, "(") && strings.HasSuffix(rest, ")") && strings.Count(rest, "(") == 1 {
			rest = strings.Trim(rest, "()")
		}
		word, year = headWord(rest), y
	}
	for {
		m := headBrackets.FindStringSubmatch(word)
		if m == nil || !isUnit(strings.Trim(word[len(m[1]):], "()")) {
			return word, year
		}
		word = m[1]
	}
}

// IsUnit reports a text that is one of the usual units: 人, 千円, %.
func IsUnit(text string) bool { return isUnit(text) }
