package cli

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/nightly"
)

func newBrief(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "brief [MEETING]", Short: "会議の資料を作る（MEETINGがなければ次の会議、なければ最後の会議）", Args: atMost(1),
		Long: "\n公表済みのものがないか、調査票が変わっていれば、先に読み込む。\n",
		RunE: func(c *cobra.Command, args []string) error {
			env, err := o.env()
			if err != nil {
				return err
			}
			meetings, err := brief.Meetings(env.Project)
			if err != nil {
				return err //nolint:wrapcheck // told to a person as it is
			}
			m, err := brief.Choose(meetings, strings.Join(args, ""), env.AsOf)
			if err != nil {
				return err //nolint:wrapcheck // told to a person as it is
			}
			run, err := nightly.Fresh(c.Context(), env)
			if err != nil {
				return err //nolint:wrapcheck // told to a person as it is
			}
			files, missing, err := nightly.Papers(c.Context(), env, m)
			if err != nil {
				return err //nolint:wrapcheck // told to a person as it is
			}
			for _, r := range missing {
				fmt.Fprintf(o.Stderr, "注意: 文字「%c」（U+%04X）は書体になく、〓で印字しました。別の字に直してください。\n", r, r)
			}
			o.leftovers(files)
			return o.papers(m, files, run)
		},
	}
}

// leftovers tells of PDFs of earlier titles that stand beside the new ones: they must not be handed out.
func (o *options) leftovers(files []string) {
	if len(files) == 0 {
		return
	}
	all, err := filepath.Glob(filepath.Join(filepath.Dir(files[0]), "*.pdf"))
	if err != nil {
		return
	}
	for _, f := range all {
		if !slices.Contains(files, f) {
			fmt.Fprintf(o.Stderr, "注意: 今回作っていない資料が残っています。配らずに、確かめて削除してください: %s\n", f)
		}
	}
}

func (o *options) papers(m brief.Meeting, files []string, run *nightly.Run) error {
	if o.json {
		if err := o.line("papers", map[string]any{
			"meeting": m.ID, "files": files, "run_id": run.ID, "findings": run.Findings,
		}); err != nil {
			return err
		}
	} else {
		for _, f := range files {
			fmt.Fprintln(o.Stdout, f)
		}
		o.counts(run.Findings)
	}
	if run.Errors() > 0 {
		return codeError(exitFindings)
	}
	return nil
}
