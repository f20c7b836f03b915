package model

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// Settle runs sql/tests on the tables that Build has made, and writes what they find into meta.findings.
//
// A finding of severity error leaves out what one of the reader does: the record that holds its cell, in all years, or
// the whole workbook where it names no cell. Where there are such findings, the tables are made again without what they
// leave out, and all tests but those are run again. Errors are looked for once, in what the departments wrote: looked
// for again, a test that gives the worst three of its rows would leave out three more each time.
func Settle(ctx context.Context, b *warehouse.Build, fsys fs.FS, partSize int64) ([]Failure, error) {
	tests, err := readTests(fsys)
	if err != nil {
		return nil, err
	}
	grave := func(t dataTest) bool { return t.kind.Code != "" && t.kind.Severity == record.Error }
	first := slices.DeleteFunc(slices.Clone(tests), func(t dataTest) bool { return !grave(t) })
	_, faults, err := runTests(ctx, b, first, partSize)
	if err != nil {
		return nil, err
	}
	if len(faults) > 0 {
		if err := leaveOut(ctx, b, faults); err != nil {
			return nil, err
		}
		if err := write(ctx, b, faults); err != nil {
			return nil, err
		}
		if err := rebuild(ctx, b, fsys, partSize); err != nil {
			return nil, err
		}
	}
	failures, found, err := runTests(ctx, b, slices.DeleteFunc(tests, grave), partSize)
	if err != nil {
		return nil, err
	}
	return failures, write(ctx, b, found)
}

func write(ctx context.Context, b *warehouse.Build, found []told) error {
	batch := warehouse.Batch{}
	for _, f := range found {
		batch.Findings = append(batch.Findings, f.Finding)
	}
	if err := b.InTransaction(ctx, func() error { return b.Add(batch) }); err != nil {
		return fmt.Errorf("adding findings: %w", err)
	}
	return nil
}

// places are the places of findings as a table that statements may name, and held are the records that each of them is
// about: those with a value in its cell, or all of its workbook.
const (
	places = `WITH place(n, path, sheet, cell) AS (VALUES %s),
held AS (
  SELECT p.n, p.path, p.cell, r.record_id, w.workbook_id
  FROM place AS p
  JOIN meta.workbooks AS w ON w.path = p.path
  JOIN raw.records AS r ON r.workbook_id = w.workbook_id
  WHERE p.cell = '' AND p.sheet = ''
    OR p.cell <> '' AND (r.sheet = p.sheet AND r.cell = p.cell
      OR EXISTS (SELECT 1 FROM raw.fields AS f
        WHERE f.record_id = r.record_id AND f.cell = p.cell AND coalesce(f.sheet, '') = p.sheet)))
`
	withoutRecord = places + `SELECT min(n)::VARCHAR FROM place
WHERE n NOT IN (SELECT n FROM held) HAVING min(n) IS NOT NULL`
	excluding  = places + `UPDATE raw.records SET excluded = true WHERE record_id IN (SELECT record_id FROM held)`
	wholeFiles = places + `UPDATE meta.workbooks SET status = 'left_out'
WHERE workbook_id IN (SELECT workbook_id FROM held WHERE cell = '')`
	toMend = places + `UPDATE raw.submissions SET status = '要修正'
WHERE status = '提出済' AND EXISTS (
  SELECT 1 FROM meta.workbooks AS w
  LEFT JOIN meta.departments AS d ON d.municipality = w.municipality AND d.department = w.department
  WHERE w.workbook_id IN (SELECT workbook_id FROM held)
    AND w.municipality = raw.submissions.municipality AND w.fiscal_year = raw.submissions.fiscal_year
    AND list_contains(string_split(w.form, ';'), raw.submissions.form_id)
    AND (w.department = raw.submissions.department
      OR list_contains(regexp_split_to_array(d.former_names, '[、,;・|/ 　]+'), raw.submissions.department)))`
)

// leaveOut leaves out of the figures what errors are about. One that is about nothing there is refused: it would say
// that something is left out, and nothing would be.
func leaveOut(ctx context.Context, b *warehouse.Build, grave []told) error {
	rows := make([]string, len(grave))
	for i, f := range grave {
		rows[i] = fmt.Sprintf("(%d, %s, %s, %s)", i, quote(f.Path), quote(f.Sheet), quote(f.Cell))
	}
	values := strings.Join(rows, ", ")
	r, err := b.Query(ctx, fmt.Sprintf(withoutRecord, values))
	if err != nil {
		return fmt.Errorf("looking for what an error leaves out: %w", err)
	}
	if len(r.Rows) > 0 {
		n := 0
		if _, err := fmt.Sscan(fmt.Sprint(r.Rows[0][0]), &n); err != nil {
			return fmt.Errorf("looking for what an error leaves out: %w", err)
		}
		f := grave[n]
		return fmt.Errorf("%s:%d: 重大度 error の指摘「%s」の場所（%s）に、集計から除くものがありません。集計に使う値のセルを返すか、"+
			"ファイルの全体を除くなら sheet と cell を NULL にするか、重大度を warning にしてください",
			f.by.file, f.by.head.set[codeWord].line, f.Code, finding.Locate(f.Finding))
	}
	return b.InTransaction(ctx, func() error {
		for _, statement := range []string{excluding, wholeFiles, toMend} {
			if err := b.Exec(ctx, fmt.Sprintf(statement, values)); err != nil {
				return fmt.Errorf("leaving out what an error is about: %w", err)
			}
		}
		return nil
	})
}

// rebuild makes the tables again.
func rebuild(ctx context.Context, b *warehouse.Build, fsys fs.FS, partSize int64) error {
	models, err := Load(fsys)
	if err != nil {
		return err
	}
	drop := []string{"DELETE FROM meta.models"}
	for _, m := range models {
		drop = append(drop, "DROP TABLE "+m.Name)
	}
	if err := b.InTransaction(ctx, func() error { return b.Exec(ctx, strings.Join(drop, "; ")) }); err != nil {
		return fmt.Errorf("removing the tables: %w", err)
	}
	return Build(ctx, b, fsys, models, partSize)
}
