package report

import (
	"testing"
	"time"
)

// The reminders fall on open days.
func TestReminders(t *testing.T) {
	for _, c := range []struct {
		due, asOf, want, when string
		today                 bool
	}{
		{"令和8年11月27日", "2026-11-19", "", "あと8日（開庁日5日）", false},
		{"令和8年11月27日", "2026-11-20", RemindWeek, "あと7日（開庁日4日）", true},
		{"令和8年11月27日", "2026-11-22", RemindWeek, "あと5日（開庁日4日）", false},
		{"令和8年11月27日", "2026-11-26", RemindEve, "あと1日（開庁日1日）", true},
		{"令和8年11月27日", "2026-11-27", RemindEve, "本日が期限", false},
		{"令和8年11月27日", "2026-11-28", Overdue, "1日超過（開庁日0日）", true},
		{"令和8年11月24日", "2026-11-20", RemindEve, "あと4日（開庁日1日）", true},   // 21 and 22 are a weekend, 23 a holiday
		{"令和8年11月30日", "2026-11-20", RemindWeek, "あと10日（開庁日5日）", true}, // 23, a week before, is a holiday
		{"", "2026-11-20", "", "期限の記載なし", false},
		{"そのうち", "2026-11-20", "", "期限「そのうち」は日付として読めません", false},
	} {
		day, err := time.Parse(time.DateOnly, c.asOf)
		if err != nil {
			t.Fatal(err)
		}
		s := Submission{Due: c.due}
		s.remind(day)
		if s.Reminder != c.want || s.Today != c.today || s.When() != c.when {
			t.Errorf(
				"%s as of %s: %q %v %s, want %q %v %s", c.due, c.asOf, s.Reminder, s.Today, s.When(), c.want, c.today, c.when,
			)
		}
	}
}
