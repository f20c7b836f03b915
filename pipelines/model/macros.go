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

// macro is one file of sql/macros; its name is the macro's.
type macro struct {
	name, file, sql string
	made            bool
}

// CreateMacros creates the macros of sql/macros in a warehouse that is being built.
func CreateMacros(ctx context.Context, b *warehouse.Build, fsys fs.FS) error {
	_, err := macros(ctx, b, fsys)
	return err
}

// macros creates the macros, each after those that it calls: DuckDB binds a macro's body when it is created.
func macros(ctx context.Context, b *warehouse.Build, fsys fs.FS) ([]macro, error) {
	files, err := fs.Glob(fsys, "sql/macros/*.sql")
	if err != nil {
		return nil, fmt.Errorf("listing macros: %w", err)
	}
	var list []macro
	for _, file := range files {
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("reading macro %s: %w", file, err)
		}
		list = append(list, macro{name: strings.TrimSuffix(path.Base(file), ".sql"), file: file, sql: string(data)})
	}
	for made := true; made; {
		made = false
		for i := range list {
			if list[i].made || list[i].waits(list) {
				continue
			}
			if err := b.Exec(ctx, list[i].sql); err != nil {
				return nil, fmt.Errorf("%s:%d: マクロを作れません: %w", list[i].file, errorLine(err, list[i].sql), err)
			}
			list[i].made, made = true, true
		}
	}
	for _, m := range list {
		if !m.made {
			return nil, fmt.Errorf("%s:1: マクロが互いを呼び合っています", m.file)
		}
	}
	return list, nil
}

var sqlComment = regexp.MustCompile(`(?m)--.*$`)

// waits reports whether a macro calls one that is not made yet.
func (m macro) waits(list []macro) bool {
	body := sqlComment.ReplaceAllString(m.sql, "")
	for _, other := range list {
		if other.made || other.name == m.name {
			continue
		}
		if regexp.MustCompile(`\b` + regexp.QuoteMeta(other.name) + `\(`).MatchString(body) {
			return true
		}
	}
	return false
}
