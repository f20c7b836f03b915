// Package warehouse holds the DuckDB file: building a new one beside the old, publishing it, reading it.
package warehouse

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"net/url"
	"os"

	"github.com/duckdb/duckdb-go/v2"
)

//go:embed schema.sql
var schema string

// Build is a new warehouse file that nobody else sees yet.
type Build struct {
	path string
	db   *sql.DB
	conn *sql.Conn

	records int32 // appended so far
}

// Create makes a new file with the tables of schema.sql. A file left by a run that was killed is replaced.
//
// memory is the most that DuckDB holds in memory, as it writes it (400MB), "" for its own idea of it; what does not fit it
// puts into files beside the new one.
func Create(ctx context.Context, path, memory string) (*Build, error) {
	for _, old := range []string{path, path + ".wal"} {
		if err := os.Remove(old); err != nil && !os.IsNotExist(err) {
			return nil, fmt.Errorf("removing a half-built warehouse: %w", err)
		}
	}
	dsn := path
	if memory != "" {
		dsn += "?memory_limit=" + url.QueryEscape(memory)
	}
	connector, err := duckdb.NewConnector(dsn, nil)
	if err != nil {
		return nil, fmt.Errorf("creating warehouse %s: %w", path, err)
	}
	b := &Build{path: path, db: sql.OpenDB(connector)}
	if b.conn, err = b.db.Conn(ctx); err != nil {
		return nil, fmt.Errorf("opening warehouse %s: %w", path, err)
	}
	return b, b.Exec(ctx, schema)
}

// Exec runs statements that return nothing.
func (b *Build) Exec(ctx context.Context, statements string) error {
	if _, err := b.conn.ExecContext(ctx, statements); err != nil {
		return fmt.Errorf("warehouse: %w", err)
	}
	return nil
}

// Query runs one query.
func (b *Build) Query(ctx context.Context, query string, args ...any) (Result, error) {
	return queryOn(ctx, b.conn, query, args...)
}

// InTransaction runs f inside one transaction: a kill in between leaves nothing that looks whole.
func (b *Build) InTransaction(ctx context.Context, f func() error) error {
	if err := b.Exec(ctx, "BEGIN"); err != nil {
		return err
	}
	if err := f(); err != nil {
		_ = b.Exec(ctx, "ROLLBACK") // the first error is the one to tell
		return err
	}
	return b.Exec(ctx, "COMMIT")
}

// Finish checkpoints, closes and syncs the file, so that no log stays beside it.
func (b *Build) Finish(ctx context.Context) error {
	if err := b.Exec(ctx, "CHECKPOINT"); err != nil {
		return err
	}
	if err := b.close(); err != nil {
		return err
	}
	f, err := os.Open(b.path)
	if err != nil {
		return fmt.Errorf("syncing warehouse: %w", err)
	}
	defer f.Close() //nolint:errcheck // opened only to sync
	if err := f.Sync(); err != nil {
		return fmt.Errorf("syncing warehouse: %w", err)
	}
	return nil
}

// Abandon closes and removes the file.
func (b *Build) Abandon() {
	_ = b.close()
	_ = os.Remove(b.path)
	_ = os.Remove(b.path + ".wal")
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
