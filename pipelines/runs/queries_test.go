package runs

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

var asked = time.Date(2026, 11, 30, 9, 0, 0, 0, tokyo)

// withUmask withholds from others what a service may be told to. Tests that call it are not parallel.
func withUmask(t *testing.T, mask int) {
	t.Helper()
	old := syscall.Umask(mask)
	t.Cleanup(func() { syscall.Umask(old) })
}

// The folder of the query log lets in whom the outputs let in, whatever the process withholds; one of an older version
// is opened; nobody may take away what is another's.
func TestFolderOfTheQueryLog(t *testing.T) {
	withUmask(t, 0o077)
	for name, c := range map[string]struct {
		outputs, older, want fs.FileMode // older is 0 where there is none
	}{
		"a group":               {0o750 | fs.ModeSetgid, 0, 0o770 | fs.ModeSticky | fs.ModeSetgid},
		"everybody":             {0o755, 0, 0o777 | fs.ModeSticky},
		"of an older version":   {0o755, 0o755, 0o777 | fs.ModeSticky},
		"older, within a group": {0o750, 0o700 | fs.ModeSetgid, 0o770 | fs.ModeSticky | fs.ModeSetgid},
	} {
		outputs := filepath.Join(t.TempDir(), "outputs")
		if err := os.Mkdir(outputs, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(outputs, c.outputs); err != nil {
			t.Fatal(err)
		}
		if c.older != 0 {
			if err := os.Mkdir(queries(outputs), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(queries(outputs), c.older); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 { // the second time it is there
			if err := MakeQueries(outputs); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if info, err := os.Stat(queries(outputs)); err != nil || info.Mode() != c.want|fs.ModeDir {
			t.Errorf("%s: %v, want %v, %v", name, info.Mode(), c.want, err)
		}
	}
	if err := MakeQueries(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("made where there are no outputs")
	}
}

// A line goes to the user's own file, which others do not write; what somebody has put in its way gets nothing, is not
// followed, and is not waited for.
func TestLogQuery(t *testing.T) {
	withUmask(t, 0o077)
	outputs := t.TempDir()
	for range 2 {
		if err := LogQuery(outputs, asked, []byte(`{"query":"SELECT 1"}`)); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(queries(outputs), "2026-11_*.jsonl"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%q, %v", files, err)
	}
	path := files[0]
	data, err := os.ReadFile(path)
	if err != nil || string(data) != strings.Repeat(`{"query":"SELECT 1"}`+"\n", 2) {
		t.Errorf("%s, %v", data, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o640 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	other := filepath.Join(outputs, "他の人")
	for name, put := range map[string]func() error{
		"a link":        func() error { return os.Symlink(other, path) },
		"a second name": func() error { return os.Link(other, path) },
		"a pipe":        func() error { return syscall.Mkfifo(path, 0o666) },
		"a folder":      func() error { return os.Mkdir(path, 0o755) },
	} {
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(other, []byte("前"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := put(); err != nil {
			t.Fatal(err)
		}
		err := LogQuery(outputs, asked, []byte("{}"))
		if kept, _ := os.ReadFile(other); err == nil || string(kept) != "前" {
			t.Errorf("%s: %v, %s", name, err, kept)
		}
	}
}

// queryLogOf names the outputs in the process that is another user.
const queryLogOf = "KYOGIKAI_TEST_QUERY_LOG"

// Whoever does not own the outputs keeps a log all the same, of his own. Only root can be another user; others are
// themselves.
func TestQueryLogOfAnother(t *testing.T) {
	if outputs := os.Getenv(queryLogOf); outputs != "" {
		if err := LogQuery(outputs, asked, []byte(`{"n":2}`)); err != nil {
			t.Fatal(err)
		}
		return
	}
	outputs := t.TempDir()
	for at := outputs; at != os.TempDir() && at != "/"; at = filepath.Dir(at) {
		if err := os.Chmod(at, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := LogQuery(outputs, asked, []byte(`{"n":1}`)); err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(outputs, "test")
	if err := os.WriteFile(own, program, 0o755); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(own, "-test.run", "^"+t.Name()+"$")
	c.Dir, c.Env = outputs, append(os.Environ(), queryLogOf+"="+outputs)
	files := 1
	if os.Getuid() == 0 {
		const nobody = 65534
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		files = 2
	}
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	logs, err := filepath.Glob(filepath.Join(queries(outputs), "*.jsonl"))
	if err != nil || len(logs) != files {
		t.Fatalf("%q, %v", logs, err)
	}
	lines := 0
	for _, f := range logs {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			if lines++; !json.Valid([]byte(line)) {
				t.Errorf("%s: %q", f, line)
			}
		}
	}
	if lines != 2 {
		t.Errorf("%d lines", lines)
	}
}
