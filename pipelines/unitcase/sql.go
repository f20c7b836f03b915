package unitcase

import (
	"fmt"
	"strconv"
	"strings"
)

const sourcesType = "STRUCT(field VARCHAR, path VARCHAR, sheet VARCHAR, cell VARCHAR)[]"

// calls calls the macro with the arguments of every line, each of the type in its head. The macro is called with
// columns, as the models call it: it is then bound once, not for every line.
func (t Table) calls() string {
	rows := make([]string, len(t.Rows))
	names := make([]string, len(t.Head)-1)
	for i, row := range t.Rows {
		values := []string{strconv.Itoa(i)}
		for k := range names {
			_, kind, typed := strings.Cut(t.Head[k], ":")
			if !typed {
				kind = "VARCHAR"
			}
			names[k] = "a" + strconv.Itoa(k)
			values = append(values, "CAST("+literal(row[k])+" AS "+kind+")")
		}
		rows[i] = "(" + strings.Join(values, ", ") + ")"
	}
	return fmt.Sprintf("SELECT line, CAST(%s(%s) AS VARCHAR) FROM (VALUES %s) AS t(%s) ORDER BY line", t.Name,
		strings.Join(names, ", "), strings.Join(rows, ", "), strings.Join(append([]string{"line"}, names...), ", "))
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
