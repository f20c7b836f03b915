package model

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"kyogikai/pipelines/warehouse"
)

// order sorts models so that each comes after those that it reads. What it reads is found in its syntax tree.
func order(ctx context.Context, b *warehouse.Build, models []Model) ([]Model, error) {
	byName := map[string]int{}
	for i := range models {
		byName[models[i].Name] = i
		needs, err := dependencies(ctx, b, models[i])
		if err != nil {
			return nil, err
		}
		models[i].Needs = needs
	}
	var out []Model
	state := map[string]int{} // 1 on the way, 2 done
	var visit func(i int, trail []string) error
	visit = func(i int, trail []string) error {
		m := models[i]
		if state[m.Name] == 2 {
			return nil
		}
		if state[m.Name] == 1 {
			return fmt.Errorf("%s:1: モデルが循環しています: %s", m.File, strings.Join(append(trail, m.Name), " → "))
		}
		state[m.Name] = 1
		for _, need := range m.Needs {
			j, ok := byName[need]
			if !ok {
				return fmt.Errorf("%s:%d: 表「%s」がありません", m.File, lineWith(m.SQL, need), need)
			}
			if err := visit(j, append(trail, m.Name)); err != nil {
				return err
			}
		}
		state[m.Name] = 2
		out = append(out, m)
		return nil
	}
	for i := range models {
		if err := visit(i, nil); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func lineWith(text, word string) int {
	before, _, found := strings.Cut(text, word)
	if !found {
		return 1
	}
	return strings.Count(before, "\n") + 1
}

// Querier answers queries: a warehouse that is being built, or a published one.
type Querier interface {
	Query(ctx context.Context, query string, args ...any) (warehouse.Result, error)
}

// Reads lists the staging and marts tables that a SELECT reads.
func Reads(ctx context.Context, on Querier, query string) ([]string, error) {
	return dependencies(ctx, on, Model{File: "問合せ", SQL: query})
}

// dependencies are the staging and marts tables that a model's SELECT reads.
func dependencies(ctx context.Context, on Querier, m Model) ([]string, error) {
	r, err := on.Query(ctx, "SELECT json_serialize_sql("+quote(m.SQL)+")::VARCHAR")
	if err != nil {
		return nil, fmt.Errorf("%s:1: SQLを解釈できません: %w", m.File, err)
	}
	var tree struct {
		Error        bool   `json:"error"`
		ErrorMessage string `json:"error_message"`
		Position     string `json:"position"`
		Statements   []any  `json:"statements"`
	}
	text, _ := r.Rows[0][0].(string)
	if err := json.Unmarshal([]byte(text), &tree); err != nil {
		return nil, fmt.Errorf("%s:1: SQLを解釈できません: %w", m.File, err)
	}
	if tree.Error {
		return nil, fmt.Errorf(
			"%s:%d: SELECT文ではないか、文法が正しくありません: %s", m.File, positionLine(m.SQL, tree.Position), tree.ErrorMessage,
		)
	}
	if len(tree.Statements) != 1 {
		return nil, fmt.Errorf("%s:1: 一つのファイルには一つのSELECT文だけを書いてください", m.File)
	}
	var needs []string
	walk(tree.Statements[0], func(schema, table string) {
		if name := schema + "." + table; slices.Contains(layers, schema) && !slices.Contains(needs, name) {
			needs = append(needs, name)
		}
	})
	slices.Sort(needs) // the tree is walked in no order
	return needs, nil
}

func positionLine(text, position string) int {
	n := 0
	_, _ = fmt.Sscan(position, &n)
	return strings.Count(text[:min(n, len(text))], "\n") + 1
}

func walk(node any, table func(schema, name string)) {
	switch n := node.(type) {
	case map[string]any:
		if n["type"] == "BASE_TABLE" {
			schema, _ := n["schema_name"].(string)
			name, _ := n["table_name"].(string)
			table(schema, name)
		}
		for _, child := range n {
			walk(child, table)
		}
	case []any:
		for _, child := range n {
			walk(child, table)
		}
	}
}
