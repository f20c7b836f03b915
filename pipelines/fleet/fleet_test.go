package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/minio/minio-go/v7"
)

// asProgram makes the test binary behave as the program, so that workers are processes that can be killed.
const asProgram = "KYOGIKAI_FLEET_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		os.Exit(exitDone)
	}
	os.Exit(m.Run())
}

// onlyTrial skips a test that is a trial, as kyogikai/pipelines/trial does: this is a module of its own.
func onlyTrial(t *testing.T) {
	t.Helper()
	if os.Getenv("KYOGIKAI_TRIAL") != "1" {
		t.Skipf("a trial, for a release: make trial runs it, or KYOGIKAI_TRIAL=1 go test -run '^%s$'", t.Name())
	}
}

// built is the city's program and a tree of simulated municipalities.
func built(t *testing.T) (program, inputs string) {
	t.Helper()
	dir := t.TempDir()
	program = filepath.Join(dir, "kyogikai")
	for _, args := range [][]string{
		{"build", "-o", program, "."},
		{"run", "./pipelines/simulate/cmd", "-municipalities", "5", "-workbooks", "6", dir},
	} {
		c := exec.Command("go", args...)
		c.Dir = "../.."
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("go %v: %v\n%s", args, err, out)
		}
	}
	return program, filepath.Join(dir, "inputs")
}

// postgres starts a server of its own on loopback, from Debian's package.
func postgres(t *testing.T) (database string) {
	t.Helper()
	bins, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(bins) == 0 {
		t.Fatal("PostgreSQL がありません。make tools か apt-get install postgresql で入れてください")
	}
	bin := bins[len(bins)-1]
	dir, err := os.MkdirTemp("", "kyogikai-postgres")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	attr := &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if os.Getuid() == 0 { // the server refuses to run as root
		u, err := user.Lookup("postgres")
		if err != nil {
			t.Fatal(err)
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		if err := os.Chown(dir, uid, gid); err != nil {
			t.Fatal(err)
		}
		attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	data := filepath.Join(dir, "data")
	initialise := exec.Command(
		filepath.Join(bin, "initdb"), "-D", data, "-A", "trust", "-U", "fleet", "-E", "UTF8", "--locale=C", "--no-sync",
	)
	initialise.Dir, initialise.SysProcAttr = dir, attr
	if out, err := initialise.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	var said bytes.Buffer
	server := exec.Command(
		filepath.Join(bin, "postgres"), "-D", data, "-p", strconv.Itoa(port), "-c", "listen_addresses=127.0.0.1",
		"-c", "unix_socket_directories="+dir, "-c", "fsync=off",
	)
	server.Dir, server.Stdout, server.Stderr = dir, &said, &said
	server.SysProcAttr = &syscall.SysProcAttr{Credential: attr.Credential}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGQUIT)
		_ = server.Wait()
	})
	database = fmt.Sprintf("postgres://fleet@127.0.0.1:%d/postgres?sslmode=disable", port)
	for began := time.Now(); time.Since(began) < 2*time.Minute; time.Sleep(50 * time.Millisecond) {
		if pool, err := pgxpool.New(t.Context(), database); err == nil {
			err = pool.Ping(t.Context())
			pool.Close()
			if err == nil {
				return database
			}
		}
	}
	t.Fatalf("PostgreSQL did not start: %s", said.String())
	return ""
}

// bucket starts an S3-compatible server on loopback with what the departments have sent.
func bucket(t *testing.T, inputs string) (place string, s *store) {
	t.Helper()
	server := httptest.NewServer(gofakes3.New(s3mem.New()).Server())
	t.Cleanup(server.Close)
	place = server.URL + "/council"
	s, err := openStore(place, "key", "secret")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.client.MakeBucket(t.Context(), s.bucket, minio.MakeBucketOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := s.upload(t.Context(), inputs, "inputs/"); err != nil {
		t.Fatal(err)
	}
	return place, s
}

// machines are the servers and the environment that every process of the fleet gets.
type machines struct {
	t        *testing.T
	env      []string
	program  string
	inputs   string
	store    *store
	database string
}

func newMachines(t *testing.T) *machines {
	program, inputs := built(t)
	database := postgres(t)
	place, s := bucket(t, inputs)
	env := append(os.Environ(), asProgram+"=1", "KYOGIKAI_FLEET_DATABASE="+database, "KYOGIKAI_FLEET_STORE="+place,
		"AWS_ACCESS_KEY_ID=key", "AWS_SECRET_ACCESS_KEY=secret")
	return &machines{t, env, program, inputs, s, database}
}

// begin starts a process of the fleet.
func (m *machines) begin(out io.Writer, args ...string) *exec.Cmd {
	m.t.Helper()
	exe, err := os.Executable()
	if err != nil {
		m.t.Fatal(err)
	}
	c := exec.Command(exe, args...)
	c.Env, c.Stdout, c.Stderr = m.env, out, out
	if err := c.Start(); err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	return c
}

// do runs a verb to its end.
func (m *machines) do(args ...string) (code int, out string) {
	m.t.Helper()
	var said bytes.Buffer
	c := m.begin(&said, args...)
	_ = c.Wait() // how it ended is the code
	return c.ProcessState.ExitCode(), said.String()
}

// city runs the city's program.
func (m *machines) city(args ...string) string {
	m.t.Helper()
	out, err := exec.Command(m.program, append([]string{"--config", "../../kyogikai.yaml"}, args...)...).CombinedOutput()
	var ended *exec.ExitError
	if err != nil && (!errors.As(err, &ended) || ended.ExitCode() != exitFindings) {
		m.t.Fatalf("kyogikai %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// tables are the sums of every table of a published file.
func (m *machines) tables(outputs string) string {
	m.t.Helper()
	var b strings.Builder
	list := m.city("sql", "--outputs", outputs, "--format", "csv", "--encoding", "utf-8",
		`SELECT schema_name || '.' || table_name AS name
		FROM duckdb_tables() WHERE schema_name IN ('raw', 'staging', 'marts', 'meta') AND table_name <> 'runs' ORDER BY 1`)
	names := strings.Split(strings.TrimSpace(list), "\n")[1:]
	if len(names) < 30 {
		m.t.Fatalf("%d tables", len(names))
	}
	for _, name := range names {
		name = strings.TrimSpace(name)
		b.WriteString(name + m.city(
			"sql", "--outputs", outputs, "--format", "csv", "--encoding", "utf-8",
			"SELECT count(*), sum(hash(t::VARCHAR)) FROM "+name+" AS t",
		))
	}
	return b.String()
}

func published(outputs string) bool {
	_, err := os.Lstat(filepath.Join(outputs, "warehouse", "current.duckdb"))
	return err == nil
}

// longest ends a test that would hang: nothing takes so long, on however busy a machine.
const longest = 5 * time.Minute

func waitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for began := time.Now(); !ok(); time.Sleep(100 * time.Millisecond) {
		if time.Since(began) > longest {
			t.Fatalf("waited %s for %s", longest, what)
		}
	}
}

// Three workers read five municipalities; one is killed in the middle of one. Nothing is published until another has
// done that too, and then every table is what one machine makes.
func TestKilledWorker(t *testing.T) {
	onlyTrial(t)
	m := newMachines(t)
	outputs, alone := filepath.Join(t.TempDir(), "outputs"), filepath.Join(t.TempDir(), "outputs")
	if code, out := m.do("start", "night"); code != exitDone || !strings.Contains(out, "新しく並べた仕事5") {
		t.Fatalf("start: %d %s", code, out)
	}
	if code, out := m.do("start", "night"); code != exitDone || !strings.Contains(out, "新しく並べた仕事0") {
		t.Errorf("a municipality has two jobs: %d %s", code, out)
	}
	// The first worker's program never ends, so that the kill comes in the middle of its job.
	began := filepath.Join(t.TempDir(), "began")
	stuck := filepath.Join(t.TempDir(), "stuck")
	if err := os.WriteFile(stuck, []byte("#!/bin/sh\ntouch '"+began+"'\nexec sleep 600\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	flags := []string{"-config", "../../kyogikai.yaml", "-longest", "20s"}
	first := m.begin(io.Discard, append([]string{"work", "-kyogikai", stuck}, flags...)...)
	waitFor(t, "a job to begin", func() bool { _, err := os.Stat(began); return err == nil })
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	var said [2]bytes.Buffer
	var others [2]*exec.Cmd
	for i := range others {
		others[i] = m.begin(&said[i], append([]string{"work", "-kyogikai", m.program}, flags...)...)
	}
	var merged bytes.Buffer
	merge := m.begin(
		&merged, "merge", "-kyogikai", m.program, "-config", "../../kyogikai.yaml", "-outputs", outputs, "-look", "200ms",
		"night",
	)
	waitFor(t, "the other four", func() bool {
		_, out := m.do("status", "night")
		return strings.Contains(out, "済み4、残り1")
	})
	if published(outputs) {
		t.Fatal("a part of the country was published")
	}
	_ = merge.Wait() // how it ended is the code
	if code := merge.ProcessState.ExitCode(); code != exitFindings && code != exitDone {
		t.Fatalf("merge: %d %s", code, merged.String())
	}
	if code, out := m.do("status", "night"); code != exitDone || !strings.Contains(out, "済み5、残り0") {
		t.Errorf("status: %d %s", code, out)
	}
	m.city("load", "--inputs", m.inputs, "--outputs", alone)
	if got, want := m.tables(outputs), m.tables(alone); got != want {
		t.Errorf("the fleet's tables differ:\n%s\nwant\n%s", got, want)
	}
	for i, c := range others {
		if err := c.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if err := c.Wait(); err != nil {
			t.Errorf("worker %d: %v %s", i, err, said[i].String())
		}
	}
	m.spoil(outputs)
}

// spoil takes a file of one share out of the store: the run is not published again, and what was stays.
func (m *machines) spoil(outputs string) {
	m.t.Helper()
	before, err := os.Readlink(filepath.Join(outputs, "warehouse", "current.duckdb"))
	if err != nil {
		m.t.Fatal(err)
	}
	var victim string
	err = m.store.list(m.t.Context(), "runs/night/shards/", func(name string) error {
		if strings.HasSuffix(name, ".parquet") {
			victim = name
		}
		return nil
	})
	if err == nil {
		err = m.store.client.RemoveObject(m.t.Context(), m.store.bucket, victim, minio.RemoveObjectOptions{})
	}
	if err != nil || victim == "" {
		m.t.Fatalf("%q, %v", victim, err)
	}
	code, out := m.do("merge", "-kyogikai", m.program, "-config", "../../kyogikai.yaml", "-outputs", outputs, "night")
	if code != exitFailed || !strings.Contains(out, "がありません。この分担をやり直してください") {
		m.t.Errorf("a share without a file: %d %s", code, out)
	}
	if err := m.store.client.RemoveObject(
		m.t.Context(), m.store.bucket, "runs/night/done/0002-of-0005.json", minio.RemoveObjectOptions{},
	); err != nil {
		m.t.Fatal(err)
	}
	code, out = m.do("merge", "-kyogikai", m.program, "-config", "../../kyogikai.yaml", "-outputs", outputs, "night")
	if code != exitFailed || !strings.Contains(out, "5自治体のうち4しか済んでおらず") {
		m.t.Errorf("a share that is not there: %d %s", code, out)
	}
	// What a department corrects after its share is done is not published unread: merge refuses, start asks for it again.
	if err := m.store.put(m.t.Context(), "inputs/模擬0003市/判断.csv", "path,decision"); err != nil {
		m.t.Fatal(err)
	}
	if err := m.store.put(m.t.Context(), "runs/night/done/0002-of-0005.json", done{
		"模擬0002市", "1", "other workbooks",
	}); err != nil {
		m.t.Fatal(err)
	}
	code, out = m.do("merge", "-kyogikai", m.program, "-config", "../../kyogikai.yaml", "-outputs", outputs, "night")
	if code != exitFailed || !strings.Contains(out, "模擬0002市 の調査票が、読んだ後に変わりました") {
		m.t.Errorf("a share of workbooks that have changed: %d %s", code, out)
	}
	if code, out := m.do("start", "night"); code != exitDone || !strings.Contains(out, "新しく並べた仕事2") {
		m.t.Errorf("what has changed since: %d %s", code, out)
	}
	if now, err := os.Readlink(filepath.Join(outputs, "warehouse", "current.duckdb")); err != nil || now != before {
		m.t.Errorf("%s is published instead of %s: %v", now, before, err)
	}
}

// A job that cannot be done is told by status and merge, and nothing is published.
func TestFailedMunicipality(t *testing.T) {
	onlyTrial(t)
	m := newMachines(t)
	if code, out := m.do("merge", "never"); code != exitFailed || !strings.Contains(out, "始まっていません") {
		t.Errorf("a run that nobody started: %d %s", code, out)
	}
	if code, out := m.do("start", "night"); code != exitDone {
		t.Fatalf("start: %d %s", code, out)
	}
	// The list of municipalities changes under the run: no share can be trusted.
	if err := m.store.put(
		t.Context(), planName("night"), plan{[]string{"模擬0002市", "模擬0001市", "模擬0003市", "模擬0004市", "模擬0005市"}},
	); err != nil {
		t.Fatal(err)
	}
	worker := m.begin(io.Discard, "work", "-kyogikai", m.program, "-config", "../../kyogikai.yaml")
	waitFor(t, "the failures", func() bool {
		code, out := m.do("status", "night")
		return code == exitFindings && strings.Contains(out, "済み3、残り0、できなかったもの2")
	})
	outputs := filepath.Join(t.TempDir(), "outputs")
	code, out := m.do("merge", "-kyogikai", m.program, "-config", "../../kyogikai.yaml", "-outputs", outputs, "night")
	if code != exitFailed || !strings.Contains(out, "2自治体を読めませんでした") || !strings.Contains(out, "模擬0001市：") ||
		published(outputs) {
		t.Errorf("merge: %d %s", code, out)
	}
	if code, out := m.do("start", "night"); code != exitFailed || !strings.Contains(out, "別の実行名で始めてください") {
		t.Errorf("start over another list: %d %s", code, out)
	}
	// Once it is right again, asking again is enough: what failed before counts no more.
	if err := m.store.put(
		t.Context(), planName("night"), plan{[]string{"模擬0001市", "模擬0002市", "模擬0003市", "模擬0004市", "模擬0005市"}},
	); err != nil {
		t.Fatal(err)
	}
	if code, out := m.do("start", "night"); code != exitDone || !strings.Contains(out, "新しく並べた仕事2") {
		t.Errorf("start again: %d %s", code, out)
	}
	code, out = m.do(
		"merge", "-kyogikai", m.program, "-config", "../../kyogikai.yaml", "-outputs", outputs, "-look", "200ms", "night",
	)
	if code != exitDone && code != exitFindings || !published(outputs) || !strings.Contains(out, "更新しました") {
		t.Errorf("merge after start again: %d %s", code, out)
	}
	if code, out := m.do("status", "night"); code != exitDone || !strings.Contains(out, "済み5、残り0、できなかったもの0") {
		t.Errorf("status: %d %s", code, out)
	}
	_ = worker.Process.Signal(syscall.SIGTERM)
	_ = worker.Wait()
	if err := m.store.put(t.Context(), "inputs/か\u3099んばる町/x.csv", "x"); err != nil {
		t.Fatal(err)
	}
	if code, out := m.do("start", "again"); code != exitFailed || !strings.Contains(out, "名前を付け直してください") {
		t.Errorf("a name in other letters: %d %s", code, out)
	}
}

// Names that the two programs would see differently are refused.
func TestUsable(t *testing.T) {
	for name, ok := range map[string]bool{
		"八戸市": true, "がんばる町": true, "か\u3099んばる町": false, ".市": false, "~$市": false, "..": false, `a\b`: false, "": false,
	} {
		if err := usable(name); (err == nil) != ok {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// Every mistake on the command line is told with what to do.
func TestUsage(t *testing.T) {
	env := map[string]string{"KYOGIKAI_FLEET_DATABASE": "postgres://x", "KYOGIKAI_FLEET_STORE": "http://127.0.0.1:1/b"}
	for _, c := range []struct {
		args []string
		drop string
		want string
	}{
		{nil, "", "命令を書いてください"},
		{[]string{"fly"}, "", "命令「fly」はありません"},
		{[]string{"start"}, "", "実行名を一つ"},
		{[]string{"start", "a/b"}, "", "実行名を一つ"},
		{[]string{"merge", "a", "b"}, "", "実行名を一つ"},
		{[]string{"status", "a"}, "KYOGIKAI_FLEET_DATABASE", "KYOGIKAI_FLEET_DATABASE に"},
		{[]string{"status", "a"}, "KYOGIKAI_FLEET_STORE", "KYOGIKAI_FLEET_STORE に"},
	} {
		var said bytes.Buffer
		err := run(context.Background(), c.args, func(name string) string {
			if name == c.drop {
				return ""
			}
			return env[name]
		}, io.Discard, &said)
		var ended *exitError
		if !errors.As(err, &ended) || ended.code != exitUsage || !strings.Contains(said.String(), c.want) {
			t.Errorf("%v: %v %s", c.args, err, said.String())
		}
	}
}
