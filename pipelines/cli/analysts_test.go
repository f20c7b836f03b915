package cli

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Accounts that need not exist: the system knows them by their numbers.
const (
	analystsGroup = 4242
	analystID     = 4243
	strangerID    = 4244
)

// masked is the program in a process that withholds everything from others.
func (c *city) masked(args ...string) *exec.Cmd {
	cmd := c.command(args...)
	cmd.Args = append([]string{"sh", "-c", `umask 077; exec "$0" "$@"`, cmd.Path}, args...)
	cmd.Path = "/bin/sh"
	return cmd
}

// Of what a service with umask 077 has published, the group of the outputs may read everything that an analyst asks
// for, and nobody else anything.
func TestAnalystsGetIn(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	if err := os.Mkdir(c.outputs, 0o750); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 {
		if err := os.Chown(c.outputs, 0, analystsGroup); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(c.outputs, 0o750|fs.ModeSetgid); err != nil {
		t.Fatal(err)
	}
	if out, err := c.masked("load").CombinedOutput(); err != nil && !strings.Contains(string(out), "更新しました") {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range []string{".", ".lock", "warehouse", "warehouse/*", "runs", "runs/*"} {
		files, err := filepath.Glob(filepath.Join(c.outputs, name))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", name, err)
		}
		for _, f := range files {
			info, err := os.Stat(f)
			if err != nil {
				t.Fatal(err)
			}
			want := fs.FileMode(0o040)
			if info.IsDir() {
				want = 0o050
			}
			if info.Mode().Perm()&want != want {
				t.Errorf("%s: %v", f, info.Mode())
			}
		}
	}
	if info, err := os.Stat(filepath.Join(c.outputs, "queries")); err != nil ||
		info.Mode() != fs.ModeDir|fs.ModeSetgid|fs.ModeSticky|0o770 {
		t.Errorf("queries: %v, %v", info, err)
	}
	if os.Getuid() != 0 {
		return // only root can be others; what they may do follows from the modes above
	}
	c.comeIn(t)
}

// comeIn is an analyst, and somebody who is none.
func (c *city) comeIn(t *testing.T) {
	t.Helper()
	for at := c.dir; at != os.TempDir() && at != "/"; at = filepath.Dir(at) {
		if err := os.Chmod(at, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	program := filepath.Join(c.dir, "program")
	data, err := os.ReadFile(plain())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(program, data, 0o755); err != nil {
		t.Fatal(err)
	}
	as := func(uid uint32, groups []uint32, args ...string) (string, int) {
		cmd := c.commandOf(program, args...)
		cmd.Env = append(cmd.Env, "HOME="+t.TempDir())
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid, Groups: groups}}
		out, err := cmd.CombinedOutput()
		if cmd.ProcessState == nil {
			t.Fatal(err)
		}
		return string(out), cmd.ProcessState.ExitCode()
	}
	for _, args := range [][]string{
		{"sql", "--format", "csv", "SELECT 7 AS 数"}, {"check"}, {"status"}, {"status", "--monitor"},
	} {
		said, code := as(analystID, []uint32{analystsGroup}, args...)
		if code != exitDone && code != exitFindings || strings.Contains(said, "注意: 問合せの記録") {
			t.Errorf("an analyst, %q: exit %d\n%s", args, code, said)
		}
		if said, code := as(strangerID, nil, args...); code == exitDone || !strings.Contains(said, "権限がありません") {
			t.Errorf("a stranger, %q: exit %d\n%s", args, code, said)
		}
	}
	logs, err := filepath.Glob(filepath.Join(c.outputs, "queries", "*_4243.jsonl"))
	if err != nil || len(logs) != 1 {
		t.Fatalf("%q, %v", logs, err)
	}
	line, err := os.ReadFile(logs[0])
	var asked struct{ User, Query string }
	if err != nil || json.Unmarshal(line, &asked) != nil || asked.User != "4243" ||
		!strings.Contains(asked.Query, "SELECT 7") {
		t.Errorf("%s, %v", line, err)
	}
	info, err := os.Stat(logs[0])
	if err != nil {
		t.Fatal(err)
	}
	if own := info.Sys().(*syscall.Stat_t); own.Uid != analystID || own.Gid != analystsGroup {
		t.Errorf("of %d, %d", own.Uid, own.Gid)
	}
	// Where the log cannot be kept, the query is answered, and that is said once.
	if err := os.Chmod(filepath.Join(c.outputs, "queries"), 0o700); err != nil {
		t.Fatal(err)
	}
	said, code := as(analystID, []uint32{analystsGroup}, "sql", "--format", "csv", "SELECT 7 AS 数")
	if code != exitDone || !strings.Contains(said, "\n7\n") || strings.Count(said, "注意: 問合せの記録を残せません（") != 1 {
		t.Errorf("without a log: exit %d\n%s", code, said)
	}
}
