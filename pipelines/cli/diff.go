package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/lineage"
	"kyogikai/pipelines/papers"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/result"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

// causesShown is how many causes of one figure are printed; --json prints all.
const causesShown = 10

func newDiff(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "diff [RUN [RUN]]", Short: "二つの実行の間で変わった数値と、変わったセルを示す", Args: atMost(2),
		Long: `
RUN は実行の番号（kyogikai status で見られる）か、前回、先月、2026-10（その月の最後の実行）。
一つだけなら、いまのデータと比べる。なければ、一つ前のものと比べる。
資料に印字する数値（すべての会議）と、marts の表の数値を比べる。

例: kyogikai diff 20251020T170000Z 20251021T170000Z
    kyogikai diff 先月
`,
		RunE: func(c *cobra.Command, args []string) error {
			env, err := o.env()
			if err != nil {
				return err
			}
			before, after, err := o.pair(env, args)
			if err != nil {
				return err
			}
			changes, err := o.compare(c.Context(), env, before, after)
			if err != nil {
				return err
			}
			return o.diff(before, after, changes, env.Clock().Location())
		},
	}
}

// pair names the two runs to compare, the older first.
func (o *options) pair(env project.Env, args []string) (before, after string, err error) {
	kept, err := warehouse.Kept(env.WarehouseDir())
	if err != nil {
		return "", "", err
	}
	if len(args) == 0 {
		if len(kept) < 2 {
			return "", "", usageError{"比べる実行がありません（更新は " + kept[0] + " の一回だけです）"}
		}
		return kept[1], kept[0], nil
	}
	if before, err = pick(env, args[0]); err != nil {
		return "", "", err
	}
	if len(args) == 1 {
		return before, kept[0], nil
	}
	after, err = pick(env, args[1])
	return before, after, err
}

func (o *options) compare(ctx context.Context, env project.Env, before, after string) ([]lineage.Change, error) {
	a, err := runs.OpenRun(ctx, env.Outputs, before, runs.ByState)
	if err != nil {
		return nil, err
	}
	defer a.Close()
	b, err := runs.OpenRun(ctx, env.Outputs, after, runs.ByState)
	if err != nil {
		return nil, err
	}
	defer b.Close()
	all, err := brief.Meetings(env.Project)
	if err != nil {
		return nil, err
	}
	return papers.Changes(ctx, env.Project, a, b, all, func(run string, m brief.Meeting, err error) {
		printable.Fprintf(o.Stderr, "注意: 実行 %s では会議 %s の資料を作れないので、その数値は比べません（%s）\n", run, m.ID, fault.Text(err))
	})
}

func (o *options) diff(before, after string, changes []lineage.Change, zone *time.Location) error {
	if o.json {
		for _, c := range changes {
			if err := o.line("change", c); err != nil {
				return err
			}
		}
		return o.line("diff", map[string]any{"before": before, "after": after, "changes": len(changes)})
	}
	printable.Fprintf(o.Stdout, "%sから、%sまで\n", runs.Named(before, zone), runs.Named(after, zone))
	if len(changes) == 0 {
		printable.Fprintln(o.Stdout, "変わった数値はありません。")
		return nil
	}
	count := map[string]int{}
	for _, c := range changes {
		count[c.Table]++
	}
	table := ""
	for _, c := range changes {
		if c.Table != table {
			table = c.Table
			printable.Fprintf(o.Stdout, "\n■ %s（%d件）\n", table, count[table])
		}
		printable.Fprintf(o.Stdout, "  %s\n    %s → %s\n", c.Figure, orNone(c.Old), orNone(c.New))
		for i, cause := range c.Causes {
			if i == causesShown {
				printable.Fprintf(o.Stdout, "      ほか%d件（すべては --json で見られます）\n", len(c.Causes)-i)
				break
			}
			printable.Fprintf(o.Stdout, "      %s\n", causeText(cause))
		}
	}
	return nil
}

func orNone(s string) string {
	if s == "" {
		return "（なし）"
	}
	return shorten(s)
}

// shorten cuts a text to the width of a column.
func shorten(s string) string { return result.Shorten(printable.Line(s), 40) }

func causeText(c lineage.Cause) string {
	at := strings.Join(nonEmpty(c.Path, c.Sheet, c.Cell), " › ")
	if c.What != "" && c.Old+c.New != "" {
		return at + ": " + c.What + "　" + orNone(c.Old) + " → " + orNone(c.New)
	}
	if c.What != "" {
		return strings.Join(nonEmpty(at, c.What), ": ")
	}
	old, now := "空", "空"
	if c.Old != "" {
		old = "「" + shorten(c.Old) + "」"
	}
	if c.New != "" {
		now = "「" + shorten(c.New) + "」"
	}
	return at + ": " + old + " → " + now
}

func nonEmpty(parts ...string) []string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return out
}
