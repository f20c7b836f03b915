// Package unitcase reads and runs the unit cases of SQL: the folders of sql/unit. Tests of the models run them, and so
// does the program that changes the models one by one to see whether a case notices.
package unitcase

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Table is one file of a case: a head, and its lines. An empty text is NULL, two single quotes are a text without
// characters.
type Table struct {
	Name string // staging.projects, or the name of a macro
	File string // sql/unit/…/staging.projects.csv
	Head []string
	Rows [][]string
}

// Case is a folder of sql/unit.
type Case struct {
	Name     string  // of the folder
	Given    []Table // schema.table.csv; a column's type stands behind a colon in the head
	Expected []Table // schema.model.expected.csv: any of the model's columns, or an expression behind =
	Macros   []Table // name.macro.csv: arguments of a macro, with its value in the last column;
	// under the head exactly, the zeros behind a point are compared too.
}

// Load reads the cases below sql/unit of a file system, by the names of their folders. A case that expects nothing is
// an error.
func Load(fsys fs.FS) ([]Case, error) {
	dirs, err := fs.Glob(fsys, "sql/unit/*")
	if err != nil {
		return nil, fmt.Errorf("listing the unit cases: %w", err)
	}
	var out []Case
	for _, dir := range dirs {
		c, err := load(fsys, dir)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("sql/unit holds no case")
	}
	return out, nil
}

func load(fsys fs.FS, dir string) (Case, error) {
	c := Case{Name: path.Base(dir)}
	files, err := fs.Glob(fsys, dir+"/*.csv")
	if err != nil {
		return c, fmt.Errorf("listing the unit case %s: %w", c.Name, err)
	}
	for _, file := range files {
		t, err := readTable(fsys, file)
		if err != nil {
			return c, err
		}
		if name, ok := strings.CutSuffix(t.Name, ".macro"); ok {
			t.Name = name
			c.Macros = append(c.Macros, t)
		} else if name, ok := strings.CutSuffix(t.Name, ".expected"); ok {
			t.Name = name
			c.Expected = append(c.Expected, t)
		} else {
			c.Given = append(c.Given, t)
		}
	}
	if len(c.Expected)+len(c.Macros) == 0 {
		return c, fmt.Errorf("%s: nothing is expected", dir)
	}
	return c, nil
}

func readTable(fsys fs.FS, file string) (Table, error) {
	t := Table{Name: strings.TrimSuffix(path.Base(file), ".csv"), File: file}
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return t, fmt.Errorf("reading the unit case %s: %w", file, err)
	}
	r := csv.NewReader(strings.NewReader(string(data)))
	r.LazyQuotes = true
	lines, err := r.ReadAll()
	if err != nil {
		return t, fmt.Errorf("reading the unit case %s: %w", file, err)
	}
	if len(lines) == 0 || len(lines) == 1 && !strings.HasSuffix(t.Name, ".expected") {
		return t, fmt.Errorf("%s: %d lines", file, len(lines))
	}
	t.Head, t.Rows = lines[0], lines[1:]
	return t, nil
}
