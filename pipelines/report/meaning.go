package report

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"kyogikai/pipelines/lineage"
	"kyogikai/pipelines/warehouse"
)

// meanings are what the tables and columns of the marts are called in Japanese, by schema.table and by
// schema.table.column: the first sentence of their comments.
type meanings map[string]string

func readMeanings(ctx context.Context, db *warehouse.Reader) (meanings, error) {
	r, err := db.Query(ctx, `
		SELECT schema_name || '.' || table_name, comment FROM duckdb_tables() WHERE schema_name = 'marts'
		UNION ALL
		SELECT schema_name || '.' || table_name || '.' || column_name, comment FROM duckdb_columns()
		WHERE schema_name = 'marts'`)
	if err != nil {
		return nil, fmt.Errorf("reading comments: %w", err)
	}
	out := meanings{}
	for _, row := range r.Rows {
		if row[1] == nil {
			continue
		}
		first, _, _ := strings.Cut(fmt.Sprint(row[1]), "。")
		out[fmt.Sprint(row[0])] = first
	}
	return out, nil
}

// figure names a figure for a reader who knows no table: that of a paper by its address, that of a mart by what its
// table and column are.
func (m meanings) figure(c lineage.Change) string {
	if c.Table == lineage.Papers {
		return c.Table + " " + c.Figure
	}
	key, column := c.Figure, ""
	if i := strings.LastIndex(key, "／"); i >= 0 {
		column = m[c.Table+"."+key[i+len("／"):]]
		if column != "" {
			key = key[:i]
		}
	}
	name := cmp.Or(m[c.Table], c.Table) + " " + key
	if column != "" {
		name += "の「" + column + "」"
	}
	return name
}
