package warehouse

import (
	"context"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"kyogikai/pipelines/ledger"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/record"
)

// Plan is a plan's settings: kyogikai.yaml states them.
type Plan struct {
	Municipality, Form, Name, ShareMethod string
	FirstYear, LastYear                   int
	HoursPerPerson, HoursSource           string // an exact decimal, and where it is from; "" when not stated
	CountRelisted                         bool   // 再掲 rows count in the tally
	EndedMark                             string // a project whose name holds it has ended before and is not counted
	Stated                                bool   // by a person; false where it was put in for a form without a plan
}

// Rank is one level of a plan's ranks (判定ランク), the best first.
type Rank struct {
	Municipality, Plan, Of   string
	Methods                  []string // of the rates that are ranked; none unless Of is attainment
	Position                 int      // from 1
	Symbol, AtLeast, Meaning string   // AtLeast is an exact decimal in percent, "" of the last level
	Achieved, Missed         string   // symbols of what is only judged, "" where it has none
}

// Symbol is one symbol that a form allows.
type Symbol struct {
	Form, Measure, Symbol, Meaning string
	Position                       int
}

// Published is one printed figure of a municipality's final papers, as its ledger says.
type Published struct {
	Municipality string
	ledger.Line
}

// Run is a line of meta.runs.
type Run struct {
	ID                           string
	Started, Finished            time.Time
	Trigger, Status              string
	Workbooks, Changed, Findings int
}

// Batch is what a run loads at a time, before the models run: a municipality, or what belongs to none.
type Batch struct {
	Workbooks   []*record.Workbook
	Findings    []record.Finding // those that belong to no file
	Plans       []Plan
	Symbols     []Symbol
	Asked       []record.Question
	Listed      []record.Listed
	Ranks       []Rank
	Signs       map[string]string // of negative numbers in print, by municipality
	Population  []record.Population
	Departments []record.Department
	Submissions []record.Submission
	Decisions   []record.Decision // each with the path of the very file that it is about
	Published   []Published
	Runs        []Run
}

// Add appends a batch. Records are numbered in the order in which they come.
func (b *Build) Add(batch Batch) error {
	return b.appending(func(to *appenders) {
		for _, w := range batch.Workbooks {
			to.workbook(w, &b.records)
		}
		to.findings(batch.Findings)
		for _, p := range batch.Plans {
			to.add("meta.plans", p.Municipality, p.Form, p.Name, int32(p.FirstYear), int32(p.LastYear), p.ShareMethod,
				decimalValue(p.HoursPerPerson), null(p.HoursSource), p.CountRelisted, p.EndedMark, p.Stated)
		}
		for _, s := range batch.Symbols {
			to.add("meta.symbols", s.Form, s.Measure, int32(s.Position), s.Symbol, s.Meaning)
		}
		for _, q := range batch.Asked {
			to.add("meta.asked", q.Form, q.Kind, null(q.Field), null(q.Title), q.ByYear, q.YearInKey, q.Literal, null(q.Unless))
		}
		for _, l := range batch.Listed {
			to.add("raw.listed", l.Municipality, null(l.Plan), l.Form, l.Kind, l.Bureau, l.Department, l.Key, null(l.Code), l.Name,
				year(l.FirstYear), year(l.LastYear), l.Path, l.Cell)
		}
		for _, city := range slices.Sorted(maps.Keys(batch.Signs)) {
			to.add("meta.signs", city, batch.Signs[city])
		}
		for _, k := range batch.Ranks {
			to.add("meta.ranks", k.Municipality, k.Plan, k.Of, k.Methods, int32(k.Position), k.Symbol, decimalValue(k.AtLeast),
				k.Meaning, null(k.Achieved), null(k.Missed))
		}
		for _, p := range batch.Population {
			to.add("meta.population", p.Municipality, int32(p.FiscalYear), p.AsOf, p.People, p.Source, p.Path, p.Cell)
		}
		for _, d := range batch.Departments {
			to.add("meta.departments", d.Municipality, d.Bureau, d.Name, int32(d.Order), d.FormerNames)
		}
		for _, s := range batch.Submissions {
			to.add(
				"raw.submissions", s.Municipality, year(s.FiscalYear), s.Bureau, s.Department, s.Form, s.FormID, s.Due, s.Status,
				s.Path, s.Cell,
			)
		}
		for _, d := range batch.Decisions {
			sheet, cell := d.Place()
			to.add(
				"meta.decisions", d.Municipality, d.Path, null(sheet), null(cell), null(d.Kind()), d.Decision, d.Reason, d.Date,
				null(d.Post),
			)
		}
		for _, p := range batch.Published {
			to.add(
				"meta.published", p.Municipality, p.Meeting, p.Held, int32(p.Edition), p.Paper, p.Item, p.Brief, year(p.Of),
				p.Figure, p.Table, p.Row, p.Column, p.Text, exact(p.Value), p.Unit, null(p.Fact), year(p.Year), p.Path, p.Position,
			)
		}
		for _, r := range batch.Runs {
			to.add(
				"meta.runs", r.ID, r.Started.UTC(), r.Finished.UTC(), r.Trigger, r.Status, int32(r.Workbooks), int32(r.Changed),
				int32(r.Findings),
			)
		}
	})
}

func (a *appenders) workbook(w *record.Workbook, records *int32) {
	a.add("meta.workbooks", w.ID, w.Path, w.SHA256, w.Municipality, year(w.FiscalYear), w.Bureau, w.Department,
		null(strings.Join(w.Forms, ";")), w.Status)
	a.findings(w.Findings)
	for _, c := range w.Cells {
		var of any
		if c.Record > 0 {
			of = *records + int32(c.Record)
		}
		a.add("raw.cells", w.ID, c.Sheet, c.Ref, int32(c.Row), int32(c.Col), c.Text, null(c.Value), null(c.Formula),
			null(c.Claim), of, null(c.Field))
	}
	for _, r := range w.Records {
		*records++
		a.add(
			"raw.records", *records, w.ID, r.Form, r.Kind, year(r.FiscalYear), r.Sheet, int32(r.Row), r.Cell, r.Key, r.Excluded,
			r.Superseded,
		)
		for _, f := range r.Blanks {
			a.add("raw.blanks", *records, f.Name, null(f.Scope), f.Sheet, f.Cell)
		}
		for _, f := range r.Fields {
			a.add(
				"raw.fields", *records, f.Name, null(f.Scope), f.Text, null(f.Value), null(f.Unit), null(f.Comparator), f.Sheet,
				f.Cell, null(f.Nature), null(f.Span), null(f.AsOf), f.Approx, null(f.Change), null(f.Second), null(f.SecondUnit),
				null(f.Remark),
			)
		}
	}
}

func (a *appenders) findings(fs []record.Finding) {
	for _, f := range fs {
		if a.err == nil && (f.Code == "" || f.Severity != record.Error && f.Severity != record.Warning &&
			f.Severity != record.Info) {
			a.err = fmt.Errorf("%s %s: 指摘「%s」に種類か重大度（%s）がないので、どこにも示されません", f.Path, f.Cell, f.Code, f.Severity)
		}
		a.add("meta.findings", f.Severity, f.Code, f.Municipality, f.Department, f.Path, null(f.Sheet), null(f.Cell),
			printable.Line(f.Message), f.Found, f.Expected)
	}
}

// FindingCount is how many findings of a code there are.
type FindingCount struct {
	Severity, Code string
	Count          int
}

// CountFindings counts what meta.findings holds so far.
func (b *Build) CountFindings(ctx context.Context) ([]FindingCount, error) {
	r, err := b.Query(ctx, "SELECT severity, code, count(*)::INTEGER FROM meta.findings GROUP BY ALL ORDER BY ALL")
	if err != nil {
		return nil, fmt.Errorf("counting findings: %w", err)
	}
	var out []FindingCount
	for _, row := range r.Rows {
		c := FindingCount{Severity: fmt.Sprint(row[0]), Code: fmt.Sprint(row[1])}
		if c.Count, err = strconv.Atoi(fmt.Sprint(row[2])); err != nil {
			return nil, fmt.Errorf("counting findings: %w", err)
		}
		out = append(out, c)
	}
	return out, nil
}

func decimalValue(s string) any {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil
	}
	r.Mul(r, big.NewRat(1_000_000, 1))
	return duckdb.Decimal{Width: 18, Scale: 6, Value: new(big.Int).Quo(r.Num(), r.Denom())}
}

// exact is a decimal of up to 26 digits before the point and 12 behind it; nil for a text that is none.
func exact(s string) any {
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil
	}
	r.Mul(r, new(big.Rat).SetInt64(1_000_000_000_000))
	if !r.IsInt() || len(r.Num().String()) > 38 {
		return nil
	}
	return duckdb.Decimal{Width: 38, Scale: 12, Value: new(big.Int).Set(r.Num())}
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
