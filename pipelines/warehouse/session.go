package warehouse

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/duckdb/duckdb-go/v2"
)

// Session answers the queries of a person on what one run has published. It can only read, within limits: no file,
// network, extension, setting or attachment can be reached, and what does not fit into memory goes to a folder of its
// own that is removed with it.
type Session struct {
	Run    string
	Before string // the run that queries know as the database before, "" for none
	db     *sql.DB
	temp   string
}

// SessionOptions are the limits of a session.
type SessionOptions struct {
	Run    string // "" for what is published now
	Before string // an earlier run, which queries know as before: before.marts.yearly
	Memory string // as DuckDB writes it: 1GB
	Spill  string // at most so much in files
	Zone   string // in which times of day are read and written
}

// NewSession opens a session. It returns ErrNothingPublished or a *NoRunError where there is nothing to open.
func NewSession(ctx context.Context, dir string, o SessionOptions) (*Session, error) {
	s := &Session{Run: o.Run, Before: o.Before}
	kept, err := Kept(dir)
	if err != nil {
		return nil, err
	}
	if s.Run == "" {
		s.Run = kept[0]
	}
	for _, run := range []string{s.Run, s.Before} {
		if run != "" && !slices.Contains(kept, run) {
			return nil, &NoRunError{run, kept}
		}
	}
	sweep(os.TempDir())
	sweep(dir)
	name := fmt.Sprintf("%s%d-", tempName, os.Getpid())
	if s.temp, err = os.MkdirTemp("", name); err != nil { // a machine without such a folder
		s.temp, err = os.MkdirTemp(dir, name)
	}
	if err != nil {
		return nil, fmt.Errorf("一時フォルダを作れません。空き容量と権限を確かめてください: %w", err)
	}
	path := Path(dir, s.Run)
	connector, err := duckdb.NewConnector(path+"?access_mode=read_only&autoinstall_known_extensions=false&autoload_known"+
		"_extensions=false"+
		"&allow_community_extensions=false", func(c driver.ExecerContext) error { return s.lockDown(ctx, c, dir, o) })
	if err != nil {
		_ = os.RemoveAll(s.temp)
		return nil, &DamagedError{path, err}
	}
	s.db = sql.OpenDB(connector)
	if err := s.db.PingContext(ctx); err != nil {
		_ = s.Close()
		return nil, &DamagedError{path, err}
	}
	return s, nil
}

// tempName begins the names of sessions' folders; the number of their process follows.
const tempName = "kyogikai-sql-"

// sweep removes the folders in a folder of sessions whose process was killed.
func sweep(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		rest, ours := strings.CutPrefix(e.Name(), tempName)
		number, _, _ := strings.Cut(rest, "-")
		if pid, err := strconv.Atoi(number); ours && err == nil && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			_ = os.RemoveAll(filepath.Join(dir, e.Name())) // what stays is in nobody's way
		}
	}
}

// lockDown closes all doors of a new connection. The settings are the database's: with the first connection they are
// locked, and every later one finds them so.
func (s *Session) lockDown(ctx context.Context, c driver.ExecerContext, dir string, o SessionOptions) error {
	var statements []string
	if s.Before != "" {
		statements = append(statements, "ATTACH IF NOT EXISTS "+literal(Path(dir, s.Before))+" AS before (READ_ONLY)")
	}
	statements = append(statements, "SET memory_limit = "+literal(o.Memory), "SET temp_directory = "+literal(s.temp),
		"SET max_temp_directory_size = "+literal(o.Spill), "SET GLOBAL TimeZone = "+literal(o.Zone),
		"SET enable_external_access = false", "SET lock_configuration = true")
	for _, statement := range statements {
		if _, err := c.ExecContext(ctx, statement, nil); err != nil {
			if strings.Contains(err.Error(), "configuration has been locked") {
				return nil // a later connection
			}
			return fmt.Errorf("opening a session: %w", err)
		}
	}
	return nil
}

// Close ends the session and removes its folder.
func (s *Session) Close() error {
	var err error
	if s.db != nil {
		err = s.db.Close()
	}
	if gone := os.RemoveAll(s.temp); err == nil {
		err = gone
	}
	if err != nil {
		return fmt.Errorf("closing the session: %w", err)
	}
	return nil
}

// Abandon removes the folder of a session whose query does not end: its process is about to.
func (s *Session) Abandon() { _ = os.RemoveAll(s.temp) }

// Reader is the session as a reader for the program's own questions about the catalogue.
func (s *Session) Reader() *Reader { return &Reader{db: s.db, Run: s.Run} }

// Rows is the result of a query, row by row. Types are DuckDB's names: DECIMAL(18,1), VARCHAR[].
type Rows struct {
	Columns, Types []string
	rows           *sql.Rows
	raw            bool // values as the driver gives them
}

// For is what an answer is for.
type For int

// What an answer is for: people and text, or a file of typed columns.
const (
	ForPeople For = iota
	ForParquet
)

// plainTypes are what every form of a result can hold without loss.
var plainTypes = regexp.MustCompile(
	`^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL\(\d+,\d+\)|FLOAT|DOUBLE|BOOLEAN|VARCHAR|DATE|ENUM)$`,
)

// inner is what of a nested type is not the type of an element: names of fields, brackets.
var inner = regexp.MustCompile(`"(?:[^"]|"")*"|STRUCT|[(){}\[\], ]|\d`)

// cast is the type to which a column is cast before it is written, "" where it stays: times, intervals, maps and the
// like are written as the database writes them.
func (f For) cast(t string) string {
	switch {
	case f == ForParquet && t == "HUGEINT":
		return "DECIMAL(38,0)"
	case f == ForParquet && (strings.Contains(t, "ENUM") || strings.Contains(t, "JSON") || strings.Contains(
		t, "UNION",
	) || strings.Contains(t, "BIT") ||
		strings.Contains(t, "UHUGEINT") || strings.Contains(t, "BIGNUM")):
		return "VARCHAR"
	case f == ForParquet || plainTypes.MatchString(t):
		return ""
	}
	if strings.HasPrefix(t, "STRUCT") || strings.HasSuffix(t, "]") {
		for _, word := range strings.Fields(inner.ReplaceAllString(t, " ")) {
			if !plainTypes.MatchString(word) && word != "DECIMAL" || word == "DATE" {
				return "VARCHAR"
			}
		}
		return ""
	}
	return "VARCHAR"
}

// Ask begins a query; named parameters are given as Named values. Whether it is one that only reads is for the caller
// to find out first. The caller closes the answer.
func (s *Session) Ask(ctx context.Context, query string, f For, args ...any) (*Rows, error) {
	a, err := s.ask(ctx, query, args)
	if err != nil {
		return nil, err
	}
	var columns, casts []string
	needed := false
	for i, t := range a.Types {
		name := fmt.Sprintf("c%d", i)
		columns = append(columns, name)
		if to := f.cast(t); to != "" {
			needed = true
			name = "CAST(" + name + " AS " + to + ")"
		}
		casts = append(casts, name)
	}
	if !needed {
		return a, nil
	}
	wrapped := "SELECT " + strings.Join(casts, ", ") + " FROM (\n" + strings.TrimRight(query, "; \t\r\n") + "\n) AS t(" +
		strings.Join(columns, ", ") + ")"
	b, err := s.ask(ctx, wrapped, args)
	if err != nil {
		return a, nil //nolint:nilerr // a statement that is no part of another, like EXPLAIN, is written as it is
	}
	a.Close()
	b.Columns = a.Columns
	return b, nil
}

func (s *Session) ask(ctx context.Context, query string, args []any) (*Rows, error) {
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, &AskError{err}
	}
	a := &Rows{rows: rows}
	types, err := rows.ColumnTypes()
	if err != nil {
		_ = rows.Close()
		return nil, &AskError{err}
	}
	for _, t := range types {
		a.Columns, a.Types = append(a.Columns, t.Name()), append(a.Types, t.DatabaseTypeName())
	}
	return a, nil
}

// AskError is what the database says of a query that it cannot answer.
type AskError struct{ Err error }

func (e *AskError) Error() string { return e.Err.Error() }

// Unwrap is the driver's error.
func (e *AskError) Unwrap() error { return e.Err }

// ErrEnd says that an answer has no more rows.
var ErrEnd = errors.New("no more rows")

// Next is the next row; ErrEnd where there is none.
func (a *Rows) Next() ([]any, error) {
	if !a.rows.Next() {
		if err := a.rows.Err(); err != nil {
			return nil, &AskError{err}
		}
		return nil, ErrEnd
	}
	row := make([]any, len(a.Columns))
	into := make([]any, len(a.Columns))
	for i := range row {
		into[i] = &row[i]
	}
	if err := a.rows.Scan(into...); err != nil {
		return nil, &AskError{err}
	}
	if !a.raw {
		for i := range row {
			row[i] = plain(row[i])
		}
	}
	return row, nil
}

// Close ends the answer.
func (a *Rows) Close() { _ = a.rows.Close() } // what was wrong, Next has said

// SameNameError says that two columns of a result have one name.
type SameNameError struct{ Name string }

func (e *SameNameError) Error() string {
	return "列の名前「" + e.Name + "」が二つあります。AS で別の名前を付けてください"
}

// WriteParquet writes an answer to a file, through a database in memory that holds nothing else. It counts the rows.
func WriteParquet(ctx context.Context, path string, a *Rows) (int, error) {
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		return 0, fmt.Errorf("writing Parquet: %w", err)
	}
	b := &Build{db: sql.OpenDB(connector)}
	defer b.close() //nolint:errcheck // in memory
	if b.conn, err = b.db.Conn(ctx); err != nil {
		return 0, fmt.Errorf("writing Parquet: %w", err)
	}
	var columns []string
	for i, name := range a.Columns {
		columns = append(columns, quoted(name)+" "+a.Types[i])
	}
	seen := map[string]bool{}
	for _, name := range a.Columns {
		if seen[strings.ToLower(name)] {
			return 0, &SameNameError{name}
		}
		seen[strings.ToLower(name)] = true
	}
	if err := b.Exec(ctx, "CREATE TABLE answer ("+strings.Join(columns, ", ")+")"); err != nil {
		return 0, fmt.Errorf("この型の列は Parquet にできません: %w", err)
	}
	a.raw = true
	rows, err := b.appendRows(a)
	if err != nil {
		return rows, err
	}
	return rows, b.Exec(ctx, "COPY answer TO "+literal(path)+" (FORMAT parquet)")
}

func (b *Build) appendRows(a *Rows) (rows int, err error) {
	err = b.conn.Raw(func(c any) error {
		appender, err := duckdb.NewAppenderFromConn(c.(driver.Conn), "", "answer")
		if err != nil {
			return fmt.Errorf("writing Parquet: %w", err)
		}
		for {
			row, err := a.Next()
			if errors.Is(err, ErrEnd) {
				break
			}
			values := make([]driver.Value, len(row))
			for i, v := range row {
				values[i] = v
			}
			if err == nil {
				err = appender.AppendRow(values...)
			}
			if err != nil {
				_ = appender.Close() // the row's error is the one to tell
				return fmt.Errorf("writing Parquet: %w", err)
			}
			rows++
		}
		if err := appender.Close(); err != nil {
			return fmt.Errorf("writing Parquet: %w", err)
		}
		return nil
	})
	return rows, err
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
