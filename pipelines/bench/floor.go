package main

import (
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/xuri/excelize/v2"
)

// floor is the least that any reader on these libraries does: excelize's Rows over every sheet and the Appender for
// every cell, and nothing else. No merged cell is resolved, no number is read, no form is known, nothing is checked.
func floor(ctx context.Context, inputs, file string) (cells int, err error) {
	connector, err := duckdb.NewConnector(file, nil)
	if err != nil {
		return 0, fmt.Errorf("opening DuckDB: %w", err)
	}
	db := sql.OpenDB(connector)
	defer db.Close() //nolint:errcheck // measured, not kept
	conn, err := db.Conn(ctx)
	if err != nil {
		return 0, fmt.Errorf("opening DuckDB: %w", err)
	}
	exec := func(statement string) {
		if err == nil {
			_, err = conn.ExecContext(ctx, statement)
		}
	}
	exec("CREATE TABLE cells (path VARCHAR, sheet VARCHAR, row INTEGER, col INTEGER, text VARCHAR)")
	exec("BEGIN")
	if err != nil {
		return 0, fmt.Errorf("DuckDB: %w", err)
	}
	err = conn.Raw(func(c any) error {
		a, err := duckdb.NewAppenderFromConn(c.(driver.Conn), "", "cells")
		if err != nil {
			return fmt.Errorf("appending: %w", err)
		}
		err = filepath.WalkDir(inputs, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasPrefix(filepath.Ext(path), ".xls") || filepath.Ext(path) == ".xls" ||
				strings.HasPrefix(d.Name(), "~$") {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			n, err := bareCells(a, path, data)
			cells += n
			return err
		})
		if err != nil {
			return err
		}
		return a.Close()
	})
	exec("COMMIT")
	exec("CHECKPOINT")
	return cells, err
}

// bareCells appends the cells of a workbook. One that cannot be opened is passed over.
func bareCells(a *duckdb.Appender, path string, data []byte) (cells int, err error) {
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true})
	if err != nil {
		return 0, nil
	}
	defer f.Close() //nolint:errcheck // read only
	for _, sheet := range f.GetSheetList() {
		rows, err := f.Rows(sheet)
		if err != nil {
			return cells, fmt.Errorf("%s: %w", path, err)
		}
		for row := int32(1); rows.Next(); row++ {
			texts, err := rows.Columns()
			if err != nil {
				return cells, fmt.Errorf("%s: %w", path, err)
			}
			for col, text := range texts {
				if text == "" {
					continue
				}
				cells++
				if err := a.AppendRow(path, sheet, row, int32(col+1), text); err != nil {
					return cells, fmt.Errorf("%s: %w", path, err)
				}
			}
		}
		_ = rows.Close()
	}
	return cells, nil
}
