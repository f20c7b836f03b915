package model

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// maxFindings of one test and municipality are kept: more of the same tell a clerk nothing. Errors are all kept, for
// each leaves something out.
const maxFindings = 200

// Failure is a data test that returned rows.
type Failure struct {
	Test     string   `json:"test"`
	Severity string   `json:"severity"`
	Rows     int      `json:"rows"`
	Says     string   `json:"says,omitempty"` // what the rows are, by the test's own comment
	Examples []string `json:"examples"` // the first rows, at most maxStored
}

const maxStored = 100

// dataTest is one file of sql/tests.
type dataTest struct {
	file, sql string
	head      head
	kind      finding.Kind // of the findings that it returns; of no code for a test of the warehouse itself
}

// findingColumns are those of a test that returns findings, in any order.
var findingColumns = []string{"municipality", "department", "path", "sheet", "cell", "found", "expected"}

// readTests reads sql/tests and the list of findings.
func readTests(fsys fs.FS) ([]dataTest, error) {
	known, err := finding.Load(fsys)
	if err != nil {
		return nil, err //nolint:wrapcheck // names its file and line
	}
	files, err := fs.Glob(fsys, testsDir+"/*.sql")
	if err != nil {
		return nil, fmt.Errorf("listing tests: %w", err)
	}
	var out []dataTest
	for _, file := range files {
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("reading test %s: %w", file, err)
		}
		text := plainFile(data)
		one := dataTest{file: file, sql: statement(text)}
		if one.head, err = readHead(file, text); err != nil {
			return nil, err
		}
		if err := one.knows(known); err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// knows finds the kind of the findings that a test returns. A code that the list does not have is refused: its rows
// would be findings of no severity, and leave nothing out.
func (t *dataTest) knows(list finding.List) error {
	code, ok := t.head.set[codeWord]
	if !ok {
		return nil
	}
	if t.kind, ok = list.Of(code.value); !ok {
		return fmt.Errorf("%s:%d: 指摘「%s」という種類はありません。最も近いのは「%s」です。綴りを直すか、自分で決めた種類なら %s に"+
			"「%s,warning,文,すること」のような行を足してください。いまある種類：%s",
			t.file, code.line, code.value, record.Closest(code.value, list.Codes()), finding.OwnFile, code.value,
			strings.Join(list.Codes(), "、"))
	}
	if word, both := t.head.set[severityWord]; both && word.value != t.kind.Severity {
		return fmt.Errorf("%s:%d: 指摘「%s」の重大度は %s と決まっていて、%s にはできません。この行を消すか、重大度の合う種類を %s に足してください",
			t.file, word.line, code.value, t.kind.Severity, word.value, finding.OwnFile)
	}
	return nil
}

// name is the test's, as people call it.
func (t *dataTest) name() string { return strings.TrimSuffix(path.Base(t.file), ".sql") }

// columns refuses a test whose head describes a column that it does not return, or whose findings lack a column or have
// one that nothing takes.
func (t *dataTest) columns(has []string) error {
	if c, gone := t.head.missing(has); gone {
		return noSuchColumn(t.file, c, has)
	}
	if t.kind.Code == "" {
		return nil
	}
	line := t.head.set[codeWord].line
	for _, c := range has {
		if !slices.Contains(findingColumns, c) {
			return fmt.Errorf("%s:%d: 指摘を返す検査の列「%s」は、どこにも使われません。最も近いのは「%s」です。列は %s だけにしてください",
				t.file, line, c, record.Closest(c, findingColumns), strings.Join(findingColumns, "、"))
		}
	}
	for _, c := range findingColumns {
		if !slices.Contains(has, c) {
			return fmt.Errorf("%s:%d: 指摘を返す検査に列「%s」がありません。SELECT に足してください（ファイル全体への指摘なら NULL AS sheet, "+
				"NULL AS cell）。要る列は %s です", t.file, line, c, strings.Join(findingColumns, "、"))
		}
	}
	return nil
}

// told is a finding and the test that made it.
type told struct {
	record.Finding
	by *dataTest
}

// runTests runs sql/tests. A test whose head says 「-- 指摘: CODE」 returns findings; the rows of any other are faults of
// the warehouse, error unless its head says 「-- 重大度: warning」. Rows come in their own order, so that two runs tell
// the same.
func runTests(ctx context.Context, b *warehouse.Build, tests []dataTest, partSize int64) ([]Failure, []told, error) {
	p, err := split(ctx, b, partSize)
	if err != nil {
		return nil, nil, err
	}
	var failures []Failure
	var findings []told
	for i := range tests {
		one := &tests[i]
		r, err := p.query(ctx, one.sql, one.head.local())
		if err != nil {
			return nil, nil, fmt.Errorf("%s:%d: 検査を実行できません: %w", one.file, errorLine(err, one.sql), err)
		}
		if err := one.columns(r.Columns); err != nil {
			return nil, nil, err
		}
		if one.kind.Code != "" {
			found, err := one.findings(r)
			if err != nil {
				return nil, nil, err
			}
			findings = append(findings, found...)
			continue
		}
		if len(r.Rows) > 0 {
			level := one.head.set[severityWord].value
			if level == "" {
				level = record.Error
			}
			failures = append(failures, Failure{
				Test: one.name(), Severity: level, Rows: len(r.Rows), Says: one.head.comment, Examples: examples(r),
			})
		}
	}
	return failures, findings, p.close(ctx)
}

// query is the answer to a statement, asked at once or part by part, its rows in their own order: by municipality, and
// within one by all columns from the left.
func (p *parts) query(ctx context.Context, statement string, local bool) (all warehouse.Result, err error) {
	ordered := "SELECT * FROM (" + statement + "\n) ORDER BY ALL"
	ask := func(bool) error {
		r, err := p.on.Query(ctx, ordered)
		all.Columns, all.Rows = r.Columns, append(all.Rows, r.Rows...)
		return err
	}
	if p.undivided(local) {
		err = ask(true)
	} else {
		err = p.each(ctx, ask)
	}
	if i := slices.Index(all.Columns, "municipality"); i >= 0 {
		slices.SortStableFunc(all.Rows, func(a, b []any) int { return strings.Compare(plainText(a[i]), plainText(b[i])) })
	}
	return all, err
}

// findings are a test's rows as findings.
func (t *dataTest) findings(r warehouse.Result) ([]told, error) {
	var out []told
	count := map[string]int{}
	for _, row := range r.Rows {
		v := map[string]string{}
		for i, c := range r.Columns {
			if row[i] != nil {
				v[c] = fmt.Sprint(row[i])
			}
		}
		if v["municipality"] == "" || v["path"] == "" {
			return nil, fmt.Errorf("%s:%d: 自治体（municipality）かファイル（path）の空の行があります（%s）。誰にも届かない指摘になるので、"+
				"値を書くか、その行を除いてください", t.file, t.head.set[codeWord].line, sample(r, row))
		}
		count[v["municipality"]]++
		if t.kind.Severity != record.Error && count[v["municipality"]] > maxFindings {
			continue
		}
		f := t.kind.Finding(v["sheet"], v["cell"], v["found"], v["expected"])
		f.Municipality, f.Department, f.Path = v["municipality"], v["department"], v["path"]
		out = append(out, told{f, t})
	}
	return out, nil
}

// examples writes the first rows that a test returned, as 「列=値」.
func examples(r warehouse.Result) []string {
	var out []string
	for _, row := range r.Rows[:min(len(r.Rows), maxStored)] {
		out = append(out, sample(r, row))
	}
	return out
}

func sample(r warehouse.Result, row []any) string {
	parts := make([]string, len(r.Columns))
	for i, c := range r.Columns {
		parts[i] = c + "=" + plainText(row[i])
	}
	return strings.Join(parts, " ")
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
