// Package model runs the SELECTs of sql/: finds their order from the statements themselves, builds their tables with
// comments, and tests the result.
package model

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"kyogikai/pipelines/warehouse"
)

// Folders of sql/ whose files become tables, named folder.file.
var layers = []string{"staging", "marts"}

// Model is one SELECT. Its name is the table's name.
type Model struct {
	Name    string // marts.yearly
	File    string // sql/marts/yearly.sql
	SQL     string
	Comment string      // the header's sentences
	Columns [][2]string // column and its comment, from the header's 「-- 列名: 説明」
	needs   []string
}

var columnComment = regexp.MustCompile(`^([a-z_][a-z0-9_]*): (.+)$`)

// Load reads the models of a file system whose root holds sql/.
func Load(fsys fs.FS) ([]Model, error) {
	var out []Model
	for _, layer := range layers {
		files, err := fs.Glob(fsys, path.Join("sql", layer, "*.sql"))
		if err != nil {
			return nil, fmt.Errorf("listing models: %w", err)
		}
		for _, file := range files {
			data, err := fs.ReadFile(fsys, file)
			if err != nil {
				return nil, fmt.Errorf("reading model %s: %w", file, err)
			}
			m := Model{Name: layer + "." + strings.TrimSuffix(path.Base(file), ".sql"), File: file, SQL: statement(string(data))}
			m.Comment, m.Columns = header(string(data))
			if m.Comment == "" {
				return nil, fmt.Errorf("%s:1: 先頭に、表の意味と一行の単位を書いたコメントがありません", file)
			}
			out = append(out, m)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("sql/ にモデルがありません（sql/staging, sql/marts）")
	}
	return out, nil
}

// statement is a file's text without its final semicolon.
func statement(text string) string { return strings.TrimRight(strings.TrimSpace(text), "; \n") }

// header reads the comment lines at the top of a file.
func header(text string) (comment string, columns [][2]string) {
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "--") {
			break
		}
		line = strings.TrimSpace(strings.TrimPrefix(line, "--"))
		if m := columnComment.FindStringSubmatch(line); m != nil {
			columns = append(columns, [2]string{m[1], m[2]})
			continue
		}
		comment += line
	}
	return comment, columns
}

// Build creates the macros, then every model's table in the order of their needs.
func Build(ctx context.Context, b *warehouse.Build, fsys fs.FS, models []Model) error {
	if err := macros(ctx, b, fsys); err != nil {
		return err
	}
	ordered, err := order(ctx, b, models)
	if err != nil {
		return err
	}
	for _, m := range ordered {
		if err := b.Exec(ctx, "CREATE TABLE "+m.Name+" AS\n"+m.SQL); err != nil {
			return fmt.Errorf("%s:%d: モデルを実行できません: %w", m.File, errorLine(err)-1, err)
		}
		if err := comments(ctx, b, m); err != nil {
			return err
		}
	}
	return nil
}

func comments(ctx context.Context, b *warehouse.Build, m Model) error {
	if err := b.Exec(ctx, fmt.Sprintf("COMMENT ON TABLE %s IS %s", m.Name, quote(m.Comment))); err != nil {
		return fmt.Errorf("%s: %w", m.File, err)
	}
	for _, c := range m.Columns {
		if err := b.Exec(ctx, fmt.Sprintf("COMMENT ON COLUMN %s.%s IS %s", m.Name, c[0], quote(c[1]))); err != nil {
			return fmt.Errorf("%s: 列 %s の説明を付けられません: %w", m.File, c[0], err)
		}
	}
	return nil
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

var lineOf = regexp.MustCompile(`LINE (\d+):`)

// errorLine is the line that DuckDB names in an error, else 2.
func errorLine(err error) int {
	n := 2
	if m := lineOf.FindStringSubmatch(err.Error()); m != nil {
		_, _ = fmt.Sscan(m[1], &n)
	}
	return n
}
