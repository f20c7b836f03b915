package learn

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/record"
)

var (
	columnNumber = regexp.MustCompile(`^[(]?\d{1,2}[)]?$|^[①-⑳]$`)
	codeLike     = regexp.MustCompile(`^[a-z0-9①-⑳一-九十ア-ン]{1,4}(?:[-‐－ー._・/()①-⑳]+[a-z0-9①-⑳ア-ン]{0,4}){0,4}$`)
	deptLike     = regexp.MustCompile(`(?:課|室|局|係|所|センター|館|署|部|院|会|園|校|場|ミュージアム|担当)$`)
	numberedLike = regexp.MustCompile(`^[(（]?[0-9０-９]{1,2}[)）.．、 　][ 　]*[^0-9０-９.,\s%％][^0-9０-９\s]{2,}`)
)

// answers are what stands under a head, with marks for nothing left out.
type answers struct {
	all   []string
	blank int
}

func answersOf(values []string) answers {
	var out answers
	for _, v := range values {
		if missing(v) {
			out.blank++
			continue
		}
		out.all = append(out.all, v)
	}
	return out
}

// share is how many of the answers are so, in percent; 0 where there is none.
func (a answers) share(so func(string) bool) int {
	if len(a.all) == 0 {
		return 0
	}
	n := 0
	for _, v := range a.all {
		if so(v) {
			n++
		}
	}
	return 100 * n / len(a.all)
}

func (a answers) distinct() []string {
	seen := map[string]bool{}
	var out []string
	for _, v := range a.all {
		if n := record.Normal(v); !seen[n] {
			seen[n] = true
			out = append(out, v)
		}
	}
	return out
}

const most = 60 // percent of the answers that have to look like what a question asks

// Whether answers look like what a question asks.
const (
	unlike = iota - 1
	unknown
	alike
)

// like says whether answers look like those of a question.
func (a answers) like(q *question) int {
	if len(a.all) == 0 {
		return unknown
	}
	fits := func(so func(string) bool) int {
		if a.share(so) >= most {
			return alike
		}
		return unlike
	}
	if len(q.Choices) > 0 {
		return fits(func(v string) bool { return q.chosen(v) != "" })
	}
	switch q.Like {
	case "number":
		return fits(isNumber)
	case "plain":
		return fits(func(v string) bool { return isNumber(v) && quantity.Parse(v).Comparator == "" })
	case "year":
		return fits(isYear)
	case "serial":
		return fits(func(v string) bool { return columnNumber.MatchString(record.Normal(v)) })
	case "code":
		return fits(func(v string) bool { return codeLike.MatchString(record.Normal(v)) && !form.IsUnit(v) })
	case "unit":
		return fits(func(v string) bool {
			return form.IsUnit(strings.Trim(v, "（）()")) || utf8.RuneCountInString(v) <= 3 && !isNumber(v)
		})
	case "symbol":
		if len(a.distinct()) > 9 {
			return unlike
		}
		return fits(func(v string) bool { return utf8.RuneCountInString(record.Normal(v)) <= 2 && !isNumber(v) })
	case "departments":
		return fits(func(v string) bool { return deptLike.MatchString(strings.TrimSpace(v)) })
	case "text":
		return fits(func(v string) bool { return !isNumber(v) && !isYear(v) && utf8.RuneCountInString(v) > 1 })
	case "long":
		return fits(func(v string) bool { return !isNumber(v) && utf8.RuneCountInString(v) > 4 })
	}
	return alike
}

func isYear(text string) bool {
	if _, ok := fiscal.ParseYear(record.OneLine(text)); ok {
		return true
	}
	word, year := form.HeadWord(text)
	return word == "" && year != 0
}

// chosen is the choice that a text is; for a question of how something ended a year may stand behind it.
func (q *question) chosen(text string) string {
	n := record.Normal(text)
	for _, c := range q.Choices {
		for _, w := range c.Words {
			word := record.Normal(w)
			if n == word || strings.HasPrefix(n, word+"(") {
				return c.Value
			}
		}
	}
	return ""
}

// kind is the type of field that the answers look like, where no word says it.
func (a answers) kind() string {
	of := func(q question) bool { return a.like(&q) == alike }
	switch {
	case len(a.all) == 0:
		return ""
	case of(question{Like: "year"}):
		return "year"
	case a.share(isNumber) == 100:
		return "number"
	case of(question{Like: "number"}):
		return ""
	}
	return "text"
}
