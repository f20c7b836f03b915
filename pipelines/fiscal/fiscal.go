// Package fiscal reads and writes Japanese fiscal years and dates. A fiscal year is the western year in which
// it starts: 令和6年度 is 2024.
package fiscal

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

type era struct {
	name, letter string
	first        int // western year of 元年
	start        time.Time
}

// Eras and the day each began (元号法 and the 改元 orders); newest first.
var eras = []era{
	{"令和", "R", 2019, date(2019, 5, 1)},
	{"平成", "H", 1989, date(1989, 1, 8)},
	{"昭和", "S", 1926, date(1926, 12, 25)},
	{"大正", "T", 1912, date(1912, 7, 30)},
	{"明治", "M", 1868, date(1868, 1, 25)},
}

func date(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

var (
	eraYear     = regexp.MustCompile(`^(令和|平成|昭和|大正|明治|[RHSTM])\.?(元|\d{1,2})(?:年度?)?(?:[(/](\d{4})(?:年度?)?\)?)?(年度|年)?$`)
	westernYear = regexp.MustCompile(
		`^((?:19|20)\d{2})(?:年度?)?(?:[(/](令和|平成|昭和|大正|[RHST])\.?(元|\d{1,2})(?:年度?)?\)?)?(年度|年)?$`,
	)
	inText = regexp.MustCompile(
		`(令和|平成|昭和|[RHS])\.?(元|\d{1,2})(?:年度?)?(?:\((\d{4})(?:年度?)?\))?(年度|年)?|((?:19|20)\d{2})(?:\((?:令和|平成|昭和|[RHS])` +
			`\d{1,2}\))?(年度|年)(?:\((?:令和|平成|昭和|[RHS])\.?(?:元|\d{1,2})(?:年度?)?\))?`,
	)
	named = regexp.MustCompile(
		`(?:(令和|平成|昭和|[RHS])\.?(元|\d{1,2})(?:\(\d{4}年?\))?|((?:19|20)\d{2})(?:\([RHS]\d{1,2}\))?)年度`,
	)
	bothWays = regexp.MustCompile(
		`(令和|平成|昭和|大正|明治|[RHST])\.?(元|\d{1,2})(?:年度?)?\(((?:18|19|20)\d{2})(?:年度?)?\)|((?:18|19|20)\d{2})(?:年度?)?\((令和|平成|` +
			`昭和|大正|明治|[RHST])\.?(元|\d{1,2})(?:年度?)?\)`,
	)
	kanjiYear  = regexp.MustCompile(`(令和|平成|昭和|大正|明治)([一二三四五六七八九十]{1,3})年`)
	iso        = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	westernDay = regexp.MustCompile(`^\(?(\d{4})[./年-](\d{1,2})[./月-](\d{1,2})日?(現在|時点|まで)?\)?$`)
	asOf       = regexp.MustCompile(`^\(?(令和|平成|昭和|[RHS])\.?(元|\d{1,2})[.年/](\d{1,2})[.月/](\d{1,2})日?(現在|時点)?\)?$`)
)

// fold brings widths and case into one shape and drops white space; 令和六年度 becomes 令和6年度.
func fold(s string) string {
	s = norm.NFKC.String(s)
	s = kanjiYear.ReplaceAllStringFunc(s, func(m string) string {
		part := kanjiYear.FindStringSubmatch(m)
		return part[1] + strconv.Itoa(kanjiNumber(part[2])) + "年"
	})
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '\n' || r == '\r' || r == '\t' {
			return -1
		}
		if r >= 'a' && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, s)
}

// kanjiNumber reads 六, 十, 三十一.
func kanjiNumber(s string) int {
	n := 0
	for _, r := range s {
		if r == '十' {
			n = max(n, 1) * 10
			continue
		}
		n += strings.IndexRune("〇一二三四五六七八九", r) / len("一")
	}
	return n
}

func western(name, year string) int {
	n := 1
	if year != "元" {
		n, _ = strconv.Atoi(year)
	}
	for _, e := range eras {
		if n > 0 && (e.name == name || e.letter == name) {
			return e.first + n - 1
		}
	}
	return 0
}

// ParseYear reads a text that is a fiscal year and nothing else: 令和6年度, Ｒ６, H30年度, 元年, 2024年度,
// 平成29(2017)年. It is false for anything more or less, and where 和暦 and 西暦 contradict each other.
func ParseYear(s string) (int, bool) {
	s = fold(s)
	if m := westernYear.FindStringSubmatch(s); m != nil {
		if !strings.Contains(s, "年") && m[2] == "" {
			return 0, false // 2024 alone may be any number
		}
		y, _ := strconv.Atoi(m[1])
		return y, m[2] == "" || western(m[2], m[3]) == y
	}
	m := eraYear.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	y := western(m[1], m[2])
	if m[3] != "" && m[3] != strconv.Itoa(y) {
		return 0, false
	}
	return y, y > 0
}

// FindYear finds the first fiscal year in a text and returns the text without it: 令和6年度進捗状況 is 2024 and 進捗状況.
func FindYear(s string) (year int, rest string, ok bool) {
	s = fold(s)
	m := inText.FindStringSubmatchIndex(s)
	if m == nil {
		return 0, s, false
	}
	rest = s[:m[0]] + s[m[1]:]
	if m[10] >= 0 {
		y, _ := strconv.Atoi(s[m[10]:m[11]])
		return y, rest, true
	}
	y := western(s[m[2]:m[3]], s[m[4]:m[5]])
	return y, rest, y > 0
}

// Contradiction finds the first place where a text gives a year in 和暦 and 西暦 that are not the same year:
// 令和4(2024)年度. It returns the two as written.
func Contradiction(s string) (wareki, seireki string, found bool) {
	for _, m := range bothWays.FindAllStringSubmatch(fold(s), -1) {
		name, n, year := m[1], m[2], m[3]
		if year == "" {
			year, name, n = m[4], m[5], m[6]
		}
		if y := western(name, n); y > 0 && strconv.Itoa(y) != year {
			return name + n, year, true
		}
	}
	return "", "", false
}

// Named lists the fiscal years that a text names with 年度, each once: those of a title, but not the year of a date.
func Named(s string) []int {
	var out []int
	for _, m := range named.FindAllStringSubmatch(fold(s), -1) {
		y := 0
		if m[3] != "" {
			y, _ = strconv.Atoi(m[3])
		} else {
			y = western(m[1], m[2])
		}
		if !slices.Contains(out, y) {
			out = append(out, y)
		}
	}
	return out
}

// ParseDay reads R7.4.1現在, （令和7年4月1日）and the like as a day.
func ParseDay(s string) (time.Time, bool) {
	if iso.MatchString(s) {
		t, err := time.Parse(time.DateOnly, s)
		return t, err == nil
	}
	if m := westernDay.FindStringSubmatch(fold(s)); m != nil {
		y, _ := strconv.Atoi(m[1])
		return day(y, m[2], m[3])
	}
	m := asOf.FindStringSubmatch(fold(s))
	if m == nil {
		return time.Time{}, false
	}
	return day(western(m[1], m[2]), m[3], m[4])
}

// day is a day of the calendar; there is no 4月31日.
func day(y int, month, dayOfMonth string) (time.Time, bool) {
	mo, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(dayOfMonth)
	t := date(y, mo, d)
	return t, t.Day() == d && int(t.Month()) == mo
}

// Era gives the era's name and year of a fiscal year: 2024 is 令和, 6. The year is named by the era in force at
// its end, so 2019 is 令和元年度.
func Era(year int) (name, letter string, n int) {
	for _, e := range eras {
		if year >= e.first {
			return e.name, e.letter, year - e.first + 1
		}
	}
	return "", "", year
}

// YearOf is the fiscal year of a day: 31 March 2026 is of 2025, 1 April 2026 of 2026.
func YearOf(t time.Time) int {
	if t.Month() < time.April {
		return t.Year() - 1
	}
	return t.Year()
}

// Wareki writes a fiscal year as 令和6年度; the first year of an era as 令和元年度.
func Wareki(year int) string {
	name, _, n := Era(year)
	if n == 1 && name != "" {
		return name + "元年度"
	}
	return fmt.Sprintf("%s%d年度", name, n)
}

// Short writes a fiscal year as R6.
func Short(year int) string {
	_, letter, n := Era(year)
	return fmt.Sprintf("%s%d", letter, n)
}

// EraOfDay gives the era's name, its letter and the year in it of a day: 30 April 2019 is 平成, H, 31. Before the first
// era it is the western year without a name.
func EraOfDay(t time.Time) (name, letter string, n int) {
	d := date(t.Year(), int(t.Month()), t.Day())
	for _, e := range eras {
		if !d.Before(e.start) {
			return e.name, e.letter, d.Year() - e.first + 1
		}
	}
	return "", "", d.Year()
}

// WarekiDate writes a day as 令和7年10月21日.
func WarekiDate(t time.Time) string {
	name, _, n := EraOfDay(t)
	year := strconv.Itoa(n)
	if name != "" && n == 1 {
		year = "元"
	}
	return fmt.Sprintf("%s%s年%d月%d日", name, year, int(t.Month()), t.Day())
}

// Weekday writes 火 for a Tuesday.
func Weekday(t time.Time) string { return string([]rune("日月火水木金土")[t.Weekday()]) }
