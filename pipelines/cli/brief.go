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
	var withFigures bool
	var how nightly.PaperOptions
	c := &cobra.Command{
		Use: "brief [MEETING]", Short: "会議の資料を作る（MEETINGがなければ次の会議、なければ最後の会議）", Args: atMost(1),
		Long: "\n公表済みのものがないか、調査票が変わっていれば、先に読み込む。\nPDFの隣の「同じ名前.figures.csv」は、印字した数値の一覧。\n",
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
			if !slices.Contains(nightly.Formats, how.Format) {
				return usageError{"--format は " + strings.Join(nightly.Formats, "、") + " のいずれかです"}
			}
			made, err := nightly.MakePapers(c.Context(), env, m, how)
			if err != nil {
				return err //nolint:wrapcheck // told to a person as it is
			}
			for _, r := range made.Missing {
				fmt.Fprintf(o.Stderr, "注意: 文字「%c」（U+%04X）は書体になく、〓で印字しました。別の字に直してください。\n", r, r)
			}
			if n := len(made.Untraced); n > 0 {
				fmt.Fprintf(o.Stderr, "注意: 出どころのセルが分からない数値が%d件あります（例: %s）。ひな形の問合せに sources の列を足してください。\n",
					n, made.Untraced[0].Address)
			}
			o.leftovers(made.Files)
			if withFigures {
				if err := o.figures(made.Figures); err != nil {
					return err
				}
			}
			return o.papers(m, made.Files, run)
		},
	}
	c.Flags().BoolVar(&how.Draft, "draft", false, "（案）と印字し、最後のページに、直っていない指摘を載せる")
	c.Flags().StringVar(&how.Format, "format", "pdf", "形: pdf、html（ワードに貼る）、xlsx（表ごとに一シート）")
	c.Flags().BoolVar(&withFigures, "figures", false, "資料に印字した数値と、その番地（trace に渡す名前）を示す")
	return c
}

// figures prints the address of every figure with what is printed there.
func (o *options) figures(list []brief.Figure) error {
	for _, f := range list {
		if f.Word {
			continue
		}
		if !o.json {
			fmt.Fprintf(o.Stdout, "%s  %s\n", f.Address, shorten(strings.ReplaceAll(f.Text, "\n", "⏎")))
			continue
		}
		if err := o.line("figure", map[string]any{
			"figure": f.Address, "table": f.Table, "row": f.Row, "column": f.Column, "text": f.Text, "value": f.Value, "unit": f.Unit,
		}); err != nil {
			return err
		}
	}
	return nil
}

// leftovers tells of PDFs of earlier titles that stand beside the new ones: they must not be handed out.
func (o *options) leftovers(files []string) {
	if len(files) == 0 || filepath.Ext(files[0]) != ".pdf" { // other forms are made for pasting, not for handing out
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
