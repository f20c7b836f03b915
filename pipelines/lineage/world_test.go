package lineage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/model"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// The files of the city that the tests are about.
const (
	staffFile    = "inputs/見本市/令和6年度/総務部/人事課/票.xlsx"
	welfareFile  = "inputs/見本市/令和6年度/福祉部/福祉課/票.xlsx"
	lastYearFile = "inputs/見本市/令和5年度/福祉部/福祉課/票.xlsx"
	duties       = "inputs/見本市/提出対象.csv"
)

// world is what a run reads: the workbooks of a city, the lists and settings beside them, and sql.
type world struct {
	files       []*file
	decisions   []record.Decision
	submissions []record.Submission
	plans       []warehouse.Plan
	sql         fstest.MapFS
}

// file is a workbook of one sheet 表: a name, a target and an actual value in the columns A to C, from the second row.
type file struct {
	path, status string
	version      int // of its bytes
	year         int
	rows         [][3]string
	excluded     map[string]bool // names of rows that an error takes out
	findings     []record.Finding
}

// city is the world before anything has changed.
func city(t *testing.T) *world {
	t.Helper()
	return &world{
		files: []*file{
			{path: staffFile, year: 2024, rows: [][3]string{{"職員数", "1,400人", "1,383人"}}},
			{path: welfareFile, year: 2024, rows: [][3]string{{"相談件数", "500件", "520件"}, {"訪問回数", "30回", "25回"}}},
			{path: lastYearFile, year: 2023, rows: [][3]string{{"相談件数", "480件", "490件"}}},
		},
		plans:       []warehouse.Plan{{Municipality: "見本市", Form: "A", Name: "見本計画", HoursPerPerson: "2000"}},
		submissions: []record.Submission{submission("福祉課", "A4", "提出済"), submission("人事課", "A3", "未提出")},
		sql:         statements(t),
	}
}

func submission(department, cell, status string) record.Submission {
	return record.Submission{
		Duty: record.Duty{
			Municipality: "見本市", Department: department, Form: "調査票", FiscalYear: 2024,
			Path: duties + "#" + department, Cell: cell,
		},
		FormID: "A", Status: status,
	}
}

// withdrawal is a person's decision about the value of a cell.
func withdrawal(path, cell string) record.Decision {
	return record.Decision{Municipality: "見本市", Path: path, Cell: "表!" + cell, Decision: "取下げ"}
}

// statements are some of the project's own macros, and a few models of the kinds that it has.
func statements(t *testing.T) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	for name, text := range map[string]string{
		"staging/indicators": `-- 一行が一つの指標の一年度。
-- target: 目標値（計画に定めたもの）
-- actual: 実績値（年度末の値）
SELECT r.key AS name, r.fiscal_year, w.department,
  max(TRY_CAST(f.value AS DECIMAL(18, 2))) FILTER (f.name = 'target') AS target,
  max(TRY_CAST(f.value AS DECIMAL(18, 2))) FILTER (f.name = 'actual') AS actual,
  list({'field': f.name, 'path': w.path, 'sheet': f.sheet, 'cell': f.cell} ORDER BY f.cell) AS sources
FROM raw.records AS r JOIN meta.workbooks AS w USING (workbook_id) JOIN raw.fields AS f USING (record_id)
WHERE NOT r.excluded GROUP BY ALL`,
		"marts/indicators": `-- 一行が一つの指標の一年度。
-- 鍵: name, fiscal_year
SELECT name, fiscal_year, department, target, actual, actual >= target AS achieved, sources
FROM staging.indicators ORDER BY ALL`,
		"marts/tally": `-- 一行が一つの年度。
-- 鍵: fiscal_year
SELECT fiscal_year, count(*)::INTEGER AS indicators, count(*) FILTER (actual < target)::INTEGER AS behind,
  all_cells(list(cells_of(sources, ['name']))) AS indicators_sources,
  all_cells(list(cells_of(sources, ['actual'])) FILTER (actual < target)) AS behind_sources,
  all_cells(list(sources)) AS sources
FROM staging.indicators GROUP BY ALL ORDER BY ALL`,
		"marts/loose": `-- 一行が一つの指標。行を見分ける鍵はない。
SELECT name, actual, sources FROM staging.indicators`,
	} {
		out["sql/"+name+".sql"] = &fstest.MapFile{Data: []byte(text)}
	}
	for _, macro := range []string{"all_cells", "cells_of", "era_year", "wareki"} {
		data, err := os.ReadFile("../../sql/macros/" + macro + ".sql")
		if err != nil {
			t.Fatal(err)
		}
		out["sql/macros/"+macro+".sql"] = &fstest.MapFile{Data: data}
	}
	return out
}

// file finds a workbook.
func (w *world) file(path string) *file {
	for _, f := range w.files {
		if f.path == path {
			return f
		}
	}
	return nil
}

// write puts a text into a cell of a row, by its name, and with it other bytes into the file.
func (w *world) write(path, name string, column int, text string) {
	f := w.file(path)
	f.version++
	for i := range f.rows {
		if f.rows[i][0] == name {
			f.rows[i][column] = text
		}
	}
}

// statement replaces words of a model or a macro.
func (w *world) statement(name, old, now string) {
	was := string(w.sql["sql/"+name+".sql"].Data)
	w.sql["sql/"+name+".sql"] = &fstest.MapFile{Data: []byte(strings.Replace(was, old, now, 1))}
}

// add makes a model of its own.
func (w *world) add(name, text string) {
	w.sql["sql/"+name+".sql"] = &fstest.MapFile{Data: []byte(text)}
}

// publish builds the file of a run as the program does, and opens it.
func (w *world) publish(t *testing.T) *warehouse.Reader {
	t.Helper()
	dir := t.TempDir()
	const run = "20261001T020000Z"
	b := w.build(t, dir, run)
	return published(t, b, dir, run)
}

// published finishes the file of a run, and opens it.
func published(t *testing.T, b *warehouse.Build, dir, run string) *warehouse.Reader {
	t.Helper()
	ctx := context.Background()
	if err := errors.Join(b.Finish(ctx), warehouse.Publish(dir, run)); err != nil {
		t.Fatal(err)
	}
	db, err := warehouse.Open(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// build makes the file of a run as the program does, up to its end.
func (w *world) build(t *testing.T, dir, run string) *warehouse.Build {
	t.Helper()
	ctx := context.Background()
	b, err := warehouse.Create(ctx, warehouse.Path(dir, run), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Abandon)
	batch := warehouse.Batch{Decisions: w.decisions, Submissions: w.submissions, Plans: w.plans}
	for i, f := range w.files {
		batch.Workbooks = append(batch.Workbooks, f.workbook(i))
	}
	models, err := model.Load(w.sql)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.InTransaction(ctx, func() error { return b.Add(batch) }); err != nil {
		t.Fatal(err)
	}
	if err := model.Build(ctx, b, w.sql, models, model.PartSize); err != nil {
		t.Fatal(err)
	}
	return b
}

// workbook is a file as it has been read. One that is not read has neither cells nor records.
func (f *file) workbook(number int) *record.Workbook {
	parts := strings.Split(f.path, "/")
	w := &record.Workbook{
		ID: fmt.Sprint("w", number), Path: f.path, SHA256: fmt.Sprint(f.path, f.version), FiscalYear: f.year,
		Municipality: parts[1], Bureau: parts[3], Department: parts[4],
		Forms: []string{"A"}, Status: f.status, Findings: f.findings,
	}
	if f.status != "" && f.status != record.StatusRead {
		return w
	}
	w.Status = record.StatusRead
	for i, row := range f.rows {
		r := record.Record{
			Form: "A", Kind: "indicator", FiscalYear: f.year, Sheet: "表", Row: i + 2, Cell: fmt.Sprint("A", i+2),
			Key: row[0], Excluded: f.excluded[row[0]],
		}
		for j, text := range row {
			cell := fmt.Sprintf("%c%d", 'A'+j, i+2)
			w.Cells = append(w.Cells, record.Cell{Sheet: "表", Ref: cell, Row: i + 2, Col: j + 1, Text: text})
			field := record.Field{Name: []string{"name", "target", "actual"}[j], Text: text, Sheet: "表", Cell: cell}
			if field.Value = text; j > 0 {
				q := quantity.Parse(text)
				field.Value, field.Unit, field.Comparator = q.Value, q.Unit, q.Comparator
			}
			r.Fields = append(r.Fields, field)
		}
		w.Records = append(w.Records, r)
	}
	return w
}

// printed is a figure of a paper with one origin.
func printed(address, text string, sources ...brief.Source) brief.Figure {
	return brief.Figure{Address: address, Text: text, Origins: []brief.Origin{{Query: "q", Sources: sources}}}
}

func source(field, path, cell string) brief.Source {
	return brief.Source{Field: field, Path: path, Sheet: "表", Cell: cell}
}
