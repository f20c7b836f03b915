package model

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Source is a SELECT or a macro as a published file remembers it.
type Source struct {
	Name, File, SQL string
	Needs           []string // the tables that it reads
}

// Sources reads what made the tables of a published file: its models, and its macros under the names of their files.
func Sources(ctx context.Context, on Querier) (map[string]Source, error) {
	r, err := on.Query(ctx, "SELECT name, file, sql, needs FROM meta.models")
	if err != nil {
		return nil, fmt.Errorf("reading models: %w", err)
	}
	out := map[string]Source{}
	for _, row := range r.Rows {
		s := Source{Name: fmt.Sprint(row[0]), File: fmt.Sprint(row[1]), SQL: fmt.Sprint(row[2])}
		needs, _ := row[3].([]any)
		for _, n := range needs {
			s.Needs = append(s.Needs, fmt.Sprint(n))
		}
		out[s.Name] = s
	}
	return out, nil
}

// Differ lists the models and macros whose SQL, comments aside, is not the same in two published files, among those
// that a table rests on; among all where there is no such table.
func Differ(a, b map[string]Source, table string) []string {
	rests := map[string]bool{}
	for next := []string{table}; len(next) > 0; next = next[1:] {
		if s, ok := b[next[0]]; ok && !rests[next[0]] {
			rests[next[0]] = true
			next = append(next, s.Needs...)
		}
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(b)) {
		old, there := a[name]
		isMacro := !strings.Contains(name, ".")
		if there && bare(old.SQL) != bare(b[name].SQL) && (len(rests) == 0 || rests[name] || isMacro) {
			out = append(out, name)
		}
	}
	return out
}

// bare is SQL without comments and white space.
func bare(sql string) string {
	return strings.Join(strings.Fields(sqlComment.ReplaceAllString(sql, "")), " ")
}
