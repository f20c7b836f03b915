package collect

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"kyogikai/pipelines/trial"
)

// free is a port that nobody listens on.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // nothing was sent
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// started runs a server until the test ends, and waits until it answers.
func started(t *testing.T, port, name string, args ...string) {
	t.Helper()
	c := exec.Command(name, args...)
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	c.Stdout, c.Stderr = log, log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	for began := time.Now(); time.Since(began) < time.Minute; time.Sleep(20 * time.Millisecond) {
		if conn, err := net.Dial("tcp", "127.0.0.1:"+port); err == nil {
			_ = conn.Close()
			return
		}
	}
	text, _ := os.ReadFile(log.Name())
	t.Fatalf("%s does not answer: %s", name, text)
}

func TestRcloneReachesWebDAV(t *testing.T) {
	trial.Only(t)
	dir, port := t.TempDir(), free(t)
	started(t, port, "rclone", "serve", "webdav", dir, "--addr", "127.0.0.1:"+port, "--dir-cache-time", "0s")
	throughRclone(
		t, dir, fmt.Sprintf("[share]\ntype = webdav\nurl = http://127.0.0.1:%s\nvendor = other\n", port), "share:",
	)
}

// A Samba server of the test's own, on loopback, as the file servers of city halls are.
func TestRcloneReachesSamba(t *testing.T) {
	trial.Only(t)
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	dir, port := t.TempDir(), free(t)
	run := t.TempDir()
	for _, d := range []string{dir, filepath.Dir(dir), filepath.Dir(filepath.Dir(dir))} {
		if err := os.Chmod(d, 0o777); err != nil && d == dir {
			t.Fatal(err)
		}
	}
	conf := filepath.Join(run, "smb.conf")
	write(t, run, "smb.conf", strings.ReplaceAll(fmt.Sprintf(`[global]
  server role = standalone server
  smb ports = %s
  interfaces = 127.0.0.1
  bind interfaces only = yes
  map to guest = bad user
  guest account = %s
  lock directory = RUN
  state directory = RUN
  cache directory = RUN
  pid directory = RUN
  private dir = RUN
  ncalrpc dir = RUN/ncalrpc
  log file = RUN/log
  disable spoolss = yes
  load printers = no
[share]
  path = %s
  guest ok = yes
  read only = no
  force user = %s
`, port, me.Username, dir, me.Username), "RUN", run))
	started(t, port, "smbd", "--foreground", "--no-process-group", "--configfile="+conf, "--debug-stdout")
	throughRclone(
		t, dir, fmt.Sprintf("[nas]\ntype = smb\nhost = 127.0.0.1\nport = %s\nuser = guest\n", port), "nas:share/調査票",
	)
}

// throughRclone pulls a folder that a server shows, through rclone and a configuration of its own.
func throughRclone(t *testing.T, dir, config, remote string) {
	t.Helper()
	_, folder, _ := strings.Cut(strings.TrimPrefix(remote, "nas:share"), ":")
	if strings.HasPrefix(remote, "nas:share/") {
		folder = strings.TrimPrefix(remote, "nas:share/")
	}
	dir = filepath.Join(dir, folder)
	conf := filepath.Join(t.TempDir(), "rclone.conf")
	write(t, filepath.Dir(conf), "rclone.conf", config)
	write(t, dir, norm.NFD.String("令和6年度/財政部/財政課/がくしゅう.xlsx"), "一")
	write(t, dir, "令和6年度/財政部/税務課/b 票.csv", "二")
	p := newPen(t, Source{Name: "文書管理", Rclone: remote, RcloneConfig: conf, Municipality: "架空市", Pattern: byFolder})
	const a, b = "架空市/令和6年度/財政部/財政課/がくしゅう.xlsx", "架空市/令和6年度/財政部/税務課/b 票.csv"
	p.want("新2 改0 同0 去0 失0", map[string]string{a: "一", b: "二"})
	write(t, dir, "令和6年度/財政部/税務課/b 票.csv", "三")
	p.want("新0 改1 同1 去0 失0", map[string]string{a: "一", b: "三"})
	if err := os.Remove(filepath.Join(dir, "令和6年度/財政部/税務課/b 票.csv")); err != nil {
		t.Fatal(err)
	}
	p.want("新0 改0 同1 去1 失0", map[string]string{a: "一", b: "三"}, "source_removed inputs/"+b)
	write(t, filepath.Dir(conf), "rclone.conf", "")
	got := p.pull()
	if !strings.Contains(got, "rclone が "+remote+" に届きません") {
		t.Errorf("a remote that is not configured: %s", got)
	}
	p.wantFiles(map[string]string{a: "一", b: "三"})
}
