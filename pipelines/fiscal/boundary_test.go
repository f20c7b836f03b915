package fiscal

import (
	"slices"
	"testing"
	"time"
)

// Every era on its first day and on the day before it, as the 改元 orders have them.
func TestFirstDayOfEveryEra(t *testing.T) {
	for _, c := range []struct {
		day  time.Time
		want string
	}{
		{date(2019, 5, 1), "令和元年5月1日"}, {date(2019, 4, 30), "平成31年4月30日"}, {date(2020, 1, 1), "令和2年1月1日"},
		{date(1989, 1, 8), "平成元年1月8日"}, {date(1989, 1, 7), "昭和64年1月7日"}, {date(1990, 1, 1), "平成2年1月1日"},
		{date(1926, 12, 25), "昭和元年12月25日"}, {date(1926, 12, 24), "大正15年12月24日"}, {date(1927, 1, 1), "昭和2年1月1日"},
		{date(1912, 7, 30), "大正元年7月30日"}, {date(1912, 7, 29), "明治45年7月29日"},
		{date(1868, 1, 25), "明治元年1月25日"}, {date(1868, 1, 24), "1868年1月24日"}, {date(1, 1, 1), "1年1月1日"},
	} {
		if got := WarekiDate(c.day); got != c.want {
			t.Errorf("%s: %s, want %s", c.day.Format(time.DateOnly), got, c.want)
		}
	}
	late := time.Date(1989, 1, 8, 23, 59, 0, 0, time.FixedZone("JST", 9*3600))
	if name, letter, n := EraOfDay(late); name != "平成" || letter != "H" || n != 1 {
		t.Errorf("the evening of the first day of 平成: %s %s %d", name, letter, n)
	}
}

// A fiscal year begins on the first of April.
func TestFirstDayOfAFiscalYear(t *testing.T) {
	for _, c := range []struct {
		day  time.Time
		want int
	}{{date(2026, 3, 31), 2025}, {date(2026, 4, 1), 2026}, {date(2026, 12, 31), 2026}, {date(2027, 1, 1), 2026}} {
		if got := YearOf(c.day); got != c.want {
			t.Errorf("%s: %d, want %d", c.day.Format(time.DateOnly), got, c.want)
		}
	}
}

// A fiscal year bears the name of the era in force at its end, the first year of an era as 元.
func TestFirstYearOfEveryEra(t *testing.T) {
	for year, want := range map[int][2]string{
		2020: {"令和2年度", "R2"}, 2019: {"令和元年度", "R1"}, 2018: {"平成30年度", "H30"}, 1990: {"平成2年度", "H2"},
		1989: {"平成元年度", "H1"}, 1988: {"昭和63年度", "S63"}, 1926: {"昭和元年度", "S1"}, 1925: {"大正14年度", "T14"},
		1912: {"大正元年度", "T1"}, 1911: {"明治44年度", "M44"}, 1868: {"明治元年度", "M1"}, 1867: {"1867年度", "1867"},
		1: {"1年度", "1"},
	} {
		if long, short := Wareki(year), Short(year); long != want[0] || short != want[1] {
			t.Errorf("%d: %s, %s, want %s", year, long, short, want)
		}
	}
}

// No era has a year 0.
func TestNoYearZero(t *testing.T) {
	for _, s := range []string{"令和0年度", "R0", "平成00年度"} {
		if y, ok := ParseYear(s); ok {
			t.Errorf("ParseYear(%q) = %d", s, y)
		}
		if y, _, ok := FindYear(s + "の実績"); ok {
			t.Errorf("FindYear(%q) = %d", s, y)
		}
	}
	if a, b, found := Contradiction("令和0(2018)年度"); found {
		t.Errorf("%s is said to contradict %s", a, b)
	}
	if y, ok := ParseYear("令和1年度"); !ok || y != 2019 {
		t.Errorf("令和1年度 is %d, %v", y, ok)
	}
}

func TestNamedYears(t *testing.T) {
	for s, want := range map[string][]int{
		"令和6年度と令和6年度":                  {2024},
		"2024年度（令和6年度）":                {2024},
		"令和5年度から令和6年度まで（令和5年度は実績）":     {2023, 2024},
		"令和6年度、2023年度、R6年度、平成31年度":     {2024, 2023, 2019},
		"令和7年4月1日":                     nil,
		"令和元(2019)年度と2019(R1)年度、昭和3年度": {2019, 1928},
	} {
		if got := Named(s); !slices.Equal(got, want) {
			t.Errorf("Named(%q) = %v, want %v", s, got, want)
		}
	}
}

// A day that the calendar does not have is none, in every way of writing it.
func TestDaysOfTheCalendar(t *testing.T) {
	for s, want := range map[string]string{
		"2025-04-01": "2025-04-01", "2025-04-31": "", "2025-13-01": "", "2024-02-29": "2024-02-29", "2025-02-29": "",
		"令和6年2月29日": "2024-02-29", "令和7年2月29日": "", "2025/12/31": "2025-12-31", "2025/12/32": "", "2025/0/1": "",
		"2025/1/0": "", "H1.1.8": "1989-01-08", "令和元年5月1日時点": "2019-05-01", "(S64.1.7)": "1989-01-07",
	} {
		day, ok := ParseDay(s)
		if ok != (want != "") || ok && day.Format(time.DateOnly) != want {
			t.Errorf("ParseDay(%q) = %s, %v, want %q", s, day.Format(time.DateOnly), ok, want)
		}
	}
}

// Letters are folded from a to z, and numbers in kanji from 一 to 九十九.
func TestFold(t *testing.T) {
	for s, want := range map[string]string{
		"ａz AZ`{": "AZAZ`{", "平成一年": "平成1年", "平成十年": "平成10年", "平成十一年": "平成11年", "平成二十年": "平成20年",
		"昭和六十四年": "昭和64年", "令和九年": "令和9年", "R\t6\r年\n度": "R6年度",
	} {
		if got := fold(s); got != want {
			t.Errorf("fold(%q) = %q, want %q", s, got, want)
		}
	}
}

// The closing over New Year where the calendar of holidays has nothing: a Monday, and the days beside it.
func TestClosedOverNewYear(t *testing.T) {
	for day, want := range map[string]bool{
		"2028-01-03": false, "2028-01-04": true, // a Monday, a Tuesday
		"2028-12-28": true, "2028-12-29": false, // a Thursday, a Friday
		"2024-01-02": false, "2026-12-31": false, "2026-11-30": true, "2026-01-29": true, "2027-01-05": true,
	} {
		d, ok := ParseDay(day)
		if !ok || Open(d) != want {
			t.Errorf("%s: open is %v", day, Open(d))
		}
	}
	if got := OpenOnOrBefore(date(2028, 1, 3)).Format(time.DateOnly); got != "2027-12-28" {
		t.Errorf("on or before 3 January 2028: %s", got)
	}
	if got := OpenOnOrBefore(date(2028, 1, 4)).Format(time.DateOnly); got != "2028-01-04" {
		t.Errorf("on or before an open day: %s", got)
	}
}

// From the evening before to the evening of a day: the first is not counted, the last is.
func TestOpenDaysAtTheirEnds(t *testing.T) {
	for _, c := range []struct {
		from, to time.Time
		want     int
	}{
		{date(2026, 11, 24), date(2026, 11, 25), 1}, {date(2026, 11, 25), date(2026, 11, 24), -1},
		{date(2026, 11, 20), date(2026, 11, 23), 0}, {date(2026, 11, 20), date(2026, 11, 24), 1},
	} {
		if got := OpenDays(c.from, c.to); got != c.want {
			t.Errorf("%s to %s: %d, want %d", c.from.Format(time.DateOnly), c.to.Format(time.DateOnly), got, c.want)
		}
	}
}
