package warehouse

import (
	"context"
	"fmt"
	"strings"
)

// List is a small table of a brief's own: figures that no workbook holds. It becomes lists.<Name>, all of it text, with
// the line that each row came from.
type List struct {
	Name    string
	Path    string
	Source  string // where the figures are from, for the table's comment
	Columns []string
	Rows    [][]string
	Lines   []int // in the file, from 1, of each row
}

// AddList makes a list's table.
func (b *Build) AddList(ctx context.Context, l List) error {
	table := `lists."` + strings.ReplaceAll(l.Name, `"`, "") + `"`
	var sql strings.Builder
	fmt.Fprintf(&sql, "CREATE TABLE %s (", table)
	for _, c := range l.Columns {
		fmt.Fprintf(&sql, `"%s" VARCHAR, `, strings.ReplaceAll(c, `"`, ""))
	}
	sql.WriteString(`"line" INTEGER, sources STRUCT(field VARCHAR, path VARCHAR, sheet VARCHAR, cell VARCHAR)[]);`)
	for i, row := range l.Rows {
		sql.WriteString(map[bool]string{true: "\nINSERT INTO " + table + " VALUES (", false: ",\n("}[i == 0])
		for k := range l.Columns {
			v := "NULL"
			if k < len(row) && row[k] != "" {
				v = literal(row[k])
			}
			sql.WriteString(v + ", ")
		}
		fmt.Fprintf(
			&sql, "%d, [{'field': 'line', 'path': %s, 'sheet': NULL, 'cell': 'A%d'}])", l.Lines[i], literal(l.Path), l.Lines[i],
		)
	}
	if len(l.Rows) > 0 {
		sql.WriteString(";")
	}
	fmt.Fprintf(&sql, "\nCOMMENT ON TABLE %s IS %s", table, literal("資料に添える一覧（"+l.Path+"）。"+l.Source))
	if err := b.Exec(ctx, sql.String()); err != nil {
		return fmt.Errorf("loading %s: %w", l.Path, err)
	}
	return nil
}

func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
