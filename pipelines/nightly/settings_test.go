package nightly

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
		if name == "both" && s.plans()[0].HoursPerPerson != "3100" {
			t.Errorf("both: %q", s.plans()[0].HoursPerPerson)
		}
	}
}

// With hours per person in the settings, the reductions say how many people they are; without, nothing is assumed.
func TestReductionInPeople(t *testing.T) {
	env := newEnv(t, "testdata/second/inputs")
	env.Settings.Plans = []PlanSetting{{Municipality: "潮見市", Name: "潮見市DX計画", Forms: []string{"E"}, FirstYear: 2026, LastYear: 2030, ShareMethod: "half_up"}}
	env.Settings.Plans[0].HoursPerPerson.Hours, env.Settings.Plans[0].HoursPerPerson.Source = "3100", "人事課の調べ"
	mustLoad(t, env)
	sameRows(t, "people", query(t, env, `SELECT municipality, tool, people_computed, hours_source FROM marts.reduction
		WHERE municipality = '潮見市' AND hours IS NOT NULL`),
		[][]string{{"潮見市", "生成AI", "2", "人事課の調べ"}, {"潮見市", "RPA", "1", "人事課の調べ"}, {"潮見市", "（数値のある行の計）", "3", "人事課の調べ"}})
	sameRows(t, "the other city's", query(t, env, `SELECT DISTINCT coalesce(CAST(people_computed AS VARCHAR), 'none') FROM marts.reduction
		WHERE municipality <> '潮見市'`), [][]string{{"none"}})
}

// The limit of memory is an amount, or not there.
func TestMemorySetting(t *testing.T) {
	for yaml, ok := range map[string]bool{
		"plans: []\n": true, "memory: 400MB\n": true, "memory: 1.5GiB\n": true,
		"memory: 400\n": false, "memory: たくさん\n": false, "memory: 0MB\n": false, "memory: -1GB\n": false, "memory: 50%\n": false,
	} {
		if _, err := LoadSettings(fstest.MapFS{SettingsFile: {Data: []byte(yaml)}}); (err == nil) != ok || err != nil && !strings.Contains(err.Error(), "400MB") {
			t.Errorf("%s%v", yaml, err)
		}
	}
}
