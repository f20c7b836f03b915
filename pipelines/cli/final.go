package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/council"
	"kyogikai/pipelines/nightly"
	"kyogikai/pipelines/record"
)

// confirm writes the 数値確認票 of a meeting.
func (o *options) confirm(ctx context.Context, env nightly.Env, m brief.Meeting) error {
	sheets, files, err := nightly.WriteConfirmations(ctx, env, m)
	if err != nil {
		return err
	}
	if o.json {
		return o.line("confirmations", map[string]any{"meeting": m.ID, "files": files, "departments": confirmationCounts(sheets)})
	}
	for _, f := range files {
		fmt.Fprintln(o.Stdout, f)
	}
	open := 0
	for _, s := range sheets {
		if s.Open() > 0 {
			open++
		}
	}
	fmt.Fprintf(o.Stdout, "会議 %s: %d課のうち%d課に、確かめてもらう数値があります。\n", m.ID, len(sheets), open)
	if open > 0 {
		fmt.Fprintln(o.Stdout, "課が記入したxlsxは、その課の調査票と同じフォルダ（inputs の下）に置いてください。")
	}
	return nil
}

func confirmationCounts(sheets []council.Sheet) []map[string]any {
	out := []map[string]any{}
	for _, s := range sheets {
		out = append(out, map[string]any{
			"department": s.Department, "figures": len(s.Lines), "confirmed": s.Count(council.Confirmed), "waiting": s.Count(council.Waiting),
			"to_mend": s.Count(council.Correct), "changed": s.Count(council.Changed),
		})
	}
	return out
}

// final makes a meeting's papers final, or says what keeps them from it: what is missing, where, and who must act.
func (o *options) final(ctx context.Context, env nightly.Env, m brief.Meeting, day time.Time) error {
	e, err := nightly.Finalize(ctx, env, m, day)
	var refused *nightly.RefusedError
	if errors.As(err, &refused) {
		return o.refused(refused)
	}
	if err != nil {
		return err
	}
	return o.stored(e)
}

func (o *options) refused(r *nightly.RefusedError) error {
	if o.json {
		for _, x := range r.Obstacles {
			if err := o.line("obstacle", x); err != nil {
				return err
			}
		}
		return codeError(exitFailed)
	}
	fmt.Fprintf(o.Stderr, "%v。\n", r)
	for _, kind := range []string{council.WithError, council.NotIn, council.Unconfirmed, council.NoSource, council.NoGlyph} {
		first := true
		for _, x := range r.Obstacles {
			if x.Kind != kind {
				continue
			}
			if first {
				fmt.Fprintf(o.Stderr, "\n■ %s\n", obstacleTitle[kind])
				first = false
			}
			fmt.Fprintf(o.Stderr, "  %s　%s\n    %s\n    除くときの path: %s\n", orDash(x.Department), x.Where, x.What, x.Target)
			if x.Cell != "" {
				fmt.Fprintf(o.Stderr, "    除くときの cell: %s\n", x.Cell)
			}
		}
	}
	if len(r.Unused) > 0 {
		fmt.Fprint(o.Stderr, "\n■ 判断.csv の「除いて確定」のうち、どれにも当たらない行（path か cell が違います）\n")
		for _, d := range r.Unused {
			fmt.Fprintf(o.Stderr, "  %s　%s\n", d.Path, d.Cell)
		}
	}
	for _, d := range r.Idle {
		fmt.Fprintf(o.Stderr, "\n判断.csv の「%s」（%s %s）は効いていません：%s\n", d.Decision, d.Path, d.Cell, idleWaiver(d))
	}
	fmt.Fprintf(o.Stderr, "\n直すか、答えてもらうかしてください。除いて確定するときは、inputs/%s/判断.csv に一行ずつ、\n"+
		"path と cell（上の「除くときの」もの。cell のないものは空欄）、decision=除いて確定、\nreason（理由）、post（職）、date（日付）を書いてください。\n", r.Municipality)
	return codeError(exitFailed)
}

func idleWaiver(d record.Decision) string {
	if !d.Waives() {
		return "decision には「除いて確定」と書いてください"
	}
	return d.Lacks() + "がありません"
}

var obstacleTitle = map[string]string{
	council.WithError: "誤りがあり、集計から除かれているもの", council.NotIn: "提出されていないもの",
	council.Unconfirmed: "数値を確認していない課", council.NoGlyph: "書体にない文字", council.NoSource: "出どころの分からない数値",
}

func (o *options) stored(e council.Edition) error {
	if o.json {
		return o.line("final", e)
	}
	fmt.Fprintf(o.Stdout, "確定しました: 会議 %s　%s　配布日 %s　もとの実行 %s\n%s\n", e.Meeting, e.Name(), e.DistributedOn(), e.Run, e.Dir)
	for _, w := range e.Waived {
		fmt.Fprintf(o.Stdout, "  除いたもの: %s　%s　%s（%s　%s　%s）\n", w.Kind, w.Department, w.Where, w.Waiver.Reason, w.Waiver.Post, w.Waiver.Date)
	}
	fmt.Fprintln(o.Stdout, "公表値台帳を inputs の ledger に書きました。調査票とともに保管してください。")
	return nil
}

// verify looks whether final papers are as they were.
func (o *options) verify(ctx context.Context, env nightly.Env, m brief.Meeting, figures bool) error {
	all, err := nightly.VerifyFinal(ctx, env, m)
	if err != nil {
		return err
	}
	faults := 0
	for _, v := range all {
		faults += len(v.Faults)
		if o.json {
			if err := o.line("verified", map[string]any{
				"meeting": m.ID, "edition": v.Edition.Number, "run_id": v.Edition.Run, "distributed": v.Edition.Distributed, "dir": v.Edition.Dir,
				"files": len(v.Edition.Files), "whole": v.Files, "reproduced": v.Same, "faults": append([]string{}, v.Faults...), "notes": append([]string{}, v.Notes...),
			}); err != nil {
				return err
			}
			continue
		}
		e := v.Edition
		fmt.Fprintf(o.Stdout, "%s　配布日 %s　もとの実行 %s\n  %s\n  %d件のうち%d件が確定したときのまま。\n  うち資料など%d件は、もとの実行から作り直しても一字一句同じ（ほかは、ひな形の写し）。\n",
			e.Name(), e.DistributedOn(), e.Run, e.Dir, len(e.Files), v.Files, v.Same)
		for _, n := range v.Notes {
			fmt.Fprintf(o.Stderr, "注意: %s\n", n)
		}
		for _, f := range v.Faults {
			fmt.Fprintf(o.Stderr, "違い: %s %s\n", e.Name(), f)
		}
	}
	if figures {
		fmt.Fprintln(o.Stderr, "確定した資料の数値は、各版のフォルダの .figures.csv にあります。")
	}
	if faults > 0 {
		fmt.Fprintln(o.Stderr, "確定した資料が変わっています。配ったものと比べ、控え（バックアップ）から戻してください。")
		return codeError(exitFailed)
	}
	return nil
}
