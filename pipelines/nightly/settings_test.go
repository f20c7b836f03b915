package nightly

import (
	"testing"

	"kyogikai/pipelines/project"
)

// With hours per person in the settings, the reductions say how many people they are; without, nothing is assumed.
func TestReductionInPeople(t *testing.T) {
	t.Parallel()
	env := newEnv(t, "testdata/second/inputs")
	env.Settings.Plans = []project.PlanSetting{{
		Municipality: "潮見市", Name: "潮見市DX計画", Forms: []string{"E"}, FirstYear: 2026, LastYear: 2030, ShareMethod: "half_up",
	}}
	env.Settings.Plans[0].HoursPerPerson.Hours, env.Settings.Plans[0].HoursPerPerson.Source = "3100", "人事課の調べ"
	mustLoad(t, env)
	sameRows(t, "people", query(t, env, `SELECT municipality, tool, people_computed, hours_source FROM marts.reduction
		WHERE municipality = '潮見市' AND hours IS NOT NULL`),
		[][]string{{"潮見市", "生成AI", "2", "人事課の調べ"}, {"潮見市", "RPA", "1", "人事課の調べ"}, {"潮見市", "（数値のある行の計）", "3", "人事課の調べ"}})
	sameRows(t, "the other city's", query(t, env, `SELECT DISTINCT coalesce(CAST(people_computed AS VARCHAR), 'none')
		FROM marts.reduction
		WHERE municipality <> '潮見市'`), [][]string{{"none"}})
}
