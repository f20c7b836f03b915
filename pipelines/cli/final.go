package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/council"
	"kyogikai/pipelines/meetings"
	"kyogikai/pipelines/nightly"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
)

func newFinal(o *options) *cobra.Command {
	var distributed string
	const short = "会議の資料を確定し、outputs/final/ に残す（後から書き換えない）"
	c := meetingVerb(o, "final", short, `誤りのある調査票、未提出、課が確かめていない数値などがあれば、確定せずに、何を誰が直すかを示す。
除いて確定するための判断.csv の行も outputs/briefs/<会議>/ に書くので、理由・職・日付を書き込んで inputs/<自治体>/判断.csv に加える。

例: kyogikai final 2025-10-21 --distributed 2025-10-17`,
		func(ctx context.Context, env project.Env, m brief.Meeting) error {
			return o.final(distributed)(ctx, env, m)
		})
	c.PreRunE = func(*cobra.Command, []string) error { return checkDay(distributed) }
	c.Flags().StringVar(&distributed, "distributed", "", "配布日（例: 2025-10-20。なければ今日）")
	return c
}

// final makes a meeting's papers final, or says what keeps them from it: what is missing, where, and who must act.
func (o *options) final(distributed string) func(ctx context.Context, env project.Env, m brief.Meeting) error {
	return func(ctx context.Context, env project.Env, m brief.Meeting) error {
		day, err := dayOf(env, distributed)
		if err != nil {
			return err
		}
		decisions := func() ([]record.Decision, error) { return nightly.Decisions(ctx, env) }
		e, err := meetings.Finalize(ctx, env, m, decisions, day)
		var refused *meetings.RefusedError
		if err == nil || errors.As(err, &refused) {
			if err := o.sinceLastYear(ctx, env, m); err != nil {
				return err
			}
		}
		if errors.As(err, &refused) {
			return o.refused(refused)
		}
		if err != nil {
			return err
		}
		return o.stored(e)
	}
}

// sinceLastYear tells what a meeting's papers no longer say that those of the year before said.
func (o *options) sinceLastYear(ctx context.Context, env project.Env, m brief.Meeting) error {
	since, err := meetings.LastYear(ctx, env, m)
	if err != nil {
		return err
	}
	if o.json {
		for _, d := range since.Differences {
			if err := o.line("difference", d); err != nil {
				return err
			}
		}
		return nil
	}
	if len(since.Differences) > 0 {
		printable.Fprintf(o.Stderr, "■ 前の年度の資料にあって今回ないもの、値の飛び（%d件。止めるものではありません。確かめてください）\n", len(since.Differences))
	}
	for _, d := range since.Differences {
		printable.Fprintf(o.Stderr, "  資料 %s　%sの%s　%s：%s\n", d.Paper, d.Kind, d.Change, d.Where, d.What)
	}
	o.withoutLastYear(since)
	return nil
}

// withoutLastYear tells which papers were not compared.
func (o *options) withoutLastYear(since meetings.YearBefore) {
	if len(since.Without) > 0 && !o.json {
		printable.Fprintf(o.Stderr, "前の年度の資料がないので、比べていない資料：%s\n", strings.Join(since.Without, "、"))
	}
}

func (o *options) refused(r *meetings.RefusedError) error {
	if o.json {
		for _, x := range r.Obstacles {
			if err := o.line("obstacle", x); err != nil {
				return err
			}
		}
		if r.Lines > 0 {
			if err := o.line("waivers", map[string]any{"file": r.Waivers, "lines": r.Lines}); err != nil {
				return err
			}
		}
		return codeError(exitFailed)
	}
	printable.Fprintf(o.Stderr, "%v。\n", r)
	anew := o.readAnew(r.Obstacles)
	for _, kind := range []string{
		council.WithError, council.NotIn, council.NotAnswered, council.Gone, council.Unconfirmed, council.NoSource,
		council.NoGlyph,
	} {
		first := true
		for _, x := range r.Obstacles {
			if x.Kind != kind {
				continue
			}
			if first {
				printable.Fprintf(o.Stderr, "\n■ %s\n", obstacleTitle[kind])
				first = false
			}
			printable.Fprintf(o.Stderr, "  %s　%s\n    %s\n", orDash(x.Department), x.Where, x.What)
			if !x.Waivable() {
				fmt.Fprint(o.Stderr, "    訂正か変更があるので、除いて確定することはできません。\n")
				continue
			}
			printable.Fprintf(o.Stderr, "    除くときの path: %s\n", x.Target)
			if x.Cell != "" {
				printable.Fprintf(o.Stderr, "    除くときの cell: %s\n", x.Cell)
			}
		}
	}
	if len(r.Unused) > 0 {
		fmt.Fprint(o.Stderr, "\n■ 判断.csv の「除いて確定」のうち、どれにも当たらない行（path か cell が違います）\n")
		for _, d := range r.Unused {
			printable.Fprintf(o.Stderr, "  %s　%s\n", d.Path, d.Cell)
		}
	}
	for _, d := range r.Idle {
		printable.Fprintf(o.Stderr, "\n判断.csv の「%s」（%s %s）は効いていません：%s\n", d.Decision, d.Path, d.Cell, idleWaiver(d))
	}
	if r.Lines > 0 {
		printable.Fprintf(o.Stderr, "\n直すか、答えてもらうかしてください。除いて確定するときは、そのための判断.csv の行（%d行）を次に書いてあります。\n%s\n"+
			"除くと決めた行だけを残し、reason（理由）、post（職）、date（日付）を書き込んで、inputs/%s/判断.csv に加えてください（欠けた行は効きません）。\n",
			r.Lines, r.Waivers, r.Municipality)
	} else if anew < len(r.Obstacles) || len(r.Unused)+len(r.Idle) > 0 {
		fmt.Fprint(o.Stderr, "\n直すか、答えてもらうかしてください。\n")
	}
	return codeError(exitFailed)
}

// readAnew shows the values at which somebody has to look because they are read otherwise than before, and counts them.
func (o *options) readAnew(obstacles []council.Obstacle) (n int) {
	for _, x := range obstacles {
		if x.Kind != council.ReadAnew {
			continue
		}
		if n++; n == 1 {
			printable.Fprintf(o.Stderr, "\n■ %s\n", obstacleTitle[council.ReadAnew])
		}
		if n <= rereadShown {
			printable.Fprintf(o.Stderr, "  %s　%s\n    %s\n", orDash(x.Department), x.Where, x.What)
		}
	}
	if n > rereadShown {
		printable.Fprintf(o.Stderr, "  ほか%d件（すべては %s）\n", n-rereadShown, rereadQuery)
	}
	if n > 0 {
		fmt.Fprint(o.Stderr, lookingAt)
	}
	return n
}

func idleWaiver(d record.Decision) string {
	if !d.Waives() {
		return "decision には「除いて確定」と書いてください"
	}
	return d.Lacks() + "がありません"
}

var obstacleTitle = map[string]string{
	council.WithError: "誤りがあり、集計から除かれているもの", council.NotIn: "提出されていないもの",
	council.NotAnswered: "記入されていないもの", council.Gone: "前の調査票か一覧にあって、この年度の調査票にないもの",

	council.ReadAnew:    "変わっていない調査票の値で、前と違って読み、まだ誰も確かめていないもの（「除いて確定」では済みません）",
	council.Unconfirmed: "数値を確認していない課", council.NoGlyph: "書体にない文字", council.NoSource: "出どころの分からない数値",
}

func (o *options) stored(e council.Edition) error {
	if o.json {
		return o.line("final", e)
	}
	printable.Fprintf(
		o.Stdout,
		"確定しました: 会議 %s　%s　配布日 %s　もとの実行 %s\n%s\n",
		e.Meeting,
		e.Name(),
		e.DistributedOn(),
		e.Run,
		e.Dir,
	)
	for _, w := range e.Waived {
		printable.Fprintf(
			o.Stdout, "  除いたもの: %s　%s　%s（%s　%s　%s）\n", w.Kind, w.Department, w.Where, w.Waiver.Reason, w.Waiver.Post,
			w.Waiver.Date,
		)
	}
	for _, remark := range e.Remarks {
		printable.Fprintf(o.Stdout, "  注意: %s。\n", remark)
	}
	printable.Fprintln(o.Stdout, "公表値台帳を inputs の ledger に書きました。調査票とともに保管してください。")
	return nil
}
