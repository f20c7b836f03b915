package cli

import (
	"context"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/meetings"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
)

// verify looks whether final papers are as they were.
func (o *options) verify(ctx context.Context, env project.Env, m brief.Meeting, figures bool) error {
	all, err := meetings.VerifyFinal(ctx, env, m)
	if err != nil {
		return err
	}
	faults := 0
	for _, v := range all {
		faults += len(v.Faults)
		if o.json {
			if err := o.line("verified", map[string]any{
				"meeting": m.ID, "edition": v.Edition.Number, "run_id": v.Edition.Run, "distributed": v.Edition.Distributed,
				"dir":   v.Edition.Dir,
				"files": len(v.Edition.Files), "whole": v.Files, "reproduced": v.Same, "faults": append([]string{}, v.Faults...),
				"notes": append([]string{}, v.Notes...),
			}); err != nil {
				return err
			}
			continue
		}
		e := v.Edition
		printable.Fprintf(o.Stdout, "%s　配布日 %s　もとの実行 %s\n  %s\n  %d件のうち%d件が確定したときのまま。\n  うち資料など%d件は、もとの実行から作り直しても一字一句同じ（ほかは、"+
			"ひな形の写し）。\n",
			e.Name(), e.DistributedOn(), e.Run, e.Dir, len(e.Files), v.Files, v.Same)
		for _, n := range v.Notes {
			printable.Fprintf(o.Stderr, "注意: %s\n", n)
		}
		for _, f := range v.Faults {
			printable.Fprintf(o.Stderr, "違い: %s %s\n", e.Name(), f)
		}
	}
	if n := len(all); n > 0 && !o.json {
		for _, remark := range all[n-1].Edition.Remarks {
			printable.Fprintf(o.Stderr, "注意: %s。\n", remark)
		}
	}
	if figures {
		printable.Fprintln(o.Stderr, "確定した資料の数値は、各版のフォルダの .figures.csv にあります。")
	}
	if faults > 0 {
		printable.Fprintln(o.Stderr, "確定した資料が変わっています。配ったものと比べ、控え（バックアップ）から戻してください。")
		return codeError(exitFailed)
	}
	return nil
}
