package project

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// A contact is taken as it is written; one that is nobody's, twice there or waits too long is refused with its line.
func TestContacts(t *testing.T) {
	const (
		full  = "{municipality: 海辺市, name: 企画課, phone: 内線 21, mail: a@example.jp, send_to: 共有, return_days: 366}"
		twice = "{municipality: 海辺市, name: あ}\n  - {municipality: 海辺市, name: い}"
	)
	const head = "plans: [{municipality: 海辺市, name: 計画, forms: [A], first_year: 2025, last_year: 2028}]\ncontacts:\n"
	for item, says := range map[string]string{
		full: "",
		"{municipality: 海辺市, name: 企画課, return_days: 367}": "return_days「367」",
		"{municipality: 海辺市, name: 企画課, return_days: -1}":  "return_days「-1」",
		"{municipality: 海辺市}":                              "name（照会先の課と係）がありません",
		"{name: 企画課}":                                      "municipality",
		twice:                                              "二つあります",
	} {
		written := "  - " + item + "\n"
		s, err := LoadSettings(fstest.MapFS{SettingsFile: {Data: []byte(head + written)}})
		switch {
		case says == "" && err != nil:
			t.Errorf("%s: %v", written, err)
		case says == "":
			c, ok := s.Contact("海辺市")
			if got := c.Reach(); !ok || got != "企画課（内線 21、a@example.jp）" || c.ReturnDays != 366 || c.SendTo != "共有" {
				t.Errorf("%+v, %s", c, got)
			}
			if _, ok := s.Contact("山辺市"); ok {
				t.Error("somebody for a municipality that is not named")
			}
		case err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "行"):
			t.Errorf("%s: %v does not say %s", written, err, says)
		}
	}
	if got := (Contact{Name: "企画課"}).Reach(); got != "企画課" {
		t.Error(got)
	}
}

// A sheet comes back on an open day, as many days on as the settings say, and before the meeting where it can. Where
// the settings say nothing it says whom to ask.
func TestBack(t *testing.T) {
	day := func(text string) time.Time {
		if text == "" {
			return time.Time{}
		}
		d, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		days          int
		today, before string
		want          string
	}{
		{0, "2026-11-30", "", "問合せ先にお尋ねください"},
		{1, "2026-11-30", "", "令和8年12月1日（火）まで"},
		{4, "2026-11-30", "", "令和8年12月4日（金）まで"},
		{5, "2026-11-30", "", "令和8年12月7日（月）まで"}, // a Saturday
		{30, "2026-11-30", "", "令和9年1月4日（月）まで"}, // 30 December
		{7, "2026-11-30", "2026-12-08", "令和8年12月7日（月）まで"},
		{7, "2026-11-30", "2026-12-07", "令和8年12月4日（金）まで"},
		{7, "2026-11-30", "2026-12-01", "令和8年11月30日（月）まで"},
		{7, "2026-11-30", "2026-11-30", "令和8年12月7日（月）まで"},
	} {
		s := Settings{Contacts: []Contact{{Municipality: "市", Name: "企画係", Phone: "内線 21", SendTo: "共有", ReturnDays: c.days}}}
		want := "返送の期限：" + c.want + "|送り先：共有|問合せ先：企画係（内線 21）"
		if got := strings.Join(s.Back("市", day(c.today), day(c.before)), "|"); got != want {
			t.Errorf("%+v: %s", c, got)
		}
	}
	const nobody = "返送の期限：問合せ先にお尋ねください|送り先：問合せ先にお尋ねください|問合せ先：" + NobodyNamed
	if got := strings.Join((Settings{}).Back("市", day("2026-11-30"), time.Time{}), "|"); got != nobody {
		t.Errorf("nobody is named: %s", got)
	}
}
