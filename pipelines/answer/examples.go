package answer

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Example is a query that analysts start from: sql/examples/<name>.sql, run as @name.
type Example struct {
	Name     string
	Question string // what it answers, its first line
	Params   []Param
	Before   string // the earlier run that it compares with, "" for none: 先月
	SQL      string
}

// Param is a named parameter of an example; one that is not given is NULL.
type Param struct{ Name, Meaning string }

const examplesDir = "sql/examples"

// Examples reads the examples, in the order of their names. One that does not say what it answers is an error.
func Examples(project fs.FS) ([]Example, error) {
	files, err := fs.Glob(project, examplesDir+"/*.sql")
	if err != nil {
		return nil, fmt.Errorf("listing %s: %w", examplesDir, err)
	}
	var out []Example
	for _, file := range files {
		data, err := fs.ReadFile(project, file)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", file, err)
		}
		e := Example{Name: strings.TrimSuffix(path.Base(file), ".sql"), SQL: string(data)}
		for _, line := range strings.Split(e.SQL, "\n") {
			text, comment := strings.CutPrefix(line, "-- ")
			if !comment {
				break
			}
			if q, ok := strings.CutPrefix(text, "質問: "); ok {
				e.Question = strings.TrimSpace(q)
			}
			if q, ok := strings.CutPrefix(text, "引数: "); ok {
				name, meaning, _ := strings.Cut(strings.TrimSpace(q), " ")
				e.Params = append(e.Params, Param{name, meaning})
			}
			if q, ok := strings.CutPrefix(text, "比較: "); ok {
				e.Before = strings.TrimSpace(q)
			}
		}
		if first, _, _ := strings.Cut(e.SQL, "\n"); !strings.HasPrefix(first, "-- 質問: ") || e.Question == "" {
			return nil, fmt.Errorf("%s:1: 最初の行に「-- 質問: …」を書いてください", file)
		}
		out = append(out, e)
	}
	return out, nil
}
