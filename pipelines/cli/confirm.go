package cli

import (
	"context"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/council"
	"kyogikai/pipelines/meetings"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
)

func newConfirm(o *options) *cobra.Command {
	return meetingVerb(o, "confirm", "課ごとに数値確認票（xlsxとPDF）を作る", `課が記入した数値確認票（xlsx）は、その課の調査票と同じフォルダに置くと、次の読み込みで読む。
作ったものは outputs/confirmations/ に置く。すべて確かめた課には作らない。

例: kyogikai confirm 2025-10-21`, o.confirm)
}

// confirm writes the 数値確認票 of a meeting.
func (o *options) confirm(ctx context.Context, env project.Env, m brief.Meeting) error {
	sheets, files, err := meetings.WriteConfirmations(ctx, env, m)
	if err != nil {
		return err
	}
	if o.json {
		return o.line("confirmations", map[string]any{
			"meeting": m.ID, "files": files, "departments": confirmationCounts(sheets),
		})
	}
	for _, f := range files {
		printable.Fprintln(o.Stdout, f)
	}
	open := 0
	for _, s := range sheets {
		if s.Open() > 0 {
			open++
		}
	}
	printable.Fprintf(o.Stdout, "会議 %s: %d課のうち%d課に、確かめてもらう数値があります。\n", m.ID, len(sheets), open)
	if open > 0 {
		printable.Fprintln(o.Stdout, "課が記入したxlsxは、その課の調査票と同じフォルダ（inputs の下）に置いてください。")
	}
	return nil
}

func confirmationCounts(sheets []council.Sheet) []map[string]any {
	out := []map[string]any{}
	for _, s := range sheets {
		out = append(out, map[string]any{
			"department": s.Department, "figures": len(s.Lines), "confirmed": s.Count(council.Confirmed),
			"waiting": s.Count(council.Waiting),
			"to_mend": s.Count(council.Correct), "changed": s.Count(council.Changed),
		})
	}
	return out
}
