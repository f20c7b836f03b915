package cli

import (
	"context"
	"crypto/sha256"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/trial"
	"kyogikai/pipelines/warehouse"
)

// hostile are statements that try more than to read, with the word by which they are refused.
var hostile = []struct{ query, says string }{
	// files and the network
	{"SELECT * FROM read_csv('/etc/passwd')", "外のファイル"},
	{"SELECT content FROM read_text('/etc/passwd')", "外のファイル"},
	{"SELECT * FROM read_blob('/etc/shadow')", "外のファイル"},
	{"SELECT * FROM read_parquet('/tmp/x.parquet')", "外のファイル"},
	{"SELECT * FROM read_json('/tmp/x.json')", "外のファイル"},
	{"SELECT * FROM '/etc/passwd'", "がありません"},
	{"SELECT * FROM '/tmp/x.csv'", "外のファイル"},
	{"SELECT * FROM 'http://127.0.0.1/x.csv'", "外のファイル"},
	{"SELECT * FROM glob('/*')", "外のファイル"},
	{"SELECT * FROM sniff_csv('/etc/passwd')", "外のファイル"},
	{"SELECT * FROM duckdb_secrets()", "関数「duckdb_secrets」は使えません"},
	{"SELECT getenv('HOME')", "関数「getenv」がありません"},
	{"COPY marts.yearly TO '/tmp/stolen.csv'", "読むだけ"},
	{"COPY (SELECT 1) TO PROGRAM 'sh'", ""},
	{"EXPORT DATABASE '/tmp/stolen'", "読むだけ"},
	{"IMPORT DATABASE '/tmp/stolen'", "読むだけ"},
	{"ATTACH '/tmp/other.duckdb' AS o", "読むだけ"},
	{"ATTACH ':memory:' AS o", "読むだけ"},
	{"DETACH before", "読むだけ"},
	// extensions, settings, the catalogue
	{"INSTALL httpfs", "読むだけ"},
	{"LOAD httpfs", "読むだけ"},
	{"SET memory_limit = '100GB'", "読むだけ"},
	{"SET enable_external_access = true", "読むだけ"},
	{"RESET lock_configuration", "読むだけ"},
	{"PRAGMA threads = 64", "読むだけ"},
	{"PRAGMA database_list", "読むだけ"},
	{"CALL pragma_version()", "読むだけ"},
	{"CHECKPOINT", "読むだけ"},
	{"VACUUM", "読むだけ"},
	{"USE before", "読むだけ"},
	{"FROM enable_logging(storage = 'file', storage_path = '/tmp/x')", "関数「enable_logging」は使えません"},
	{"SELECT * FROM query('FROM enable_logging()')", "関数「query」は使えません"},
	{"SELECT write_log('x')", "関数「write_log」は使えません"},
	{"FROM checkpoint()", "関数「checkpoint」は使えません"},
	{"/* 読むだけ */ EXPLAIN DROP TABLE marts.yearly", "読むだけ"},
	// writing
	{"CREATE TABLE x AS SELECT 1", "読むだけ"},
	{"CREATE TEMP TABLE x AS SELECT 1", "読むだけ"},
	{"CREATE OR REPLACE MACRO percent(a, b) AS 0", "読むだけ"},
	{"INSERT INTO marts.yearly SELECT * FROM marts.yearly", "読むだけ"},
	{"UPDATE marts.yearly SET kind = 'x'", "読むだけ"},
	{"DELETE FROM marts.yearly", "読むだけ"},
	{"DROP TABLE marts.yearly", "読むだけ"},
	{"ALTER TABLE marts.yearly ADD COLUMN x INTEGER", "読むだけ"},
	{"BEGIN", "読むだけ"},
	{"SELECT 1; DROP TABLE marts.yearly", "読むだけ"},
	{"SELECT 1; SELECT 2", "一つだけ"},
	{"EXPLAIN ANALYZE DELETE FROM marts.yearly", "読むだけ"},
	{"WITH x AS (DELETE FROM marts.yearly RETURNING *) SELECT * FROM x", ""},
	{"", "空です"},
}

// tooMuch are statements without an end, by the limit that ends them. The other limit is then out of reach: it is
// always this one, on however slow a machine.
var tooMuch = []struct{ query, says string }{
	{"SELECT sum(a.range * b.range) FROM range(10000000) AS a, range(10000000) AS b", overTime},
	{"WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r", overTime},
	{"SELECT count(*) FROM range(100000000) AS a, range(100000000) AS b WHERE hash(a.range, b.range) = 7", overTime},
	{"SELECT sleep_ms(60000)", overTime},
	{"SELECT list(range) FROM range(1000000000)", overMemory},
	{"SELECT string_agg(repeat('x', 1000000), '') FROM range(10000)", overMemory},
	{sortOnDisk, overTime},
}

const (
	// It fills the room for temporary files, which takes a while: in a trial it is left to do so.
	sortOnDisk = "SELECT * FROM (SELECT hash(range) AS h, range::VARCHAR || repeat('y', 200) AS v " +
		"FROM range(300000000)) ORDER BY h, v"

	overTime   = "打ち切りました"
	overMemory = "上限を超えた"
)

// Nothing but reading is possible, and nothing without limits: each ends with a code and one clear sentence, and the
// published file stays as it is.
func TestHostileQueriesAreRefused(t *testing.T) {
	path, _, err := warehouse.Current(filepath.Join(outputs, "warehouse"))
	if err != nil {
		t.Fatal(err)
	}
	digest := func() [32]byte {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return sha256.Sum256(data)
	}
	before := digest()
	if len(hostile) < 40 {
		t.Fatalf("only %d statements", len(hostile))
	}
	refused := func(query, says, timeout, memory string) {
		t.Helper()
		stdout, stderr, code := run(context.Background(),
			"sql", "--format", "csv", "--timeout", timeout, "--memory", memory, "--outputs", outputs, query)
		if code == exitDone || stdout != "" {
			t.Errorf("%.60s: exit %d, %.100s", query, code, stdout)
		}
		if !strings.Contains(stderr, says) || strings.TrimSpace(stderr) == "" || strings.Contains(stderr, "goroutine") {
			t.Errorf("%.60s: does not say %s: %s", query, says, stderr)
		}
	}
	for _, h := range hostile {
		refused(h.query, h.says, "1h", "300MB")
	}
	for _, h := range tooMuch {
		if h.says == overTime {
			refused(h.query, h.says, "200ms", "1GB")
		} else {
			refused(h.query, h.says, "1h", "100MB")
		}
	}
	if trial.On() {
		refused(sortOnDisk, overMemory, "1h", "100MB")
	}
	if digest() != before {
		t.Error("the published file has changed")
	}
	for _, left := range []string{"/tmp/stolen.csv", "/tmp/stolen", "/tmp/other.duckdb"} {
		if _, err := os.Stat(left); err == nil {
			t.Errorf("written: %s", left)
		}
	}
}

// One text of four gigabytes, which the database's own limit of memory does not see, ends by that of the process, or by
// the time: which comes first, the machine decides. A process of its own makes it: the memory goes with it.
func TestOneLongTextIsRefused(t *testing.T) {
	trial.Only(t)
	t.Parallel()
	c := newCity(t)
	c.mustRun("load")
	said, code := c.run("sql", "--format", "csv", "--timeout", "200ms", "SELECT repeat('x', 4000000000)")
	if code != exitFailed || !strings.Contains(said, overTime) && !strings.Contains(said, overMemory) {
		t.Errorf("exit %d: %.200s", code, said)
	}
}

// Analysts ask while a run publishes: none is blocked or broken, each sees one whole run, and the next command the new
// one.
func TestAnalystsAskWhileARunPublishes(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.use(0)
	c.mustRun("load")
	const late = "SELECT count(*) FILTER (progress = '▲') FROM marts.initiatives WHERE scope = '令和6年度'"
	ask := func() string {
		said, code := c.run("sql", "--format", "csv", "--encoding", "utf-8", late)
		if code != exitDone {
			t.Errorf("exit %d: %s", code, said)
		}
		_, value, _ := strings.Cut(strings.TrimSpace(said), "\n")
		return value
	}
	old := ask()
	c.use(1)
	var analysts sync.WaitGroup
	stop := make(chan bool)
	seen := make(chan string, 10_000)
	for range 3 {
		analysts.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					seen <- ask()
				}
			}
		})
	}
	c.mustRun("load")
	now := ask()
	close(stop)
	analysts.Wait()
	close(seen)
	if old == now {
		t.Fatalf("both runs say %s", old)
	}
	for value := range seen {
		if value != old && value != now {
			t.Errorf("an analyst saw %s, neither %s nor %s", value, old, now)
		}
	}
}

// Every example runs on the sample cities, and says what it answers.
func TestExamplesRun(t *testing.T) {
	all, stderr, code := run(context.Background(), "sql", "@examples", "--outputs", outputs)
	names := strings.Count("\n"+all, "\n@")
	if code != exitDone || names < 15 {
		t.Fatalf("%d examples: %s", names, stderr)
	}
	compared := 0
	for _, line := range strings.Split(all, "\n") {
		name, ok := strings.CutPrefix(line, "@")
		if !ok {
			continue
		}
		args := []string{"sql", "--format", "csv", "--encoding", "utf-8", "--outputs", outputs, "@" + name}
		if strings.HasPrefix(name, "先月") {
			compared++
			args = append(args, "--before", "20251001T020000Z")
		}
		stdout, stderr, code := run(context.Background(), args...)
		if code != exitDone || len(strings.Split(stdout, "\n")) < 2 {
			t.Errorf("@%s: exit %d: %s", name, code, stderr)
		}
	}
	if compared < 1 {
		t.Error("none compares with last month")
	}
	for args, want := range map[string]string{
		"@目標から遠い指標 year=2026":         "66.7",
		"@期限を過ぎた調査票 today=2025-10-01": "要修正",
		"@値の出どころ word=LINE":           "LINE",
		"@目標から遠い指標 year=２０２６":         "66.7",
	} {
		stdout, stderr, code := run(
			context.Background(), append(strings.Fields("sql --format csv --outputs "+outputs), strings.Fields(args)...)...,
		)
		if code != exitDone || !strings.Contains(stdout, want) {
			t.Errorf("%s: exit %d: %s%s", args, code, stderr, stdout)
		}
	}
	for args, want := range map[string]string{
		"@ない例": "一覧は", "@課ごとの指摘 x=1": "引数「x」はありません", "@先月から変わった数値": "比べられません", "@目標から遠い指標 year": "名前=値",
		"@目標から遠い指標 year=2026.7": "整数", "@柱ごとの構成比の推移 measure=進捗": "progress、self_rating",
	} {
		_, stderr, code := run(
			context.Background(), append(strings.Fields("sql --outputs "+outputs), strings.Fields(args)...)...,
		)
		if code == exitDone || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d: %s", args, code, stderr)
		}
	}
}

// Earlier runs are asked by their id or by a word, and compared with.
func TestEarlierRuns(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.use(0)
	c.mustRun("load")
	c.use(1)
	c.mustRun("load")
	said, code := c.run("sql", "--format", "csv", "--encoding", "utf-8", "--before", "前回",
		"SELECT (SELECT count(*) FROM marts.initiatives WHERE progress = '▲') - (SELECT count(*) "+
			"FROM before.marts.initiatives WHERE progress = '▲') AS 増")
	if code != exitDone || !strings.HasSuffix(strings.TrimSpace(said), "\n1") {
		t.Errorf("exit %d: %s", code, said)
	}
	// An example that compares with last month finds it by itself.
	old, err := warehouse.Kept(filepath.Join(c.outputs, "warehouse"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"warehouse/%s.duckdb"} {
		data, err := os.ReadFile(filepath.Join(c.outputs, strings.Replace(name, "%s", old[1], 1)))
		if err != nil {
			t.Fatal(err)
		}
		c.write("outputs/"+strings.Replace(name, "%s", "20200131T170000Z", 1), data)
	}
	if said, code = c.run(
		"sql", "--format", "csv", "@先月から変わった取組",
	); code != exitDone || strings.Count(said, "\n") != 2 || !strings.Contains(said, "▲") {
		t.Errorf("exit %d: %s", code, said)
	}
	if said, code = c.run("sql", "--run", "前回", "SELECT 1 AS x"); code != exitDone {
		t.Errorf("exit %d: %s", code, said)
	}
	if said, code = c.run(
		"sql", "--run", "20200101T000000Z", "SELECT 1 AS x",
	); code != exitUsage || !strings.Contains(said, "残っているのは") {
		t.Errorf("exit %d: %s", code, said)
	}
}

// Every type of the database is written without loss, and times in the zone of the city.
func TestTypesAreWrittenAsTheyAre(t *testing.T) {
	stdout, stderr, code := run(context.Background(), "sql", "--format", "csv", "--encoding", "utf-8", "--outputs",
		outputs, `SELECT
		INTERVAL '14 months 3 days 04:05:06.789' AS a, TIME '12:34:56.789' AS b, TIMESTAMP '2025-01-01 00:00:00' AS c,
		'infinity'::DATE AS d,
		'\x01ab'::BLOB AS e, MAP {'a': 1} AS f, TIMESTAMPTZ '2024-12-31 15:00:00+00' AS g, 12345678901234567890::HUGEINT AS h,
		1e9::DOUBLE AS i,
		{'a': DATE '2025-01-01'} AS j, '{"a":9007199254740993}'::JSON AS k, DATE '2025-03-31' AS l,
		100.50::DECIMAL(9, 2) AS m`)
	const want = "1 year 2 months 3 days 04:05:06.789,12:34:56.789,2025-01-01 " +
		"00:00:00,infinity,\\x01ab,{a=1},2025-01-01 00:00:00+09,12345678901234567890," +
		"1000000000,{'a': 2025-01-01},\"{\"\"a\"\":9007199254740993}\",2025-03-31,100.50\n"
	if _, line, _ := strings.Cut(stdout, "\n"); code != exitDone || line != want {
		t.Errorf("exit %d %s\n%s\nwant\n%s", code, stderr, line, want)
	}
}

// Results go to files in every form, each whole or not at all.
func TestResultsInFiles(t *testing.T) {
	dir := t.TempDir()
	const query = "SELECT indicator AS 指標, target, achieved, sources FROM marts.indicator_years " +
		"WHERE actual IS NOT NULL ORDER BY ALL LIMIT 20"
	for _, name := range []string{"a.csv", "a.json", "a.xlsx", "a.parquet", "a.md", "a.txt"} {
		_, stderr, code := run(context.Background(), "sql", "--outputs", outputs, "-o", filepath.Join(dir, name), query)
		info, err := os.Stat(filepath.Join(dir, name))
		if code != exitDone || err != nil || info.Size() < 300 || !strings.Contains(stderr, "20行を書きました") {
			t.Errorf("%s: exit %d, %v: %s", name, code, err, stderr)
		}
	}
	_, stderr, code := run(
		context.Background(), "sql", "--outputs", outputs, "-o", filepath.Join(dir, "b.csv"), "--encoding", "cp932",
		"SELECT '𠮷野' AS 名",
	)
	if _, err := os.Stat(filepath.Join(dir, "b.csv")); code != exitFailed || err == nil || !strings.Contains(
		stderr, "「𠮷」（U+20BB7）は cp932 にありません",
	) {
		t.Errorf("exit %d: %s", code, stderr)
	}
	for _, args := range []string{
		"-o a.doc", "--format xlsx", "--format parquet", "--encoding utf-16", "--timeout 0s", "--memory lots",
	} {
		if _, stderr, code := run(
			context.Background(), append(strings.Fields("sql --outputs "+outputs+" "+args), "SELECT 1")...,
		); code != exitUsage {
			t.Errorf("%s: exit %d: %s", args, code, stderr)
		}
	}
	left, _ := filepath.Glob(filepath.Join(dir, ".next-*"))
	if len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
	logs, err := filepath.Glob(filepath.Join(outputs, "queries", "2025-10_*.jsonl"))
	if err != nil || len(logs) != 1 {
		t.Fatalf("query logs %q, %v", logs, err)
	}
	log, err := os.ReadFile(logs[0])
	if err != nil || !strings.Contains(string(log), `"rows":20`) || !strings.Contains(string(log), "U+20BB7") {
		t.Errorf("the query log: %v", err)
	}
}

func TestExport(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "持出し")
	c := newCity(t)
	c.mustRun("load")
	for range 2 { // the second replaces the first
		if said := c.mustRun("export", dir); !strings.Contains(said, "initiatives") {
			t.Fatal(said)
		}
	}
	for _, pattern := range []string{
		"csv/initiatives.csv", "データ辞書.csv", exportMark, "parquet/initiatives/municipality=*/fiscal_year=2024/*.parquet",
	} {
		if found, err := filepath.Glob(filepath.Join(dir, pattern)); err != nil || len(found) == 0 {
			t.Errorf("no %s", pattern)
		}
	}
	counted := strings.TrimSpace(c.mustRun(
		"sql", "--format", "csv", "--encoding", "utf-8", "SELECT count(*) + 1 AS n FROM marts.submissions",
	))
	data, err := os.ReadFile(filepath.Join(dir, "csv", "submissions.csv"))
	if lines := strings.Count(
		string(data), "\n",
	); err != nil || "n\n"+strconv.Itoa(lines) != counted || !strings.HasPrefix(string(data), "\ufeff") {
		t.Errorf("%d lines, want %s, %v", lines, counted, err)
	}
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "大切.txt"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	if said, code := c.run("export", other); code != exitUsage || !strings.Contains(said, "ほかのファイル") {
		t.Errorf("exit %d: %s", code, said)
	}
	if _, err := os.Stat(filepath.Join(other, "大切.txt")); err != nil {
		t.Error("another's file is gone")
	}
	if _, err := runs.Pick(outputs, "1999-01", time.Now(), time.UTC); err == nil {
		t.Error("a run of 1999")
	}
}
