package fiscal

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

var dayOfWeek = regexp.MustCompile(`\((日|月|火|水|木|金|土)(?:曜日?)?\)$`)

// ReadDay reads a day as people write it where only a day can stand: a meeting's date, a deadline, a day on a command
// line. 令和8年2月24日, R8.2.24, 2026年2月24日, 2026/2/24 and 2026-02-24 are one; a day of the week may follow in
// brackets. The error says in Japanese what is wrong, without the name of what the day is of.
func ReadDay(s string) (time.Time, error) {
	folded := strings.TrimSuffix(fold(s), "まで")
	said := ""
	if m := dayOfWeek.FindStringSubmatch(folded); m != nil {
		said, folded = m[1], strings.TrimSuffix(folded, m[0])
	}
	day, ok := ParseDay(folded)
	if !ok {
		return time.Time{}, fmt.Errorf("「%s」は日付として読めません。令和8年2月24日、R8.2.24、2026-02-24 のように書いてください", s)
	}
	if said != "" && said != Weekday(day) {
		return time.Time{}, fmt.Errorf("「%s」の%sは、%s曜日ではなく%s曜日です。日付か曜日を直してください", s, WarekiDate(day), said, Weekday(day))
	}
	return day, nil
}
