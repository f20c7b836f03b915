package warehouse

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
)

// Export writes the marts of the published run as Parquet files under a folder, one folder a table, split by
// municipality and fiscal year where it has them: indicator_years/municipality=八戸市/fiscal_year=2024/data_0.parquet. The
// queries are the program's own. It returns the tables and their rows.
func Export(ctx context.Context, dir, run, to string) (tables []string, rows map[string]int64, err error) {
	path := Path(dir, run)
	b, err := openTrusted(ctx, path)
	if err != nil {
		return nil, nil, err
	}
	defer b.close() //nolint:errcheck // read only
	r, err := b.Query(ctx, `SELECT t.table_name, any_value(m.key), list(c.column_name) FROM duckdb_tables() AS t
		JOIN duckdb_columns() AS c USING (database_name, schema_name, table_name) LEFT
			JOIN meta.models AS m ON m.name = 'marts.' || t.table_name
		WHERE t.schema_name = 'marts' AND t.database_name = current_database() GROUP BY ALL ORDER BY ALL`)
	if err != nil {
		return nil, nil, err
	}
	rows = map[string]int64{}
	for _, row := range r.Rows {
		table := row[0].(string)
		var split []string
		for _, name := range []string{"municipality", "fiscal_year"} {
			if slices.Contains(row[2].([]any), any(name)) {
				split = append(split, name)
			}
		}
		order := "ALL"
		if key, ok := row[1].([]any); ok && len(key) > 0 {
			var names []string
			for _, k := range key {
				names = append(names, quoted(fmt.Sprint(k)))
			}
			order = strings.Join(names, ", ")
		}
		target := filepath.Join(to, table)
		how := "FORMAT parquet, OVERWRITE_OR_IGNORE"
		if len(split) > 0 {
			how += ", PARTITION_BY (" + strings.Join(split, ", ") + ")"
		} else {
			target += ".parquet"
		}
		if err := b.Exec(
			ctx, "COPY (SELECT * FROM marts."+quoted(table)+" ORDER BY "+order+") TO "+literal(target)+" ("+how+")",
		); err != nil {
			return nil, nil, fmt.Errorf("exporting %s: %w", table, err)
		}
		n, err := b.Query(ctx, "SELECT count(*)::BIGINT FROM marts."+quoted(table))
		if err != nil {
			return nil, nil, err
		}
		var count int64
		if _, err := fmt.Sscan(fmt.Sprint(n.Rows[0][0]), &count); err != nil {
			return nil, nil, fmt.Errorf("counting %s: %w", table, err)
		}
		tables, rows[table] = append(tables, table), count
	}
	return tables, rows, nil
}

// openTrusted opens a run's file read-only for the program's own queries, which may write files.
func openTrusted(ctx context.Context, path string) (*Build, error) {
	connector, err := duckdb.NewConnector(
		path+"?access_mode=read_only&autoinstall_known_extensions=false&autoload_known_extensions=false", nil,
	)
	if err != nil {
		return nil, &DamagedError{path, err}
	}
	b := &Build{path: path, db: sql.OpenDB(connector)}
	if b.conn, err = b.db.Conn(ctx); err != nil {
		return nil, &DamagedError{path, err}
	}
	return b, nil
}
