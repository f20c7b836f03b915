package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/council"
	"kyogikai/pipelines/meetings"
	"kyogikai/pipelines/nightly"
	"kyogikai/pipelines/papers"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

// briefOptions are those of the papers, and the flags that have become verbs.
type briefOptions struct {
	papers.Options
	figures bool

	final, confirm, questions bool
	compare, distributed      string
}

func newBrief(o *options) *cobra.Command {
	var f briefOptions
	c := &cobra.Command{
		Use: "brief [MEETING]", Short: "会議の資料を作る（MEETINGがなければ次の会議、なければ最後の会議）", Args: atMost(1),
		Long: `
データがまだないか、調査票が変わっていれば、先に読み込む。
PDFの隣の「同じ名前.figures.csv」は、印字した数値の一覧。
確定した会議では、作らずに、確定した資料がそのままあるかを確かめる（--draft なら案を作る）。

会議の前: kyogikai confirm で課に数値を確かめてもらい、kyogikai final で確定する。会議の後: kyogikai errata
`,
		RunE: func(c *cobra.Command, args []string) error { return o.runBrief(c.Context(), strings.Join(args, ""), f) },
	}
	c.Flags().BoolVar(&f.Draft, "draft", false, "（案）と印字し、最後に「確認を要する事項」を載せる")
	c.Flags().StringVar(&f.Format, "format", papers.Formats()[0], "形: "+papers.FormatHelp())
	c.Flags().StringVar(&f.Run, "run", "", "もとにする実行（番号、前回、先月、2026-10。なければ、いまのデータ）")
	c.Flags().BoolVar(&f.figures, "figures", false, "資料に印字した数値と、その番地（trace に渡す名前）を示す")
	c.Flags().BoolVar(&f.confirm, "confirm", false, "kyogikai confirm と同じ")
	c.Flags().BoolVar(&f.final, "final", false, "kyogikai final と同じ")
	c.Flags().StringVar(&f.distributed, "distributed", "", "--final とともに、配布日")
	c.Flags().StringVar(&f.compare, "compare", "", "kyogikai compare と同じ")
	c.Flags().BoolVar(&f.questions, "questions", false, "kyogikai questions と同じ")
	for _, verb := range []string{"confirm", "final", "distributed", "compare", "questions"} {
		_ = c.Flags().MarkHidden(verb) // the flags are there
	}
	return c
}

// runBrief makes a meeting's papers, or does what a flag that has become a verb says.
func (o *options) runBrief(ctx context.Context, meeting string, f briefOptions) error {
	if others := exclusive(f); others != "" {
		return usageError{others + "は、一度に一つだけ指定してください"}
	}
	if !slices.Contains(papers.Formats(), f.Format) {
		return usageError{(&papers.UnknownFormatError{Name: f.Format}).Error()}
	}
	if err := checkDay(f.distributed); err != nil {
		return err
	}
	switch {
	case f.confirm:
		return o.fresh(ctx, meeting, o.confirm)
	case f.final:
		return o.fresh(ctx, meeting, o.final(f.distributed))
	case f.compare != "":
		return o.fresh(ctx, meeting, o.compareWith(f.compare))
	case f.questions:
		return o.fresh(ctx, meeting, o.questions)
	}
	env, err := o.env()
	if err != nil {
		return err
	}
	m, err := chooseMeeting(env, meeting)
	if err != nil {
		return err
	}
	editions, err := council.Editions(env.FinalOf(m.ID))
	if err != nil {
		return err
	}
	if n := len(editions); n > 0 && !f.Draft && f.Run == "" {
		if papers.IsOfficial(f.Format) {
			return o.verify(ctx, env, m, f.figures)
		}
		if env, m, err = meetings.AsHandedOut(env, editions[n-1]); err != nil { // what was handed out, in another form
			return err
		}
		f.Run = editions[n-1].Run
	}
	return o.makePapers(ctx, env, m, f)
}

// makePapers makes the papers, loading first where they rest on what is published now.
func (o *options) makePapers(ctx context.Context, env project.Env, m brief.Meeting, f briefOptions) (err error) {
	var run *runs.Run
	if f.Run == "" {
		if run, err = nightly.Fresh(ctx, env); err != nil {
			return err
		}
	}
	if f.Draft {
		f.LastYear = func(
			ctx context.Context, db *warehouse.Reader, items []brief.ItemPaper,
		) ([]council.Difference, error) {
			since, err := meetings.SinceLastYear(ctx, env, m, db, items)
			if err == nil {
				o.withoutLastYear(since)
			}
			return since.Differences, err
		}
	}
	made, err := papers.Make(ctx, env, m, f.Options)
	if err != nil {
		return err
	}
	o.remarks(made)
	if run != nil && run.Unlooked > 0 {
		printable.Fprintf(o.Stderr, "注意: 読み方の変わった値が%d件、確かめられていません（%s）。確かめるまで、資料は確定できません。\n",
			run.Unlooked, rereadQuery)
	}
	if left := papers.Leftovers(made.Files); len(left) > 0 {
		printable.Fprintf(o.Stderr, "注意: 今回作っていない資料が%d件残っています。配らずに、確かめて削除してください: %s\n",
			len(left), strings.Join(left, "、"))
	}
	if f.figures {
		if err := o.figures(made.Figures); err != nil {
			return err
		}
	}
	if run == nil {
		run = &runs.Run{ID: made.Run}
	}
	return o.papers(m, made.Files, run)
}

// remarks tells what a person should know about papers that were made.
func (o *options) remarks(made papers.Made) {
	for _, r := range made.Missing {
		printable.Fprintf(o.Stderr, "注意: 文字「%c」（U+%04X）は書体になく、〓で印字しました。別の字に直してください。\n", r, r)
	}
	if n := len(made.Untraced); n > 0 {
		printable.Fprintf(o.Stderr, "注意: 出どころのセルが分からない数値が%d件あります（例: %s）。ひな形の問合せに sources の列を足してください。\n",
			n, made.Untraced[0].Address)
	}
	for _, r := range made.Remarks {
		printable.Fprintf(o.Stderr, "注意: %s。\n", r.String())
	}
	for _, says := range made.Unknown {
		printable.Fprintf(o.Stderr, "注意: %s。資料の枠には書かれたとおりに印字しました。\n", says)
	}
	for _, x := range made.Figures {
		if x.Revised != nil {
			printable.Fprintf(o.Stderr, "注意: 遡及改定 %s：公表した値 %s、いまのデータ %s。公表した値に r を付けて印字しました。\n",
				x.Address, x.Revised.Published, x.Revised.Today)
		}
	}
}

// exclusive names flags that cannot stand together.
func exclusive(f briefOptions) string {
	var given []string
	for _, one := range []struct {
		set  bool
		name string
	}{
		{f.final, "--final"}, {f.Draft, "--draft"}, {f.confirm, "--confirm"}, {f.questions, "--questions"},
		{f.compare != "", "--compare"},
		{f.final && f.Run != "", "--run"},
	} {
		if one.set {
			given = append(given, one.name)
		}
	}
	if len(given) < 2 {
		return ""
	}
	return strings.Join(given, "、")
}

// figures prints the address of every figure with what is printed there.
func (o *options) figures(list []brief.Figure) error {
	for _, f := range list {
		if f.Word {
			continue
		}
		if !o.json {
			printable.Fprintf(o.Stdout, "%s  %s\n", f.Address, shorten(f.Text))
			continue
		}
		if err := o.line("figure", map[string]any{
			"figure": f.Address, "table": f.Table, "row": f.Row, "column": f.Column, "text": f.Text, "value": f.Value,
			"unit": f.Unit,
		}); err != nil {
			return err
		}
	}
	return nil
}

func (o *options) papers(m brief.Meeting, files []string, run *runs.Run) error {
	if o.json {
		if err := o.line("papers", map[string]any{
			"meeting": m.ID, "files": files, "run_id": run.ID, "findings": run.Findings,
		}); err != nil {
			return err
		}
	} else {
		for _, f := range files {
			printable.Fprintln(o.Stdout, f)
		}
		o.counts(run.Findings)
	}
	if run.Errors() > 0 {
		return codeError(exitFindings)
	}
	return nil
}
