// Package model runs the SELECTs of sql/: finds their order from the statements themselves, builds their tables with
// comments, and tests the result.
package model

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
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
	Key     []string    // the columns that tell one row from another, from the header's 「-- 鍵: 列名, 列名」
	Local   bool        // its rows rest on those of their own municipality, from the header's 「-- 範囲: 自治体ごと」
	Needs   []string    // the staging and marts tables that it reads

	head head
}

var columnComment = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_]*): (.+)$`)

// Load reads the models of a file system whose root holds sql/. What the head of one of its files says and cannot
// hold is an error with its line, that of a test too: it is told before anything is computed.
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
			m, err := newModel(layer, file, plainFile(data))
			if err != nil {
				return nil, err
			}
			out = append(out, m)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("sql/ にモデルがありません（sql/staging, sql/marts）")
	}
	_, err := readTests(fsys)
	return out, err
}

// newModel reads the file of a model.
func newModel(layer, file, text string) (Model, error) {
	h, err := readHead(file, text)
	if err != nil {
		return Model{}, err
	}
	for _, word := range []string{codeWord, severityWord} {
		if set, ok := h.set[word]; ok {
			return Model{}, fmt.Errorf("%s:%d: 「%s」は、sql/tests の検査にだけ書けます。このファイルを sql/tests に移すか、この行を消してください",
				file, set.line, word)
		}
	}
	if h.comment == "" {
		return Model{}, fmt.Errorf("%s:1: 先頭に、表の意味と一行の単位を書いたコメントがありません", file)
	}
	m := Model{
		Name: layer + "." + strings.TrimSuffix(path.Base(file), ".sql"), File: file, SQL: statement(text),
		Comment: h.comment, Local: h.local(), head: h,
	}
	for _, c := range h.columns {
		m.Columns = append(m.Columns, [2]string{c.name, c.text})
	}
	for _, c := range h.key {
		m.Key = append(m.Key, c.name)
	}
	return m, nil
}

// plainFile is a file's text without the mark that some editors put before it.
func plainFile(data []byte) string { return strings.TrimPrefix(string(data), "\ufeff") }

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

// Build creates the macros, then every model's table in the order of their needs. Models whose rows rest on those of
// their own municipality are computed for about so many records at a time.
func Build(ctx context.Context, b *warehouse.Build, fsys fs.FS, models []Model, partSize int64) error {
	var rules []macro
	err := b.InTransaction(ctx, func() (err error) {
		rules, err = macros(ctx, b, fsys)
		return err
	})
	if err != nil {
		return err
	}
	ordered, err := order(ctx, b, models)
	if err != nil {
		return err
	}
	p, err := split(ctx, b, partSize)
	if err != nil {
		return err
	}
	for _, m := range ordered {
		if err := create(ctx, b, p, m); err != nil {
			return fmt.Errorf("%s:%d: モデルを実行できません: %w", m.File, errorLine(err, m.SQL), err)
		}
	}
	if err := p.close(ctx); err != nil {
		return err
	}
	if err := remember(ctx, b, ordered, rules); err != nil {
		return err
	}
	return describe(ctx, b, fsys, ordered)
}

// describe gives tables and columns their comments: a model's own, and for other columns what sql/columns.sql says of
// their name. One transaction and one text for all of them: each by itself would take longer than computing a table.
func describe(ctx context.Context, b *warehouse.Build, fsys fs.FS, models []Model) error {
	common, err := commonComments(fsys)
	if err != nil {
		return err
	}
	r, err := b.Query(
		ctx,
		"SELECT schema_name || '.' || table_name, column_name, comment IS NULL FROM duckdb_columns() WHERE NOT internal "+
			"ORDER BY ALL",
	)
	if err != nil {
		return fmt.Errorf("listing columns: %w", err)
	}
	there := map[string][]string{} // the columns of every table
	var statements []string
	for _, row := range r.Rows {
		table, column := fmt.Sprint(row[0]), fmt.Sprint(row[1])
		there[table] = append(there[table], column)
		if text, ok := common[column]; ok && row[2] == true {
			statements = append(statements, comment(table, column, text))
		}
	}
	for _, m := range models { // after the common ones, which they replace
		statements = append(statements, fmt.Sprintf("COMMENT ON TABLE %s IS %s", m.Name, quote(m.Comment)))
		if c, gone := m.head.missing(there[m.Name]); gone {
			return noSuchColumn(m.File, c, there[m.Name])
		}
		for _, c := range m.Columns {
			statements = append(statements, comment(m.Name, c[0], c[1]))
		}
	}
	if err := b.InTransaction(ctx, func() error { return b.Exec(ctx, strings.Join(statements, ";\n")) }); err != nil {
		return fmt.Errorf("commenting tables and columns: %w", err)
	}
	return nil
}

func comment(table, column, text string) string {
	return fmt.Sprintf(`COMMENT ON COLUMN %s."%s" IS %s`, table, column, quote(text))
}

// commonComments are the comments that sql/columns.sql has for columns, by their name.
func commonComments(fsys fs.FS) (map[string]string, error) {
	data, err := fs.ReadFile(fsys, "sql/columns.sql")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the columns' comments: %w", err)
	}
	_, common := header(string(data))
	said := map[string]string{}
	for _, c := range common {
		said[c[0]] = c[1]
	}
	return said, nil
}

// create makes a model's table, at once or part by part.
func create(ctx context.Context, b *warehouse.Build, p *parts, m Model) error {
	if p.undivided(m.Local) {
		return b.Exec(ctx, "CREATE TABLE "+m.Name+" AS\n"+m.SQL)
	}
	table := `"` + p.home + `".` + m.Name
	return p.each(ctx, func(first bool) error {
		if first {
			return b.Exec(ctx, "CREATE TABLE "+table+" AS\n"+m.SQL)
		}
		return b.Exec(ctx, "INSERT INTO "+table+" BY NAME\n"+m.SQL)
	})
}

// remember writes the models and macros themselves into the file: what made a figure can be read there, whatever sql/
// says later.
func remember(ctx context.Context, b *warehouse.Build, models []Model, rules []macro) error {
	var rows [][]any
	for _, m := range rules {
		rows = append(rows, []any{m.name, m.file, m.sql, []string{}, []string{}})
	}
	for _, m := range models {
		rows = append(rows, []any{m.Name, m.File, m.SQL, m.Key, m.Needs})
	}
	err := b.InTransaction(ctx, func() error { return b.Append("meta.models", rows) })
	if err != nil {
		return fmt.Errorf("writing the models into the file: %w", err)
	}
	return nil
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

var (
	lineOf = regexp.MustCompile(`LINE (\d+): (?:\.\.\.)?(.*?)(?:\.\.\.)?\n`)
	nearBy = regexp.MustCompile(`at or near "([^"]+)"`)
)

// errorLine is the line of a file that an error of DuckDB is about. What it counts is not the file's: statements come
// to it parted, and its parser counts the bytes of comments as characters. So the line is looked for by what is quoted;
// where nothing of that is in the file, it is the first line that is no comment.
func errorLine(err error, text string) int {
	lines := strings.Split(text, "\n")
	said, counted := err.Error()+"\n", 1
	nearest := func(what string) (at int) {
		for i, l := range lines {
			comment := strings.HasPrefix(strings.TrimSpace(l), "--")
			if what != "" && !comment && strings.Contains(l, what) &&
				(at == 0 || distance(i+1, counted) < distance(at, counted)) {
				at = i + 1
			}
		}
		return at
	}
	if m := lineOf.FindStringSubmatch(said); m != nil {
		counted, _ = strconv.Atoi(m[1])
		if at := nearest(strings.TrimSpace(m[2])); at > 0 {
			return at
		}
	}
	if m := nearBy.FindStringSubmatch(said); m != nil {
		if at := nearest(m[1]); at > 0 {
			return at
		}
	}
	first := slices.IndexFunc(lines, func(l string) bool {
		return strings.TrimSpace(l) != "" && !strings.HasPrefix(strings.TrimSpace(l), "--")
	})
	return max(first, 0) + 1
}

func distance(a, b int) int { return max(a-b, b-a) }
