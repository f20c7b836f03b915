package project

import (
	"strings"
	"testing"
	"testing/fstest"
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
