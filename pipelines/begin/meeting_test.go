package begin

import (
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kyogikai/pipelines/brief"
)

func day(t *testing.T, s string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// read is a meeting as its file says it.
func read(t *testing.T, name, text string) brief.Meeting {
	t.Helper()
	m, err := brief.ReadMeeting("templates/meetings/"+name+".yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const held = `# 総務協議会　令和7年10月21日
date: 2025-10-21   # 火曜日
kind: 総務協議会資料
agenda_title: 令和6年度の協議事項
municipality: 八戸市  # 市
items:
  - number: "1"
    title: 令和６年度、令和5年度のR6年度と2024年度について # 令和6年度
    department: 課
    brief: a.md
    parameters:
      year: 2024         # 令和6年度
      first_year: 2020   # 推進期間
  - {number: "2", title: 令和7年度～令和10年度の計画, department: 課, brief: b.md, parameters: {year: 2024, remark: 令和6年度の例}}
  - {number: "3", title: '令和元年度、実績', department: 課, pdf: c.pdf}
`

// The date and, where no id stands in the file, the id are all that changes; the bytes of the rest stay.
func TestPostponedIsTheSameButForItsDate(t *testing.T) {
	m := read(t, "2025-10-21", held)
	to := day(t, "2025-11-04")
	got, err := Postpone(m, []byte(held), to)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(held, "date: 2025-10-21   # 火曜日\n", "date: 2025-11-04   # 火曜日\nid: \"2025-10-21\"\n", 1)
	if string(got.Text) != want {
		t.Errorf("%s", got.Text)
	}
	if len(got.Mentions) != 1 || got.Mentions[0].Number != 1 {
		t.Errorf("lines with the day of before: %v", got.Mentions)
	}
	again, err := Postpone(read(t, "2025-10-21", want), got.Text, day(t, "2025-11-05"))
	if err != nil || len(again.Changed) != 1 ||
		string(again.Text) != strings.Replace(want, "2025-11-04", "2025-11-05", 1) {
		t.Errorf("put off twice: %v\n%s", err, again.Text)
	}
	windows := "\ufeff" + strings.ReplaceAll(strings.Replace(held, "# 総務協議会　令和7年10月21日\n", "", 1), "\n", "\r\n")
	got, err = Postpone(read(t, "2025-10-21", windows), []byte(windows), to)
	want = strings.Replace(windows, "date: 2025-10-21   # 火曜日\r\n",
		"date: 2025-11-04   # 火曜日\r\nid: \"2025-10-21\"\r\n", 1)
	if err != nil || string(got.Text) != want {
		t.Errorf("as Windows writes it: %v\n%q", err, got.Text)
	}
	for _, date := range []string{`date: "2025-10-21"`, `date: '2025-10-21'   # 注`, "date:   2025-10-21"} {
		text := strings.Replace(held, "date: 2025-10-21   # 火曜日", date, 1)
		got, err := Postpone(m, []byte(text), to)
		if now := string(got.Text); err != nil || !strings.Contains(now, "2025-11-04") ||
			strings.Contains(date, "注") != strings.Contains(now, "# 注") {
			t.Errorf("%s: %v", date, err)
		}
	}
	for _, date := range []string{`"date": 2025-10-21`, "date:\n  2025-10-21"} {
		text := strings.Replace(held, "date: 2025-10-21   # 火曜日", date, 1)
		if _, err := Postpone(m, []byte(text), to); err == nil || !strings.Contains(err.Error(), "何も書き換えていません") {
			t.Errorf("%s: %v", date, err)
		}
	}
}

// A copy has the years of titles and of the parameter year moved by the fiscal years between the dates, and no other.
func TestCopyMovesYears(t *testing.T) {
	from := read(t, "2025-10-21", held)
	got, err := Copy(from, []byte(held), day(t, "2027-04-01"), "")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer(
		"date: 2025-10-21 ", "date: 2027-04-01 ", "agenda_title: 令和6年度", "agenda_title: 令和8年度",
		"令和６年度、令和5年度のR6年度と2024年度", "令和８年度、令和7年度のR8年度と2026年度", " year: 2024 ", " year: 2026 ",
		"{year: 2024,", "{year: 2026,", "'令和元年度、", "'令和3年度、",
	).Replace(held)
	if string(got.Text) != want || got.Years != 2 || got.File != "2027-04-01" {
		t.Errorf("%d years, %s\n%s", got.Years, got.File, got.Text)
	}
	var changed, look []int
	for _, l := range got.Changed {
		changed = append(changed, l.Number)
	}
	for _, l := range got.Look {
		look = append(look, l.Number)
	}
	if !reflect.DeepEqual(changed, []int{2, 4, 8, 12, 14, 15}) || !reflect.DeepEqual(look, []int{8, 12, 13, 14, 15, 1}) {
		t.Errorf("changed %v, to look at %v", changed, look)
	}
	for _, c := range []struct {
		day   string
		years int
	}{{"2026-03-31", 0}, {"2026-04-01", 1}, {"2025-03-31", -1}, {"2025-10-22", 0}} {
		got, err := Copy(from, []byte(held), day(t, c.day), "")
		if err != nil || got.Years != c.years {
			t.Errorf("%s: %d years, %v", c.day, got.Years, err)
		}
		if c.years == 0 && string(got.Text) != strings.Replace(held, "date: 2025-10-21", "date: "+c.day, 1) {
			t.Errorf("%s:\n%s", c.day, got.Text)
		}
	}
}

// A copy has no id of another, and the name of its municipality.
func TestCopyIsAnother(t *testing.T) {
	text := strings.Replace(held, "kind:", "id: 秋の会議 # 前の\nkind:", 1)
	for name, c := range map[string]struct{ city, file string }{
		"2025-10-21": {"", "2026-02-24"}, "八戸市-2025-10-21": {"", "八戸市-2026-02-24"}, "秋": {"", "2026-02-24"},
		"2025-10-20": {"秦野市", "秦野市-2026-02-24"}, "八戸市-2025-10-20": {"八戸市", "八戸市-2026-02-24"},
	} {
		got, err := Copy(read(t, name, text), []byte(text), day(t, "2026-02-24"), c.city)
		if err != nil || got.File != c.file || strings.Contains(string(got.Text), "秋の会議") {
			t.Errorf("%s: %s, %v", name, got.File, err)
			continue
		}
		m := read(t, got.File, string(got.Text))
		if m.ID != c.file || c.city != "" && m.Municipality != c.city {
			t.Errorf("%s: %s of %s", name, m.ID, m.Municipality)
		}
	}
}

// What a first meeting and a first template say can be read, whatever the names in them.
func TestFirstMeeting(t *testing.T) {
	s := Start{
		Day: day(t, "2026-05-26"), Municipality: "みどり市", Plan: "計画 # 1: 'あ'", Brief: "進捗.md", Title: "進捗: 一",
		Reporter: "企画部企画課", Year: 2025,
	}
	f, err := s.Meeting()
	if err != nil {
		t.Fatal(err)
	}
	all, err := brief.Meetings(fstest.MapFS{f.Path: {Data: f.Data}})
	if err != nil || len(all) != 1 {
		t.Fatal(err)
	}
	it := all[0].Items[0]
	if all[0].ID != "2026-05-26" || it.Parameters["plan"] != s.Plan || it.Parameters["year"] != 2025 ||
		it.Title != s.Title {
		t.Errorf("%+v", all[0])
	}
	for name, good := range map[string]bool{
		"進捗": true, "進捗.md": true, "": false, ".md": false, "a/b": false, "../進捗": false, ".進捗": false, "進捗 ": false,
	} {
		if TemplateName(name) != good {
			t.Errorf("%q: %v", name, !good)
		}
	}
}
