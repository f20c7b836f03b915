package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kyogikai/pipelines/project"
)

// A result is written where a person has named a place of their own, and nowhere else, by whatever name.
func TestPlacesOfResults(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	env := project.Env{Inputs: "inputs", Outputs: "outputs"}
	for _, d := range []string{
		"inputs/八戸市/令和6年度", "outputs/warehouse", "outputs/final/2025-10-21/第1版", "outputs/runs", "outputs/briefs", "own",
		"other/deep",
	} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	published := filepath.Join("outputs", "warehouse", "20250101T000000Z.duckdb")
	err := errors.Join(
		os.WriteFile(published, []byte("published"), 0o444), os.WriteFile("own/old.csv", []byte("old"), 0o600),
		os.Link(published, "own/hard.csv"), os.Symlink("../"+published, "own/soft.csv"),
		os.Symlink("nowhere", "own/dangling.csv"),
		os.Symlink("../outputs/warehouse", "own/folder"), os.Symlink("other", "linked"), os.Mkdir("own/folder.csv", 0o755),
		os.Symlink(dir, "own/up"),
	)
	if err != nil {
		t.Fatal(err)
	}
	here, err := os.Open("outputs/warehouse")
	if err != nil {
		t.Fatal(err)
	}
	defer here.Close() //nolint:errcheck // of a test
	before := listing(t)
	for path, says := range map[string]string{
		"inputs/x.csv":                            "inputs には調査票を置く",
		"inputs/八戸市/令和6年度/x.csv":                  "inputs には調査票を置く",
		"outputs/warehouse/x.csv":                 "outputs/warehouse にはデータファイルを置く",
		"outputs/final/x.csv":                     "確定した資料を置く",
		"outputs/final/2025-10-21/第1版/x.csv":      "確定した資料を置く",
		"outputs/runs/x.csv":                      "実行の記録を置く",
		"own/../outputs/runs/x.csv":               "実行の記録を置く",
		"./own/.././outputs//runs/x.csv":          "実行の記録を置く",
		dir + "/outputs/warehouse/current.duckdb": "データファイルを置く",
		published:                   "データファイルを置く",
		"own/hard.csv":              "ハードリンク",
		"own/soft.csv":              "リンクを通る",
		"own/dangling.csv":          "リンクを通る",
		"own/folder/x.csv":          "リンクを通る",
		"own/folder/../x.csv":       "リンクを通る",
		"linked/x.csv":              "リンクを通る",
		"linked/deep/x.csv":         "実際の場所は " + dir + "/other/deep です",
		"own/up/outputs/runs/x.csv": "リンクを通る",
		"own/folder.csv":            "ふつうのファイルではない",
		"/dev/stdout":               "ファイルではないので",
		"/dev/shm/../null":          "ファイルではないので",
		fmt.Sprintf("/proc/self/fd/%d/x.csv", here.Fd()): "リンクを通る",
		"/proc/self/cwd/outputs/runs/x.csv":              "リンクを通る",
		"/proc/self/root" + dir + "/outputs/runs/x.csv":  "リンクを通る",
	} {
		_, err := newResultFile(env, path)
		var usage usageError
		if !errors.As(err, &usage) || !strings.Contains(usage.text, says) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if now := listing(t); now != before {
		t.Errorf("before\n%s\nnow\n%s", before, now)
	}
	var failed usageError
	if _, err := newResultFile(env, "own/no/such/x.csv"); err == nil || errors.As(err, &failed) {
		t.Errorf("a folder that is not there: %v", err)
	}
	for path, mode := range map[string]os.FileMode{
		"own/new.csv": 0o644, "own/old.csv": 0o600, dir + "/own/abs.csv": 0o644, "outputs/briefs/x.csv": 0o644,
		"x.csv":               0o644,
		"own/../other/up.csv": 0o644,
	} {
		f, err := newResultFile(env, path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if _, err := f.next.WriteString("new"); err != nil {
			t.Fatal(err)
		}
		if data, err := os.ReadFile(path); err == nil && string(data) != "old" {
			t.Errorf("%s is there before it is whole: %s", path, data)
		}
		if err := f.keep(); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		info, err := os.Stat(path)
		data, failed := os.ReadFile(path)
		if errors.Join(err, failed) != nil || info.Mode().Perm() != mode || string(data) != "new" {
			t.Errorf("%s: %v, %q, %v", path, info.Mode(), data, err)
		}
	}
	f, err := newResultFile(env, "own/dropped.csv")
	if err != nil {
		t.Fatal(err)
	}
	f.drop()
	if now := listing(t); strings.Contains(now, "dropped") || strings.Contains(now, ".next-") {
		t.Errorf("left behind:\n%s", now)
	}
}

// listing is every file beneath the folder of the process, with its size.
func listing(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(".", func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err == nil && !e.IsDir() {
			fmt.Fprintln(&b, path, info.Size())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
