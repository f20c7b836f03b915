package collect

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
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
func started(t *testing.T, port, name string, args ...string) *os.Process {
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
			return c.Process
		}
	}
	text, _ := os.ReadFile(log.Name())
	t.Fatalf("%s does not answer: %s", name, text)
	return nil
}

// webDAV is a source that rclone reaches, and the server behind it.
func webDAV(t *testing.T, dir string, args ...string) (Source, *os.Process) {
	t.Helper()
	port := free(t)
	server := started(t, port, "rclone",
		slices.Concat([]string{"serve", "webdav", dir, "--addr", "127.0.0.1:" + port, "--dir-cache-time", "0s"}, args)...)
	conf := filepath.Join(t.TempDir(), "rclone.conf")
	write(t, filepath.Dir(conf), "rclone.conf",
		fmt.Sprintf("[share]\ntype = webdav\nurl = http://127.0.0.1:%s\nvendor = other\n", port))
	return Source{Name: "文書管理", Rclone: "share:", RcloneConfig: conf, Municipality: "架空市", Pattern: byFolder}, server
}

// A server behind rclone that freezes is given up before long, before the listing and in the middle of a file; other
// sources have their turn, and what came before stays.
func TestRcloneFrozen(t *testing.T) {
	trial.Only(t)
	for name, idle := range map[string]int{"settings": 3, "usual": 0} {
		dir, other := t.TempDir(), t.TempDir()
		files := threeFiles(t, dir)
		write(t, other, "令和6年度/総務部/人事課/d.csv", "一")
		frozen, server := webDAV(t, dir, "--bwlimit", "2M")
		frozen.IdleSeconds = idle
		p := newPen(t, frozen, Source{Name: "共有", Directory: other, Municipality: "架空市", Pattern: byFolder})
		files["架空市/令和6年度/総務部/人事課/d.csv"] = "一"
		p.want("新3 改0 同0 去0 失0; 新1 改0 同0 去0 失0", files)
		most := 100 * time.Second
		if idle > 0 {
			most = 40 * time.Second
		}
		if err := server.Signal(syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		got := p.pull()
		t.Logf("%s: frozen before the listing, left after %v: %s", name, time.Since(began), got)
		if !strings.HasPrefix(got, "新0 改0 同0 去0 失0 rclone が share: に届きません（") ||
			!strings.HasSuffix(got, "; 新0 改0 同1 去0 失0") || time.Since(began) > most {
			t.Errorf("%s after %v", got, time.Since(began))
		}
		if err := server.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		write(t, dir, "令和6年度/財政部/財政課/a.xlsx", "PK"+strings.Repeat("x", 60<<20)) // half a minute
		time.AfterFunc(4*time.Second, func() { _ = server.Signal(syscall.SIGSTOP) })
		began = time.Now()
		got = p.pull()
		t.Logf("%s: frozen in a file, left after %v: %s", name, time.Since(began), got)
		if !strings.HasPrefix(got, "新0 改0 同2 去0 失0 rclone が share: に届きません（") || time.Since(began) > most {
			t.Errorf("%s after %v", got, time.Since(began))
		}
		if q := p.problems(); len(q) != 2 || q[0].Department != "財政課" || !strings.Contains(q[0].What, "尋ねていません") {
			t.Errorf("%+v", q)
		}
		p.wantFiles(files)
	}
}

// A folder that the server may not read hides itself alone: where rclone says so, and where the server shows it empty.
func TestRcloneFolderThatMayNotBeRead(t *testing.T) {
	if trial.Only(t); !trial.AsNobody(t) {
		return
	}
	for _, local := range []bool{true, false} {
		dir := t.TempDir()
		files := threeFiles(t, dir)
		source, _ := webDAV(t, dir)
		if local {
			write(t, filepath.Dir(source.RcloneConfig), "rclone.conf", "[share]\ntype = alias\nremote = "+dir+"\n")
		}
		p := newPen(t, source)
		p.want("新3 改0 同0 去0 失0", files)
		shut := filepath.Join(dir, "令和6年度/財政部/財政課")
		if err := os.Chmod(shut, 0); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(shut, 0o755) })
		p.want("新0 改0 同2 去0 失1", files, "source_failed "+departmentAt("財政課")+" ")
	}
}

// A share that rclone shows empty has not lost its files.
func TestRcloneFoldersThatEmpty(t *testing.T) {
	trial.Only(t)
	dir := t.TempDir()
	files := threeFiles(t, dir)
	source, _ := webDAV(t, dir)
	p := newPen(t, source)
	p.want("新3 改0 同0 去0 失0", files)
	if err := os.Remove(filepath.Join(dir, "令和6年度/財政部/財政課/a.xlsx")); err != nil {
		t.Fatal(err)
	}
	p.want("新0 改0 同2 去0 失1", files, "source_failed "+departmentAt("財政課")+" フォルダ 令和6年度/財政部/財政課 に、")
	if err := os.RemoveAll(filepath.Join(dir, "令和6年度")); err != nil {
		t.Fatal(err)
	}
	p.want("新0 改0 同0 去0 失0 調査票が一つもありません。共有フォルダが外れていないか、場所が変わっていないか、確かめてください。", files,
		"source_failed 調査票が一つも")
}

func TestRcloneReachesWebDAV(t *testing.T) {
	trial.Only(t)
	dir := t.TempDir()
	source, _ := webDAV(t, dir)
	config, err := os.ReadFile(source.RcloneConfig)
	if err != nil {
		t.Fatal(err)
	}
	throughRclone(t, dir, string(config), source.Rclone)
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
	if err := os.RemoveAll(filepath.Join(dir, "令和6年度/財政部/税務課")); err != nil {
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
