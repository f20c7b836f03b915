package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/meetings"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
)

func newCompare(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "compare [MEETING] EARLIER", Short: "会議の資料を前の会議のものと比べる", Args: between(1, 2, "比べる会議（日付）"),
		Long: `
変わった表・列・行・注と、飛びの大きい数値を示す。確定した会議は、配ったときのものと比べる。

例: kyogikai compare 2023-11-21              次の会議の資料を、令和5年11月21日のものと比べる
    kyogikai compare 2025-10-21 2023-11-21
`,
		RunE: func(c *cobra.Command, args []string) error {
			last := len(args) - 1
			return o.fresh(c.Context(), strings.Join(args[:last], ""), o.compareWith(args[last]))
		},
	}
}

// compareWith lists what is otherwise in a meeting's papers than in an earlier meeting's.
func (o *options) compareWith(with string) func(ctx context.Context, env project.Env, m brief.Meeting) error {
	return func(ctx context.Context, env project.Env, m brief.Meeting) error {
		earlier, err := chooseMeeting(env, with)
		if err != nil {
			return err
		}
		return o.compareMeetings(ctx, env, m, earlier)
	}
}

func (o *options) compareMeetings(ctx context.Context, env project.Env, m, earlier brief.Meeting) error {
	list, handed, err := meetings.Against(ctx, env, m, earlier)
	if err != nil {
		return err
	}
	if !handed {
		printable.Fprintf(o.Stderr, "注意: 会議 %s の資料は確定していないので、いまのデータで作ったものと比べます。\n", earlier.ID)
	}
	if o.json {
		for _, d := range list {
			if err := o.line("difference", d); err != nil {
				return err
			}
		}
		return o.line("compare", map[string]any{"meeting": m.ID, "with": earlier.ID, "differences": len(list)})
	}
	printable.Fprintf(o.Stdout, "会議 %s の資料を、会議 %s のものと比べました（違い%d件）。\n", m.ID, earlier.ID, len(list))
	paper := ""
	for _, d := range list {
		if d.Paper != paper {
			paper = d.Paper
			printable.Fprintf(o.Stdout, "\n■ 資料 %s\n", paper)
		}
		where := d.Where
		if where != "" {
			where += "："
		}
		printable.Fprintf(o.Stdout, "  %sの%s　%s%s\n", d.Kind, d.Change, where, d.What)
	}
	return nil
}
