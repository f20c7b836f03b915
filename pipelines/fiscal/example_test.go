package fiscal_test

import (
	"fmt"
	"time"

	"kyogikai/pipelines/fiscal"
)

func day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// A fiscal year is the western year in which it starts. A bare 2024 may be any number, and 和暦 and 西暦 that contradict
// each other are no year.
func ExampleParseYear() {
	for _, s := range []string{"令和6年度", "Ｒ６", "平成三十年度", "令和元年度", "2024年度", "2024", "令和4(2024)年度", "令和6年度進捗"} {
		year, ok := fiscal.ParseYear(s)
		fmt.Println(s, year, ok)
	}
	// Output:
	// 令和6年度 2024 true
	// Ｒ６ 2024 true
	// 平成三十年度 2018 true
	// 令和元年度 2019 true
	// 2024年度 2024 true
	// 2024 0 false
	// 令和4(2024)年度 0 false
	// 令和6年度進捗 0 false
}

func ExampleFindYear() {
	year, rest, ok := fiscal.FindYear("令和６年度 進捗状況")
	fmt.Println(year, rest, ok)
	// Output:
	// 2024 進捗状況 true
}

func ExampleContradiction() {
	fmt.Println(fiscal.Contradiction("※令和4（2024）年度から集計方法を変更"))
	// Output:
	// 令和4 2024 true
}

// A title names its fiscal years; the year of a date is none of them.
func ExampleNamed() {
	fmt.Println(fiscal.Named("令和5年度及び令和6年度の取組状況（令和7年4月1日現在）"))
	// Output:
	// [2023 2024]
}

func ExampleParseDay() {
	for _, s := range []string{"R7.4.1現在", "（令和7年10月21日）", "2025/4/1", "令和7年4月31日"} {
		day, ok := fiscal.ParseDay(s)
		fmt.Println(s, day.Format(time.DateOnly), ok)
	}
	// Output:
	// R7.4.1現在 2025-04-01 true
	// （令和7年10月21日） 2025-10-21 true
	// 2025/4/1 2025-04-01 true
	// 令和7年4月31日 2025-05-01 false
}

// A year is named by the era in force at its end.
func ExampleEra() {
	fmt.Println(fiscal.Era(2024))
	fmt.Println(fiscal.Era(2019))
	// Output:
	// 令和 R 6
	// 令和 R 1
}

func ExampleWareki() {
	fmt.Println(fiscal.Wareki(2024), fiscal.Wareki(2019), fiscal.Wareki(2018))
	// Output:
	// 令和6年度 令和元年度 平成30年度
}

func ExampleShort() {
	fmt.Println(fiscal.Short(2024), fiscal.Short(2018))
	// Output:
	// R6 H30
}

func ExampleEraOfDay() {
	fmt.Println(fiscal.EraOfDay(day(2019, time.April, 30)))
	fmt.Println(fiscal.EraOfDay(day(2019, time.May, 1)))
	// Output:
	// 平成 H 31
	// 令和 R 1
}

// A day is named by the era of that day: 平成 ended on 30 April 2019.
func ExampleWarekiDate() {
	fmt.Println(fiscal.WarekiDate(day(2019, time.April, 30)), fiscal.WarekiDate(day(2019, time.May, 1)))
	// Output:
	// 平成31年4月30日 令和元年5月1日
}

func ExampleWeekday() {
	fmt.Println(fiscal.Weekday(day(2025, time.October, 21)))
	// Output:
	// 火
}

// City halls are closed on weekends, national holidays and from 29 December to 3 January.
func ExampleOpen() {
	fmt.Println(fiscal.Open(day(2026, time.November, 20)), fiscal.Open(day(2026, time.November, 23)),
		fiscal.Open(day(2026, time.December, 29)))
	// Output:
	// true false false
}

func ExampleOpenOnOrBefore() {
	fmt.Println(fiscal.OpenOnOrBefore(day(2026, time.November, 23)).Format(time.DateOnly))
	// Output:
	// 2026-11-20
}

func ExampleOpenOnOrAfter() {
	for _, day := range []int{28, 29} { // a Monday, and the first day of the year's end
		fmt.Println(fiscal.OpenOnOrAfter(time.Date(2026, 12, day, 0, 0, 0, 0, time.UTC)).Format(time.DateOnly))
	}
	// Output:
	// 2026-12-28
	// 2027-01-04
}

func ExampleOpenDays() {
	fmt.Println(fiscal.OpenDays(day(2026, time.November, 20), day(2026, time.November, 25)))
	// Output:
	// 2
}
