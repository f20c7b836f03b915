package form

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
)

// remark says why the words beside a number forbid taking it for the value of its column and
// year; "" where they do not.
func remark(text, scope string) string {
	text = norm.NFKC.String(text)
	if why := otherYear(text, scope); why != "" {
		return why
	}
	if m := partOfYear.FindString(text); m != "" && natureOf(text).span != "月平均" {
		return "「" + strings.TrimRight(m, " 0123456789") + "」と断ってある"
	}
	if m := otherPeriod.FindString(lastYearBeside.ReplaceAllString(text, "")); m != "" {
		return "「" + strings.TrimLeft(m, "(") + "」と断ってある"
	}
	if fractionAlone.MatchString(strings.TrimSpace(text)) {
		return "分数か、二つの数か決められない"
	}
	if m := secondNumber.FindStringSubmatch(strings.TrimSpace(text)); m != nil && (m[3] == "" || m[3] == m[1]) {
		return "括弧の中にも数がある"
	}
	return ""
}

var (
	// otherPeriod are words for a number that is not the one that counts now, or of a day or a week. What is of a part of
	// the year, or of several (累計), is kept with its span (nature.go).
	otherPeriod = regexp.MustCompile(`[前後]期|見直し?前|変更前|改定前|補正前|当初|(?:前々|前|昨)年度?|[週日]平均`)
	// lastYearBeside is last year's value beside this year's: 118件（前年105件）.
	lastYearBeside = regexp.MustCompile(`\((?:前々|前|昨)年[^()]*\d[^()]*\)`)
	// fractionAlone is 9/10: of 冊 it is no 0.9, and it may as well be 9 of 10, or the ninth of October.
	fractionAlone = regexp.MustCompile(`^\d[\d,]*\s*/\s*\d[\d,]*$`)
	// secondNumber is 10(12), 9人 (8人): which of the two is meant, nothing says.
	secondNumber = regexp.MustCompile(`^[▲△-]?[\d,.]+\s*([^\d\s()]*)\s*[(〔\[]\s*([▲△-]?[\d,.]+)\s*([^\d\s()]*)[)〕\]]$`)
	// partOfYear is 月10時間, 1日当たり3人: of a part of the year.
	partOfYear = regexp.MustCompile(`^(?:毎)?(?:月|週|日|1[日月週])(?:平均|当たり|あたり|につき)?\s*\d`)
	bareScale  = regexp.MustCompile(`\d\s*[十百千]?[十百千万億兆]$`)
	yearBeside = regexp.MustCompile(`(令和|平成|昭和|\b[RHS])\.?\s*(元|\d{1,2})(年度|年|\b)?` +
		`(?:[./]?(\d{1,2})(?:月|末|\b))?|\b((?:19|20)\d{2})年度`)
)

// spanOfYears is H20~R9, R6~8, R6-R8; spanOfWestern 2008~2027年度.
var (
	spanOfYears = regexp.MustCompile(`(令和|平成|昭和|\b[RHS])\.?\s*(元|\d{1,2})(?:年度?)?\s*` +
		`(?:(?:[~〜]|から)\s*(令和|平成|昭和|[RHS])?|[-–―]\s*(令和|平成|昭和|[RHS]))\.?\s*(元|\d{1,2})`)
	spanOfWestern = regexp.MustCompile(`\b((?:19|20)\d{2})(?:年度?)?\s*(?:[-–―~〜]|から)\s*((?:19|20)\d{2})年度`)
)

// withoutSpans leaves out of a text the spans of years in which a year lies: what is of all of
// them is of that year too.
func withoutSpans(text string, year int) string {
	return spanOfWestern.ReplaceAllStringFunc(spanOfYears.ReplaceAllStringFunc(text, func(span string) string {
		m := spanOfYears.FindStringSubmatch(span)
		from, ok := fiscal.ParseYear(m[1] + m[2] + "年度")
		to, also := fiscal.ParseYear(cmp.Or(m[3], m[4], m[1]) + m[5] + "年度")
		if ok && also && from <= year && year <= to {
			return ""
		}
		return span
	}), func(span string) string {
		m := spanOfWestern.FindStringSubmatch(span)
		if scope := strconv.Itoa(year); m[1] <= scope && scope <= m[2] {
			return ""
		}
		return span
	})
}

// sinceYear is 令和6年度からの累計: of that year and of all up to this one.
var sinceYear = regexp.MustCompile(`(?:(?:令和|平成|\b[RH])\.?\s*(?:元|\d{1,2})|(?:19|20)\d{2})` +
	`(?:年度?)?(?:から|以降|以来)の?(累計|累積|通算)`)

// otherYear says that a text beside a number names another fiscal year than its column: R6:12 under 令和7年度. A span of
// years names each of them.
func otherYear(text, scope string) string {
	own, err := strconv.Atoi(scope)
	if err != nil {
		return ""
	}
	for _, m := range yearBeside.FindAllStringSubmatch(withoutSpans(sinceYear.ReplaceAllString(text, "$1"), own), -1) {
		year, ok := fiscal.ParseYear(m[1] + m[2] + "年度")
		if m[5] != "" {
			year, ok = fiscal.ParseYear(m[0])
		}
		if month, err := strconv.Atoi(m[4]); err == nil && month < 4 {
			year-- // 令和7年3月末 is of 令和6年度
		}
		if ok && yearText(year) != scope {
			return "「" + record.OneLine(m[0]) + "」と断ってあり、見出しの年度と違う"
		}
	}
	return ""
}
