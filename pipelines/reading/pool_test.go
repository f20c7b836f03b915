package reading

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/bounded"
	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/project/projecttest"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// The tests' own program is the child that reads, too.
func TestMain(m *testing.M) {
	child, err := bounded.Enter(os.Getenv)
	switch {
	case err == nil && !child:
		os.Exit(m.Run())
	case err == nil && os.Args[1] == project.WorkerVerb && os.Args[2] == WorkerKind:
		err = Serve(os.Stdin, os.Stdout)
	case err == nil:
		err = errors.New("not the child that reads")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// withChildren is a run's surroundings in which children read.
func withChildren(t *testing.T, inputs string) project.Env {
	t.Helper()
	env := projecttest.Env(t, inputs)
	var err error
	if env.Self, err = os.Executable(); err != nil {
		t.Fatal(err)
	}
	return env
}

// readAll reads all inputs: what comes out for each municipality, and how.
func readAll(t *testing.T, env project.Env) (map[string]warehouse.Batch, *Reader) {
	t.Helper()
	tree, err := Walk(t.Context(), env)
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(env, tree)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]warehouse.Batch{}
	if err := r.Each(t.Context(), func(city string, b warehouse.Batch) error {
		out[city] = b
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out, r
}

// kept are the files of the cache.
func kept(t *testing.T, env project.Env) map[string]string {
	t.Helper()
	out := map[string]string{}
	cache := os.DirFS(filepath.Join(env.Outputs, "cache"))
	err := fs.WalkDir(cache, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(env.Outputs, "cache", name))
		out[name] = string(data)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return out
}

// Children read the sample cities as this process does, to the byte: with the words of a municipality too.
func TestChildrenReadTheSame(t *testing.T) {
	inputs := projecttest.SampleInputs()
	here, children := projecttest.Env(t, inputs), withChildren(t, inputs)
	want, _ := readAll(t, here)
	got, r := readAll(t, children)
	if len(got) == 0 || r.Undone() != 0 {
		t.Fatalf("%d municipalities, %d undone", len(got), r.Undone())
	}
	for city := range want {
		if !reflect.DeepEqual(got[city], want[city]) {
			t.Errorf("%s is read otherwise by children", city)
		}
	}
	if a, b := kept(t, here), kept(t, children); len(a) < 100 || !reflect.DeepEqual(a, b) {
		t.Errorf("%d readings are kept, %d by children, or not the same", len(a), len(b))
	}
}

// put writes a file of the inputs.
func put(t *testing.T, inputs, name, text string) {
	t.Helper()
	file := filepath.Join(inputs, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(file, old, old); err != nil {
		t.Fatal(err)
	}
}

const indicators = "成果指標調査票\n指標名,種別,単位,目指す方向,令和7年度実績値,令和8年度実績値\n来館者数,成果,人,上昇,1200,1300\n"

// The words of each municipality hold in children, and no other's.
func TestChildrenKnowTheWordsOfEach(t *testing.T) {
	inputs := filepath.Join(t.TempDir(), "inputs")
	for _, city := range []string{"甲市", "乙市", "丙市"} {
		put(t, inputs, city+"/令和8年度/福祉部/福祉課/調査票.csv", strings.Replace(indicators, "指標名", "物差し", 1))
	}
	put(t, inputs, "甲市/語彙.csv", "様式,項目,語\nA,成果指標名,物差し\n")
	put(t, inputs, "丙市/語彙.csv", "様式,項目,語\nA,成果指標名,物差し\n")
	got, _ := readAll(t, withChildren(t, inputs))
	want, _ := readAll(t, projecttest.Env(t, inputs))
	if !reflect.DeepEqual(got, want) {
		t.Error("children read otherwise")
	}
	for city, known := range map[string]bool{"甲市": true, "乙市": false, "丙市": true} {
		if n := len(got[city].Workbooks[0].Records); (n > 0) != known {
			t.Errorf("%s: %d records", city, n)
		}
	}
}

// A workbook over which a child ends is a finding with the limit's name, the others are read, and what the machine may
// be the reason for is tried again by the next run.
func TestChildrenEndWithinLimits(t *testing.T) {
	inputs := filepath.Join(t.TempDir(), "inputs")
	put(t, inputs, "市/令和8年度/福祉部/福祉課/調査票.csv", indicators)
	many := "あ,い\n" + strings.Repeat("来館者数（"+strings.Repeat("本館・分館・", 20)+"）,令和8年度12月末時点で約1,200人程度\n", 20_000)
	put(t, inputs, "市/令和8年度/福祉部/介護課/調査票.csv", indicators+many)
	for name, c := range map[string]struct {
		limits map[string]string
		says   string
		again  bool
	}{
		"cpu":    {map[string]string{limits.ReadingCPU: "1秒"}, limits.ReadingCPU, false},
		"time":   {map[string]string{limits.ReadingTime: "1秒"}, limits.ReadingTime, true},
		"memory": {map[string]string{limits.ReadingMemory: "256MB"}, limits.ReadingMemory, false},
	} {
		t.Run(name, func(t *testing.T) {
			env := withChildren(t, inputs)
			for limit, text := range c.limits {
				if err := env.Settings.Limits.Override(limit, text); err != nil {
					t.Fatal(err)
				}
			}
			got, r := readAll(t, env)
			bad, good := got["市"].Workbooks[0], got["市"].Workbooks[1]
			if good.Status != record.StatusRead || len(good.Records) == 0 {
				t.Errorf("the other workbook: %s %+v", good.Status, good.Findings)
			}
			if bad.Status != record.StatusUnreadable || len(bad.Findings) != 1 ||
				bad.Findings[0].Code != finding.WorkbookTooLarge || !strings.Contains(bad.Findings[0].Message, c.says) {
				t.Fatalf("%s: %s %+v", bad.Path, bad.Status, bad.Findings)
			}
			if (r.Undone() == 1) != c.again {
				t.Errorf("%d undone", r.Undone())
			}
			if n := len(kept(t, env)); (n == 1) != c.again {
				t.Errorf("%d readings are kept", n)
			}
		})
	}
}

// A child that is ended from outside is that workbook's finding, and none is left over when the reading has ended.
func TestChildrenAreGoneAfterwards(t *testing.T) {
	env := withChildren(t, projecttest.FewInputs(t))
	ctx, cancel := context.WithCancel(t.Context())
	tree, err := Walk(ctx, env)
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(env, tree)
	if err != nil {
		t.Fatal(err)
	}
	err = r.Each(ctx, func(string, warehouse.Batch) error {
		cancel()
		return ctx.Err()
	})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if n := len(ofThisProcess(t)); n > 0 {
		t.Errorf("%d children are left", n)
	}
	out, err := r.ended(task{ID: "w", File: collect.File{Path: "inputs/a.xlsx"}}, &bounded.EndError{Code: -1, Signal: 9})
	if err != nil || out.Kept || !out.Again || out.Book.Findings[0].Code != finding.WorkbookUnreadable {
		t.Errorf("%+v, %v", out, err)
	}
}

// ofThisProcess are the children of this process.
func ofThisProcess(t *testing.T) []string {
	t.Helper()
	var out []string
	tasks, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range tasks {
		data, err := os.ReadFile(file)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		out = append(out, strings.Fields(string(data))...)
	}
	return out
}
