package result

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Example is a query that analysts start from: sql/examples/<name>.sql, run as @name.
type Example struct {
	Name     string
	Question string // what it answers, its first line
	Params   []Param
	Before   string // the earlier run that it compares with, "" for none: 先月
	SQL      string
}

// Param is a named parameter of an example; one that is not given is NULL. Kind is 整数, 数, 日付, the values that it takes
// (progress|self_rating), or "" for any text.
type Param struct{ Name, Kind, Meaning string }

var paramForms = map[string]struct {
	form *regexp.Regexp
	says string
}{
	"整数": {regexp.MustCompile(`^-?\d+$`), "整数（例: 2026）"},
	"数":  {regexp.MustCompile(`^-?\d+(\.\d+)?$`), "数（例: 3100）"},
	"日付": {regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`), "2026-11-22 の形の日付"},
}

// Read is a value of the parameter as the query takes it: full-width digits are read, and what does not fit is an
// error.
func (p Param) Read(value string) (string, error) {
	folded := norm.NFKC.String(strings.TrimSpace(value))
	f, fixed := paramForms[p.Kind]
	switch {
	case p.Kind == "":
		return value, nil
	case fixed && f.form.MatchString(folded):
		return folded, nil
	case fixed:
		return "", fmt.Errorf("引数 %s は%sで書いてください: %s", p.Name, f.says, value)
	case !slices.Contains(strings.Split(p.Kind, "|"), folded):
		return "", fmt.Errorf("引数 %s は %s のどれかです: %s", p.Name, strings.ReplaceAll(p.Kind, "|", "、"), value)
	}
	return folded, nil
}

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
				name, kind, _ := strings.Cut(name, ":")
				e.Params = append(e.Params, Param{name, kind, meaning})
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
