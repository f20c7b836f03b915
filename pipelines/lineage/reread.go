package lineage

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// Reread is a value that is read otherwise than before although its file has not changed: another program, form or
// decision reads it now. It is kept from run to run until a person has looked at it.
type Reread struct {
	Municipality string `json:"municipality"`
	Department   string `json:"department"`
	Place
	SHA256  string `json:"sha256"`
	Form    string `json:"form"`
	Item    string `json:"item"` // what the value is, in Japanese, with its year
	Old     string `json:"old"`  // as it is shown to a person; the same below
	New     string `json:"new"`
	Since   string `json:"since"`             // the run that read it so first
	Decided string `json:"decided,omitempty"` // the line of 判断.csv by which a person has looked at it

	kind, key, field, scope string
	cells                   []string // of its sheet: by a line about any of them a person has looked
	known                   []string // lines of 判断.csv that were written before anybody could know
}

// Waits reports whether nobody has looked at it yet.
func (r Reread) Waits() bool { return r.Decided == "" }

// identity is what tells the value from all others.
func (r Reread) identity() string {
	return strings.Join([]string{r.Path, r.Form, r.kind, r.key, r.field, r.scope}, "\x00")
}

// NotRead stands for a value in a run that has not read it.
const NotRead = "（読んでいない）"

// Items that are no single value: a file whose status has changed, and a record that counts in one of the runs alone.
const (
	fileItem   = "ファイルの扱い"
	recordItem = "行の扱い"
)

// asker answers queries: a published file, or one that is being built.
type asker interface {
	Query(ctx context.Context, query string, args ...any) (warehouse.Result, error)
}

// Rereads are the values of files with the same bytes that a run reads otherwise than the run before, and those that
// the run before handed on because nobody had looked at them: each with the line of 判断.csv that settles it, where there
// is one. They are in the order of the sheets.
func Rereads(ctx context.Context, before *warehouse.Reader, now *warehouse.Build, run string) ([]Reread, error) {
	c := comparison{run: run, before: before, now: now}
	if err := c.files(ctx); err != nil {
		return nil, err
	}
	fresh, err := c.values(ctx)
	if err != nil {
		return nil, err
	}
	waiting, err := c.handedOn(ctx)
	if err != nil {
		return nil, err
	}
	all := chained(waiting, fresh)
	if err := c.decide(ctx, all); err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(x, y Reread) int {
		return cmp.Or(
			strings.Compare(x.Path, y.Path), strings.Compare(x.Sheet, y.Sheet), compareCells(x.Cell, y.Cell),
			strings.Compare(x.field, y.field), strings.Compare(x.scope, y.scope),
		)
	})
	return all, nil
}

// chained puts what is new behind what waits. A value that is read otherwise once more is told from where it began; one
// that is read as it was at first is told no longer.
func chained(waiting, fresh []Reread) []Reread {
	count := map[string]int{}
	for _, r := range slices.Concat(waiting, fresh) {
		count[r.identity()]++
	}
	at := map[string]int{}
	for i, r := range fresh {
		at[r.identity()] = i
	}
	var out []Reread
	taken := map[int]bool{}
	for _, old := range waiting {
		i, again := at[old.identity()]
		if !again || count[old.identity()] != 2 || taken[i] { // one of two of the same name is not told from the other
			out = append(out, old)
			continue
		}
		taken[i] = true
		if r := fresh[i]; r.New != old.Old {
			r.Old = old.Old
			out = append(out, r)
		}
	}
	for i, r := range fresh {
		if !taken[i] {
			out = append(out, r)
		}
	}
	return out
}

// KeepRereads writes them into the file that is being built.
func KeepRereads(ctx context.Context, b *warehouse.Build, all []Reread) error {
	rows := make([][]any, len(all))
	for i, r := range all {
		rows[i] = []any{
			r.Municipality, r.Department, r.Path, r.SHA256, r.Form, r.Sheet, r.Cell, r.Item, r.Old, r.New, r.Since, r.Decided,
			r.kind, r.key, r.field, r.scope, strings.Join(r.cells, " "),
			strings.Join(r.known, "\n"),
		}
		for j, v := range rows[i] {
			if v == "" {
				rows[i][j] = nil
			}
		}
	}
	return b.InTransaction(ctx, func() error { return b.Append("meta.reread", rows) })
}

// ReadRereads are those that a published file holds: what waits, and what has been looked at since the run before. A
// file of an earlier program holds none.
func ReadRereads(ctx context.Context, db *warehouse.Reader) ([]Reread, error) {
	if there, err := db.Has(ctx, "meta.reread"); err != nil || !there {
		return nil, err
	}
	r, err := db.Query(ctx, `SELECT municipality, department, path, sha256, form, sheet, cell, item, old, new, since,
		decided, kind, key, field, scope, cells, known FROM meta.reread ORDER BY rowid`)
	if err != nil {
		return nil, fmt.Errorf("reading what is read otherwise: %w", err)
	}
	out := make([]Reread, len(r.Rows))
	for i, row := range r.Rows {
		t := make([]string, len(row))
		for j, v := range row {
			t[j] = warehouse.Text(v)
		}
		out[i] = Reread{
			Municipality: t[0], Department: t[1], Place: Place{t[2], t[5], t[6]}, SHA256: t[3], Form: t[4], Item: t[7],
			Old: t[8], New: t[9], Since: t[10], Decided: t[11], kind: t[12], key: t[13], field: t[14], scope: t[15],
		}
		out[i].cells = strings.Fields(t[16])
		if t[17] != "" {
			out[i].known = strings.Split(t[17], "\n")
		}
	}
	return out, nil
}

// itemOf names a field with its year: 実績値（令和6年度）.
func itemOf(meanings map[string]string, field, scope string) string {
	name := meanings[field]
	if name == "" {
		name = field
	}
	year := 0
	switch _, err := fmt.Sscan(scope, &year); {
	case scope == record.WholePeriod:
		return name + "（推進期間全体）"
	case err == nil:
		return name + "（" + fiscal.Wareki(year) + "）"
	}
	return name
}
