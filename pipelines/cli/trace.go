package cli

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/lineage"
	made "kyogikai/pipelines/papers"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

func newTrace(o *options) *cobra.Command {
	var run string
	var whole bool
	c := &cobra.Command{
		Use: "trace FIGURE", Short: "印字した数値の、もとのセルと計算を示す", Args: exactly(1, "FIGURE（数値の番地）"),
		Long: `
FIGURE は、kyogikai brief --figures と、PDFの隣の .figures.csv にある番地（会議／案件／表／行／列）。会議は省ける。

行は、番号と名前で示す（1-2・利用者登録人数（年）・実績）。前の番地（番号だけのもの）でも見つかる。
いくつもの数値に当てはまる番地は、その候補を示して断る。

例: kyogikai trace '2/進捗状況/計/◎'
`,
		RunE: func(c *cobra.Command, args []string) error {
			env, db, err := o.publishedRun(c.Context(), run)
			if err != nil {
				return err
			}
			defer db.Close()
			paper, figure, err := o.figure(c.Context(), env, db, args[0])
			if err != nil {
				return err
			}
			t, err := lineage.Trace(c.Context(), db, paper.Item.Template(), paper.Paper, figure)
			if err != nil {
				return err
			}
			if o.json {
				return o.traceJSON(db.Run, t)
			}
			o.trace(db.Run, paper.Item, t, whole)
			return nil
		},
	}
	c.Flags().StringVar(&run, "run", "", "実行の番号（なければ、いまのデータ）")
	c.Flags().BoolVar(&whole, "sql", false, "もとをたどる、すべてのSQLを示す")
	return c
}

// publishedRun opens what a run has published, the newest where none is named.
func (o *options) publishedRun(ctx context.Context, run string) (project.Env, *warehouse.Reader, error) {
	if run == "" {
		return o.published(ctx, runs.ByContents)
	}
	env, err := o.env()
	if err != nil {
		return env, nil, err
	}
	db, err := runs.OpenRun(ctx, env.Outputs, run, runs.ByContents)
	return env, db, err
}

// figure finds a figure by its address in the papers of its meeting; without one, of the coming meeting, else the
// latest.
func (o *options) figure(
	ctx context.Context, env project.Env, db *warehouse.Reader, address string,
) (brief.ItemPaper, brief.Figure, error) {
	meetings, err := brief.Meetings(env.Project)
	if err != nil {
		return brief.ItemPaper{}, brief.Figure{}, err
	}
	id, _, _ := strings.Cut(address, "/")
	m, err := brief.Choose(meetings, id, env.AsOf)
	if err != nil {
		if m, err = brief.Choose(meetings, "", env.AsOf); err != nil {
			return brief.ItemPaper{}, brief.Figure{}, err
		}
	}
	var papers []brief.ItemPaper
	var all []brief.Figure
	var failed error // an item that cannot be made hides no other's figures
	for _, it := range m.Items {
		if it.Brief == "" {
			continue
		}
		p, err := brief.Render(ctx, env.Project, m, it, db)
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		papers, all = append(papers, brief.ItemPaper{Item: it, Paper: p}), append(all, p.Figures...)
	}
	if err := made.Remember(env.Outputs, all); err != nil {
		return brief.ItemPaper{}, brief.Figure{}, err
	}
	found, near := brief.FindFigure(all, address)
	if found == nil && failed != nil {
		return brief.ItemPaper{}, brief.Figure{}, failed
	}
	if found == nil {
		if some := brief.Matching(all, address); len(some) > 1 {
			return brief.ItemPaper{}, brief.Figure{}, usageError{ambiguousFigure(m, address, some)}
		}
		return brief.ItemPaper{}, brief.Figure{}, usageError{unknownFigure(m, address, near)}
	}
	i := slices.IndexFunc(papers, func(p brief.ItemPaper) bool {
		return slices.ContainsFunc(p.Figures, func(f brief.Figure) bool { return f.Address == found.Address })
	})
	o.formerly(*found, address)
	return papers[i], *found, nil
}

// formerly tells of a figure that was asked for by an address of before.
func (o *options) formerly(f brief.Figure, asked string) {
	ends := func(address string) bool { return strings.HasSuffix("/"+record.Key(address), "/"+record.Key(asked)) }
	if f.Former == "" || ends(f.Address) || !ends(f.Former) {
		return
	}
	printable.Fprintf(o.Stderr, "注意: 「%s」は前の番地です。いまの番地は「%s」です。\n", asked, f.Address)
	if f.Ordered {
		printable.Fprintln(o.Stderr, "　前の番地は、同じ番号の行を印字した順で見分けていました。印字の後に値が変わっていれば、別の行のことがあります。"+
			"行の名前が、資料に印字された行と同じかを確かめてください。")
	}
}

// candidatesShown is how many figures are named that an address may mean.
const candidatesShown = 20

func ambiguousFigure(m brief.Meeting, address string, some []brief.Figure) string {
	var b strings.Builder
	printable.Fprintf(&b, "会議 %s の資料に、「%s」に当てはまる数値が%d個あり、どれか決められません。次のどれかの番地を、全部書いてください：", m.ID, address, len(some))
	for i, f := range some {
		if i == candidatesShown {
			printable.Fprintf(&b, "\n  ほか%d個（kyogikai brief %s --figures で見られます）", len(some)-i, m.ID)
			break
		}
		printable.Fprintf(&b, "\n  %s　%s", f.Address, shorten(f.Text))
	}
	return b.String()
}

func unknownFigure(m brief.Meeting, address string, near []brief.Figure) string {
	var b strings.Builder
	printable.Fprintf(&b, "会議 %s の資料に、数値「%s」はありません。", m.ID, address)
	for i, f := range near[:min(len(near), 5)] {
		if i == 0 {
			b.WriteString("近いもの：")
		}
		printable.Fprintf(&b, "\n  %s", f.Address)
	}
	printable.Fprintf(&b, "\nすべての番地は kyogikai brief %s --figures で見られます", m.ID)
	return b.String()
}

// trace prints the cells by file, then the SQL.
func (o *options) trace(run string, it brief.Item, t lineage.Trail, whole bool) {
	f := t.Figure
	printable.Fprintf(o.Stdout, "数値　%s\n", f.Address)
	if f.Former != "" {
		printable.Fprintf(o.Stdout, "前の番地　%s\n", f.Former)
	}
	printable.Fprintf(o.Stdout, "資料　%s %s\n印字　%s", it.Number, it.Title, f.Text)
	if f.Value != "" {
		printable.Fprintf(o.Stdout, "（値 %s　単位 %s）", f.Value, orDash(f.Unit))
	}
	if r := f.Revised; r != nil {
		printable.Fprintf(o.Stdout, "\n遡及改定　公表した値 %s を印字（公表値台帳による）。下のセルからは %s", r.Published, r.Today)
	}
	if f.Said != "" {
		printable.Fprintf(o.Stdout, "\n断り　%s", f.Said)
	}
	printable.Fprintf(o.Stdout, "\n実行　%s\n\n", run)
	switch {
	case len(t.Cells) == 0:
		printable.Fprintln(o.Stdout, "もとのセルは分かりません（ひな形の問合せに sources の列がありません）")
	case t.Examined:
		printable.Fprintf(o.Stdout, "当てはまるセルはありません。調べたセル（%dか所）\n", len(t.Cells))
	default:
		printable.Fprintf(o.Stdout, "もとのセル（%dか所）\n", len(t.Cells))
	}
	last := lineage.Place{}
	for _, c := range t.Cells {
		if c.Path != last.Path {
			printable.Fprintf(o.Stdout, "  %s\n", c.Path)
		}
		last = c.Place
		printable.Fprintf(o.Stdout, "    %s　%s%s\n",
			orDash(strings.Trim(c.Sheet+" › "+c.Cell, " ›")), meaning(c), standing(c))
	}
	printable.Fprintf(o.Stdout, "\n計算\n")
	for _, q := range t.Queries {
		printable.Fprintf(o.Stdout, "  %s の問合せ %s\n%s\n", q.File, q.Name, printable.Block(indent(q.SQL)))
		for _, name := range slices.Sorted(maps.Keys(q.Parameters)) {
			printable.Fprintf(o.Stdout, "    $%s = %v\n", name, q.Parameters[name])
		}
	}
	direct := map[string]bool{}
	for _, q := range t.Queries {
		for _, n := range q.Needs {
			direct[n] = true
		}
	}
	for _, m := range t.Models {
		printable.Fprintf(o.Stdout, "  %s（%s）\n", m.Name, m.File)
		if whole || direct[m.Name] {
			printable.Fprintln(o.Stdout, printable.Block(indent(m.SQL)))
		}
	}
	if len(t.Models) > len(direct) && !whole {
		printable.Fprintln(o.Stdout, "  すべてのSQLは --sql で見られます。")
	}
}

func orDash(s string) string {
	if s == "" {
		return "－"
	}
	return s
}

func meaning(c lineage.Cell) string {
	if c.Meaning == "" {
		return c.Field
	}
	return c.Meaning
}

func standing(c lineage.Cell) string {
	if !c.Known {
		return ""
	}
	return "「" + shorten(c.Text) + "」"
}

func indent(s string) string { return "    " + strings.ReplaceAll(s, "\n", "\n    ") }

func (o *options) traceJSON(run string, t lineage.Trail) error {
	f := t.Figure
	if err := o.line("figure", map[string]any{
		"figure": f.Address, "table": f.Table, "row": f.Row, "column": f.Column, "text": f.Text, "value": f.Value,
		"unit": f.Unit, "former": f.Former,
		"run_id": run, "cells": len(t.Cells), "examined": t.Examined,
	}); err != nil {
		return err
	}
	for _, c := range t.Cells {
		if err := o.line("cell", c); err != nil {
			return err
		}
	}
	for _, q := range t.Queries {
		if err := o.line("query", q); err != nil {
			return err
		}
	}
	for _, m := range t.Models {
		if err := o.line("model", m); err != nil {
			return err
		}
	}
	return nil
}

// exactly demands a number of arguments and says what is missing.
func exactly(n int, what string) cobra.PositionalArgs { return between(n, n, what) }

// between asks for at least and at most so many arguments; what is the one that may be missing.
func between(least, most int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) < least {
			return usageError{what + "を書いてください。例は kyogikai " + c.Name() + " --help で見られます"}
		}
		return atMost(most)(c, args)
	}
}
