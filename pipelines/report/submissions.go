package report

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/warehouse"
)

// Submission is what a department has yet to hand in, or to fix, as of a day.
type Submission struct {
	Municipality string `json:"municipality"`
	Bureau       string `json:"bureau"`
	Department   string `json:"department"`
	Form         string `json:"form"`
	FiscalYear   int    `json:"fiscal_year"`
	Due          string `json:"due"`    // as it is written
	Status       string `json:"status"` // 要修正, 未提出

	Dated    bool      `json:"dated"` // the due day could be read; the rest is empty where it could not
	Day      time.Time `json:"-"`
	Days     int       `json:"days"`      // to the due day; negative after it
	OpenDays int       `json:"open_days"` // of them, those on which the city hall is open
	Reminder string    `json:"reminder"`  // 7日前, 前日, 期限超過, or "" where it is too early
	Today    bool      `json:"today"`     // the reminder falls on this very day
}

// The reminders: a week before the due day, on the day before it, and after it. One that falls on a day on which the
// city hall is closed comes on the open day before.
const (
	RemindWeek = "7日前"
	RemindEve  = "前日"
	Overdue    = "期限超過"
)

const openSubmissions = `SELECT municipality, bureau, department, form, fiscal_year, due, status
FROM marts.submissions WHERE status <> '提出済' ORDER BY ALL`

// Submissions lists what is not there or must be fixed, as of a day, the most urgent first.
func Submissions(ctx context.Context, db *warehouse.Reader, asOf time.Time) ([]Submission, error) {
	r, err := db.Query(ctx, openSubmissions)
	if err != nil {
		return nil, fmt.Errorf("reading submissions: %w", err)
	}
	var out []Submission
	for _, row := range r.Rows {
		s := Submission{
			Municipality: warehouse.Text(row[0]), Bureau: warehouse.Text(row[1]), Department: warehouse.Text(row[2]),
			Form: warehouse.Text(row[3]), Due: warehouse.Text(row[5]), Status: warehouse.Text(row[6]),
		}
		if y, err := fmt.Sscan(warehouse.Text(row[4]), &s.FiscalYear); err != nil || y != 1 {
			return nil, fmt.Errorf("reading submissions: fiscal year %q", warehouse.Text(row[4]))
		}
		s.remind(asOf)
		out = append(out, s)
	}
	slices.SortStableFunc(out, func(a, b Submission) int { return a.urgency() - b.urgency() })
	return out, nil
}

// urgency orders what is late, then what is due soon, then what has no day that can be read.
func (s Submission) urgency() int {
	if i := slices.Index([]string{Overdue, RemindEve, RemindWeek}, s.Reminder); i >= 0 {
		return i
	}
	if s.Dated {
		return 10 + s.Days
	}
	return math.MaxInt32
}

// remind says how far the due day is, and which reminder has come.
func (s *Submission) remind(asOf time.Time) {
	day, err := fiscal.ReadDay(s.Due)
	if s.Day, s.Dated = day, err == nil; !s.Dated {
		return
	}
	s.Days = int(s.Day.Sub(asOf).Hours() / 24)
	s.OpenDays = fiscal.OpenDays(asOf, s.Day)
	week := fiscal.OpenOnOrBefore(s.Day.AddDate(0, 0, -7))
	eve := fiscal.OpenOnOrBefore(s.Day.AddDate(0, 0, -1))
	after := s.Day.AddDate(0, 0, 1)
	switch {
	case !asOf.Before(after):
		s.Reminder, s.Today = Overdue, asOf.Equal(after)
	case !asOf.Before(eve):
		s.Reminder, s.Today = RemindEve, asOf.Equal(eve)
	case !asOf.Before(week):
		s.Reminder, s.Today = RemindWeek, asOf.Equal(week)
	}
}

// When says how far the due day is: 期限まで5日（開庁日3日）.
func (s Submission) When() string {
	switch {
	case !s.Dated && s.Due == "":
		return "期限の記載なし"
	case !s.Dated:
		return "期限「" + s.Due + "」は日付として読めません"
	case s.Days < 0:
		return fmt.Sprintf("%d日超過（開庁日%d日）", -s.Days, -s.OpenDays)
	case s.Days == 0:
		return "本日が期限"
	}
	return fmt.Sprintf("あと%d日（開庁日%d日）", s.Days, s.OpenDays)
}
