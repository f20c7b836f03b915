package lineage

import (
	"context"
	"fmt"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// Revised finds figures of tables (counts, shares) that were published and are others now: no cell of a workbook holds
// them, so the finding is about the line of the ledger. Those that a cell holds are found by
// sql/tests/published_revised.sql.
func Revised(ctx context.Context, db *warehouse.Build) ([]record.Finding, error) {
	r, err := db.Query(ctx, `SELECT municipality, split_part(fact, '｜', 1), fact, text, value, meeting, path, cell
		FROM meta.published
		WHERE starts_with(fact, 'marts.') AND value IS NOT NULL
		QUALIFY row_number() OVER (PARTITION BY municipality, fact ORDER BY held DESC, figure DESC) = 1 ORDER BY path, cell`)
	if err != nil {
		return nil, fmt.Errorf("reading what was published: %w", err)
	}
	today := map[string]any{}
	var out []record.Finding
	read := map[string]bool{}
	for _, row := range r.Rows {
		table := warehouse.Text(row[1])
		if !read[table] {
			read[table] = true
			if err := stated(ctx, db, table, today); err != nil {
				return nil, err
			}
		}
		now, ok := today[warehouse.Text(row[2])]
		if !ok || brief.SameNumber(now, row[4]) {
			continue
		}
		was, is := warehouse.Text(row[3])+"（会議 "+warehouse.Text(row[5])+"）", brief.Plain(now)
		f := finding.New(finding.PublishedRevised, "", warehouse.Text(row[7]), is, was)
		f.Municipality, f.Path = warehouse.Text(row[0]), warehouse.Text(row[6])
		out = append(out, f)
	}
	return out, nil
}

// stated adds what the rows of a table state today. A table that is no longer there states nothing.
func stated(ctx context.Context, db *warehouse.Build, table string, into map[string]any) error {
	there, err := db.Query(ctx, "SELECT 1 FROM duckdb_tables() WHERE schema_name || '.' || table_name = '"+table+"'")
	if err != nil || len(there.Rows) == 0 {
		return err
	}
	r, err := db.Query(ctx, "FROM "+table)
	if err != nil {
		return fmt.Errorf("reading %s: %w", table, err)
	}
	for _, row := range r.Rows {
		for i := range r.Columns {
			if fact, year := brief.RowFact(table, r, row, i); year > 0 && row[i] != nil {
				into[fact] = row[i]
			}
		}
	}
	return nil
}
