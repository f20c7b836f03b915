// Package warehouse holds the DuckDB file: building a new one beside the old, publishing it, reading it.
package warehouse

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"kyogikai/pipelines/atomicfile"
)

//go:embed schema.sql
var schema string

// Build is a new warehouse file that nobody else sees yet.
type Build struct {
	path string
	db   *sql.DB
	conn *sql.Conn

	records int32 // appended so far
	fixed   bool  // the limit of memory stays as it was set
	step    int   // of steps, where it does not
	within  bool  // a transaction, which an error ends
}

// Create makes a new file with the tables of schema.sql. A file left by a run that was killed is replaced.
//
// memory is the most that DuckDB holds in memory, as it writes it (400MB); what does not fit it puts into files beside
// the new one. With "" it begins with little and takes more where a statement asks for it.
func Create(ctx context.Context, path, memory string) (*Build, error) {
	for _, old := range []string{path, path + ".wal"} {
		if err := os.Remove(old); err != nil && !os.IsNotExist(err) {
			return nil, fmt.Errorf("removing a half-built warehouse: %w", err)
		}
	}
	if strings.Contains(path, "?") {
		return nil, fmt.Errorf("%s: フォルダの名前に「?」は使えません。別の場所を指定してください", path)
	}
	limit := memory
	if limit == "" {
		limit = steps[0]
	}
	// What a statement has freed goes back to the machine at once: else a long run holds three times its limit.
	q := url.Values{
		"memory_limit": {limit}, "allocator_flush_threshold": {"1MB"},
		"allocator_bulk_deallocation_flush_threshold": {"32MB"},
	}
	connector, err := duckdb.NewConnector(path+"?"+q.Encode(), nil)
	if err != nil {
		return nil, fmt.Errorf("creating warehouse %s: %w", path, err)
	}
	b := &Build{path: path, db: sql.OpenDB(connector), fixed: memory != ""}
	if b.conn, err = b.db.Conn(ctx); err != nil {
		return nil, fmt.Errorf("opening warehouse %s: %w", path, err)
	}
	return b, b.Exec(ctx, schema)
}

// Exec runs statements.
func (b *Build) Exec(ctx context.Context, statements string) error {
	return b.roomy(ctx, func() error {
		if _, err := b.conn.ExecContext(ctx, statements); err != nil {
			return fmt.Errorf("warehouse: %w", err)
		}
		return nil
	})
}

// Query runs one query on the file that is being built.
func (b *Build) Query(ctx context.Context, query string, args ...any) (r Result, err error) {
	err = b.roomy(ctx, func() error {
		r, err = queryOn(ctx, b.conn, query, args...)
		return err
	})
	return r, err
}

// steps are the limits of memory that are tried one after another; after the last, what DuckDB takes by itself.
var steps = []string{"128MB", "256MB", "512MB", "1GB", "2GB", ""}

// roomy runs a statement, and runs it again with more memory where it did not have enough.
func (b *Build) roomy(ctx context.Context, run func() error) error {
	for {
		err := run()
		var short *duckdb.Error
		if !errors.As(err, &short) || short.Type != duckdb.ErrorTypeOutOfMemory {
			return err
		}
		if b.within || b.fixed || b.step == len(steps)-1 {
			return fmt.Errorf("メモリが足りません。kyogikai.yaml の memory を増やすか、行を外してください: %w", err)
		}
		b.step++
		more := "RESET GLOBAL memory_limit"
		if limit := steps[b.step]; limit != "" {
			more = "SET GLOBAL memory_limit = " + literal(limit)
		}
		if _, failed := b.conn.ExecContext(ctx, more); failed != nil {
			return errors.Join(err, failed)
		}
	}
}

// InTransaction runs f inside one transaction: a kill in between leaves nothing that looks whole.
func (b *Build) InTransaction(ctx context.Context, f func() error) error {
	if err := b.Exec(ctx, "BEGIN"); err != nil {
		return err
	}
	b.within = true
	defer func() { b.within = false }()
	if err := f(); err != nil {
		_ = b.Exec(ctx, "ROLLBACK") // the first error is the one to tell
		return err
	}
	return b.Exec(ctx, "COMMIT")
}

// Finish checkpoints, closes and syncs the file and its folder, so that no log stays beside it, or comes back. Nobody
// may write it from then on.
func (b *Build) Finish(ctx context.Context) error {
	// Trying out every kind of compression takes as long as the tests of the data, and chooses this one for nearly all
	// texts.
	if err := b.Exec(ctx, "PRAGMA force_compression = 'dictionary'; CHECKPOINT"); err != nil {
		return err
	}
	if err := b.close(); err != nil {
		return err
	}
	if err := atomicfile.Sync(b.path, filepath.Dir(b.path)); err != nil {
		return fmt.Errorf("syncing warehouse: %w", err)
	}
	Protect(b.path)
	return nil
}

// Abandon closes and removes the file.
func (b *Build) Abandon() {
	_ = b.close()
	_ = os.Remove(b.path)
	_ = os.Remove(b.path + ".wal")
	_ = atomicfile.Sync(filepath.Dir(b.path)) // half a file that came back would pass for one of the past
}

func (b *Build) close() error {
	if b.db == nil {
		return nil
	}
	_ = b.conn.Close()
	err := b.db.Close()
	b.db = nil
	if err != nil {
		return fmt.Errorf("closing warehouse: %w", err)
	}
	return nil
}
