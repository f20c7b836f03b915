package nightly

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"kyogikai/pipelines/record"
	"kyogikai/pipelines/sendback"
	"kyogikai/pipelines/warehouse"
)

const findingsQuery = `SELECT severity, code, municipality, department, path, sheet, cell, message, found, expected
FROM meta.findings
ORDER BY municipality, department, CASE severity WHEN 'error' THEN 1 WHEN 'warning' THEN 2 ELSE 3 END, path, sheet, cell`

// Findings are those of a published run, by department, the gravest first.
func Findings(ctx context.Context, db *warehouse.Reader) ([]record.Finding, error) {
	r, err := db.Query(ctx, findingsQuery)
	if err != nil {
		return nil, fmt.Errorf("reading findings: %w", err)
	}
	var out []record.Finding
	for _, row := range r.Rows {
		out = append(out, record.Finding{
			Severity: text(row[0]), Code: text(row[1]), Municipality: text(row[2]), Department: text(row[3]), Path: text(row[4]),
			Sheet: text(row[5]), Cell: text(row[6]), Message: text(row[7]), Found: text(row[8]), Expected: text(row[9]),
		})
	}
	return out, nil
}

// Returns writes the 差戻し票 of a published run's findings to outputs/returns/, and returns the findings that they hold:
// what is wrong with a source is the operator's to mend.
func Returns(ctx context.Context, env Env, db *warehouse.Reader) ([]record.Finding, []sendback.Written, error) {
	found, err := Findings(ctx, db)
	if err != nil {
		return nil, nil, err
	}
	found = slices.DeleteFunc(found, func(f record.Finding) bool { return strings.HasPrefix(f.Code, "source_") })
	r, err := db.Query(ctx, "SELECT path, sha256 FROM meta.workbooks")
	if err != nil {
		return nil, nil, fmt.Errorf("reading workbooks: %w", err)
	}
	var files []sendback.Workbook
	for _, row := range r.Rows {
		files = append(files, sendback.Workbook{Path: text(row[0]), SHA256: text(row[1])})
	}
	written, err := sendback.Write(filepath.Join(env.Outputs, "returns"), env.Inputs, env.AsOf, found, files)
	if err != nil {
		return nil, nil, fmt.Errorf("差戻し票を作れません: %w", err)
	}
	return found, written, nil
}
