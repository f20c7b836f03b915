package warehouse

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
)

// SameNameError says that two columns of a result have one name.
type SameNameError struct{ Name string }

func (e *SameNameError) Error() string {
	return "列の名前「" + e.Name + "」が二つあります。AS で別の名前を付けてください"
}

// answerMemory is what the database of an answer keeps in memory: the rest goes beside its file.
const answerMemory = "256MB"

// WriteParquet writes an answer to a file, through a database in memory that holds nothing else. It counts the rows.
func WriteParquet(ctx context.Context, path string, a *Rows) (int, error) {
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		return 0, fmt.Errorf("writing Parquet: %w", err)
	}
	b := &Build{db: sql.OpenDB(connector), fixed: true}
	defer b.close() //nolint:errcheck // in memory
	if b.conn, err = b.db.Conn(ctx); err != nil {
		return 0, fmt.Errorf("writing Parquet: %w", err)
	}
	for _, statement := range []string{
		"SET memory_limit = '" + answerMemory + "'", "SET temp_directory = " + literal(filepath.Dir(path)),
	} {
		if err := b.Exec(ctx, statement); err != nil {
			return 0, fmt.Errorf("writing Parquet: %w", err)
		}
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
