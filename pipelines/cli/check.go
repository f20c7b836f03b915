package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/form"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

const findingsQuery = `SELECT severity, code, municipality, department, path, sheet, cell, message, found, expected
FROM meta.findings
ORDER BY municipality, department, CASE severity WHEN 'error' THEN 1 WHEN 'warning' THEN 2 ELSE 3 END, path, sheet, cell`

var severityNames = map[string]string{record.Error: "誤り", record.Warning: "注意", record.Info: "参考"}

func newCheck(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "check", Short: "確認を要する調査票を課ごとに示す", Args: atMost(0),
		RunE: func(c *cobra.Command, _ []string) error {
			_, db, err := o.published(c.Context())
			if err != nil {
				return err
			}
			defer db.Close() //nolint:errcheck // read only
			r, err := db.Query(c.Context(), findingsQuery)
			if err != nil {
				return fmt.Errorf("reading findings: %w", err)
			}
			return o.check(findings(r))
		},
	}
}

func findings(r warehouse.Result) []record.Finding {
	var out []record.Finding
	for _, row := range r.Rows {
		s := make([]string, len(row))
		for i, v := range row {
			if v != nil {
				s[i] = fmt.Sprint(v)
			}
		}
		out = append(out, record.Finding{
			Severity: s[0], Code: s[1], Municipality: s[2], Department: s[3], Path: s[4], Sheet: s[5], Cell: s[6],
			Message: s[7], Found: s[8], Expected: s[9],
		})
	}
	return out
}

// check prints findings by department, each with where, what was found and what to do.
func (o *options) check(fs []record.Finding) error {
	total := map[string]int{}
	by := map[string]map[string]int{}
	key := func(f record.Finding) string { return f.Municipality + "　" + f.Department }
	for _, f := range fs {
		total[f.Severity]++
		if by[key(f)] == nil {
			by[key(f)] = map[string]int{}
		}
		by[key(f)][f.Severity]++
	}
	last := ""
	for _, f := range fs {
		if o.json {
			if err := o.line("finding", jsonFinding{
				f.Severity, f.Code, f.Municipality, f.Department, f.Path, f.Sheet, f.Cell, f.Message, f.Found, f.Expected,
			}); err != nil {
				return err
			}
			continue
		}
		if k := key(f); k != last {
			last = k
			fmt.Fprintf(o.Stdout, "■ %s（誤り%d、注意%d、参考%d）\n", k, by[k][record.Error], by[k][record.Warning], by[k][record.Info])
		}
		fmt.Fprintf(o.Stdout, "  [%s] %s\n        %s\n", severityNames[f.Severity], form.Locate(f), f.Message)
	}
	if !o.json {
		fmt.Fprintf(o.Stdout, "合計: 誤り%d件、注意%d件、参考%d件\n", total[record.Error], total[record.Warning], total[record.Info])
		if total[record.Error] > 0 {
			fmt.Fprintln(o.Stdout, "誤りのある行とファイルは、直るまでどの集計にも入りません。")
		}
	}
	if total[record.Error] > 0 {
		return codeError(exitFindings)
	}
	return nil
}

type jsonFinding struct {
	Severity     string `json:"severity"`
	Code         string `json:"code"`
	Municipality string `json:"municipality"`
	Department   string `json:"department"`
	Path         string `json:"path"`
	Sheet        string `json:"sheet"`
	Cell         string `json:"cell"`
	Message      string `json:"message"`
	Found        string `json:"found"`
	Expected     string `json:"expected"`
}
