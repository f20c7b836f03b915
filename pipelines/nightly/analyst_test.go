package nightly

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kyogikai/pipelines/project/projecttest"
)

// What an analyst found: workbooks that gave rates which nobody stated. Each stands in its place in the sample city.
func TestRatesThatNobodyStated(t *testing.T) {
	t.Parallel()
	const name = "成果指標調査票_戸籍住民課.xlsx"
	for _, c := range []struct {
		folder, finding string
		cells           int // that the findings name
	}{
		{"以下なのに上昇", "target_direction_conflict", 2}, {"同じ指標を二課が報告", "reported_twice", 2},
	} {
		t.Run(c.folder, func(t *testing.T) {
			t.Parallel()
			inputs := filepath.Join(t.TempDir(), "inputs")
			sample := os.DirFS(filepath.Join(projecttest.SampleInputs(), "秦野市"))
			if err := os.CopyFS(filepath.Join(inputs, "秦野市"), sample); err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(filepath.Join("testdata", "analyst", c.folder, name))
			if err != nil {
				t.Fatal(err)
			}
			to := filepath.Join(inputs, "秦野市", "令和8年度", "くらし安心部", "戸籍住民課", name)
			if err := os.WriteFile(to, data, 0o644); err != nil {
				t.Fatal(err)
			}
			env := newEnv(t, inputs)
			mustLoad(t, env)
			found := query(t, env, "SELECT DISTINCT path, cell, message FROM meta.findings WHERE code = '"+c.finding+"'")
			if len(found) != c.cells {
				t.Errorf("%d findings: %v", len(found), found)
			}
			for _, f := range found {
				left := query(t, env, "SELECT what FROM marts.left_out WHERE path = '"+f[0]+"' AND cell IS NOT NULL")
				if len(left) == 0 {
					t.Errorf("%s is not left out", f[0])
				}
			}
			// neither the rates that were printed before, nor rows that two departments share
			rates := query(t, env, `SELECT indicator, CAST(attainment_pct AS VARCHAR) FROM marts.indicator_years
				WHERE municipality = '秦野市' AND attainment_pct IN (133.3, 125.0, 104.6, 242.9) AND department = '戸籍住民課'`)
			if len(rates) > 0 {
				t.Errorf("rates that nobody stated: %v", rates)
			}
			mixed := query(t, env, `SELECT indicator
				FROM (SELECT indicator, fiscal_year, unnest(sources) AS s FROM marts.indicator_years)
				WHERE s.field IN ('target', 'actual') GROUP BY indicator, fiscal_year
				HAVING count(DISTINCT split_part(s.path, '/', 5)) > 1`)
			if len(mixed) > 0 {
				t.Errorf("a target of one department and the actual value of another: %v", mixed)
			}
			good := query(t, env, `SELECT count(*) FROM marts.indicator_years
				WHERE municipality = '秦野市' AND department = '戸籍住民課'`)
			if strings.TrimSpace(good[0][0]) == "0" {
				t.Error("the good rows are gone too")
			}
		})
	}
}
