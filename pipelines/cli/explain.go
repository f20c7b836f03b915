package cli

import (
	"context"
	"fmt"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/nightly"
)

// compareWith lists what is otherwise in a meeting's papers than in an earlier meeting's.
func (o *options) compareWith(ctx context.Context, env nightly.Env, m brief.Meeting, meetings []brief.Meeting, with string) error {
	earlier, err := brief.Choose(meetings, with, env.AsOf)
	if err != nil {
		return err
	}
	list, handed, err := nightly.Against(ctx, env, m, earlier)
	if err != nil {
		return err
	}
	if !handed {
		fmt.Fprintf(o.Stderr, "注意: 会議 %s の資料は確定していないので、いまのデータで作ったものと比べます。\n", earlier.ID)
	}
	if o.json {
		for _, d := range list {
			if err := o.line("difference", d); err != nil {
				return err
			}
		}
		return o.line("compare", map[string]any{"meeting": m.ID, "with": earlier.ID, "differences": len(list)})
	}
	fmt.Fprintf(o.Stdout, "会議 %s の資料を、会議 %s のものと比べました（違い%d件）。\n", m.ID, earlier.ID, len(list))
	paper := ""
	for _, d := range list {
		if d.Paper != paper {
			paper = d.Paper
			fmt.Fprintf(o.Stdout, "\n■ 資料 %s\n", paper)
		}
		where := d.Where
		if where != "" {
			where += "："
		}
		fmt.Fprintf(o.Stdout, "  %sの%s　%s%s\n", d.Kind, d.Change, where, d.What)
	}
	return nil
}

// questions writes the 想定問答.
func (o *options) questions(ctx context.Context, env nightly.Env, m brief.Meeting) error {
	path, err := nightly.WriteQuestions(ctx, env, m)
	if err != nil {
		return err
	}
	if o.json {
		return o.line("questions", map[string]any{"meeting": m.ID, "file": path})
	}
	fmt.Fprintln(o.Stdout, path)
	return nil
}
