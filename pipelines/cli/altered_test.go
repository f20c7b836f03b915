package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kyogikai/pipelines/warehouse"
)

// A published file that is not what its run has published is read by nobody: each verb says what is wrong, with which
// file, what that means, and what to do, and ends with 1. load makes it anew.
func TestAlteredFilesAreNotRead(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.use(0)
	c.mustRun("load")
	c.use(1)
	c.mustRun("load")
	kept, err := warehouse.Kept(filepath.Join(c.outputs, "warehouse"))
	if err != nil || len(kept) != 2 {
		t.Fatalf("%q, %v", kept, err)
	}
	path := func(run string) string { return warehouse.Path(filepath.Join(c.outputs, "warehouse"), run) }
	now, old := path(kept[0]), path(kept[1])
	for _, file := range []string{now, old} {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o444 {
			t.Errorf("%s: %v, %v", file, info.Mode(), err)
		}
	}
	alter := func(file string) (restore func()) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		put := func(data []byte) { // as a copy that is put back: another file with another date
			if err := os.WriteFile(file+".copy", data, 0o444); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(file+".copy", file); err != nil {
				t.Fatal(err)
			}
		}
		other := append([]byte(nil), data...)
		other[len(other)/2] ^= 1 // in a block that no query here need read
		put(other)
		return func() { put(data) }
	}
	told := func(file string, args ...string) {
		t.Helper()
		said, code := c.run(args...)
		for _, part := range []string{
			filepath.Base(file), "作られた後に変えられたか、壊れています", "読みませんでした", "kyogikai load", "バックアップ",
		} {
			if code != exitFailed || !strings.Contains(said, part) {
				t.Errorf("%q: exit %d, does not say %s: %s", args, code, part, said)
				break
			}
		}
	}
	query := []string{"sql", "--format", "csv", "SELECT count(*) FROM marts.yearly"}
	restore := alter(now)
	told(now, query...)
	told(now, "sql", "--format", "csv", "@課ごとの指摘")
	told(now, "trace", "2/進捗状況/計/◎")
	told(now, "diff", "前回")
	told(now, "export", filepath.Join(c.dir, "持出し"))
	told(now, "check")
	told(now, "status")
	told(now, "form", "暮らし交通安全課")
	restore()
	if said, code := c.run(query...); code != exitDone {
		t.Errorf("a copy that is put back: exit %d: %s", code, said)
	}
	if said, code := c.run("status"); code == exitFailed {
		t.Errorf("a copy that is put back: exit %d: %s", code, said)
	}
	restore = alter(old)
	told(old, "sql", "--before", "前回", "SELECT 1")
	told(old, "sql", "--run", "前回", "SELECT 1")
	told(old, "diff", "前回")
	told(old, "export", "--run", "前回", filepath.Join(c.dir, "持出し"))
	if said, code := c.run(query...); code != exitDone {
		t.Errorf("the published file is whole: exit %d: %s", code, said)
	}
	restore()
	if said, code := c.run("sql", "--before", "前回", "SELECT 1"); code != exitDone {
		t.Errorf("exit %d: %s", code, said)
	}
	// What is published and altered, load makes anew.
	alter(now)
	if said := c.mustRun("load"); !strings.Contains(said, "更新しました") {
		t.Errorf("load: %s", said)
	}
	if said, code := c.run(query...); code != exitDone {
		t.Errorf("exit %d: %s", code, said)
	}
	// So do verbs that load first what has changed.
	kept, err = warehouse.Kept(filepath.Join(c.outputs, "warehouse"))
	if err != nil {
		t.Fatal(err)
	}
	alter(path(kept[0]))
	c.mustRun("brief", "2040-10-21")
	if again, err := warehouse.Kept(filepath.Join(c.outputs, "warehouse")); err != nil || len(again) != len(kept)+1 {
		t.Errorf("brief has made its papers from %q, %v", again, err)
	}
}

// Where a result may not stand, and what the file of another may not be, sql says before it asks.
func TestOutputIsRefusedOnTheCommandLine(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.mustRun("load")
	before := c.published()
	if err := os.Symlink(filepath.Join(c.outputs, "warehouse"), filepath.Join(c.dir, "link")); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{
		"inputs/x.csv", "outputs/warehouse/x.csv", "outputs/runs/x.csv", "link/x.csv", "outputs/../outputs/runs/x.csv",
		"/proc/self/cwd/outputs/runs/x.csv", "outputs/warehouse/current.duckdb --format csv",
	} {
		args := append([]string{"sql", "-o"}, strings.Fields(path)...)
		if said, code := c.run(append(args, "SELECT 1 AS a")...); code != exitUsage || !strings.Contains(said, "書きません") {
			t.Errorf("%s: exit %d: %s", path, code, said)
		}
	}
	for _, name := range []string{"a.csv", "a.xlsx", "a.parquet", "a.json"} {
		said, code := c.run("sql", "-o", name, "FROM marts.yearly")
		if code != exitDone || !strings.Contains(said, "行を書きました") {
			t.Errorf("%s: exit %d: %s", name, code, said)
		}
		if info, err := os.Stat(filepath.Join(c.dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if now := c.published(); now != before {
		t.Errorf("%s\n%s", before, now)
	}
}
