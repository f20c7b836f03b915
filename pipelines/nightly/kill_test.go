package nightly

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/warehouse"
)

// childEnv makes the test binary run as the program: load and render, until the parent kills it.
const childEnv = "KYOGIKAI_TEST_CHILD"

func child() int {
	project := os.DirFS(root)
	settings, err := LoadSettings(project)
	if err != nil {
		return 1
	}
	env := Env{
		Project: project, Inputs: os.Getenv("KYOGIKAI_TEST_INPUTS"), Outputs: os.Getenv(childEnv), Settings: settings,
		Version: os.Getenv("KYOGIKAI_TEST_VERSION"), Clock: time.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	if _, err := Load(context.Background(), env, "child"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	ms, err := brief.Meetings(project)
	if err != nil {
		return 1
	}
	m, err := brief.Choose(ms, "2025-10-21", env.AsOf)
	if err != nil {
		return 1
	}
	if _, err := MakePapers(context.Background(), env, m, PaperOptions{}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// Runs are killed at random moments: what is published stays one whole run's, each PDF stays whole, and the next run
// succeeds without help.
func TestKilledRunLeavesWholeFiles(t *testing.T) {
	env := newEnv(t, copyInputs(t))
	env.Clock = time.Now
	start := func(version string) *exec.Cmd {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), childEnv+"="+env.Outputs, "KYOGIKAI_TEST_INPUTS="+env.Inputs, "KYOGIKAI_TEST_VERSION="+version)
		return c
	}
	began := time.Now()
	if out, err := start("first").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	whole := time.Since(began)
	kills := 6
	if testing.Short() {
		kills = 4
	}
	random := rand.New(rand.NewPCG(7, 21))
	for i := range kills {
		c := start(fmt.Sprint(i))
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.Int64N(int64(whole))))
		_ = c.Process.Kill() // it may have ended
		_ = c.Wait()
		checkWhole(t, env)
	}
	if out, err := start("last").CombinedOutput(); err != nil {
		t.Fatalf("the run after the kills: %v\n%s", err, out)
	}
	checkWhole(t, env)
}

func checkWhole(t *testing.T, env Env) {
	t.Helper()
	if n := query(t, env, `SELECT sum(initiatives) FROM marts.initiative_tally WHERE pillar = '計' AND measure = 'progress'`); n[0][0] != "322" {
		t.Fatalf("the published file counts %s, want 102 + 101 + 119", n[0][0])
	}
	if _, _, err := warehouse.Current(env.WarehouseDir()); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{item2File} { // the inputs of the other items are not copied
		got, err := os.ReadFile(filepath.Join(env.Outputs, "briefs", "2025-10-21", f))
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join(samplePapers(t), f))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("%s is not whole", f)
		}
	}
}
