package warehouse

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/duckdb/duckdb-go/v2"
)

// Session answers the queries of a person on what one run has published. It can only read, within limits: no file,
// network, extension, setting or attachment can be reached, and what does not fit into memory goes to a folder of its
// own.
type Session struct {
	Run    string
	Before string // the run that queries know as the database before, "" for none
	db     *sql.DB
}

// SessionOptions are the limits of a session.
type SessionOptions struct {
	Run    string // "" for what is published now
	Before string // an earlier run, which queries know as before: before.marts.yearly
	Memory string // as DuckDB writes it: 1GB
	Spill  string // at most so much in files
	Folder string // of those files: a SessionFolder
	Zone   string // in which times of day are read and written
	// Verify says whether the file of a run is what the run has published: no query meets another.
	Verify func(run string) error
}

// mostThreads is how many threads answer a query: each keeps memory of its own.
const mostThreads = 8

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
		if run == "" {
			continue
		}
		if !slices.Contains(kept, run) {
			return nil, &NoRunError{run, kept}
		}
		if err := o.Verify(run); err != nil {
			return nil, err
		}
	}
	path := Path(dir, s.Run)
	connector, err := duckdb.NewConnector(path+"?access_mode=read_only&autoinstall_known_extensions=false&autoload_known"+
		"_extensions=false"+
		"&allow_community_extensions=false", func(c driver.ExecerContext) error { return s.lockDown(ctx, c, dir, o) })
	if err != nil {
		return nil, &DamagedError{path, err}
	}
	s.db = sql.OpenDB(connector)
	if err := s.db.PingContext(ctx); err != nil {
		_ = s.Close()
		return nil, &DamagedError{path, err}
	}
	return s, nil
}

// folderName begins the names of sessions' folders; the number of their process follows.
const folderName = "kyogikai-sql-"

// SessionFolder makes a folder for the files of a session, which the caller removes: where the machine keeps such
// files, else beside the published ones. Those of sessions whose process was killed are removed first.
func SessionFolder(dir string) (string, error) {
	sweep(os.TempDir())
	sweep(dir)
	name := fmt.Sprintf("%s%d-", folderName, os.Getpid())
	folder, err := os.MkdirTemp("", name)
	if err != nil { // a machine without such a folder
		folder, err = os.MkdirTemp(dir, name)
	}
	if err != nil {
		return "", fmt.Errorf("一時フォルダを作れません。空き容量と権限を確かめてください: %w", err)
	}
	return folder, nil
}

// sweep removes the folders in a folder of sessions whose process was killed.
func sweep(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		rest, ours := strings.CutPrefix(e.Name(), folderName)
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
	statements = append(statements, "SET memory_limit = "+literal(o.Memory), "SET temp_directory = "+literal(o.Folder),
		fmt.Sprintf("SET threads = %d", min(runtime.NumCPU(), mostThreads)),
		// What an answer has held goes back to the machine at once: the next one needs the room.
		"SET allocator_flush_threshold = '1MB'", "SET allocator_bulk_deallocation_flush_threshold = '32MB'",
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

// Close ends the session.
func (s *Session) Close() error {
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("closing the session: %w", err)
	}
	return nil
}

// Reader is the session as a reader for the program's own questions about the catalogue.
func (s *Session) Reader() *Reader { return &Reader{db: s.db, Run: s.Run} }
