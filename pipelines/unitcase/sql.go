package unitcase

import (
	"fmt"
	"strings"
)

const sourcesType = "STRUCT(field VARCHAR, path VARCHAR, sheet VARCHAR, cell VARCHAR)[]"

// call is a call of the macro with the arguments of a line, each of the type in its head.
func (t Table) call(row []string) string {
	args := make([]string, len(t.Head)-1)
	for i := range args {
		_, kind, typed := strings.Cut(t.Head[i], ":")
		if !typed {
			kind = "VARCHAR"
		}
		args[i] = "CAST(" + literal(row[i]) + " AS " + kind + ")"
	}
	return t.Name + "(" + strings.Join(args, ", ") + ")"
}

// sql makes the table: of text, and of the types that its head names. sources, and what ends in _sources, is a list of
// places; 「actual E5; unit C5」 is short for two of them.
func (t Table) sql() string {
	columns := make([]string, len(t.Head))
	places := make([]bool, len(t.Head))
	for i, h := range t.Head {
		column, kind, typed := strings.Cut(h, ":")
		if !typed {
			kind = "VARCHAR"
		}
		if places[i] = column == "sources" || strings.HasSuffix(column, "_sources"); places[i] {
			kind = sourcesType
		}
		columns[i] = fmt.Sprintf("%q %s", column, kind)
	}
	rows := make([]string, len(t.Rows))
	for i, row := range t.Rows {
		values := make([]string, len(row))
		for k, v := range row {
			if values[k] = literal(v); places[k] && v != "" && !strings.HasPrefix(v, "[") {
				values[k] = list(v)
			}
		}
		rows[i] = "(" + strings.Join(values, ", ") + ")"
	}
	return fmt.Sprintf("CREATE OR REPLACE TABLE %s (%s); INSERT INTO %s VALUES %s",
		t.Name, strings.Join(columns, ", "), t.Name, strings.Join(rows, ", "))
}

// list is the list of places that a short text stands for.
func list(short string) string {
	var out []string
	for _, place := range strings.Split(short, ";") {
		field, cell, _ := strings.Cut(strings.TrimSpace(place), " ")
		out = append(out, fmt.Sprintf("{'field': %s, 'path': NULL, 'sheet': NULL, 'cell': %s}", quote(field), quote(cell)))
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// literal is a text of a case in SQL: nothing is NULL, two single quotes are a text without characters.
func literal(v string) string {
	switch v {
	case "":
		return "NULL"
	case "''":
		return v
	}
	return quote(v)
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
