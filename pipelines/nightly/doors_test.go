package nightly

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/papers"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/report"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

const (
	ownTest = "-- 担当課を確かめたい成果指標。\n-- 範囲: 自治体ごと\n-- 指摘: owner_changed\n" +
		"SELECT municipality, department, path, sheet, cell, department AS found, department AS expected\n" +
		"FROM staging.indicator_rows ORDER BY record_id LIMIT 3\n"
	ownList = "指摘,重大度,文,すること\nowner_changed,%s,担当課が「{found}」です,組織.csvと比べてください\n"
)

// withOwn is the project with a test of its own, and with a list of findings where there is one.
func withOwn(env project.Env, test, list string) project.Env {
	env.Project = overlay{env.Project, "sql/tests/owner_changed.sql", test}
	if list != "" {
		env.Project = overlay{env.Project, "sql/findings.csv", list}
	}
	return env
}

// A test that misspells its code publishes nothing, and the run says where, which code is near and what to do.
func TestMisspeltCodePublishesNothing(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	first := mustLoad(t, env)
	broken := withOwn(env, strings.Replace(ownTest, "owner_changed", "owner_chnged", 1), fmt.Sprintf(ownList, "warning"))
	run, err := Load(context.Background(), broken, "test")
	if err == nil || run.Status != runs.StatusFailed {
		t.Fatalf("status %s, %v", run.Status, err)
	}
	for _, want := range []string{
		"sql/tests/owner_changed.sql:3: ", "指摘「owner_chnged」という種類はありません", "最も近いのは「owner_changed」です", "sql/findings.csv",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
	if _, published, err := warehouse.Current(env.WarehouseDir()); err != nil || published != first.ID {
		t.Errorf("published is %s (%v), want %s", published, err, first.ID)
	}
}

// A finding of a city's own kind is shown and sent back with the words of its list. As a warning it leaves everything
// as it is; as an error it leaves out its rows, and they are told among what is left out.
func TestOwnFindingsReachTheDepartments(t *testing.T) {
	t.Parallel()
	plain := sample(t)
	rows := func(env project.Env) string {
		return query(t, env, "SELECT count(*)::INTEGER FROM marts.indicator_years")[0][0]
	}
	for _, severity := range []string{"warning", "error"} {
		t.Run(severity, func(t *testing.T) {
			t.Parallel()
			env := withOwn(newEnv(t, sampleInputs()), ownTest, fmt.Sprintf(ownList, severity))
			mustLoad(t, env)
			made := query(t, env, `SELECT severity, message, path, cell FROM meta.findings
				WHERE code = 'owner_changed' ORDER BY ALL`)
			if len(made) < 3 || made[0][0] != severity || !strings.HasPrefix(made[0][1], "担当課が「") ||
				!strings.HasSuffix(made[0][1], "」です。組織.csvと比べてください。") {
				t.Fatalf("findings %q", made)
			}
			if same := rows(env) == rows(plain); same != (severity == "warning") || rows(env) == "0" {
				t.Errorf("%s rows, %s without the test", rows(env), rows(plain))
			}
			for _, f := range made {
				left := query(t, env, "SELECT count(*)::INTEGER FROM marts.left_out WHERE path = '"+f[2]+"' AND cell = '"+f[3]+"'")
				if got := left[0][0] != "0"; got != (severity == "error") {
					t.Errorf("%s %s is left out %s times", f[2], f[3], left[0][0])
				}
			}
			db, err := warehouse.Open(context.Background(), env.WarehouseDir())
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			sent, _, err := report.SendBack(context.Background(), env, db)
			if err != nil {
				t.Fatal(err)
			}
			back := 0
			for _, f := range sent {
				if f.Code == "owner_changed" && f.Severity == severity {
					back++
				}
			}
			if back != len(made) {
				t.Errorf("%d of %d are sent back", back, len(made))
			}
		})
	}
}

// The list of findings is what a load rests on: with another text in it, the same workbooks are loaded again.
func TestOwnListIsWhatALoadRestsOn(t *testing.T) {
	t.Parallel()
	none := strings.Replace(ownTest, "LIMIT 3", "LIMIT 0", 1)
	env := withOwn(newEnv(t, fewInputs(t)), none, fmt.Sprintf(ownList, "info"))
	mustLoad(t, env)
	if again := mustLoad(t, env); again.Status != runs.StatusUnchanged {
		t.Errorf("the same again: %s", again.Status)
	}
	env.Project = overlay{env.Project, "sql/findings.csv", fmt.Sprintf(ownList, "warning")}
	if other := mustLoad(t, env); other.Status != runs.StatusPublished {
		t.Errorf("another list: %s", other.Status)
	}
}

// Two runs over the same inputs give the same rows in the same order, in every table, findings and rows of tests among
// them, whatever order the statements happen to give.
func TestTwoRunsGiveTheSameRows(t *testing.T) {
	t.Parallel()
	const shuffled = "-- 検査\n-- 範囲: 自治体ごと\n%sSELECT municipality, department, path, sheet, cell, key AS found, " +
		"'' AS expected\nFROM staging.kept_records ORDER BY random()"
	all := func() map[string]string {
		env := newEnv(t, sampleInputs())
		env.Project = overlay{env.Project, "sql/tests/y.sql", fmt.Sprintf(shuffled, "-- 重大度: warning\n")}
		env = withOwn(env, fmt.Sprintf(shuffled, "-- 指摘: owner_changed\n"), fmt.Sprintf(ownList, "info"))
		mustLoad(t, env)
		out := map[string]string{}
		for _, table := range query(t, env, `SELECT schema_name || '."' || table_name || '"' FROM duckdb_tables()
			WHERE schema_name IN ('raw', 'staging', 'marts', 'meta', 'lists') AND table_name NOT IN ('runs', 'reread')`) {
			var b strings.Builder
			for _, row := range query(t, env, "FROM "+table[0]) {
				fmt.Fprintln(&b, strings.Join(row, "\t"))
			}
			out[table[0]] = b.String()
		}
		return out
	}
	first, second := all(), all()
	for _, needed := range []string{"findings", "test_rows", "test_failures"} {
		if strings.Count(first[`meta."`+needed+`"`], "\n") == 0 {
			t.Errorf("meta.%s is empty", needed)
		}
	}
	if len(first) < 40 || len(first) != len(second) {
		t.Errorf("%d and %d tables", len(first), len(second))
	}
	for table, rows := range first {
		if rows != second[table] {
			t.Errorf("%s: %s", table, apart(second[table], rows)[:200])
		}
	}
}

// A form with more symbols than the tables have columns for loses none: they are counted, told, and the paper that has
// no place for them is refused until it has.
func TestMoreSymbolsThanColumns(t *testing.T) {
	t.Parallel()
	env := newEnv(t, sampleInputs())
	const name = "templates/forms/B_行財政改革取組状況調査票.yaml"
	form, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	// ○ of the departments is read as ☆, and C as D: symbols for which no table has a column.
	text := strings.NewReplacer(
		"{symbol: ○, meaning: 計画どおり進んだ, variants: [", "{symbol: ☆, meaning: 計画どおり進んだ, variants: [○, ",
		"{symbol: C, meaning: 想定どおりの成果が得られなかった, variants: [", "{symbol: D, meaning: 想定どおりの成果が得られなかった, variants: [C, ",
	).Replace(string(form))
	env.Project = overlay{env.Project, name, text}
	mustLoad(t, env)
	got := query(t, env, `SELECT scope, p.initiatives, p.other, p.other_pct, array_to_string(p.other_symbols, ''), r.other
		FROM marts.progress_table AS p JOIN marts.rating_table AS r USING (municipality, plan, scope, pillar)
		WHERE pillar = '計' AND scope = '令和6年度'`)
	want := query(t, sample(t), `SELECT scope, p.initiatives, p.on_plan, p.on_plan_pct, '☆', r.c
		FROM marts.progress_table AS p JOIN marts.rating_table AS r USING (municipality, plan, scope, pillar)
		WHERE pillar = '計' AND scope = '令和6年度'`)
	sameRows(t, "others", got, want)
	told := query(t, env, "SELECT text FROM meta.test_rows WHERE test = 'symbols_without_column'")
	if !slices.ContainsFunc(told, func(r []string) bool { return strings.Contains(r[0], "☆") }) {
		t.Errorf("told %q", told)
	}
	_, err = papers.Make(context.Background(), env, october(t, env), papers.Options{})
	if err == nil || !strings.Contains(err.Error(), "記号「☆」の") || !strings.Contains(err.Error(), "{{n .other}}") {
		t.Errorf("the paper: %v", err)
	}
}
