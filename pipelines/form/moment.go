package form

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kyogikai/pipelines/record"
)

const yearEnd = "年度末時点"

// The ways in which a department says when a value was taken. A day in points needs an era, two points or a word behind
// it: 2.5 is a number.
const (
	someYear = `(?:(?:令和|平成|令|平|[RH])\.?\s*(?:元|\d{1,2})|(?:19|20)\d{2})`
	taken    = `(?:分?(?:まで|時点|現在))`
	toward   = `\s*(?:[~-]|から)\s*`
)

var (
	monthRange = regexp.MustCompile(`(?:` + someYear + `\s*[年./]度?\s*)?(1[0-2]|[1-9])月?(?:\d{1,2}日)?` + toward +
		`(?:(?:` + someYear + `\s*[年./]度?|翌年?)\s*)?(1[0-2]|[1-9])月(?:\d{1,2}日|末日?)?` + taken + `?`)
	pointRange = regexp.MustCompile(someYear + `[./](\d{1,2})(?:[./]\d{1,2})?` +
		toward + someYear + `[./](\d{1,2})(?:[./]\d{1,2})?`)
	slashRange = regexp.MustCompile(`(1[0-2]|0?[1-9])/\d{1,2}` + toward + `(1[0-2]|0?[1-9])/\d{1,2}`)
	monthDay   = regexp.MustCompile(`(?:` + someYear + `\s*年度?\s*)?(\d{1,2})月(?:(\d{1,2})日|(末日?)|[上中下]旬)?` +
		`(` + taken + `|分)?`)
	pointDay  = regexp.MustCompile(`(` + someYear + `\s*[./]\s*)?(\d{1,2})(?:\s*[./]\s*(\d{1,2}))?(末?` + taken + `?)`)
	partNamed = regexp.MustCompile(`(?:[上下]半?期|[前後]半期|半期(?:分|のみ)|[前後]期(?:分|のみ)|` +
		`(?:[1-9]|1[01])[かヶヵカケ箇]月分|第?[1-4一二三四]四半期|第?[1-4]Q)末?` + taken + `?`)
	partWords  = regexp.MustCompile(`年度途中|途中経過|年度中途|途中集計|中間(?:集計|報告|実績|時点)|[(]途中[)]`)
	kanjiMonth = regexp.MustCompile(`(?:十[一二]?|[一二三四五六七八九])月(?:末|[一二三四五六七八九十]+日|時点|現在|まで)`)
	dashes     = strings.NewReplacer("～", "~", "〜", "~", "−", "-", "–", "-", "―", "-", "—", "-")
	kanjiDigit = strings.NewReplacer("十一月", "11月", "十二月", "12月", "十月", "10月", "一月", "1月", "二月", "2月", "三月", "3月",
		"四月", "4月", "五月", "5月", "六月", "6月", "七月", "7月", "八月", "8月", "九月", "9月")
)

// moment is what a text says of the time of a value: a part of the year, or the end of it, in the words that say so.
// at is where in the text they stand.
type moment struct {
	span, words string
	at          []int
}

// folded is a text in the widths and dashes that the expressions here know, 三月末 as 3月末.
func folded(text string) string {
	return kanjiMonth.ReplaceAllStringFunc(norm.NFKC.String(dashes.Replace(text)), kanjiDigit.Replace)
}

// momentOf finds the first part of the year in a folded text, else its end. A whole year (4月~3月) is neither.
func momentOf(text string) moment {
	found := append(daysIn(text), partsNamed(text)...)
	for _, span := range []string{record.PartOfYear, yearEnd} {
		for _, m := range found {
			if m.span == span {
				return m
			}
		}
	}
	return moment{}
}

func partsNamed(text string) []moment {
	var out []moment
	if at := partNamed.FindStringIndex(text); at != nil && (at[0] == 0 || !isDigit(text[at[0]-1])) {
		out = append(out, moment{record.PartOfYear, text[at[0]:at[1]], at})
	}
	if at := partWords.FindStringIndex(text); at != nil {
		out = append(out, moment{record.PartOfYear, "", at})
	}
	return out
}

// daysIn are the days, months and spans of months in a text. A span takes its ends with it.
func daysIn(text string) []moment {
	var out []moment
	for _, re := range []*regexp.Regexp{pointRange, slashRange, monthRange} {
		for _, at := range re.FindAllStringSubmatchIndex(text, -1) {
			first, last := text[at[2]:at[3]], text[at[4]:at[5]]
			if at[0] > 0 && isDigit(text[at[0]-1]) || !isMonth(first) || !isMonth(last) {
				continue
			}
			if strings.TrimLeft(first, "0") != "4" || strings.TrimLeft(last, "0") != "3" {
				out = append(out, moment{record.PartOfYear, text[at[0]:at[1]], at[:2]})
			}
			text = text[:at[0]] + strings.Repeat(" ", at[1]-at[0]) + text[at[1]:]
		}
	}
	for _, at := range monthDay.FindAllStringSubmatchIndex(text, -1) {
		if at[0] > 0 && isDigit(text[at[0]-1]) || !isMonth(submatch(text, at, 1)) {
			continue
		}
		last, said := submatch(text, at, 3), submatch(text, at, 4)
		if last == "" && said == "" && !alone(text, at) && !valueBehind.MatchString(text[at[1]:]) {
			continue // 10月にアンケート
		}
		whole := last != "" || submatch(text, at, 2) == "" && strings.HasSuffix(said, "まで")
		out = append(out, moment{spanOf(submatch(text, at, 1), submatch(text, at, 2), whole), text[at[0]:at[1]], at[:2]})
	}
	for _, at := range pointDay.FindAllStringSubmatchIndex(text, -1) {
		if m, ok := dayInPoints(text, at); ok {
			out = append(out, m)
		}
	}
	return out
}

// dayInPoints reads R7.12.31, R9.1, 2027/1/31, 1/31時点. Without a year and a word behind it, 1/31 may be a fraction and
// 1.31 a number.
func dayInPoints(text string, at []int) (moment, bool) {
	year, month, day, said := submatch(text, at, 1), submatch(text, at, 2), submatch(text, at, 3), submatch(text, at, 4)
	if at[0] > 0 && (isDigit(text[at[0]-1]) || strings.ContainsAny(text[at[0]-1:at[0]], ",./")) || !isMonth(month) {
		return moment{}, false
	}
	dated := day != "" && (said != "" || len(day) == 2 && day > "12" && alone(text, at))
	if western := strings.HasPrefix(year, "19") || strings.HasPrefix(year, "20"); year != "" {
		dated = day != "" || said != "" || !western
	}
	if !dated {
		return moment{}, false
	}
	last := strings.HasPrefix(said, "末") || day == ""
	return moment{spanOf(month, day, last), strings.TrimSpace(text[at[0]:at[1]]), at[:2]}, true
}

// valueBehind is what makes a bare month that of a value: 12月実績, 12月31日の値.
var valueBehind = regexp.MustCompile(`^の?(?:実績|数値|値|集計|データ|見込)`)

// spanOf is the span of a value of a day: the last of March ends the year. A month in points (R9.3) stands for its end.
func spanOf(month, day string, last bool) string {
	if strings.TrimLeft(month, "0") == "3" && (last || day == "31") {
		return yearEnd
	}
	return record.PartOfYear
}

// alone reports that what stands at a place is the whole text, or stands in parentheses of its own: 90（12月）.
func alone(text string, at []int) bool {
	before, after := strings.TrimRight(text[:at[0]], " "), strings.TrimLeft(text[at[1]:], " ")
	return before == "" && after == "" || strings.HasSuffix(before, "(") && strings.HasPrefix(after, ")")
}

func submatch(text string, at []int, n int) string {
	if at[2*n] < 0 {
		return ""
	}
	return text[at[2*n]:at[2*n+1]]
}

func isMonth(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= 1 && n <= 12
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// idle are words behind a time that say what was done then, not of when a value is: 12月まで休館, 9月末で終了, 12月末に.
var idle = regexp.MustCompile(`^(?:に|(?:[ではも]|をもって|から)?[^。、]{0,8}?` +
	`(?:休|中止|停止|工事|閉|終了|完了|廃止|募集|延期|改修|実施|開催|開始|受付|受け付け|締))`)

// besideOf is the moment that a remark gives a value: not one at which something was done.
func besideOf(text string) moment {
	m := momentOf(text)
	if m.words != "" && idle.MatchString(text[m.at[1]:]) {
		return moment{}
	}
	return m
}
