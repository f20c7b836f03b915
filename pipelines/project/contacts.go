package project

import (
	"errors"
	"strings"
	"time"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/printable"
)

// Contact is whom the departments of a municipality ask, and where they send what they have filled in.
type Contact struct {
	Municipality string `yaml:"municipality"`
	Name         string `yaml:"name"`    // 総務部行政管理課 企画係
	Phone        string `yaml:"phone"`   // 内線 2345
	Mail         string `yaml:"mail"`    // of the desk, not of a person
	SendTo       string `yaml:"send_to"` // where workbooks go: a folder or an address, as people say it
	// ReturnDays is how many days a department has for what comes back to it; 0 where no day is set.
	ReturnDays int `yaml:"return_days"`
}

// mostReturnDays is more than any city waits.
const mostReturnDays = 366

// checkContacts checks whom departments are told to ask.
func (s Settings) checkContacts() error {
	var wrong []error
	seen := map[string]bool{}
	for i, c := range s.Contacts {
		refuse := func(format string, args ...any) {
			wrong = append(wrong, s.Wrong(printable.Sprintf(format, args...), "contacts", i))
		}
		switch {
		case strings.TrimSpace(c.Municipality) == "":
			refuse("%d番目の担当に municipality%sがありません", i+1, settingMeans.In("contacts[].municipality"))
		case strings.TrimSpace(c.Name) == "":
			refuse("「%s」の担当に name%sがありません", c.Municipality, settingMeans.In("contacts[].name"))
		case seen[c.Municipality]:
			refuse("「%s」の担当が二つあります。一つにしてください", c.Municipality)
		case c.ReturnDays < 0 || c.ReturnDays > mostReturnDays:
			refuse("return_days「%d」は使えません。0から%dまでの日数にしてください", c.ReturnDays, mostReturnDays)
		}
		seen[c.Municipality] = true
	}
	return errors.Join(wrong...)
}

// Contact is whom the departments of a municipality ask; false where the settings name nobody.
func (s Settings) Contact(municipality string) (Contact, bool) {
	for _, c := range s.Contacts {
		if c.Municipality == municipality {
			return c, true
		}
	}
	return Contact{}, false
}

// Reach is how to reach it, in one line: 総務部行政管理課 企画係（内線 2345、kikaku@example.lg.jp）.
func (c Contact) Reach() string {
	var by []string
	for _, s := range []string{c.Phone, c.Mail} {
		if s = strings.TrimSpace(s); s != "" {
			by = append(by, s)
		}
	}
	if len(by) == 0 {
		return c.Name
	}
	return c.Name + "（" + strings.Join(by, "、") + "）"
}

// NobodyNamed is whom a department is told to ask where the settings name nobody.
const NobodyNamed = "協議会資料の取りまとめを担当する課"

// Back says to a department how a sheet comes back that is made today: until when, where to, and whom to ask. It is
// asked for before a day, that of the meeting; the zero time where there is none.
func (s Settings) Back(municipality string, today, before time.Time) []string {
	c, known := s.Contact(municipality)
	ask, to := NobodyNamed, ""
	if known {
		ask, to = c.Reach(), strings.TrimSpace(c.SendTo)
	}
	until := "問合せ先にお尋ねください"
	if day, set := c.returnDay(today, before); set {
		until = fiscal.WarekiDate(day) + "（" + fiscal.Weekday(day) + "）まで"
	}
	if to == "" {
		to = "問合せ先にお尋ねください"
	}
	return []string{"返送の期限：" + until, "送り先：" + to, "問合せ先：" + ask}
}

// returnDay is the day until which a sheet made today comes back: open, and before the other day where one can be.
func (c Contact) returnDay(today, before time.Time) (day time.Time, set bool) {
	if c.ReturnDays == 0 {
		return time.Time{}, false
	}
	day = fiscal.OpenOnOrAfter(today.AddDate(0, 0, c.ReturnDays))
	if !before.IsZero() && !day.Before(before) {
		if last := fiscal.OpenOnOrBefore(before.AddDate(0, 0, -1)); !last.Before(today) {
			return last, true
		}
	}
	return day, true
}
