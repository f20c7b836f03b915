package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/nightly"
	"kyogikai/pipelines/warehouse"
)

const submissionsQuery = `SELECT municipality, form, fiscal_year, wareki(fiscal_year),
  count(*) FILTER (status = '提出済'), count(*) FILTER (status = '要修正'), count(*) FILTER (status = '未提出')
FROM marts.submissions GROUP BY ALL ORDER BY ALL`

func newStatus(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "status", Short: "最近の実行と、提出の状況を示す", Args: atMost(0),
		RunE: func(c *cobra.Command, _ []string) error {
			env, db, err := o.published(c.Context())
			if err != nil {
				return err
			}
			defer db.Close() //nolint:errcheck // read only
			runs, err := nightly.Runs(env)
			if err != nil {
				return err //nolint:wrapcheck // told to a person as it is
			}
			submissions, err := db.Query(c.Context(), submissionsQuery)
			if err != nil {
				return fmt.Errorf("reading submissions: %w", err)
			}
			next, err := nightly.Next(env)
			if err != nil {
				return err //nolint:wrapcheck // told to a person as it is
			}
			return o.status(db.Run, next, runs, submissions)
		},
	}
}

func (o *options) status(published, next string, runs []nightly.Run, submissions warehouse.Result) error {
	const newest = 5
	if o.json {
		for _, r := range runs[:min(len(runs), newest)] {
			if err := o.line("run", r); err != nil {
				return err
			}
		}
		for _, s := range submissions.Rows {
			if err := o.line("submissions", map[string]any{
				"municipality": s[0], "form": s[1], "fiscal_year": jsonValue(s[2]),
				"submitted": jsonValue(s[4]), "to_mend": jsonValue(s[5]), "missing": jsonValue(s[6]),
			}); err != nil {
				return err
			}
		}
		return nil
	}
	fmt.Fprintf(o.Stdout, "公表中: %s　次の夜間実行: %s\n\n最近の実行\n", published, next)
	for _, r := range runs[:min(len(runs), newest)] {
		fmt.Fprintf(o.Stdout, "  %s  %-8s  %s  調査票%d件  誤り%d  注意%d\n",
			r.ID, r.Trigger, statusName(r.Status), r.Workbooks, r.Findings["error"], r.Findings["warning"])
		if r.Error != "" {
			fmt.Fprintf(o.Stdout, "    %s\n", r.Error)
		}
	}
	fmt.Fprintln(o.Stdout, "\n提出の状況（提出済／要修正／未提出）")
	for _, s := range submissions.Rows {
		fmt.Fprintf(o.Stdout, "  %v　%v　%v　%v／%v／%v\n", s[0], s[3], s[1], s[4], s[5], s[6])
	}
	return nil
}

func statusName(s string) string {
	switch s {
	case "published":
		return "公表　　"
	case "unchanged":
		return "変更なし"
	}
	return "失敗　　"
}
