package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/nightly"
	"kyogikai/pipelines/warehouse"
)

const submissionsQuery = `SELECT municipality, form, fiscal_year, wareki(fiscal_year),
  count(*) FILTER (status = '提出済'), count(*) FILTER (status = '要修正'), count(*) FILTER (status = '未提出')
FROM marts.submissions GROUP BY ALL ORDER BY ALL`

// overdueQuery lists what is not there, or must be mended, after its day.
const overdueQuery = `SELECT municipality, bureau, department, form, fiscal_year, due, status
FROM marts.submissions WHERE status <> '提出済' ORDER BY ALL`

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
			open, err := db.Query(c.Context(), overdueQuery)
			if err != nil {
				return fmt.Errorf("reading submissions: %w", err)
			}
			next, err := nightly.Next(env)
			if err != nil {
				return err //nolint:wrapcheck // told to a person as it is
			}
			if err := o.status(db.Run, next, runs, submissions); err != nil {
				return err
			}
			return o.overdue(open, env.AsOf)
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

// overdue says who is late as of a day. Nothing of it is stored: it depends on the day.
func (o *options) overdue(open warehouse.Result, asOf time.Time) error {
	late := 0
	for _, r := range open.Rows {
		day, ok := fiscal.ParseDay(fmt.Sprint(r[5]))
		if !ok && !o.json {
			fmt.Fprintf(o.Stderr, "提出対象.csv の提出期限「%v」（%v　%v）を日付として読めません。令和9年4月25日 のように直してください。\n", r[5], r[0], r[2])
		}
		if !ok || !asOf.After(day) {
			continue
		}
		days := int(asOf.Sub(day).Hours() / 24)
		if late++; late == 1 && !o.json {
			fmt.Fprintf(o.Stdout, "\n期限超過（%s現在）\n", fiscal.WarekiDate(asOf))
		}
		if o.json {
			if err := o.line("overdue", map[string]any{
				"municipality": r[0], "bureau": r[1], "department": r[2], "form": r[3], "fiscal_year": jsonValue(r[4]), "due": r[5],
				"status": r[6], "days": days,
			}); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(o.Stdout, "  %v　%v　%v（%v）　期限 %v　%d日超過\n", r[0], r[2], r[3], r[6], r[5], days)
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
