package warehouse

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// session opens a session on a published file of its own, with a table macro of the city's.
func session(t *testing.T) *Session {
	t.Helper()
	ctx, dir, run := context.Background(), t.TempDir(), "20250101T000000Z"
	b, err := Create(ctx, Path(dir, run), "")
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(
		b.Exec(ctx, "CREATE MACRO own_table(n) AS TABLE SELECT * FROM range(n); CREATE MACRO own_value(n) AS n + 1;"+
			"CREATE TABLE t AS SELECT 1 AS a"), b.Finish(ctx), Publish(dir, run),
	)
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSession(ctx, dir, SessionOptions{
		Memory: "200MB", Spill: "100MB", Folder: t.TempDir(), Zone: "Asia/Tokyo", Verify: func(string) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// asked checks a text, asks, and reads the answer to its end.
func asked(s *Session, text string, values map[string]any) (*Rows, [][]any, error) {
	ctx := context.Background()
	q, err := s.Question(ctx, text)
	if err != nil {
		return nil, nil, err
	}
	a, err := s.Ask(ctx, q, ForPeople, values)
	if err != nil {
		return nil, nil, err
	}
	defer a.Close()
	var rows [][]any
	for {
		row, err := a.Next()
		if errors.Is(err, ErrEnd) {
			return a, rows, nil
		}
		if err != nil {
			return a, rows, err
		}
		rows = append(rows, row)
	}
}

// What only reads is a question, in whatever form the database knows; everything else is refused for its reason.
func TestQuestions(t *testing.T) {
	s := session(t)
	for text, want := range map[string]RefusedError{
		"CREATE TEMP TABLE x AS SELECT 1": {Why: RefusedStatement, At: -1},
		"SET threads = 1":                 {Why: RefusedStatement, At: -1},
		"PRAGMA database_list":            {Why: RefusedStatement, At: -1},
		"CALL own_table(1)":               {Why: RefusedStatement, At: -1},
		"EXECUTE x":                       {Why: RefusedStatement, At: -1},
		"EXPLAIN DROP TABLE t":            {Why: RefusedStatement, At: -1},
		"EXPLAIN ANALYZE DELETE FROM t":   {Why: RefusedStatement, At: -1},
		"EXPLAIN (ANALYZE) DELETE FROM t": {Why: RefusedStatement, At: -1},
		"/* /* */ EXPLAIN SELECT 1 --*/ CREATE TEMP TABLE x AS SELECT 1": {Why: RefusedStatement, At: -1},
		"/* /* */ EXPLAIN SELECT 1 --*/ SELECT 1; SELECT 2":              {Why: RefusedSeveral, At: -1},
		"SELECT 1; SELECT 2":                     {Why: RefusedSeveral, At: -1},
		"EXPLAIN SELECT 1; SELECT 2":             {Why: RefusedSeveral, At: -1},
		" ":                                      {Why: RefusedEmpty, At: -1},
		"-- nothing":                             {Why: RefusedEmpty, At: -1},
		"EXPLAIN":                                {Why: RefusedSyntax, At: 7},
		"EXPLAIN EXPLAIN SELECT 1":               {Why: RefusedSyntax, At: 8},
		"SELECT 1\x00; DROP TABLE t":             {Why: RefusedCharacter, At: 8},
		"SELECT 'あ' FRM t":                       {Why: RefusedSyntax, At: 17},
		"EXPLAIN /* あ */ SELECT 'あ' FRM t":       {Why: RefusedSyntax, At: 35},
		"SELECT * FROM enable_logging()":         {Why: RefusedFunction, Names: "enable_logging", At: -1},
		"EXPLAIN SELECT * FROM enable_logging()": {Why: RefusedFunction, Names: "enable_logging", At: -1},
		"SELECT * FROM system.main.\"Enable_Logging\"()":     {Why: RefusedFunction, Names: "enable_logging", At: -1},
		"SELECT \"WRITE_LOG\"('x')":                          {Why: RefusedFunction, Names: "write_log", At: -1},
		"SELECT set_config('a', 'b')":                        {Why: RefusedFunction, Names: "set_config", At: -1},
		"SELECT ('x').write_log()":                           {Why: RefusedFunction, Names: "write_log", At: -1},
		"SELECT json_serialize_plan('SELECT 1')":             {Why: RefusedFunction, Names: "json_serialize_plan", At: -1},
		"FROM query('SELECT 1')":                             {Why: RefusedFunction, Names: "query", At: -1},
		"FROM (SELECT (SELECT max(x) FROM query('') q))":     {Why: RefusedFunction, Names: "query", At: -1},
		"WITH c AS (FROM checkpoint()) SELECT 1":             {Why: RefusedFunction, Names: "checkpoint", At: -1},
		"SELECT 1 ORDER BY write_log('x')":                   {Why: RefusedFunction, Names: "write_log", At: -1},
		"SELECT list_transform([1], lambda x: write_log(x))": {Why: RefusedFunction, Names: "write_log", At: -1},
		"DESCRIBE SELECT * FROM enable_profiling()":          {Why: RefusedFunction, Names: "enable_profiling", At: -1},
		"FROM duckdb_secrets()":                              {Why: RefusedFunction, Names: "duckdb_secrets", At: -1},
		"FROM arrow_scan(1, 2, 3)":                           {Why: RefusedFunction, Names: "arrow_scan", At: -1},
		"FROM no_such_function()":                            {Why: RefusedFunction, Names: "no_such_function", At: -1},
		"FROM read_csv('/etc/passwd')":                       {Why: RefusedOutside, Names: "read_csv", At: -1},
		"FROM glob('/*')":                                    {Why: RefusedOutside, Names: "glob", At: -1},
	} {
		_, _, err := asked(s, text, nil)
		var r *RefusedError
		if !errors.As(err, &r) || r.Why != want.Why || !strings.EqualFold(r.Names, want.Names) || r.At != want.At {
			t.Errorf("%s: %+v, %v", text, r, err)
		}
	}
	for _, text := range []string{
		"SELECT 1", "FROM t", "TABLE t", "VALUES (1)", "DESCRIBE t", "SHOW TABLES", "SUMMARIZE t", "SHOW ALL TABLES",
		"WITH x AS (SELECT 1) FROM x", "FROM range(3)", "FROM own_table(3)", "SELECT own_value(3)", "FROM duckdb_tables()",
		"FROM (VALUES ('a', 1)) v(k, n) PIVOT (sum(n) FOR k IN ('a'))", ";FROM t;;", "EXPLAIN SELECT 1",
		"explain analyze select 1", "EXPLAIN/**/ANALYZE/* /* */ */ FROM t", "EXPLAIN (FORMAT json) SELECT 1",
		"EXPLAIN (ANALYZE, FORMAT 'json') SELECT 1", "EXPLAIN (SELECT 1)", "-- a\nEXPLAIN -- b\nSELECT 1;",
		"SELECT 'EXPLAIN; DROP TABLE t'", "SELECT $$a;b$$, $x$;DROP$x$", "SELECT E'\\';', 1", "SELECT 1 -- ; SELECT 2",
	} {
		if _, rows, err := asked(s, text, nil); err != nil || len(rows) == 0 {
			t.Errorf("%s: %d rows, %v", text, len(rows), err)
		}
	}
}

// writing are statements that would leave something behind, each seen by left.
var writing = []string{
	"CREATE TEMP TABLE x AS SELECT 1", "CREATE OR REPLACE TEMP MACRO own_value(n) AS 0", "CREATE TEMP VIEW v AS SELECT 1",
	"CALL enable_logging('QueryLog')", "SELECT * FROM enable_logging()", "FROM query('FROM enable_logging()')",
	"SET VARIABLE x = 1", "ATTACH ':memory:' AS m", "PREPARE p AS SELECT 1", "PRAGMA enable_profiling",
	"SELECT json_execute_serialized_sql(json_serialize_sql('FROM enable_logging()'))",
}

// left counts what such statements leave behind.
func left(t *testing.T, s *Session) string {
	t.Helper()
	r, err := s.Reader().Query(context.Background(), `SELECT
		(SELECT count(*) FROM duckdb_tables() WHERE temporary)
		+ (SELECT count(*) FROM duckdb_views() WHERE temporary AND NOT internal)
		+ (SELECT count(*) FROM duckdb_functions() WHERE database_name = 'temp' AND NOT internal)
		+ (SELECT count(*) FROM duckdb_variables()) + (SELECT count(*) FROM duckdb_databases() WHERE database_name = 'm')
		+ (SELECT count(*) FROM duckdb_prepared_statements())
		+ (SELECT count(*) FROM duckdb_settings()
			WHERE name IN ('enable_logging', 'enable_profiling') AND value NOT IN ('', 'false', '0'))`)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(r.Rows[0][0])
}

// Whatever nest of comments, quotes, EXPLAIN and other statements stands before a statement that does more than to
// read, it is refused.
func TestNestedBeforeWriting(t *testing.T) {
	s := session(t)
	r := rand.New(rand.NewPCG(20, 1))
	for range 1000 {
		text := nest(r, 3) + writing[r.IntN(len(writing))] + nest(r, 2)
		if _, _, err := asked(s, text, nil); err == nil {
			t.Fatalf("answered: %s", text)
		}
	}
	if now := left(t, s); now != "0" {
		t.Errorf("%s things are left behind", now)
	}
}

// nest is what changes nothing of the statement behind it: spaces, comments, and whole statements.
func nest(r *rand.Rand, deep int) string {
	var b strings.Builder
	for range r.IntN(4) {
		switch r.IntN(8) {
		case 0:
			b.WriteString([]string{" ", "\n", "\t", "\r\n", "　"}[r.IntN(5)])
		case 1, 2:
			b.WriteString("/*" + comment(r, deep) + "*/")
		case 3:
			b.WriteString("--" + strings.ReplaceAll(comment(r, 0), "\n", " ") + "\n")
		case 4:
			b.WriteString(" EXPLAIN ")
		case 5:
			b.WriteString(" explain/**/ANALYZE ")
		case 6:
			b.WriteString([]string{
				"SELECT '/*';", `SELECT 1 AS "--";`, "SELECT $$/*$$;", "SELECT E'\\'/*';", "EXPLAIN SELECT 1;",
			}[r.IntN(5)])
		default:
			b.WriteString(";")
		}
	}
	return b.String()
}

// comment is the inside of a comment, with comments in it.
func comment(r *rand.Rand, deep int) string {
	var b strings.Builder
	for range r.IntN(5) {
		b.WriteString([]string{" EXPLAIN SELECT 1 ", "--", "'", `"`, "$$", ";", "SELECT 1", "\n", "E'\\", "* /"}[r.IntN(10)])
		if deep > 0 && r.IntN(2) == 0 {
			b.WriteString("/*" + comment(r, deep-1) + "*/")
		}
	}
	return b.String()
}

// Of texts that are put together at random, whatever is answered leaves nothing behind.
func TestWhateverIsAnsweredLeavesNothing(t *testing.T) {
	s := session(t)
	r := rand.New(rand.NewPCG(20, 2))
	pieces := append([]string{
		"/*", "*/", "--", "\n", "'", `"`, "$$", "$x$", ";", "(", ")", " EXPLAIN ", " ANALYZE ", " SELECT 1 ", " AS t(c0) ",
		" FROM t ", "E'", "\\", "\x00", "　", " TIMESTAMP '2025-01-01' ",
	}, writing...)
	answered := 0
	for range 1500 {
		var b strings.Builder
		for range 1 + r.IntN(7) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		if _, _, err := asked(s, b.String(), nil); err == nil {
			answered++
		}
	}
	if now := left(t, s); now != "0" || answered < 20 {
		t.Errorf("%d answered, %s things are left behind", answered, now)
	}
	for _, w := range writing { // they would be seen
		if _, err := s.db.Exec(w); err == nil {
			if left(t, s) == "0" {
				t.Errorf("not seen: %s", w)
			}
			return
		}
	}
	t.Error("nothing of it can be run at all")
}

// Whatever a check may have let pass: what the database does not take for a SELECT, or for an EXPLAIN where one was
// checked, it does not run; of several statements it runs none.
func TestTheDatabaseSaysWhatAStatementIs(t *testing.T) {
	s := session(t)
	for _, text := range append([]string{"SELECT 1; CREATE TEMP TABLE x AS SELECT 1", "EXPLAIN SELECT 1"}, writing...) {
		if kind := strings.Fields(text)[0]; kind == "SELECT" && !strings.Contains(text, ";") || kind == "FROM" {
			continue // that is for the functions to decide
		}
		p, err := s.prepare(context.Background(), Question{text: text})
		if err == nil {
			p.close()
			t.Errorf("prepared: %s", text)
		}
	}
	for _, text := range writing {
		if !strings.HasPrefix(text, "CREATE") && !strings.HasPrefix(text, "SET") {
			continue
		}
		var r *RefusedError
		if _, err := s.prepare(context.Background(), Question{text: text, explains: true}); !errors.As(err, &r) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if now := left(t, s); now != "0" {
		t.Errorf("%s things are left behind", now)
	}
}

// Columns that only the database can write are cast around the question, which cannot break out of it.
func TestCastsAroundTheQuestion(t *testing.T) {
	s := session(t)
	const day = "2025-01-01 10:00:00"
	for text, column := range map[string]string{
		"SELECT TIMESTAMP '" + day + "' AS a -- at the end":                 "a",
		"SELECT TIMESTAMP '" + day + "' AS a; -- ; SELECT 2":                "a",
		";SELECT TIMESTAMP '" + day + "' AS a;;":                            "a",
		"SELECT TIMESTAMP '" + day + `' AS "(SELECT 1) AS x) AS t(c0)"`:     "(SELECT 1) AS x) AS t(c0)",
		"SELECT TIMESTAMP '" + day + `' AS "a""; DROP TABLE x; --"`:         `a"; DROP TABLE x; --`,
		"SELECT TIMESTAMP '" + day + "' AS \"a\n) --\"":                     "a\n) --",
		"SELECT TIMESTAMP '" + day + "' AS a, ';' AS b, $$;$$ AS a;":        "a",
		"SELECT TIMESTAMP '" + day + "' AS a, E'\\';' AS b /* ; /* ; */ */": "a",
		"FROM (SELECT TIMESTAMP '" + day + "' AS a) ORDER BY a LIMIT 1":     "a",
	} {
		a, rows, err := asked(s, text, nil)
		if err != nil || len(rows) != 1 || rows[0][0] != day || a.Columns[0] != column {
			t.Errorf("%s: %v, %v", text, rows, err)
			continue
		}
		if len(a.Columns) == 3 && a.Columns[2] != "a" {
			t.Errorf("%s: a column is named %q", text, a.Columns[2])
		}
	}
	values := map[string]any{"day": day, "more": 1}
	a, rows, err := asked(s, "SELECT $day::TIMESTAMP AS d, $day AS t, '$other' AS o", values)
	if err != nil || rows[0][0] != day || rows[0][1] != day || a.Columns[1] != "t" {
		t.Errorf("%v, %v", rows, err)
	}
	var missing *MissingValueError
	_, _, err = asked(s, "SELECT $day, $other", values)
	if !errors.As(err, &missing) || missing.Name != "other" {
		t.Errorf("a value is missing: %v", err)
	}
}

// A result of more rows than may be read ends with an error, at the row behind the last.
func TestRowsAreCounted(t *testing.T) {
	s := session(t)
	for n, fails := range map[int]bool{2: false, 3: false, 4: true} {
		q, err := s.Question(context.Background(), fmt.Sprintf("FROM range(%d)", n))
		if err != nil {
			t.Fatal(err)
		}
		a, err := s.Ask(context.Background(), q, ForPeople, nil)
		if err != nil {
			t.Fatal(err)
		}
		a.Most = 3
		read := 0
		for err == nil {
			if _, err = a.Next(); err == nil {
				read++
			}
		}
		a.Close()
		var many *TooManyRowsError
		if errors.As(err, &many) != fails || read != min(n, 3) {
			t.Errorf("%d rows: %d read, %v", n, read, err)
		}
	}
}

// What an EXPLAIN says is written anew; what is not understood is none.
func TestExplained(t *testing.T) {
	for text, want := range map[string]explanation{
		"EXPLAIN SELECT 1":                            {"EXPLAIN", "SELECT 1", 8},
		" explain\tanalyse FROM t":                    {"EXPLAIN ANALYZE", "FROM t", 17},
		"/* /* */ */EXPLAIN--\n FROM t":               {"EXPLAIN", "FROM t", 22},
		"EXPLAIN (format JSON , analyze)SELECT 1":     {"EXPLAIN (FORMAT json, ANALYZE)", "SELECT 1", 31},
		"EXPLAIN (SELECT 1)":                          {"EXPLAIN", "(SELECT 1)", 8},
		"EXPLAIN (FORMAT 'x; DROP TABLE t') SELECT 1": {"EXPLAIN", "(FORMAT 'x; DROP TABLE t') SELECT 1", 8},
		"EXPLAIN analyze_this":                        {"EXPLAIN", "analyze_this", 8},
		"EXPLAIN":                                     {"EXPLAIN", "", 7},
	} {
		if got, ok := explained(text); !ok || got != want {
			t.Errorf("%q: %+v, %v", text, got, ok)
		}
	}
	for _, text := range []string{
		"", "SELECT 1", "EXPLAINS SELECT 1", "EXPLAIN_ SELECT 1", "EXPLAINあ", "/* EXPLAIN", "'EXPLAIN'",
	} {
		if e, ok := explained(text); ok {
			t.Errorf("%q: %+v", text, e)
		}
	}
}
