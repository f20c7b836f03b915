package model

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

const maxFindings = 200 // of one test and municipality; more of the same tell a clerk nothing

// Failure is a data test that returned rows.
type Failure struct {
	Test     string   `json:"test"`
	Severity string   `json:"severity"`
	Rows     int      `json:"rows"`
	Examples []string `json:"examples"` // the first rows, at most maxStored
}

const maxStored = 100

// Test runs sql/tests. A test whose header says 「-- 指摘: CODE」 returns findings (municipality, department, path, sheet,
// cell, found, expected); the rows of any other test are faults of the warehouse, error unless its header says
// 「-- 重大度: warning」.
func Test(ctx context.Context, b *warehouse.Build, fsys fs.FS, partSize int64) ([]Failure, []record.Finding, error) {
	files, err := fs.Glob(fsys, "sql/tests/*.sql")
	if err != nil {
		return nil, nil, fmt.Errorf("listing tests: %w", err)
	}
	p, err := split(ctx, b, partSize)
	if err != nil {
		return nil, nil, err
	}
	var failures []Failure
	var findings []record.Finding
	for _, file := range files {
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, nil, fmt.Errorf("reading test %s: %w", file, err)
		}
		if err := knownCode(file, string(data)); err != nil {
			return nil, nil, err
		}
		r, err := p.query(ctx, statement(string(data)), isLocal(string(data)))
		if err != nil {
			return nil, nil, fmt.Errorf("%s:%d: 検査を実行できません: %w", file, errorLine(err, string(data)), err)
		}
		if code := setting(string(data), "指摘"); code != "" {
			findings = append(findings, asFindings(r, code)...)
			continue
		}
		if len(r.Rows) > 0 {
			level := setting(string(data), "重大度")
			if level == "" {
				level = record.Error
			}
			failures = append(failures, Failure{
				Test: strings.TrimSuffix(path.Base(file), ".sql"), Severity: level, Rows: len(r.Rows), Examples: examples(r),
			})
		}
	}
	return failures, findings, p.close(ctx)
}

// knownCode refuses a test whose header names a kind of finding that the list does not have: its rows would be findings
// of no severity, and leave nothing out.
func knownCode(file, text string) error {
	code := setting(text, "指摘")
	if _, ok := finding.Of(code); ok || code == "" {
		return nil
	}
	line := 1 + strings.Count(text[:strings.Index(text, code)], "\n")
	return fmt.Errorf("%s:%d: 指摘「%s」という種類はありません。次のどれかを書いてください：%s",
		file, line, code, strings.Join(finding.Codes(), "、"))
}

// query is the answer to a statement, asked at once or part by part.
func (p *parts) query(ctx context.Context, statement string, local bool) (all warehouse.Result, err error) {
	if p.undivided(local) {
		return p.on.Query(ctx, statement)
	}
	err = p.each(ctx, func(bool) error {
		r, err := p.on.Query(ctx, statement)
		all.Columns, all.Rows = r.Columns, append(all.Rows, r.Rows...)
		return err
	})
	return all, err
}

// setting reads 「-- 名前: 値」 in a file's header.
func setting(text, name string) string {
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if rest, ok := strings.CutPrefix(line, "-- "+name+": "); ok {
			return strings.TrimSpace(rest)
		}
		if !strings.HasPrefix(line, "--") {
			break
		}
	}
	return ""
}

func asFindings(r warehouse.Result, code string) []record.Finding {
	var out []record.Finding
	told := map[string]int{}
	for _, row := range r.Rows {
		v := map[string]string{}
		for i, c := range r.Columns {
			if row[i] != nil {
				v[c] = fmt.Sprint(row[i])
			}
		}
		if told[v["municipality"]]++; told[v["municipality"]] > maxFindings {
			continue
		}
		f := finding.New(code, v["sheet"], v["cell"], v["found"], v["expected"])
		f.Municipality, f.Department, f.Path = v["municipality"], v["department"], v["path"]
		out = append(out, f)
	}
	return out
}

// examples writes the first rows that a test returned, as 「列=値」.
func examples(r warehouse.Result) []string {
	var out []string
	for _, row := range r.Rows[:min(len(r.Rows), maxStored)] {
		parts := make([]string, len(r.Columns))
		for i, c := range r.Columns {
			parts[i] = c + "=" + plainText(row[i])
		}
		out = append(out, strings.Join(parts, " "))
	}
	return out
}

// plainText writes a value for a person: no trailing zeros, nothing for NULL.
func plainText(v any) string {
	switch v := v.(type) {
	case nil:
		return "－"
	case warehouse.Number:
		return v.Short()
	}
	return fmt.Sprint(v)
}
