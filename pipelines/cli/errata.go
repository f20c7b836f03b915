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

func newErrata(o *options) *cobra.Command {
	var final, templates bool
	var distributed, reason string
	c := &cobra.Command{
		Use: "errata MEETING", Short: "確定した資料と、いまのデータとの違いから、正誤表と差替え頁を作る", Args: exactly(1, "MEETING（会議の日付）"),
		Long: `
配った資料の頁と箇所、誤と正、変わったセルを示し、次のものを outputs/errata/ に作る。
  正誤表.pdf              配るもの。頁、箇所、誤、正、理由（--reason の文。なければ書き込む空欄）
  正誤表_事務局用.pdf     事務局の控え。変わったセルを添える
  差替え頁.pdf            変わった頁だけ
違いがなければ、前に作ったものを消す。--final を付けると、次の版として outputs/final/ に残す（前の版は変わらない）。
ひな形は確定したときのものを使う。文の直しも含めるときは --templates。課のPDFは、いまのものと比べる。

例: kyogikai errata 2025-10-21 --reason "福祉課の調査票に誤りがあったため"
`,
		RunE: func(c *cobra.Command, args []string) error {
			env, err := o.env()
			if err != nil {
				return err
			}
			day, err := dayOf(env, distributed)
			if err != nil {
				return err
			}
			return o.errata(c.Context(), env, args[0], meetings.ErrataOptions{
				Final: final, Distributed: day, Templates: templates, Reason: strings.TrimSpace(reason),
			})
		},
	}
	c.Flags().BoolVar(&final, "final", false, "次の版として確定する")
	c.Flags().StringVar(&distributed, "distributed", "", "差替えを配る日（例: 2025-10-20。なければ今日）。頁に印字する")
	c.Flags().StringVar(&reason, "reason", "", "正誤表に印字する理由の文（なければ、書き込む空欄）")
	c.Flags().BoolVar(&templates, "templates", false, "ひな形も今のものを使う（文の直しを含める）")
	return c
}

func (o *options) errata(ctx context.Context, env project.Env, meeting string, how meetings.ErrataOptions) error {
	m, err := chooseMeeting(env, meeting)
	if err != nil {
		return err
	}
	if editions, err := council.Editions(env.FinalOf(m.ID)); err == nil && len(editions) > 0 {
		if _, err := nightly.Fresh(ctx, env); err != nil {
			return err
		}
	}
	decisions := func() ([]record.Decision, error) { return nightly.Decisions(ctx, env) }
	made, err := meetings.MakeErrata(ctx, env, m, decisions, how)
	var refused *meetings.RefusedError
	if errors.As(err, &refused) {
		return o.refused(refused)
	}
	if err != nil {
		return err
	}
	if o.json {
		for _, e := range made.List {
			if err := o.line("erratum", e); err != nil {
				return err
			}
		}
		var pages []string
		for _, p := range made.Pages {
			pages = append(pages, p.String())
		}
		return o.line("errata", map[string]any{
			"meeting": m.ID, "edition": made.Of.Number, "errata": len(made.List), "pages": pages, "files": made.Files,
			"removed": append([]string{}, made.Removed...), "notes": append([]string{}, made.Notes...), "reason": how.Reason,
		})
	}
	return o.errataText(m, how, made)
}

// errataText prints a correction for people.
func (o *options) errataText(m brief.Meeting, how meetings.ErrataOptions, made meetings.Errata) error {
	for _, note := range made.Notes {
		printable.Fprintf(o.Stderr, "注意: %s。\n", note)
	}
	for _, f := range made.Removed {
		printable.Fprintf(o.Stdout, "前に作ったものを消しました（%s）: %s\n", removedBecause(made), f)
	}
	if len(made.List) == 0 && len(made.Pages) == 0 {
		printable.Fprintf(o.Stdout, "会議 %s の資料（%s）は、いまのデータと違いません。\n", m.ID, made.Of.Name())
		return nil
	}
	for _, e := range made.List {
		mark := ""
		if e.Word {
			mark = "【結論】"
		}
		page := ""
		if e.Page > 0 {
			page = fmt.Sprintf(" %d頁", e.Page)
		}
		printable.Fprintf(
			o.Stdout, "%s%s%s　%s\n    誤 %s\n    正 %s\n", mark, e.Paper, page, e.Place, orNone(e.Wrong), orNone(e.Right),
		)
		for i, cause := range e.Causes {
			if i == causesShown {
				printable.Fprintf(o.Stdout, "      ほか%d件\n", len(e.Causes)-i)
				break
			}
			printable.Fprintf(o.Stdout, "      %s\n", cause)
		}
	}
	for _, p := range made.Pages {
		printable.Fprintf(o.Stdout, "差替え: %s\n", p)
	}
	for _, f := range made.Files {
		printable.Fprintln(o.Stdout, f)
	}
	if made.Stored != nil {
		return o.stored(*made.Stored)
	}
	if how.Reason == "" {
		printable.Fprintln(o.Stdout, "正誤表の理由は空欄です。--reason \"…ため\" で印字するか、書き込んでください。")
	}
	printable.Fprintf(o.Stdout, "確定するには: kyogikai errata %s --final\n", m.ID)
	return nil
}

// removedBecause says why what an earlier look has left is gone.
func removedBecause(made meetings.Errata) string {
	if made.Stored != nil {
		return made.Stored.Name() + "にあります"
	}
	return "いまは違いがありません"
}
