package warehouse

import (
	"context"
	"math/big"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"kyogikai/pipelines/record"
)

// Plan is a plan's settings: kyogikai.yaml states them.
type Plan struct {
	Municipality, Form, Name, ShareMethod string
	FirstYear, LastYear                   int
	HoursPerPerson, HoursSource           string // an exact decimal, and where it is from; "" when not stated
	CountRelisted                         bool   // 再掲 rows count in the tally
	EndedMark                             string // a project whose name holds it has ended before and is not counted
}

// Symbol is one symbol that a form allows.
type Symbol struct {
	Form, Measure, Symbol, Meaning string
	Position                       int
}

// Department is a department of a municipality, in printing order.
type Department struct {
	Municipality, Bureau, Name, FormerNames string
	Position                                int
}

// Submission is what one department has done about one form.
type Submission struct {
	Municipality, Bureau, Department, Form, FormID, Due, Status string
	FiscalYear                                                  int
	Path, Cell                                                  string // the line of 提出対象.csv
}

// Decision is what a person has decided about one file, or about a cell of it. Kind is withdraw, confirm or "".
type Decision struct {
	Municipality, Path, Sheet, Cell, Kind, Text, Reason, Date string
}

// Run is a line of meta.runs.
type Run struct {
	ID                           string
	Started, Finished            time.Time
	Trigger, Status              string
	Workbooks, Changed, Findings int
}

// Batch is everything that a run loads before the models run.
type Batch struct {
	Workbooks   []*record.Workbook
	Findings    []record.Finding // those that belong to no file
	Plans       []Plan
	Symbols     []Symbol
	Departments []Department
	Submissions []Submission
	Decisions   []Decision
	Lists       []List
}

// Load appends a batch inside one transaction.
func (b *Build) Load(ctx context.Context, batch Batch) error {
	t := tables{}
	for _, w := range batch.Workbooks {
		t.workbook(w)
	}
	t.findings(batch.Findings)
	for _, p := range batch.Plans {
		t.add("meta.plans", p.Municipality, p.Form, p.Name, int32(p.FirstYear), int32(p.LastYear), p.ShareMethod,
			decimalValue(p.HoursPerPerson), null(p.HoursSource), p.CountRelisted, p.EndedMark)
	}
	for _, s := range batch.Symbols {
		t.add("meta.symbols", s.Form, s.Measure, int32(s.Position), s.Symbol, s.Meaning)
	}
	for _, d := range batch.Departments {
		t.add("meta.departments", d.Municipality, d.Bureau, d.Name, int32(d.Position), d.FormerNames)
	}
	for _, s := range batch.Submissions {
		t.add("raw.submissions", s.Municipality, year(s.FiscalYear), s.Bureau, s.Department, s.Form, s.FormID, s.Due, s.Status, s.Path, s.Cell)
	}
	for _, d := range batch.Decisions {
		t.add("meta.decisions", d.Municipality, d.Path, null(d.Sheet), null(d.Cell), null(d.Kind), d.Text, d.Reason, d.Date)
	}
	for _, l := range batch.Lists {
		if err := b.AddList(ctx, l); err != nil {
			return err
		}
	}
	return b.InTransaction(ctx, func() error {
		for _, name := range []string{
			"meta.workbooks", "meta.findings", "meta.plans", "meta.symbols", "meta.departments",
			"meta.decisions",
			"raw.cells", "raw.records", "raw.fields", "raw.submissions",
		} {
			if err := b.Append(name, t[name]); err != nil {
				return err
			}
		}
		return nil
	})
}

// AddFindings appends findings that the models' tests made.
func (b *Build) AddFindings(ctx context.Context, findings []record.Finding) error {
	t := tables{}
	t.findings(findings)
	return b.InTransaction(ctx, func() error { return b.Append("meta.findings", t["meta.findings"]) })
}

// AddRuns appends the history of runs, this one included.
func (b *Build) AddRuns(ctx context.Context, runs []Run) error {
	t := tables{}
	for _, r := range runs {
		t.add("meta.runs", r.ID, r.Started.UTC(), r.Finished.UTC(), r.Trigger, r.Status,
			int32(r.Workbooks), int32(r.Changed), int32(r.Findings))
	}
	return b.InTransaction(ctx, func() error { return b.Append("meta.runs", t["meta.runs"]) })
}

// tables are rows by table.
type tables map[string][][]any

func (t tables) add(table string, values ...any) { t[table] = append(t[table], values) }

func (t tables) workbook(w *record.Workbook) {
	t.add("meta.workbooks", w.ID, w.Path, w.SHA256, w.Municipality, year(w.FiscalYear), w.Bureau, w.Department,
		null(strings.Join(w.Forms, ";")), w.Status)
	t.findings(w.Findings)
	for _, c := range w.Cells {
		t.add("raw.cells", w.ID, c.Sheet, c.Ref, int32(c.Row), int32(c.Col), c.Text, null(c.Value), null(c.Formula))
	}
	for _, r := range w.Records {
		id := int32(len(t["raw.records"]) + 1)
		t.add("raw.records", id, w.ID, r.Form, r.Kind, year(r.FiscalYear), r.Sheet, int32(r.Row), r.Cell, r.Key, r.Excluded)
		for _, f := range r.Fields {
			t.add("raw.fields", id, f.Name, null(f.Scope), f.Text, null(f.Value), null(f.Unit), null(f.Comparator), f.Sheet, f.Cell)
		}
	}
}

func (t tables) findings(fs []record.Finding) {
	for _, f := range fs {
		t.add("meta.findings", f.Severity, f.Code, f.Municipality, f.Department, f.Path, null(f.Sheet), null(f.Cell),
			f.Message, f.Found, f.Expected)
	}
}

// decimalValue is an exact decimal for a column DECIMAL(18, 6), or NULL.
func decimalValue(s string) any {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil
	}
	r.Mul(r, big.NewRat(1_000_000, 1))
	return duckdb.Decimal{Width: 18, Scale: 6, Value: new(big.Int).Quo(r.Num(), r.Denom())}
}

func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func year(y int) any {
	if y == 0 {
		return nil
	}
	return int32(y)
}
