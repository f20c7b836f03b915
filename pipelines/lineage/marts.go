package lineage

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/warehouse"
)

// mart is a table of figures as one run has it: its rows by key, and what each row's values rest on.
type mart struct {
	key     []string
	columns []string
	result  warehouse.Result
	rows    map[string][]any
	order   []string
}

// martChanges compares the numbers and truths of every mart that has a key (鍵) in the newer run and is in both.
func martChanges(ctx context.Context, before, after *warehouse.Reader) ([]difference, error) {
	r, err := after.Query(
		ctx, "SELECT name, key FROM meta.models WHERE len(key) > 0 AND starts_with(name, 'marts.') ORDER BY name",
	)
	if err != nil {
		return nil, fmt.Errorf("listing marts: %w", err)
	}
	var out []difference
	for _, row := range r.Rows {
		name := fmt.Sprint(row[0])
		list, _ := row[1].([]any)
		var key []string
		for _, k := range list {
			key = append(key, fmt.Sprint(k))
		}
		there, err := before.Has(ctx, name)
		if err != nil {
			return nil, err
		}
		if !there {
			continue
		}
		old, err := readMart(ctx, before, name, key)
		if err != nil {
			return nil, err
		}
		now, err := readMart(ctx, after, name, key)
		if err != nil {
			return nil, err
		}
		out = append(out, compareMart(name, old, now)...)
	}
	return out, nil
}

func readMart(ctx context.Context, db *warehouse.Reader, name string, key []string) (mart, error) {
	r, err := db.Query(ctx, "FROM "+name)
	if err != nil {
		return mart{}, fmt.Errorf("reading %s of run %s: %w", name, db.Run, err)
	}
	m := mart{key: key, columns: r.Columns, result: r, rows: map[string][]any{}}
	for _, row := range r.Rows {
		var parts []string
		for i, c := range r.Columns {
			if !slices.Contains(key, c) {
				continue
			}
			part := words(row[i])
			if row[i] == nil {
				part = "－" // its place tells it from a row whose other column is empty
			}
			parts = append(parts, part)
		}
		id := strings.Join(parts, "／")
		for n := 2; m.rows[id] != nil; n++ { // no row hides another
			id = strings.Join(parts, "／") + "#" + strconv.Itoa(n)
		}
		m.order = append(m.order, id)
		m.rows[id] = row
	}
	return m, nil
}

// words writes a value for a person: no trailing zeros.
func words(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case warehouse.Number:
		return v.Short()
	case []any:
		var out []string
		for _, x := range v {
			out = append(out, words(x))
		}
		return strings.Join(out, "・")
	}
	return fmt.Sprint(v)
}

func compareMart(name string, old, now mart) []difference {
	var out []difference
	for _, id := range now.order {
		row := now.rows[id]
		was, there := old.rows[id]
		if !there {
			out = append(out, difference{Change{Table: name, Figure: id, New: "（行）"}, nil, now.places(row, "sources")})
			continue
		}
		for i, column := range now.columns {
			j := slices.Index(old.columns, column)
			if j < 0 || slices.Contains(now.key, column) || !figure(row[i]) && !figure(was[j]) ||
				words(row[i]) == words(was[j]) {
				continue
			}
			out = append(out, difference{
				Change{Table: name, Figure: id + "／" + column, Old: words(was[j]), New: words(row[i])},
				old.places(was, column), now.places(row, column),
			})
		}
	}
	for _, id := range old.order {
		if _, there := now.rows[id]; !there {
			out = append(out, difference{Change{Table: name, Figure: id, Old: "（行）"}, old.places(old.rows[id], "sources"), nil})
		}
	}
	return out
}

// figure reports whether a value is a number or a truth.
func figure(v any) bool {
	switch v.(type) {
	case warehouse.Number, bool:
		return true
	}
	return false
}

func (m mart) places(row []any, column string) []Place {
	if i := slices.Index(m.columns, column+"_sources"); i >= 0 {
		if list, _ := row[i].([]any); len(list) == 0 {
			return nil // a count of none
		}
	}
	return placesOf(brief.SourcesOf(m.result, row, column))
}
