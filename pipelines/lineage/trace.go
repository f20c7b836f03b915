// Package lineage goes back from printed figures: to the cells behind one (trace), and from two runs to the figures
// that differ and the cells that made them differ (diff).
package lineage

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/model"
	"kyogikai/pipelines/warehouse"
)

// Place is one cell of one file; Sheet is "" for a CSV.
type Place struct {
	Path  string `json:"path"`
	Sheet string `json:"sheet"`
	Cell  string `json:"cell"`
}

func placeOf(s brief.Source) Place { return Place{s.Path, s.Sheet, s.Cell} }

// Cell is a cell behind a figure with what stands in it. Known is false where the file is not one that is read into
// cells: a setting, a list beside the workbooks.
type Cell struct {
	Place
	Field   string `json:"field"`   // what it was read as
	Meaning string `json:"meaning"` // the same in Japanese
	Text    string `json:"text"`
	Known   bool   `json:"-"`
}

// Step is one SELECT on the way from the cells to the figure.
type Step struct {
	Name  string   `json:"name"` // marts.initiative_tally, or the name of a template's query
	File  string   `json:"file"`
	SQL   string   `json:"sql"`
	Needs []string `json:"needs"`

	Parameters map[string]any `json:"parameters,omitempty"` // of a template's query
}

// Trail is everything behind a figure.
type Trail struct {
	Figure   brief.Figure
	Examined bool // a count of none: the cells are those that were looked through
	Cells    []Cell
	Queries  []Step
	Models   []Step // the nearest first
}

// Trace finds the cells behind a figure and the SQL that combined them.
func Trace(ctx context.Context, db *warehouse.Reader, template string, p brief.Paper, f brief.Figure) (Trail, error) {
	t := Trail{Figure: f}
	sources := f.Sources()
	slices.SortStableFunc(sources, func(x, y brief.Source) int {
		return cmp.Or(strings.Compare(x.Path, y.Path), strings.Compare(x.Sheet, y.Sheet), compareCells(x.Cell, y.Cell))
	})
	texts, err := cellTexts(ctx, db, sources)
	if err != nil {
		return t, err
	}
	meanings, err := fieldMeanings(ctx, db)
	if err != nil {
		return t, err
	}
	for _, s := range sources {
		text, known := texts[placeOf(s)]
		t.Cells = append(t.Cells, Cell{placeOf(s), s.Field, meanings[s.Field], text, known})
	}
	seen := map[string]bool{}
	var next []string
	for _, o := range f.Origins {
		t.Examined = t.Examined || o.Examined
		if seen[o.Query] {
			continue
		}
		seen[o.Query] = true
		needs, err := model.Reads(ctx, db, p.Queries[o.Query])
		if err != nil {
			return t, fmt.Errorf("reading query %s: %w", o.Query, err)
		}
		t.Queries = append(t.Queries, Step{
			o.Query, template, strings.TrimSpace(p.Queries[o.Query]), needs,
			brief.ParametersOf(p.Queries[o.Query], p.Parameters),
		})
		next = append(next, needs...)
	}
	t.Models, err = models(ctx, db, next)
	return t, err
}

// compareCells orders cells as they are read: row by row, F5 before F10, Z1 before AA1.
func compareCells(x, y string) int {
	row := func(c string) (string, string) {
		i := strings.IndexAny(c, "0123456789")
		if i < 0 {
			return "", c
		}
		return c[i:], c[:i]
	}
	xr, xc := row(x)
	yr, yc := row(y)
	return cmp.Or(
		cmp.Compare(len(xr), len(yr)), strings.Compare(xr, yr), cmp.Compare(len(xc), len(yc)), strings.Compare(xc, yc),
	)
}

// models lists the models that the given tables rest on, the nearest first.
func models(ctx context.Context, db *warehouse.Reader, names []string) ([]Step, error) {
	all, err := model.Sources(ctx, db)
	if err != nil {
		return nil, err
	}
	var out []Step
	for len(names) > 0 {
		name := names[0]
		names = names[1:]
		s, ok := all[name]
		if !ok || slices.ContainsFunc(out, func(o Step) bool { return o.Name == name }) {
			continue
		}
		out = append(out, Step{Name: s.Name, File: s.File, SQL: s.SQL, Needs: s.Needs})
		names = append(names, s.Needs...)
	}
	return out, nil
}

// cellTexts reads what stands in the cells of the sources' files.
func cellTexts(ctx context.Context, db *warehouse.Reader, sources []brief.Source) (map[Place]string, error) {
	var paths []string
	for _, s := range sources {
		if !slices.Contains(paths, s.Path) {
			paths = append(paths, s.Path)
		}
	}
	return textsOf(ctx, db, paths)
}

func textsOf(ctx context.Context, db *warehouse.Reader, paths []string) (map[Place]string, error) {
	out := map[Place]string{}
	for _, path := range paths {
		r, err := db.Query(ctx, `SELECT coalesce(c.sheet, ''), c.cell, c.text FROM raw.cells AS c
			JOIN meta.workbooks AS w USING (workbook_id) WHERE w.path = $path`, warehouse.Named("path", path))
		if err != nil {
			return nil, fmt.Errorf("reading the cells of %s: %w", path, err)
		}
		for _, row := range r.Rows {
			out[Place{path, fmt.Sprint(row[0]), fmt.Sprint(row[1])}] = fmt.Sprint(row[2])
		}
	}
	return out, nil
}

// FieldMeanings are what the fields of records are called: the comments of the columns that they become.
func FieldMeanings(ctx context.Context, db *warehouse.Reader) (map[string]string, error) {
	return fieldMeanings(ctx, db)
}

// fieldMeanings are the comments of the columns that fields become.
func fieldMeanings(ctx context.Context, db asker) (map[string]string, error) {
	r, err := db.Query(
		ctx,
		"SELECT column_name, any_value(comment) FROM duckdb_columns() WHERE schema_name = 'staging' "+
			"AND comment IS NOT NULL GROUP BY 1",
	)
	if err != nil {
		return nil, fmt.Errorf("reading the columns' comments: %w", err)
	}
	out := map[string]string{
		"previous_actual": "前年度の実績値", "left_out": "集計から除いたもの", "due": "提出対象", "year": "年度", "line": "一覧の行",
		"first_actual": "初めの年度の実績値", "population": "人口", "ranks": "判定ランクの設定", "budget": "予算現額", "settlement": "決算額",
	}
	for _, row := range r.Rows {
		word, _, _ := strings.Cut(fmt.Sprint(row[1]), "（")
		out[fmt.Sprint(row[0])] = word
	}
	return out, nil
}
