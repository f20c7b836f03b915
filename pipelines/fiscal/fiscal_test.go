package fiscal

import (
	"strings"
	"testing"
	"time"
)

func TestParseYear(t *testing.T) {
	good := map[string]int{
		"令和6年度": 2024, "令和６年度": 2024, "Ｒ６": 2024, "R6年度": 2024, "r6": 2024, "R06": 2024, "令和元年度": 2019,
		"平成31年度": 2019, "H30": 2018, "平成２７年度": 2015, "2024年度": 2024, "平成29(2017)年": 2017, "令和8（2026）年度": 2026,
		"昭和63年度": 1988, "令和 6 年度": 2024, "R8(2026)": 2026, "令和8年度（2026年度）": 2026, "2026年度（令和8年度）": 2026, "令和六年度": 2024,
		"平成三十年度": 2018,
		"平成三十一年": 2019, "昭和十年": 1935, "2026(R8)": 2026, "㋿6年度": 2024,
	}
	for s, want := range good {
		if got, ok := ParseYear(s); !ok || got != want {
			t.Errorf("ParseYear(%q) = %d, %v, want %d", s, got, ok, want)
		}
	}
	for _, s := range []string{
		"", "6", "令和", "令和6年度進捗", "2024", "R", "取組", "令和4(2024)年度", "RR6", "R123", "R8(2025)", "2026年度(R7)",
	} {
		if got, ok := ParseYear(s); ok {
			t.Errorf("ParseYear(%q) = %d, want none", s, got)
		}
	}
}

func TestFindYear(t *testing.T) {
	cases := map[string]struct {
		year int
		rest string
	}{
		"令和6年度進捗状況":       {2024, "進捗状況"},
		"進捗（R5）":          {2023, "進捗()"},
		"令和５年度\n自己評価":     {2023, "自己評価"},
		"2024年度　進み具合":     {2024, "進み具合"},
		"R8(2026)目標値":     {2026, "目標値"},
		"目標（2026年度）":      {2026, "目標()"},
		"2026年度(令和8年度)目標": {2026, "目標"},
	}
	for s, want := range cases {
		year, rest, ok := FindYear(s)
		if !ok || year != want.year || rest != want.rest {
			t.Errorf("FindYear(%q) = %d, %q, %v", s, year, rest, ok)
		}
	}
	if _, _, ok := FindYear("推進期間全体進捗"); ok {
		t.Error("found a year where there is none")
	}
}

func TestContradiction(t *testing.T) {
	for s, want := range map[string]string{
		"※令和4(2024)年度から集計方法を変更": "令和4 2024", "令和5（2021）年度以前": "令和5 2021", "2020年度（R3）": "R3 2020",
		"平成30年(2017年)": "平成30 2017",
		"令和6(2024)年度":  "", "平成31年（2019年）": "", "令和元年（2019年）": "", "2024年度(R6)": "", "R6": "", "（2024年に平成5年を比べる）": "",
		"令和4(2022)年度、令和5(2024)年度": "令和5 2024",
	} {
		a, b, found := Contradiction(s)
		if strings.TrimSpace(a+" "+b) != want || found != (want != "") {
			t.Errorf("Contradiction(%q) = %s, %s, %v", s, a, b, found)
		}
	}
}

func TestParseDay(t *testing.T) {
	want := time.Date(2025, 4, 1, 0, 0, 0, 0, time.UTC)
	for _, s := range []string{
		"R7.4.1現在", "(R7.4.1 現在)", "（令和7年4月1日）", "Ｒ７．４．１現在", "2025/4/1", "2025年4月1日", "R7.4.1", "2025.04.01まで",
	} {
		if got, ok := ParseDay(s); !ok || !got.Equal(want) {
			t.Errorf("ParseDay(%q) = %v, %v", s, got, ok)
		}
	}
	for _, s := range []string{"R7.13.1", "R7.2.30", "令和7年4月31日", "2025/13/1", "各年度末", ""} {
		if got, ok := ParseDay(s); ok {
			t.Errorf("ParseDay(%q) = %v", s, got)
		}
	}
}

func TestWareki(t *testing.T) {
	for year, want := range map[int]string{2024: "令和6年度", 2019: "令和元年度", 2018: "平成30年度", 1989: "平成元年度"} {
		if got := Wareki(year); got != want {
			t.Errorf("Wareki(%d) = %s, want %s", year, got, want)
		}
	}
	if got := Short(2024); got != "R6" {
		t.Errorf("Short(2024) = %s", got)
	}
	for day, want := range map[string]string{
		"2025-10-21": "令和7年10月21日", "2019-04-30": "平成31年4月30日", "2019-05-01": "令和元年5月1日",
	} {
		d, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		if got := WarekiDate(d); got != want {
			t.Errorf("WarekiDate(%s) = %s, want %s", day, got, want)
		}
	}
	if d := time.Date(2025, 10, 21, 0, 0, 0, 0, time.UTC); Weekday(d) != "火" {
		t.Errorf("Weekday = %s", Weekday(d))
	}
}

func FuzzYears(f *testing.F) {
	f.Add("令和6年度")
	f.Add("平成29(2017)年")
	f.Fuzz(func(t *testing.T, s string) {
		if y, ok := ParseYear(s); ok && (y < 1868 || y > 2200) {
			t.Errorf("ParseYear(%q) = %d", s, y)
		}
		FindYear(s)
		ParseDay(s)
		Contradiction(s)
	})
}
