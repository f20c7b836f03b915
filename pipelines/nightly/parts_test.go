package nightly

import (
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"kyogikai/pipelines/model"
	"kyogikai/pipelines/simulate"
	"kyogikai/pipelines/trial"
)

// country is a sample city with a few that do not exist beside it. They share the names of departments, initiatives and
// indicators: what mixes two of them shows.
func country(t *testing.T, municipalities int) string {
	t.Helper()
	return beside(t, copyInputs(t), municipalities)
}

// smallCountry is a country for tests that do not look at figures: of the sample city, one department.
func smallCountry(t *testing.T, municipalities int) string {
	t.Helper()
	return beside(t, fewInputs(t), municipalities)
}

func beside(t *testing.T, inputs string, municipalities int) string {
	t.Helper()
	size := simulate.Size{Municipalities: municipalities, Workbooks: 9, Seed: 8}
	if _, err := simulate.Write(filepath.Dir(inputs), size); err != nil {
		t.Fatal(err)
	}
	return inputs
}

// Computed one municipality at a time, every table is what it is computed at once.
func TestPartsEqualTheWhole(t *testing.T) {
	t.Parallel()
	trial.Slow(t)
	simulated := trial.Count(2, 6)
	env := newEnv(t, country(t, simulated))
	env.Part = 1_000_000
	mustLoad(t, env)
	want := dump(t, env)
	for _, size := range []int64{1, 100} {
		parted := env
		parted.Part, parted.Outputs = size, filepath.Join(t.TempDir(), "outputs")
		mustLoad(t, parted)
		if got := dump(t, parted); got != want {
			t.Errorf("parts of %d: %s", size, apart(got, want))
		}
	}
	const made = "SELECT count(DISTINCT municipality)::INTEGER FROM marts.initiatives WHERE municipality LIKE '模擬%'"
	if rows := query(t, env, made); rows[0][0] != strconv.Itoa(simulated) {
		t.Errorf("%s simulated municipalities", rows[0][0])
	}
}

// Every model and every test but the one on types says that it is local: a table that is not needs memory for the
// country.
func TestStatementsAreLocal(t *testing.T) {
	t.Parallel()
	project := sample(t).Project
	models, err := model.Load(project)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range models {
		if !m.Local {
			t.Errorf("%s: no 「-- 範囲: 自治体ごと」", m.File)
		}
	}
	tests, err := fs.Glob(project, "sql/tests/*.sql")
	if err != nil || len(tests) < 20 {
		t.Fatalf("%d tests, %v", len(tests), err)
	}
	for _, f := range tests {
		data, err := fs.ReadFile(project, f)
		if err != nil {
			t.Fatal(err)
		}
		if local := strings.Contains(string(data), "-- 範囲: 自治体ごと\n"); !local && !strings.Contains(
			string(data), "duckdb_columns()",
		) {
			t.Errorf("%s: no 「-- 範囲: 自治体ごと」", f)
		}
	}
}

// Rows of no municipality, which a table that is computed at once may hold, are lost to no part and counted in none
// twice.
func TestRowsOfNoMunicipality(t *testing.T) {
	t.Parallel()
	env := newEnv(t, smallCountry(t, 3))
	env.Project = overlay{env.Project, "sql/staging/everybody.sql", "-- 試し。一行が一つの自治体と、どこでもないもの。\n" +
		"SELECT DISTINCT municipality, 1 AS n FROM meta.workbooks UNION ALL SELECT NULL, 1"}
	env.Project = overlay{
		env.Project, "sql/marts/everybody_again.sql", "-- 試し。\n-- 範囲: 自治体ごと\nSELECT n, municipality FROM staging.everybody",
	}
	for _, size := range []int64{1, 1_000_000} {
		one := env
		one.Part, one.Outputs = size, filepath.Join(t.TempDir(), "outputs")
		mustLoad(t, one)
		rows := query(
			t, one,
			"SELECT count(*)::INTEGER, count(municipality)::INTEGER, count(DISTINCT municipality)::INTEGER "+
				"FROM marts.everybody_again",
		)
		if got := strings.Join(rows[0], " "); got != "5 4 4" {
			t.Errorf("parts of %d: %s", size, got)
		}
	}
}
