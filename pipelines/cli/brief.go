package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/nightly"
)

// briefFlags are what brief does beside making the papers.
type briefFlags struct {
	nightly.PaperOptions
	figures, final, confirm, questions bool
	compare, distributed               string
}

func newBrief(o *options) *cobra.Command {
	var f briefFlags
	c := &cobra.Command{
		Use: "brief [MEETING]", Short: "会議の資料を作る（MEETINGがなければ次の会議、なければ最後の会議）", Args: atMost(1),
		Long: `
公表済みのものがないか、調査票が変わっていれば、先に読み込む。
PDFの隣の「同じ名前.figures.csv」は、印字した数値の一覧。
確定した会議では、作らずに、確定した資料がそのままあるかを確かめる（--draft なら案を作る）。

会議の前: --confirm で課に数値を確かめてもらい、--final で確定する。会議の後: kyogikai errata
`,
		RunE: func(c *cobra.Command, args []string) error { return o.brief(c.Context(), strings.Join(args, ""), f) },
	}
	c.Flags().BoolVar(&f.Draft, "draft", false, "（案）と印字し、最後のページに、直っていない指摘を載せる")
	c.Flags().StringVar(&f.Format, "format", "pdf", "形: pdf、html（ワードに貼る）、xlsx（表ごとに一シート）")
	c.Flags().StringVar(&f.Run, "run", "", "もとにする実行の番号（なければ、いま公表しているもの）")
	c.Flags().BoolVar(&f.figures, "figures", false, "資料に印字した数値と、その番地（trace に渡す名前）を示す")
	c.Flags().BoolVar(&f.confirm, "confirm", false, "課ごとに数値確認票（xlsxとPDF）を作る")
	c.Flags().BoolVar(&f.final, "final", false, "資料を確定する（outputs/final/ に残し、後から書き換えない）")
	c.Flags().StringVar(&f.distributed, "distributed", "", "配布日（--final とともに。例: 2025-10-20。なければ今日）")
	c.Flags().StringVar(&f.compare, "compare", "", "この会議の資料と比べて、変わった表・列・行・注と、飛びの大きい数値を示す")
	c.Flags().BoolVar(&f.questions, "questions", false, "想定問答（xlsx）を作る: 数値ごとの正確な率、三年分、課の備考")
	return c
}

// brief does what the flags say about one meeting.
func (o *options) brief(ctx context.Context, meeting string, f briefFlags) error {
	env, err := o.env()
	if err != nil {
		return err
	}
	if !slices.Contains(nightly.Formats, f.Format) {
		return usageError{"--format は " + strings.Join(nightly.Formats, "、") + " のいずれかです"}
	}
	day, err := o.dayOf(env, f.distributed)
	if err != nil {
		return err
	}
	if others := moreThanOne(f); others != "" {
		return usageError{others + "は、一度に一つだけ指定してください"}
	}
	m, meetings, err := chooseMeeting(env, meeting)
	if err != nil {
		return err
	}
	editions, err := nightly.Editions(env, m)
	if err != nil {
		return err
	}
	if len(editions) > 0 && !f.final && !f.Draft && !f.confirm && !f.questions && f.compare == "" && f.Run == "" && f.Format == "pdf" {
		return o.verify(ctx, env, m, f.figures)
	}
	if n := len(editions); n > 0 && f.Format != "pdf" && !f.Draft && f.Run == "" { // what was handed out, in another form
		if env, m, err = nightly.AsHandedOut(env, editions[n-1]); err != nil {
			return err
		}
		f.Run = editions[n-1].Run
	}
	var run *nightly.Run
	if f.Run == "" {
		if run, err = nightly.Fresh(ctx, env); err != nil {
			return err
		}
	}
	switch {
	case f.confirm:
		return o.confirm(ctx, env, m)
	case f.final:
		return o.final(ctx, env, m, day)
	case f.compare != "":
		return o.compareWith(ctx, env, m, meetings, f.compare)
	case f.questions:
		return o.questions(ctx, env, m)
	}
	made, err := nightly.MakePapers(ctx, env, m, f.PaperOptions)
	if err != nil {
		return err
	}
	for _, r := range made.Missing {
		fmt.Fprintf(o.Stderr, "注意: 文字「%c」（U+%04X）は書体になく、〓で印字しました。別の字に直してください。\n", r, r)
	}
	if n := len(made.Untraced); n > 0 {
		fmt.Fprintf(o.Stderr, "注意: 出どころのセルが分からない数値が%d件あります（例: %s）。ひな形の問合せに sources の列を足してください。\n",
			n, made.Untraced[0].Address)
	}
	for _, x := range made.Figures {
		if x.Revised != nil {
			fmt.Fprintf(o.Stderr, "注意: 遡及改定 %s：公表した値 %s、いまのデータ %s。公表した値に r を付けて印字しました。\n", x.Address, x.Revised.Published, x.Revised.Today)
		}
	}
	o.leftovers(made.Files)
	if f.figures {
		if err := o.figures(made.Figures); err != nil {
			return err
		}
	}
	if run == nil {
		run = &nightly.Run{ID: made.Run}
	}
	return o.papers(m, made.Files, run)
}

// chooseMeeting finds the meeting that a person names, among all; without a name the coming one, else the latest.
func chooseMeeting(env nightly.Env, name string) (brief.Meeting, []brief.Meeting, error) {
	meetings, err := brief.Meetings(env.Project)
	if err != nil {
		return brief.Meeting{}, nil, err
	}
	m, err := brief.Choose(meetings, name, env.AsOf)
	return m, meetings, err
}

// moreThanOne names flags that cannot stand together.
func moreThanOne(f briefFlags) string {
	var given []string
	for _, one := range []struct {
		set  bool
		name string
	}{{f.final, "--final"}, {f.Draft, "--draft"}, {f.confirm, "--confirm"}, {f.questions, "--questions"}, {f.compare != "", "--compare"}} {
		if one.set {
			given = append(given, one.name)
		}
	}
	if f.final && f.Run != "" {
		given = append(given, "--run")
	}
	if len(given) < 2 {
		return ""
	}
	return strings.Join(given, "、")
}

// dayOf reads a day of a flag; without it, it is today.
func (o *options) dayOf(env nightly.Env, text string) (time.Time, error) {
	if text == "" {
		return env.AsOf, nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return day, usageError{"--distributed は 2025-10-20 のように書いてください"}
	}
	return day, nil
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
		if !slices.Contains(files, f) && !strings.HasSuffix(f, "（案）.pdf") {
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
