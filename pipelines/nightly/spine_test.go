package nightly

import (
	"context"
	"encoding/csv"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/document"
	"kyogikai/pipelines/papers"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/project/projecttest"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

const root = projecttest.Root

// newEnv is a run's surroundings on the inputs, with a clock that stands.
func newEnv(t *testing.T, inputs string) project.Env {
	t.Helper()
	return projecttest.Env(t, inputs)
}

func sampleInputs() string { return projecttest.SampleInputs() }

func copyInputs(t *testing.T) string { t.Helper(); return projecttest.CopyInputs(t) }

func fewInputs(t *testing.T) string { t.Helper(); return projecttest.FewInputs(t) }

var shared struct {
	load, papers, render sync.Once
	dir                  string
	papersOf             map[string]brief.ItemPaper // of every meeting
}

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "kyogikai")
	if err != nil {
		panic(err)
	}
	shared.dir = dir
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// sample is the sample inputs, loaded once for all tests that only read.
func sample(t *testing.T) project.Env {
	t.Helper()
	env := newEnv(t, sampleInputs())
	env.Outputs = filepath.Join(shared.dir, "outputs")
	shared.load.Do(func() { mustLoad(t, env) })
	return env
}

// samplePapers is the folder of the papers of the sample inputs, rendered once.
func samplePapers(t *testing.T) string {
	t.Helper()
	env := sample(t)
	shared.papers.Do(func() { render(t, env) })
	return filepath.Join(env.Outputs, "briefs", "2025-10-21")
}

// render writes a meeting's papers and returns their folder.
func render(t *testing.T, env project.Env) string {
	t.Helper()
	if made, err := papers.Make(
		context.Background(), env, october(t, env), papers.Options{},
	); err != nil || len(made.Missing) > 0 {
		t.Fatalf("papers: %v, characters without a glyph: %q", err, string(made.Missing))
	}
	return filepath.Join(env.Outputs, "briefs", "2025-10-21")
}

func mustLoad(t *testing.T, env project.Env) *runs.Run {
	t.Helper()
	run, err := Load(context.Background(), env, "test")
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func october(t *testing.T, env project.Env) brief.Meeting {
	t.Helper()
	ms, err := brief.Meetings(env.Project)
	if err != nil {
		t.Fatal(err)
	}
	m, err := brief.Choose(ms, "2025-10-21", env.AsOf)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// item2 renders the paper of item 2 as a tree.
func item2(t *testing.T, env project.Env) document.Document {
	t.Helper()
	db, err := warehouse.Open(context.Background(), env.WarehouseDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	m := october(t, env)
	doc, err := brief.Render(context.Background(), env.Project, m, m.Items[1], db)
	if err != nil {
		t.Fatal(err)
	}
	return doc.Document
}

// query answers a query on the published file as rows of text; numbers without needless zeros, NULL empty.
func query(t *testing.T, env project.Env, sql string) [][]string {
	t.Helper()
	db, err := warehouse.Open(context.Background(), env.WarehouseDir())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	r, err := db.Query(context.Background(), sql)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	var out [][]string
	for _, row := range r.Rows {
		line := make([]string, len(row))
		for i, v := range row {
			if v != nil {
				line[i] = canonical(fmt.Sprint(v))
			}
		}
		out = append(out, line)
	}
	return out
}

// canonical writes a number without needless zeros; other text, percentages among it, stays as it is.
func canonical(s string) string {
	if r, ok := new(big.Rat).SetString(s); ok {
		n, _ := r.FloatPrec()
		return r.FloatString(n)
	}
	return s
}

// expected reads some columns of a CSV of expected values.
func expected(t *testing.T, file string, columns ...string) [][]string {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // read only
	r := csv.NewReader(f)
	all, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, c := range all[0] {
		at[strings.TrimPrefix(c, "\ufeff")] = i
	}
	var out [][]string
	for _, row := range all[1:] {
		line := make([]string, len(columns))
		for i, c := range columns {
			j, ok := at[c]
			if !ok {
				t.Fatalf("%s has no column %s", file, c)
			}
			line[i] = canonical(row[j])
		}
		out = append(out, line)
	}
	if len(out) == 0 {
		t.Fatalf("%s is empty", file)
	}
	return out
}

// sameRows compares two tables whatever the order of their rows.
func sameRows(t *testing.T, what string, got, want [][]string) {
	t.Helper()
	key := func(rows [][]string) []string {
		out := make([]string, len(rows))
		for i, r := range rows {
			out[i] = strings.Join(r, " | ")
		}
		sort.Strings(out)
		return out
	}
	g, w := key(got), key(want)
	for i := range max(len(g), len(w)) {
		switch {
		case i >= len(g):
			t.Errorf("%s: missing %s", what, w[i])
		case i >= len(w):
			t.Errorf("%s: extra %s", what, g[i])
		case g[i] != w[i]:
			t.Errorf("%s: got %s, want %s", what, g[i], w[i])
		}
	}
}
