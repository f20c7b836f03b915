package warehouse

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// ReadTables are the tables that reading fills, municipality by municipality: what one machine hands to another.
var ReadTables = []string{
	"meta.workbooks", "meta.findings", "meta.plans", "meta.departments", "meta.population", "meta.decisions",
	"meta.published",
	"raw.cells", "raw.records", "raw.fields", "raw.blanks", "raw.listed", "raw.submissions",
}

// The rows of a table with their place in it (seq) and the year by which its files are split, none where it has no
// year.
var splitRows = map[string]string{
	"meta.workbooks": "SELECT t.*, t.rowid AS seq, t.fiscal_year AS year FROM meta.workbooks AS t",
	"meta.findings": `SELECT t.*, t.rowid AS seq, (SELECT any_value(w.fiscal_year) FROM meta.workbooks AS w
		WHERE w.path = t.path) AS year
		FROM meta.findings AS t`,
	"meta.plans":       "SELECT t.*, t.rowid AS seq, NULL AS year FROM meta.plans AS t",
	"meta.departments": "SELECT t.*, t.rowid AS seq, NULL AS year FROM meta.departments AS t",
	"meta.population":  "SELECT t.*, t.rowid AS seq, NULL AS year FROM meta.population AS t",
	"meta.decisions":   "SELECT t.*, t.rowid AS seq, NULL AS year FROM meta.decisions AS t",
	"meta.published":   "SELECT t.*, t.rowid AS seq, NULL AS year FROM meta.published AS t",
	"raw.cells": "SELECT t.*, t.rowid AS seq, w.fiscal_year AS year FROM raw.cells AS t " +
		"JOIN meta.workbooks AS w USING (workbook_id)",
	"raw.records": "SELECT t.*, t.rowid AS seq, w.fiscal_year AS year FROM raw.records AS t " +
		"JOIN meta.workbooks AS w USING (workbook_id)",
	"raw.fields": `SELECT t.*, t.rowid AS seq, w.fiscal_year AS year FROM raw.fields AS t
		JOIN raw.records AS r USING (record_id) JOIN meta.workbooks AS w USING (workbook_id)`,
	"raw.blanks": `SELECT t.*, t.rowid AS seq, w.fiscal_year AS year FROM raw.blanks AS t
		JOIN raw.records AS r USING (record_id) JOIN meta.workbooks AS w USING (workbook_id)`,
	"raw.listed":      "SELECT t.*, t.rowid AS seq, NULL AS year FROM raw.listed AS t",
	"raw.submissions": "SELECT t.*, t.rowid AS seq, t.fiscal_year AS year FROM raw.submissions AS t",
}

// Folder is where a municipality's files of a table are, below the folder of a share: raw.cells/municipality=八戸市.
// Characters that mean something in such a path are written as their codes.
func Folder(table, municipality string) string {
	var name strings.Builder
	for _, r := range municipality {
		if r < 0x20 || r == 0x7f || strings.ContainsRune(`%=/\?*[]'":`, r) {
			fmt.Fprintf(&name, "%%%02X", r)
			continue
		}
		name.WriteRune(r)
	}
	return path.Join(table, "municipality="+name.String())
}

// noYear is how a path says that a year is not known, as engines that read such paths expect it.
const noYear = "__HIVE_DEFAULT_PARTITION__"

// WriteRead writes what reading has filled in of one municipality, the only one in the file, as Parquet under a folder,
// split by municipality and year: raw.cells/municipality=八戸市/year=2024/data.parquet. The files hold all columns: a path
// only helps to find them. It returns the rows of each table.
func (b *Build) WriteRead(ctx context.Context, dir, municipality string) (rows map[string]int64, err error) {
	rows = map[string]int64{}
	for _, table := range ReadTables {
		if rows[table], err = b.count(ctx, table); err != nil {
			return nil, err
		}
		if rows[table] == 0 {
			continue
		}
		r, err := b.Query(ctx, "SELECT DISTINCT year::VARCHAR FROM ("+splitRows[table]+") ORDER BY ALL")
		if err != nil {
			return nil, fmt.Errorf("writing %s as Parquet: %w", table, err)
		}
		for _, row := range r.Rows {
			name, of := noYear, "year IS NULL"
			if row[0] != nil {
				name = fmt.Sprint(row[0])
				of = "year = " + name
			}
			folder := filepath.Join(dir, filepath.FromSlash(Folder(table, municipality)), "year="+name)
			if err := os.MkdirAll(folder, 0o755); err != nil {
				return nil, fmt.Errorf("%s を作れません。空き容量と、自治体の名前の長さを確かめてください: %w", folder, err)
			}
			err := b.Exec(ctx, "COPY (SELECT * EXCLUDE (year) FROM ("+splitRows[table]+") WHERE "+of+") TO "+
				literal(filepath.Join(folder, "data.parquet"))+" (FORMAT parquet)")
			if err != nil {
				return nil, fmt.Errorf("writing %s as Parquet: %w", table, err)
			}
		}
	}
	return rows, nil
}

// AddRead appends what WriteRead wrote: files are those of one table and municipality. Workbooks and records are
// numbered on from those that are there.
func (b *Build) AddRead(ctx context.Context, table string, files []string, workbooks, records int64) error {
	r, err := b.Query(
		ctx,
		"SELECT column_name FROM duckdb_columns() WHERE schema_name || '.' || table_name = "+literal(table)+
			" ORDER BY column_index",
	)
	if err != nil {
		return fmt.Errorf("reading the columns of %s: %w", table, err)
	}
	var columns []string
	for _, row := range r.Rows {
		switch name := fmt.Sprint(row[0]); name {
		case "workbook_id":
			columns = append(columns, fmt.Sprintf("format('w{:05d}', CAST(substr(workbook_id, 2) AS BIGINT) + %d)", workbooks))
		case "record_id":
			columns = append(columns, fmt.Sprintf("record_id + %d", records))
		default:
			columns = append(columns, quoted(name))
		}
	}
	var list []string
	for _, f := range files {
		list = append(list, literal(globbed.Replace(f)))
	}
	err = b.Exec(ctx, "INSERT INTO "+table+" SELECT "+strings.Join(
		columns, ", ",
	)+" FROM read_parquet(["+strings.Join(list, ", ")+
		"], hive_partitioning = false) ORDER BY seq")
	if err != nil {
		return fmt.Errorf("reading %s from Parquet: %w", table, err)
	}
	return nil
}

// globbed makes a path stand for itself where DuckDB would look for others like it.
var globbed = strings.NewReplacer("[", "[[]", "*", "[*]", "?", "[?]")

// Rows counts the rows of the tables that reading fills.
func (b *Build) Rows(ctx context.Context) (map[string]int64, error) {
	out := map[string]int64{}
	var err error
	for _, table := range ReadTables {
		if out[table], err = b.count(ctx, table); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (b *Build) count(ctx context.Context, table string) (n int64, err error) {
	r, err := b.Query(ctx, "SELECT count(*)::VARCHAR FROM "+table)
	if err != nil {
		return 0, fmt.Errorf("counting %s: %w", table, err)
	}
	if _, err := fmt.Sscan(fmt.Sprint(r.Rows[0][0]), &n); err != nil {
		return 0, fmt.Errorf("counting %s: %w", table, err)
	}
	return n, nil
}
