package project

import (
	"strings"
	"testing"
	"testing/fstest"
)

// Hours per person have no default, and no figure rests on a number without its source.
func TestHoursPerPerson(t *testing.T) {
	const plan = "plans:\n  - municipality: 市\n    name: 計画\n    forms: [E]\n    first_year: 2026\n    last_year: 2030\n"
	for name, c := range map[string]struct{ yaml, says string }{
		"both":          {plan + "    hours_per_person: {hours: '3,100', source: 人事課の調べ}\n", ""},
		"neither":       {plan, ""},
		"no source":     {plan + "    hours_per_person: {hours: '3100'}\n", "source（出典）"},
		"not a number":  {plan + "    hours_per_person: {hours: 三千, source: 調べ}\n", "hours（数字）"},
		"misspelt name": {plan + "    hours_per_persons: {hours: '3100', source: 調べ}\n", "hours_per_persons"},
	} {
		s, err := LoadSettings(fstest.MapFS{SettingsFile: {Data: []byte(c.yaml)}})
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
		if name == "both" && s.PlanRows()[0].HoursPerPerson != "3100" {
			t.Errorf("both: %q", s.PlanRows()[0].HoursPerPerson)
		}
	}
}

func TestSettingsThatCannotHoldAreRefused(t *testing.T) {
	const plan = "plans: [{municipality: 八戸市, name: 計画, forms: [B], first_year: 2020, last_year: 2024, share_method: " +
		"largest_remainder}]\n"
	for text, want := range map[string]string{
		"keep_runs: 0\n":       "keep_runs",
		"shedule: '0 2 * *'\n": "shedule",
		strings.ReplaceAll(plan, "largest_remainder", "round"): "share_method",
		strings.ReplaceAll(plan, "2024", "2010"):               "last_year",
	} {
		_, err := LoadSettings(fstest.MapFS{SettingsFile: {Data: []byte(text)}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// The limit of memory is an amount, or not there.
func TestMemorySetting(t *testing.T) {
	for yaml, ok := range map[string]bool{
		"plans: []\n": true, "memory: 400MB\n": true, "memory: 1.5GiB\n": true,
		"memory: 400\n": false, "memory: たくさん\n": false, "memory: 0MB\n": false, "memory: -1GB\n": false,
		"memory: 50%\n": false,
	} {
		if _, err := LoadSettings(
			fstest.MapFS{SettingsFile: {Data: []byte(yaml)}},
		); (err == nil) != ok || err != nil && !strings.Contains(err.Error(), "400MB") {
			t.Errorf("%s%v", yaml, err)
		}
	}
}
