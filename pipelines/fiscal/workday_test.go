package fiscal

import (
	"strings"
	"sync"
	"testing"
)

// The national holidays of 2026 and 2027 as the Cabinet Office publishes them, those on weekends left out, and the
// closing over New Year.
const closed = `2026-01-01 2026-01-02 2026-01-12 2026-02-11 2026-02-23 2026-03-20 2026-04-29 2026-05-04
2026-05-05 2026-05-06 2026-07-20 2026-08-11 2026-09-21 2026-09-22 2026-09-23
2026-10-12 2026-11-03 2026-11-23 2026-12-29 2026-12-30 2026-12-31
2027-01-01 2027-01-11 2027-02-11 2027-02-23 2027-03-22 2027-04-29 2027-05-03 2027-05-04 2027-05-05 2027-07-19 2027-08-11
2027-09-20 2027-09-23 2027-10-11 2027-11-03 2027-11-23 2027-12-29 2027-12-30 2027-12-31`

func TestOfficeDays(t *testing.T) {
	holiday := map[string]bool{}
	for _, d := range strings.Fields(closed) {
		holiday[d] = true
	}
	for day := date(2026, 1, 1); day.Year() < 2028; day = day.AddDate(0, 0, 1) {
		text := day.Format("2006-01-02")
		if want := day.Weekday() != 0 && day.Weekday() != 6 && !holiday[text]; Open(day) != want {
			t.Errorf("%s: open is %v", text, Open(day))
		}
	}
}

// The calendar may be asked from many places at once: the race detector sees it.
func TestOfficeDaysAtOnce(t *testing.T) {
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if n := OpenDays(date(2026, 1, 1), date(2026, 12, 31)); n != 240 {
				t.Errorf("%d days", n)
			}
		})
	}
	all.Wait()
}

func TestOpenDays(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     int
	}{
		{"2026-11-20", "2026-11-25", 2}, {"2026-11-25", "2026-11-20", -2}, {"2026-11-24", "2026-11-24", 0},
		{"2026-12-28", "2027-01-04", 1},
	} {
		from, _ := ParseDay(c.from)
		to, _ := ParseDay(c.to)
		if got := OpenDays(from, to); got != c.want {
			t.Errorf("%s to %s: %d, want %d", c.from, c.to, got, c.want)
		}
	}
	if got := OpenOnOrBefore(date(2026, 11, 23)); !got.Equal(date(2026, 11, 20)) {
		t.Errorf("before the holiday after a weekend: %s", got)
	}
}
