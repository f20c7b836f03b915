package report

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/sendback"
	"kyogikai/pipelines/warehouse"
)

const findingsQuery = `SELECT severity, code, municipality, department, path, sheet, cell, message, found, expected
FROM meta.findings
ORDER BY municipality, department, CASE severity WHEN 'error' THEN 1 WHEN 'warning' THEN 2 ELSE 3 END, path, sheet,
  cell, code, message`

// Findings are those of a published run, by department, the gravest first.
func Findings(ctx context.Context, db *warehouse.Reader) ([]record.Finding, error) {
	r, err := db.Query(ctx, findingsQuery)
	if err != nil {
		return nil, fmt.Errorf("reading findings: %w", err)
	}
	var out []record.Finding
	for _, row := range r.Rows {
		out = append(out, record.Finding{
			Severity: warehouse.Text(row[0]), Code: warehouse.Text(row[1]), Municipality: warehouse.Text(row[2]),
			Department: warehouse.Text(row[3]), Path: warehouse.Text(row[4]),
			Sheet: warehouse.Text(row[5]), Cell: warehouse.Text(row[6]), Message: warehouse.Text(row[7]),
			Found: warehouse.Text(row[8]), Expected: warehouse.Text(row[9]),
		})
	}
	return out, nil
}

// sentBack reports whether a finding is its department's to look at: what is wrong with a source is the operator's,
// and a file of another kind beside everything that was asked for is nobody's. What is no department's, or wrong with a
// table beside the departments' folders, is the secretariat's.
func sentBack(f record.Finding) bool {
	if f.Department == "" || slices.Contains(collect.MasterNames(), path.Base(f.Path)) {
		return false
	}
	return !strings.HasPrefix(f.Code, "source_") && (f.Code != finding.FileUnsupported || f.Severity != record.Info)
}

// ReturnsDir is where the 差戻し票 are.
func ReturnsDir(env project.Env) string { return filepath.Join(env.Outputs, "returns") }

// SendBack writes the 差戻し票 of a published run's findings to outputs/returns/, and returns the findings that they hold.
func SendBack(
	ctx context.Context, env project.Env, db *warehouse.Reader,
) ([]record.Finding, []sendback.Written, error) {
	found, err := Findings(ctx, db)
	if err != nil {
		return nil, nil, err
	}
	found = slices.DeleteFunc(found, func(f record.Finding) bool { return !sentBack(f) })
	r, err := db.Query(ctx, "SELECT path, sha256 FROM meta.workbooks")
	if err != nil {
		return nil, nil, fmt.Errorf("reading workbooks: %w", err)
	}
	var files []sendback.Workbook
	sums := map[string]string{}
	for _, row := range r.Rows {
		file := sendback.Workbook{Path: warehouse.Text(row[0]), SHA256: warehouse.Text(row[1])}
		sums[file.Path] = file.SHA256
		if file.SHA256 != "" {
			files = append(files, file)
		}
	}
	// What the system could not read at all – a link to nowhere, a folder without permission – no department can mend.
	found = slices.DeleteFunc(found, func(f record.Finding) bool {
		return f.Code == finding.WorkbookUnreadable && sums[f.Path] == ""
	})
	order := sendback.Order{
		Dir: ReturnsDir(env), AsOf: env.AsOf, Findings: found, Files: files,
		Within: env.Settings.Limits, Mark: sendback.Here,
		Find: func(at string) string { return collect.Find(env.Inputs, at) },
		Back: func(municipality string) []string { return env.Settings.Back(municipality, env.AsOf, time.Time{}) },
	}
	if children := env.Children(sendback.WorkerKind, nil); children != nil {
		defer children.Close()
		order.Mark = sendback.By(children)
	}
	written, err := sendback.Write(ctx, order)
	if err != nil {
		return nil, nil, fmt.Errorf("差戻し票を作れません: %w", err)
	}
	return found, written, nil
}

// DepartmentFindings counts the findings of a department.
type DepartmentFindings struct {
	Municipality string `json:"municipality"`
	Department   string `json:"department"`
	Errors       int    `json:"errors"`
	Warnings     int    `json:"warnings"`
	Infos        int    `json:"infos"`
}

// Who names the department; findings of none are about the whole.
func (d DepartmentFindings) Who() string {
	switch {
	case d.Municipality == "" && d.Department == "":
		return "（収集）"
	case d.Department == "": // of a source, or of a file that stands in no department's folder
		return d.Municipality + "（課によらないもの）"
	}
	return strings.TrimPrefix(d.Municipality+"　"+d.Department, "　")
}

// FindingCounts counts the findings by department, those with errors first.
func FindingCounts(ctx context.Context, db *warehouse.Reader) ([]DepartmentFindings, error) {
	r, err := db.Query(
		ctx,
		`SELECT coalesce(municipality, ''), coalesce(department, ''), severity, count(*) FROM meta.findings GROUP BY ALL `+
			`ORDER BY ALL`,
	)
	if err != nil {
		return nil, fmt.Errorf("counting findings: %w", err)
	}
	var out []DepartmentFindings
	for _, row := range r.Rows {
		if last := len(out) - 1; last < 0 || out[last].Municipality != warehouse.Text(row[0]) ||
			out[last].Department != warehouse.Text(row[1]) {
			out = append(out, DepartmentFindings{Municipality: warehouse.Text(row[0]), Department: warehouse.Text(row[1])})
		}
		d := &out[len(out)-1]
		for severity, count := range map[string]*int{
			record.Error: &d.Errors, record.Warning: &d.Warnings, record.Info: &d.Infos,
		} {
			if warehouse.Text(row[2]) == severity {
				if _, err := fmt.Sscan(warehouse.Text(row[3]), count); err != nil {
					return nil, fmt.Errorf("counting findings: %w", err)
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b DepartmentFindings) int { return b.Errors - a.Errors })
	return out, nil
}
