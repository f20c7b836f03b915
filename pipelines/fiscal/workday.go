package fiscal

import (
	"sync"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/jp"
)

// office is the calendar of city halls: Saturdays, Sundays, national holidays (国民の祝日に関する法律) and 29 December to
// 3 January (行政機関の休日に関する法律, which ordinances follow) are closed.
var office = func() *cal.BusinessCalendar {
	c := cal.NewBusinessCalendar()
	c.AddHoliday(jp.Holidays...)
	return c
}()

// officeLock is held where the calendar is asked: it computes the equinoxes in variables of its own package.
var officeLock sync.Mutex

// Open reports whether city halls are open on a day.
func Open(day time.Time) bool {
	if m, d := day.Month(), day.Day(); m == time.December && d >= 29 || m == time.January && d <= 3 {
		return false
	}
	officeLock.Lock()
	defer officeLock.Unlock()
	return office.IsWorkday(day)
}

// OpenOnOrBefore is the last day on which city halls are open, up to a day.
func OpenOnOrBefore(day time.Time) time.Time {
	for !Open(day) {
		day = day.AddDate(0, 0, -1)
	}
	return day
}

// OpenOnOrAfter is the first day on which city halls are open, from a day on.
func OpenOnOrAfter(day time.Time) time.Time {
	for !Open(day) {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

// OpenDays counts the days on which city halls are open after from, up to and with to; negative where to is earlier.
func OpenDays(from, to time.Time) int {
	if to.Before(from) {
		return -OpenDays(to, from)
	}
	n := 0
	for day := from.AddDate(0, 0, 1); !day.After(to); day = day.AddDate(0, 0, 1) {
		if Open(day) {
			n++
		}
	}
	return n
}
