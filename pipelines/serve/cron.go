package serve

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// cronFields are the five parts of a schedule, with what each may be.
var cronFields = []struct {
	name      string
	low, high int
	words     []string // names for numbers, the first for low
}{
	{"分", 0, 59, nil}, {"時", 0, 23, nil}, {"日", 1, 31, nil},
	{"月", 1, 12, strings.Fields("jan feb mar apr may jun jul aug sep oct nov dec")},
	{"曜日", 0, 6, strings.Fields("sun mon tue wed thu fri sat")},
}

var cronPart = regexp.MustCompile(`^(\*|\?|\w+)(?:-(\w+))?(?:/(\d+))?$`)

// cronFault says what is wrong with a schedule, and what is meant; "" where every part can be read.
func cronFault(schedule string) string {
	if strings.HasPrefix(schedule, "@") {
		return ""
	}
	parts := strings.Fields(schedule)
	if len(parts) != len(cronFields) {
		return fmt.Sprintf("分 時 日 月 曜日 の5つを半角の空白で区切って書いてください（%dつあります）", len(parts))
	}
	for i, part := range parts {
		if strings.Trim(part, ",") == "" {
			return cronPartFault(part, i)
		}
		for _, one := range strings.FieldsFunc(part, func(r rune) bool { return r == ',' }) {
			if says := cronPartFault(one, i); says != "" {
				return says
			}
		}
	}
	return ""
}

// cronPartFault looks at one value of a part: *, 5, 1-5, */10, mon.
func cronPartFault(one string, field int) string {
	f := cronFields[field]
	wrong := func(hint string) string {
		return fmt.Sprintf("%d番目（%s）の「%s」は使えません。%d〜%dの数か * を書いてください%s", field+1, f.name, one, f.low, f.high, hint)
	}
	m := cronPart.FindStringSubmatch(one)
	if m == nil {
		if strings.ContainsAny(one, "０１２３４５６７８９＊") {
			return wrong("（半角で）")
		}
		return wrong("")
	}
	value := func(s string) (int, bool) {
		for i, w := range f.words {
			if strings.EqualFold(s, w) {
				return f.low + i, true
			}
		}
		n, err := strconv.Atoi(s)
		return n, err == nil && n >= f.low && n <= f.high
	}
	if m[1] == "*" || m[1] == "?" {
		if m[2] != "" || m[3] == "0" {
			return wrong("")
		}
		return ""
	}
	low, ok := value(m[1])
	if !ok && f.name == "曜日" && m[1] == "7" {
		return wrong("（日曜日は 0）")
	}
	high, also := low, true
	if m[2] != "" {
		high, also = value(m[2])
	}
	if !ok || !also || high < low || m[3] == "0" {
		return wrong("")
	}
	return ""
}
