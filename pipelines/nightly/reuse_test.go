package nightly

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kyogikai/pipelines/project"
	"kyogikai/pipelines/trial"
	"kyogikai/pipelines/workbook/workbooktest"
)

// published tables of a run as text, but for what names the run or tells of the one before.
func dump(t *testing.T, env project.Env) string {
	t.Helper()
	var b strings.Builder
	for _, table := range query(t, env, `SELECT schema_name || '."' || table_name || '"' FROM duckdb_tables()
		WHERE schema_name IN ('raw', 'staging', 'marts', 'meta', 'lists') AND table_name NOT IN ('runs', 'reread')
		ORDER BY 1`) {
		rows := query(t, env, "SELECT count(*), sum(hash(t::VARCHAR))::VARCHAR FROM "+table[0]+" AS t")
		fmt.Fprintln(&b, table[0], rows[0])
	}
	return b.String()
}

// apart are the lines that differ.
func apart(got, want string) string {
	var out []string
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			out = append(out, g[i]+" want "+w[i])
		}
	}
	return strings.Join(out, "; ")
}

// After any sequence of edits, a run that reads only what has changed publishes what a run from scratch publishes.
func TestIncrementalEqualsFromScratch(t *testing.T) {
	t.Parallel()
	env := newEnv(t, copyInputs(t))
	mustLoad(t, env)
	files, err := filepath.Glob(filepath.Join(env.Inputs, "*/*/*/*/*.xlsx"))
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	random := rand.New(rand.NewPCG(8, 1))
	edits := []func(file string){
		func(file string) { // a value changes
			if !strings.Contains(file, "行財政改革取組状況") {
				file = filepath.Join(env.Inputs, oneWorkbook)
			}
			if _, err := os.Stat(file); err == nil {
				workbooktest.SetCell(t, file, "取組状況", "F6", []string{"◎", "○", "△", "▲", "五"}[random.IntN(5)])
			}
		},
		func(file string) { _ = os.Remove(file) },
		func(file string) { // it moves, and moves back
			away := strings.Replace(file, ".xlsx", "（写し）.xlsx", 1)
			if os.Rename(file, away) != nil {
				_ = os.Rename(away, file)
			}
		},
		func(file string) { // a copy of another department's
			data, err := os.ReadFile(files[random.IntN(len(files))])
			if err == nil {
				_ = os.WriteFile(strings.Replace(file, ".xlsx", "_2.xlsx", 1), data, 0o644)
			}
		},
		func(file string) { // half of it
			if data, err := os.ReadFile(file); err == nil {
				_ = os.WriteFile(file, data[:len(data)/2], 0o644)
			}
		},
		func(string) { touchInput(t, env) },
	}
	reused, rounds := 0, trial.Count(3, 8)
	for i := range rounds {
		for range 1 + random.IntN(3) {
			edits[random.IntN(len(edits))](files[random.IntN(len(files))])
		}
		run, err := Load(context.Background(), env, "test")
		if err != nil {
			t.Fatal(err)
		}
		if run.Reread > 0 { // other files change nothing in how one is read
			t.Errorf("round %d reads %d values of unchanged files otherwise", i, run.Reread)
		}
		for _, s := range run.Steps {
			reused += s.Counts["reused"]
		}
		fresh := env
		fresh.Outputs = filepath.Join(t.TempDir(), "outputs")
		mustLoad(t, fresh)
		if got, want := dump(t, env), dump(t, fresh); got != want {
			t.Fatalf("after round %d: %s", i, apart(got, want))
		}
	}
	if reused < rounds*len(files)/2 {
		t.Errorf("only %d readings were used again", reused)
	}
}

// A damaged reading counts for nothing, and readings of files that are gone are removed.
func TestDamagedReadingsAreReadAnew(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	mustLoad(t, env)
	want := dump(t, env)
	kept, err := filepath.Glob(filepath.Join(env.Outputs, "cache", "*", "*"))
	if err != nil || len(kept) == 0 {
		t.Fatalf("%d readings, %v", len(kept), err)
	}
	for i, f := range kept {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		data[len(data)-1-i] ^= 1
		if err := os.WriteFile(f, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	env.Settings.KeepRuns = 5 // nothing that the fingerprint knows
	touchInput(t, env)
	if run := mustLoad(t, env); run.Steps[0].Counts["reused"] != 0 {
		t.Errorf("%d damaged readings were used", run.Steps[0].Counts["reused"])
	}
	if err := os.Remove(filepath.Join(env.Inputs, "八戸市", "判断.csv")); err != nil {
		t.Fatal(err)
	}
	run := mustLoad(t, env)
	if run.Steps[0].Counts["reused"] != run.Workbooks || dump(t, env) != want {
		t.Errorf(
			"%d of %d readings were used again: %s", run.Steps[0].Counts["reused"], run.Workbooks, apart(dump(t, env), want),
		)
	}
}
