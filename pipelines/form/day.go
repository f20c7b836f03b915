package form

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/geometry"
)

var dayInHead = regexp.MustCompile(`((?:令和|平成|昭和|\b[RHS])\.?(?:元|\d{1,2})|(?:19|20)\d\d)` +
	`[年./](\d{1,2})(?:[月./](\d{1,2}|末)?|時点|現在)`)

// dayOfHead is the fiscal year of the day that a head names: the last of a year is that year's; another is only of the
// block's year, or right after its end, else told with no scope.
func (t *reader) dayOfHead(b *band, col, year int) (scope string, told bool) {
	if t.form.Series != nil {
		return "", false
	}
	own, _ := geometry.Stack(t.sheet, b.top, b.bottom, b.left, col)
	for _, p := range own {
		if scope, told = scopeOfDay(p.Text, year); told {
			return scope, true
		}
	}
	return "", false
}

var monthAlone = regexp.MustCompile(`年(?:1[0-2]|0?[1-9])月末?`)

// scopeOfMonth reads a head that names a month and no day: the last of a fiscal year stands for it, another for none.
func scopeOfMonth(text string) (scope string, told bool) {
	text = norm.NFKC.String(text)
	if !monthAlone.MatchString(text) || strings.Contains(text, "年度") || strings.Contains(text, "日") {
		return "", false
	}
	m := dayInHead.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	y, ok := fiscal.ParseYear(m[1] + "年度")
	if !ok || strings.TrimLeft(m[2], "0") != "3" {
		return "", true
	}
	return yearText(y - 1), true
}

func scopeOfDay(text string, year int) (scope string, told bool) {
	m := dayInHead.FindStringSubmatch(norm.NFKC.String(text))
	if m == nil {
		return "", false
	}
	y, ok := fiscal.ParseYear(m[1] + "年度")
	month, err := strconv.Atoi(m[2])
	if !ok || err != nil || month < 1 || month > 12 {
		return "", true
	}
	if month < 4 {
		y--
	}
	switch {
	case month == 3 && (m[3] == "31" || m[3] == "末"), y == year:
		return yearText(y), true
	case y == year+1 && month <= 5:
		return yearText(year), true
	}
	return "", true
}
