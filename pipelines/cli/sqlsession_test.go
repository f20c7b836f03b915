package cli

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/trial"
	"kyogikai/pipelines/warehouse"
)

// generated are the statements of hostile.sql that are too long to stand there, by the expression that does.
var generated = map[string]func() string{
	`"SELECT " + "("*20000 + "1" + ")"*20000`: func() string { return nested("SELECT ", "(", "1", ")", 20_000) },
	`"SELECT " + "+".join(["1"]*50000)`:       func() string { return "SELECT 1" + strings.Repeat("+1", 49_999) },
	`"SELECT " + "NOT "*50000 + "true"`:       func() string { return nested("SELECT ", "NOT ", "true", "", 50_000) },
	`"SELECT NULL::INTEGER" + "[]"*20000`: func() string {
		return nested("SELECT NULL::INT", "", "", "[]", 20_000)
	},
	`"SELECT " + "[" * 5000 + "1" + "]"*5000`:      func() string { return nested("SELECT ", "[", "1", "]", 5000) },
	`"SELECT " + "{'a':" * 5000 + "1" + "}"*5000`:  func() string { return nested("SELECT ", "{'a':", "1", "}", 5000) },
	`"SELECT " + "(SELECT "*3000 + "1" + ")"*3000`: func() string { return nested("SELECT ", "(SELECT ", "1", ")", 3000) },
	`"WITH " + ",".join(f"a{i} AS (SELECT * FROM a{i-1} UNION ALL SELECT * FROM a{i-1})" ` +
		`if i else "a0 AS (SELECT 1 AS x)" for i in range(40)) + " SELECT count(*) FROM a39"`: doubled,
	`"SELECT 'x' IN (" + ",".join("'%d'"%i for i in range(500000)) + ")"`: func() string {
		var b strings.Builder
		for i := range 500_000 {
			fmt.Fprintf(&b, ",'%d'", i)
		}
		return "SELECT 'x' IN (" + b.String()[1:] + ")"
	},
}

func nested(before, open, inside, end string, times int) string {
	return before + strings.Repeat(open, times) + inside + strings.Repeat(end, times)
}

// doubled is a query of two to the thirty-ninth rows.
func doubled() string {
	parts := []string{"a0 AS (SELECT 1 AS x)"}
	for i := 1; i < 40; i++ {
		parts = append(parts, fmt.Sprintf("a%d AS (SELECT * FROM a%d UNION ALL SELECT * FROM a%d)", i, i-1, i-1))
	}
	return "WITH " + strings.Join(parts, ",") + " SELECT count(*) FROM a39"
}

// others like them.
var otherHostile = []string{
	"SELECT string_agg(repeat('x', 100000), '') FROM range(1000000)", "SELECT list(range) FROM range(1000000000)",
	"SELECT jaro_winkler_similarity(repeat('a', 200000), repeat('b', 200000))",
	"SELECT list_aggregate(range(1000000000), 'sum')", "SELECT len(list_distinct(range(100000000)))",
	"SELECT unnest(range(1000000000))", "SELECT bit_count(repeat('1', 900000000)::BIT)",
	"SELECT length(strip_accents(repeat('é', 500000000)))", "SELECT sha256(repeat('x', 2000000000))",
	"SELECT length(url_encode(repeat('あ', 300000000)))", "SELECT length(to_base64(repeat('x', 1000000000)::BLOB))",
	"SELECT length(reverse(repeat('あ', 300000000)))", "SELECT json_group_array(range) FROM range(100000000)",
	"SELECT regexp_replace(repeat('ab', 10000000), '(a|b)*c', '')", "SELECT sleep_ms(1000000)", "SELECT pg_sleep(1000000)",
	"WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t",
	"SELECT * FROM range(1000000000) ORDER BY random()",
	"SELECT a.range || b.range FROM range(1000000) a, range(1000000) b",
	"SELECT histogram(a.range * b.range) FROM range(100000) a, range(100000) b",
	"SELECT repeat(repeat('x', 1000000), 1000) FROM range(1000)", "SELECT * FROM range(20000000)",
	nested("SELECT ", "CASE WHEN true THEN ", "1", " END", 5000), nested("SELECT ", "abs(", "1", ")", 20_000),
	nested("SELECT 1", "", "", ",1", 200_000), nested("SELECT 1", "", "", " UNION ALL SELECT 1", 20_000),
	nested("SELECT ", "/*", "", "*/", 100_000) + "1", nested("EXPLAIN SELECT ", "(", "1", ")", 20_000),
	"SELECT '" + strings.Repeat("あ", 2_000_000) + "'",
}

// hostileStatements are those of testdata/hostile.sql, and others like them.
func hostileStatements(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(startDir, "testdata", "hostile.sql"))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, s := range strings.Split(string(data), "\n----\n") {
		s = strings.Trim(s, "\n")
		expression, isMade := strings.CutPrefix(s, "@")
		switch made, known := generated[expression]; {
		case !isMade:
			s = strings.TrimPrefix(s, "#before ")
		case known:
			s = made()
		default:
			if s, err = strconv.Unquote(expression); err != nil {
				t.Fatalf("what is %s", expression)
			}
		}
		out = append(out, s)
	}
	if len(out) < 160 {
		t.Fatalf("%d statements", len(out))
	}
	return append(out, otherHostile...)
}

// Within what every hostile statement ends, whatever it is, on a machine that does nothing else.
const (
	hostileTime   = 20 * time.Second
	hostileMemory = 1_500_000_000
)

// outcome is how a statement ended.
type outcome struct {
	out, err string
	code     int
	took     time.Duration
	peak     int64
}

// hostileRun runs a statement in the program as it is built for people, and watches it.
func (c *city) hostileRun(statement string, args ...string) outcome {
	c.t.Helper()
	args = append([]string{"sql", "--format", "csv", "--encoding", "utf-8"}, args...)
	cmd := c.command()
	if len(statement) > 100_000 || strings.Contains(statement, "\x00") {
		cmd.Args, cmd.Stdin = append(cmd.Args, append(args, "-")...), strings.NewReader(statement)
	} else {
		cmd.Args = append(cmd.Args, append(args, statement)...)
	}
	if err := os.MkdirAll(filepath.Join(c.dir, "tmp"), 0o755); err != nil {
		c.t.Fatal(err)
	}
	cmd.Env = append(cmd.Env, "TMPDIR="+filepath.Join(c.dir, "tmp"))
	var out, said ending
	cmd.Stdout, cmd.Stderr = &out, &said
	began := time.Now()
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	peak := trial.Watch(cmd.Process.Pid)
	err := cmd.Wait()
	o := outcome{string(out), string(said), cmd.ProcessState.ExitCode(), time.Since(began), peak()}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		c.t.Fatal(err)
	}
	return o
}

// ending keeps the last of what is written to it.
type ending []byte

func (e *ending) Write(p []byte) (int, error) {
	const kept = 4096
	*e = append(*e, p...)
	*e = (*e)[max(0, len(*e)-kept):]
	return len(p), nil
}

// held says what is wrong with how a statement ended, "" for nothing.
func (o outcome) held() string {
	switch {
	case o.code != exitDone && o.code != exitFailed:
		return fmt.Sprintf("exit %d", o.code)
	case o.code == exitFailed && strings.TrimSpace(o.err) == "":
		return "nothing is said"
	case dumped(o.err) || dumped(o.out):
		return "a dump"
	case len(o.err) > 2000:
		return "more than a sentence"
	case o.peak > hostileMemory:
		return fmt.Sprintf("%d MB", o.peak>>20)
	case o.took > hostileTime:
		return o.took.String()
	}
	return ""
}

func dumped(s string) bool {
	for _, sign := range []string{
		"goroutine ", "SIGSEGV", "SIGABRT", "fatal error", "terminate called", "runtime.", "panic:",
	} {
		if strings.Contains(s, sign) {
			return true
		}
	}
	return false
}

// published is a digest of the published file, and the names beside it.
func (c *city) published() string {
	c.t.Helper()
	path, _, err := warehouse.Current(filepath.Join(c.outputs, "warehouse"))
	if err != nil {
		c.t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		c.t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(c.outputs, "warehouse", "*"))
	if err != nil {
		c.t.Fatal(err)
	}
	return fmt.Sprintf("%x %q", sha256.Sum256(data), names)
}

// hostileArgs is the time that a trial gives each hostile statement. HOSTILE=all gives the usual, and takes half an
// hour.
func hostileArgs() []string {
	if os.Getenv("HOSTILE") == "all" {
		return nil
	}
	return []string{"--timeout", "3s"}
}

// Every hostile statement is refused, cut, or answered, within limits, and says so in a sentence. At every push only
// some of them, with little time; the others are refused in TestHostileQueriesAreRefused.
func TestHostileStatementsEnd(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.mustRun("load")
	before := c.published()
	all := hostileStatements(t)
	var some []string
	var args []string
	if trial.On() {
		some, args = all, hostileArgs()
	} else {
		args = []string{"--timeout", "1s", "--memory", "300MB"}
		for i, s := range all {
			if i >= 50 && i < 160 && i%9 == 0 || slices.Contains([]int{2, 20, 22, 26, 33, 35, 48, 159}, i) {
				some = append(some, s)
			}
		}
	}
	for _, s := range some {
		o := c.hostileRun(s, args...)
		if wrong := o.held(); wrong != "" {
			t.Errorf("%.100s: %s\n%s", s, wrong, o.err)
		}
		if trial.On() {
			t.Logf("%5.1f s %5d MB  exit %d  %.60s  %.60s", o.took.Seconds(), o.peak>>20, o.code, s, o.err)
		}
	}
	if now := c.published(); now != before {
		t.Errorf("%s\n%s", before, now)
	}
	if left, _ := filepath.Glob(filepath.Join(c.dir, "tmp", "*")); len(left) != 0 {
		t.Errorf("left behind: %q", left)
	}
}

// A dialogue survives all of them, and goes on with what it was told before.
func TestHostileStatementsInADialogue(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.use(0)
	c.mustRun("load")
	c.use(1)
	c.mustRun("load")
	before := c.published()
	cmd := c.command(append([]string{"sql"}, hostileArgs()...)...)
	if !trial.On() {
		cmd = c.command("sql", "--timeout", "1s", "--memory", "300MB")
	}
	d := talkTo(t, cmd)
	d.says("", ".quit で終わり")
	d.says(".before 前回\r", "before は")
	peak := trial.Watch(cmd.Process.Pid)
	for i, s := range hostileStatements(t) {
		typeable := !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\n' }) && len(s) < 1000
		if !typeable || !trial.On() && !slices.Contains([]int{20, 22, 35, 50, 100, 125, 159}, i) {
			continue
		}
		d.says(strings.ReplaceAll(s, "\n", " ")+" ;\r", "")
		began := time.Now()
		d.says(fmt.Sprintf("SELECT 'answer' || '%d';\r", i), fmt.Sprintf("answer%d", i))
		if took := time.Since(began); trial.On() && took > hostileTime {
			t.Errorf("%s: %v", s, took)
		}
	}
	said := d.says("SELECT count(*) AS 前のもの FROM before.marts.yearly;\r", "前のもの")
	if strings.Contains(said, "がありません") {
		t.Errorf("the run to compare with is forgotten: %s", said)
	}
	d.mu.Lock()
	all := d.text.String()
	d.mu.Unlock()
	if dumped(all) {
		t.Errorf("a dump: %s", all)
	}
	for _, sentence := range []string{
		"を過ぎたので打ち切りました", "問合せの途中でデータベースが止まりました", "この接続で作った一時的な表はなくなりました",
	} {
		if !strings.Contains(strings.ReplaceAll(all, "\r\n", ""), sentence) {
			t.Errorf("does not say %s", sentence)
		}
	}
	if most := peak(); most > hostileMemory {
		t.Errorf("%d MB", most>>20)
	}
	if now := c.published(); now != before {
		t.Errorf("%s\n%s", before, now)
	}
	if _, err := io.WriteString(d.tty, "\x04"); err != nil {
		t.Fatal(err)
	}
	select {
	case <-d.ended:
	case <-time.After(longestWait):
		t.Error("Ctrl-D does not end the dialogue")
	}
	history, err := os.ReadFile(filepath.Join(d.home, ".kyogikai_history"))
	if err != nil || !strings.Contains(string(history), ".before 前回\n") ||
		!strings.Contains(string(history), "'answer' || '20'") {
		t.Errorf("the history: %.200s, %v", history, err)
	}
}

// What a query ended over is said in one sentence, kept in the log, and is exit 1.
func TestOverLimits(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	settings, err := os.ReadFile(filepath.Join(c.dir, "kyogikai.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	limits := "\nlimits:\n  sql_output: 1MB\n  sql_rows: 1000\n  sql_cpu: 1秒\n  sql_time: 10秒\n  sql_memory: 256MB\n"
	c.write("kyogikai.yaml", append(settings, limits...))
	c.mustRun("load")
	for query, says := range map[string]string{
		"FROM range(1001)":                                                     "1000行を超えたので",
		"SELECT repeat('x', 10000) FROM range(200)":                            "1MBを超えたので",
		"SELECT damerau_levenshtein(repeat('a', 30000), repeat('b', 30000))":   "メモリの上限（256MB）を超えたので",
		"SELECT regexp_matches(repeat('a', 10000000), '(.*a){1000}')":          "CPUの時間の上限（1秒）を超えたので",
		"SELECT json_structure(repeat('[', 100000) || repeat(']', 100000))":    "データベースが止まりました",
		"SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000) b": "CPUの時間の上限（1秒）を超えたので",
	} {
		o := c.hostileRun(query)
		if o.code != exitFailed || !strings.Contains(o.err, says) || strings.Count(strings.TrimSpace(o.err), "\n") > 0 {
			t.Errorf("%s: exit %d: %s", query, o.code, o.err)
		}
		log, err := filepath.Glob(filepath.Join(c.outputs, "queries", "*.jsonl"))
		if err != nil || len(log) != 1 {
			t.Fatalf("%q, %v", log, err)
		}
		lines, err := os.ReadFile(log[0])
		all := strings.Split(strings.TrimSpace(string(lines)), "\n")
		if last := all[len(all)-1]; err != nil || !strings.Contains(last, says) || !strings.Contains(last, query[:15]) {
			t.Errorf("the log of %s: %s, %v", query, last, err)
		}
	}
	if o := c.hostileRun("SELECT sleep_ms(60000)", "--timeout", "500ms"); !strings.Contains(o.err, "0.5秒を過ぎたので") {
		t.Errorf("exit %d: %s", o.code, o.err)
	}
	for _, query := range []string{"FROM range(1000)", "SELECT repeat('x', 10000) FROM range(100)"} {
		if o := c.hostileRun(query, "--timeout", "9s"); o.code != exitDone || o.err != "" {
			t.Errorf("%s: exit %d: %s", query, o.code, o.err)
		}
	}
}

// The process of a session has the room of the table of limits, and more time and processor for who asks for them.
func TestLimitsOfASession(t *testing.T) {
	t.Parallel()
	set := limits.Default()
	if set.SQLTime+grace > hostileTime-5*time.Second { // a machine that has other work is slow to start and to end
		t.Errorf("a query may take %v", set.SQLTime)
	}
	for timeout, cpu := range map[time.Duration]time.Duration{
		set.SQLTime: set.SQLCPU, set.SQLTime - 1: set.SQLCPU, 2 * set.SQLTime: 2 * set.SQLCPU, time.Second: set.SQLCPU,
	} {
		s := supervisor{opts: sqlOptions{timeout: timeout, most: set.SQLMemory}, env: project.Env{}}
		s.env.Settings.Limits = set
		l := s.limits("/folder")
		if l.CPU != cpu || l.Time != timeout+grace || l.Memory != set.SQLMemory+roomBesideEngine || l.Folder != "/folder" ||
			l.FileSize != set.SQLSpill {
			t.Errorf("%v: %+v", timeout, l)
		}
	}
	for text, want := range map[string]int64{
		"1GB": 1 << 30, "300MB": 300 << 20, "1.5 GiB": 3 << 29, "512KB": 512 << 10, "0MB": 0, "1TB": 0, "lots": 0,
		"": 0, "GB": 0,
	} {
		if got := bytesOf(text); got != want {
			t.Errorf("%q is %d bytes, want %d", text, got, want)
		}
	}
}

// How long a reader takes to read is not the query's time.
func TestASlowReaderGetsAll(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.mustRun("load")
	cmd := c.command("sql", "--format", "csv", "--timeout", "600ms", "SELECT range FROM range(200000)")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(4500 * time.Millisecond) // longer than the time of the query and all grace
	all, err := io.ReadAll(out)
	if failed := cmd.Wait(); err != nil || failed != nil || !strings.HasSuffix(string(all), "\n199999\n") {
		t.Errorf("%d bytes, %v, %v", len(all), err, failed)
	}
	// One that reads no further ends it.
	cmd = c.command("sql", "--format", "csv", "SELECT range FROM range(2000000)")
	if out, err = cmd.StdoutPipe(); err != nil {
		t.Fatal(err)
	}
	var said ending
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, 100)); err != nil {
		t.Fatal(err)
	}
	_ = out.Close()
	if err := cmd.Wait(); err == nil || len(said) > 0 {
		t.Errorf("%v: %s", err, said)
	}
}

// Told to stop, the program stops with its process, and says so once.
func TestStoppedQuery(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.mustRun("load")
	for _, query := range []string{
		"SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b",
		"SELECT regexp_matches(repeat('a', 10000000), '(.*a){1000}')", // it does not listen
	} {
		cmd := c.command("sql", query)
		var said ending
		cmd.Stderr = &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(700 * time.Millisecond)
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || strings.Count(string(said), "中断しました") != 1 {
			t.Errorf("exit %d: %s", code, said)
		}
	}
}
