package warehouse

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
)

// ReadTables are the tables that reading fills, municipality by municipality: what one machine hands to another.
var ReadTables = []string{
	"meta.workbooks", "meta.findings", "meta.plans", "meta.departments", "meta.decisions",
	"raw.cells", "raw.records", "raw.fields", "raw.submissions",
}

// Where the municipality and the year come from, by which the files of a table are split; without a year they are split by
// municipality alone. The place in the table goes along as seq.
var splitRows = map[string]string{
	"meta.workbooks":   "SELECT t.*, t.rowid AS seq, t.fiscal_year AS year FROM meta.workbooks AS t",
	"meta.findings":    "SELECT t.*, t.rowid AS seq, w.fiscal_year AS year FROM meta.findings AS t LEFT JOIN meta.workbooks AS w USING (path)",
	"meta.plans":       "SELECT t.*, t.rowid AS seq FROM meta.plans AS t",
	"meta.departments": "SELECT t.*, t.rowid AS seq FROM meta.departments AS t",
	"meta.decisions":   "SELECT t.*, t.rowid AS seq FROM meta.decisions AS t",
	"raw.cells":        "SELECT t.*, t.rowid AS seq, w.municipality, w.fiscal_year AS year FROM raw.cells AS t JOIN meta.workbooks AS w USING (workbook_id)",
	"raw.records":      "SELECT t.*, t.rowid AS seq, w.municipality, w.fiscal_year AS year FROM raw.records AS t JOIN meta.workbooks AS w USING (workbook_id)",
	"raw.fields": `SELECT t.*, t.rowid AS seq, w.municipality, w.fiscal_year AS year FROM raw.fields AS t
		JOIN raw.records AS r USING (record_id) JOIN meta.workbooks AS w USING (workbook_id)`,
	"raw.submissions": "SELECT t.*, t.rowid AS seq, t.fiscal_year AS year FROM raw.submissions AS t",
}

func splitBy(table string) []string {
	if strings.Contains(splitRows[table], "AS year") {
		return []string{"municipality", "year"}
	}
	return []string{"municipality"}
}

// WriteRead writes the tables that reading has filled as Parquet under a folder, one folder a table, split by municipality
// and year: raw.cells/municipality=八戸市/year=2024/data_0.parquet. It returns the rows of each.
func (b *Build) WriteRead(ctx context.Context, dir string) (rows map[string]int64, err error) {
	rows = map[string]int64{}
	for _, table := range ReadTables {
		if rows[table], err = b.count(ctx, table); err != nil {
			return nil, err
		}
		if rows[table] == 0 {
			continue
		}
		err := b.Exec(ctx, "COPY ("+splitRows[table]+") TO "+literal(filepath.Join(dir, table))+" (FORMAT parquet, PARTITION_BY ("+strings.Join(splitBy(table), ", ")+"))")
		if err != nil {
			return nil, fmt.Errorf("writing %s as Parquet: %w", table, err)
		}
	}
	return rows, nil
}

// AddRead appends what WriteRead wrote: files are those of one table under its folder. Workbooks and records are numbered on
// from those that are there.
func (b *Build) AddRead(ctx context.Context, table string, files []string, workbooks, records int64) error {
	r, err := b.Query(ctx, "SELECT column_name FROM duckdb_columns() WHERE schema_name || '.' || table_name = "+literal(table)+" ORDER BY column_index")
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
	var list, types []string
	for _, f := range files {
		list = append(list, literal(f))
	}
	for _, column := range splitBy(table) {
		types = append(types, literal(column)+": "+map[string]string{"municipality": "VARCHAR", "year": "INTEGER"}[column])
	}
	err = b.Exec(ctx, "INSERT INTO "+table+" SELECT "+strings.Join(columns, ", ")+" FROM read_parquet(["+strings.Join(list, ", ")+
		"], hive_partitioning = true, hive_types = {"+strings.Join(types, ", ")+"}) ORDER BY seq")
	if err != nil {
		return fmt.Errorf("reading %s from Parquet: %w", table, err)
	}
	return nil
}

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
