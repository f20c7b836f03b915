package warehouse

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2" // the engine without any of its own locks

	"kyogikai/pipelines/bounded"
)

// asEngine makes the tests' own program the child that runs statements, one a line, in a database without any lock.
const asEngine = "KYOGIKAI_TEST_AS_ENGINE"

func TestMain(m *testing.M) {
	if _, err := bounded.Enter(os.Getenv); err != nil {
		panic(err)
	}
	if statements := os.Getenv(asEngine); statements != "" {
		db, err := sql.Open("duckdb", "")
		if err != nil {
			panic(err)
		}
		for _, s := range strings.Split(statements, "\n") {
			_, err := db.Exec(s)
			fmt.Printf("%v\t%s\n", err == nil, s)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// Whatever the engine is told, were every check of ours passed by: held to its folder, it changes no other file, and
// there it can.
func TestEngineReachesNoFile(t *testing.T) {
	dir := t.TempDir()
	publish(t, dir, "20250101T000000Z", "x")
	file := Path(dir, "20250101T000000Z")
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o666); err != nil { // that it may only be read is another wall
		t.Fatal(err)
	}
	tells := func(folder, of string) []string {
		statements := []string{
			"COPY (SELECT 1) TO '" + of + "/out.csv'", "COPY (SELECT 1) TO '" + of + "/out.parquet' (FORMAT parquet)",
			"CALL enable_logging('QueryLog', storage := 'file', storage_path := '" + of + "/log')", "SELECT 1",
			"ATTACH '" + of + "/other.duckdb' AS o", "CREATE TABLE o.x AS SELECT 1", "CHECKPOINT o",
			"PRAGMA enable_profiling = 'json'", "PRAGMA profiling_output = '" + of + "/profile.json'", "SELECT 2",
			"EXPORT DATABASE '" + of + "/export'",
		}
		if of != folder {
			statements = append(statements,
				"COPY (SELECT 1) TO '"+file+"'", "ATTACH '"+file+"' AS p", "CREATE TABLE p.x AS SELECT 1",
				"CALL enable_logging('QueryLog', storage := 'file', storage_path := '"+file+"')", "SELECT 3")
		}
		c := exec.Command("/proc/self/exe")
		c.Env = append(os.Environ(), asEngine+"="+strings.Join(statements, "\n"))
		var said bytes.Buffer
		c.Stdout = &said
		running, err := bounded.Start(t.Context(), c, bounded.Limits{Folder: folder})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(running.Wait(), running.Confined()); err != nil {
			t.Fatal(err)
		}
		var done []string
		for _, line := range strings.Split(said.String(), "\n") {
			if s, ok := strings.CutPrefix(line, "true\t"); ok {
				done = append(done, s)
			}
		}
		return done
	}
	own := t.TempDir()
	if done := tells(own, own); len(done) != 11 {
		t.Errorf("in its own folder: %q", done)
	}
	if files, _ := filepath.Glob(filepath.Join(own, "*")); len(files) < 4 {
		t.Errorf("in its own folder: %q", files)
	}
	for _, s := range tells(own, dir) {
		for _, w := range []string{"COPY", "CREATE", "EXPORT", "o.x", "p.x"} {
			if strings.HasPrefix(s, w) {
				t.Errorf("done: %s", s)
			}
		}
	}
	after, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the published file has changed (%v)", err)
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != 2 {
		t.Errorf("written: %q", files)
	}
}

// A finished file may be written by nobody; its group may read it, and others where they could.
func TestFinishedFilesAreProtected(t *testing.T) {
	dir := t.TempDir()
	publish(t, dir, "20250101T000000Z", "x")
	file := Path(dir, "20250101T000000Z")
	for _, c := range []struct{ was, is os.FileMode }{
		{0o644, 0o444}, {0o664, 0o444}, {0o640, 0o440}, {0o444, 0o444}, {0o600, 0o440},
	} {
		if err := os.Chmod(file, c.was); err != nil {
			t.Fatal(err)
		}
		Protect(file)
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != c.is {
			t.Errorf("%v becomes %v, want %v (%v)", c.was, info.Mode(), c.is, err)
		}
	}
	Protect(filepath.Join(dir, "no such file"))
	publish(t, dir, "20250102T000000Z", "y")
	if info, err := os.Stat(Path(dir, "20250102T000000Z")); err != nil || info.Mode().Perm()&0o222 != 0 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if r, err := Open(context.Background(), dir); err != nil {
		t.Error(err)
	} else {
		r.Close()
	}
}
