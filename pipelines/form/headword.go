package form

import (
	"regexp"
	"strconv"
	"strings"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
)

// forecast is what a head says of how final its numbers are.
var forecast = regexp.MustCompile(`[(（](?:見込み?|見込値|予定|速報値?|暫定値?|確定値?)[)）]`)

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
	word, _ = spellYear(word)
	if y, rest, ok := fiscal.FindYear(word); ok {
		rest = strings.NewReplacer("()", "", "（）", "", "[]", "", "【】", "").Replace(rest)
		rest = strings.Trim(forecast.ReplaceAllString(rest, ""), "末のにおける時点_-・/")
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

// IsExample reports a text that says of its line, or of a sheet by its name, that it shows how to fill in: 記入例.
func IsExample(text string) bool { return isExample(text) }

// IsDitto reports a text that repeats the answer above or beside it: 〃, 同上.
func IsDitto(text string) bool { return ditto(text) }

// IsStamp reports a post in a box for stamps: 課長.
func IsStamp(text string) bool { return stamp.MatchString(record.Normal(text)) }
