// Package projecttest makes the surroundings of a run for tests, on copies of the sample cities' inputs.
package projecttest

import (
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/project"
)

// Root is the repository, from the folder of any package under pipelines.
const Root = "../.."

// Env is a run's surroundings on the sample inputs, with a clock that stands. The settings name no municipality that the
// inputs do not have: a run would tell of it.
func Env(t testing.TB, inputs string) project.Env {
	t.Helper()
	own := os.DirFS(Root)
	settings, err := project.LoadSettings(own)
	if err != nil {
		t.Fatal(err)
	}
	settings.Plans = slices.DeleteFunc(settings.Plans, func(p project.PlanSetting) bool {
		_, err := os.Stat(filepath.Join(inputs, p.Municipality))
		return err != nil
	})
	return project.Env{
		Project: own, Inputs: inputs, Outputs: filepath.Join(t.TempDir(), "outputs"), Version: "test", Settings: settings,
		AsOf:  time.Date(2025, 10, 1, 0, 0, 0, 0, time.UTC),
		Clock: func() time.Time { return time.Date(2025, 10, 1, 2, 0, 0, 0, time.UTC) },
		Log:   slog.New(slog.NewTextHandler(io.Discard, nil)), Getenv: func(string) string { return "" },
		Pause: time.Millisecond,
	}
}

// SampleInputs is the folder of the sample cities.
func SampleInputs() string { return filepath.Join(Root, "inputs") }

// CopyInputs copies the city's workbooks of the forms that item 2 rests on, for tests that change or reload them.
func CopyInputs(t testing.TB) string {
	t.Helper()
	return copySome(t, func(path string) bool {
		return !strings.Contains(path, "令和7年度") && !strings.Contains(path, "令和8年度") &&
			!strings.Contains(filepath.Base(path), "デジタル")
	})
}

// FewInputs copies one department's workbooks, for tests that do not look at figures.
func FewInputs(t testing.TB) string {
	t.Helper()
	return copySome(t, func(path string) bool { return strings.Contains(path, "令和6年度/財政部/財政課") })
}

// copySome copies the city's masters and the workbooks that are wanted.
func copySome(t testing.TB, want func(path string) bool) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "inputs")
	n := 0
	err := fs.WalkDir(os.DirFS(SampleInputs()), "八戸市", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.Count(path, "/") > 1 && !want(path) {
			return err
		}
		n++
		data, err := os.ReadFile(filepath.Join(SampleInputs(), path))
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(path)), 0o755); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, path), data, 0o644)
	})
	if err != nil || n < 3 {
		t.Fatalf("%d files copied, %v", n, err)
	}
	return dir
}
