package warehouse

import (
	"database/sql/driver"
	"fmt"

	"github.com/duckdb/duckdb-go/v2"
)

// Append bulk-loads rows into schema.table by the Appender. Call it inside a transaction: without one every flush
// commits.
func (b *Build) Append(table string, rows [][]any) error {
	return b.appending(func(to *appenders) {
		for _, row := range rows {
			values := make([]driver.Value, len(row))
			for i, v := range row {
				values[i] = v
			}
			to.add(table, values...)
		}
	})
}

// appenders load rows into as many tables as they meet. The first error stops them.
type appenders struct {
	conn driver.Conn
	open map[string]*duckdb.Appender
	err  error
}

// appending runs f with appenders, and closes them.
func (b *Build) appending(f func(to *appenders)) error {
	return b.conn.Raw(func(c any) error {
		a := &appenders{conn: c.(driver.Conn), open: map[string]*duckdb.Appender{}}
		f(a)
		for table, appender := range a.open {
			if err := appender.Close(); err != nil && a.err == nil { // errors of Flush come only here
				a.err = fmt.Errorf("appending to %s: %w", table, err)
			}
		}
		return a.err
	})
}

// add appends a row.
func (a *appenders) add(table string, values ...driver.Value) {
	if a.err != nil {
		return
	}
	to := a.open[table]
	if to == nil {
		schemaName, name, _ := cut(table)
		if to, a.err = duckdb.NewAppenderFromConn(a.conn, schemaName, name); a.err != nil {
			a.err = fmt.Errorf("appending to %s: %w", table, a.err)
			return
		}
		a.open[table] = to
	}
	if err := to.AppendRow(values...); err != nil {
		a.err = fmt.Errorf("appending to %s: %w", table, err)
	}
}

func cut(table string) (schemaName, name string, ok bool) {
	for i := range table {
		if table[i] == '.' {
			return table[:i], table[i+1:], true
		}
	}
	return "main", table, false
}
