package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/nightly"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/shards"
)

func newLoad(o *options) *cobra.Command {
	var shard, to, merge string
	c := &cobra.Command{
		Use: "load [--shard i/N [--to DIR] | --merge DIR]", Short: "調査票を読み、集計し、検査して更新する", Args: atMost(0),
		Long: `
変わっていない調査票を前回と違って読んだときは、そのセルと前後の読み方を並べる。人が確かめて判断.csv に「確認」と書くまで残り、
それに拠る資料は確定できない。

自治体が多いときは、読むところを何台かの機械に分けられる。それぞれで --shard 1/N から N/N までを行い、できたフォルダを
一つの場所に集めて --merge する。一つでも欠けていれば更新しない。
`,
		RunE: func(c *cobra.Command, _ []string) error {
			if shard != "" && merge != "" || to != "" && shard == "" {
				return usageError{"--shard と --merge は一緒に使えません。--to は --shard と一緒に使ってください"}
			}
			env, err := o.env()
			if err != nil {
				return err
			}
			if shard != "" {
				return o.shard(c.Context(), env, shard, to)
			}
			load := nightly.Load
			if merge != "" {
				load = func(ctx context.Context, env project.Env, _ string) (*runs.Run, error) {
					return nightly.Merge(ctx, env, merge)
				}
			}
			run, err := load(c.Context(), env, "load")
			if err != nil {
				return err
			}
			return o.outcome(c.Context(), env, run)
		},
	}
	c.Flags().StringVar(&shard, "shard", "", "自治体をN等分したi番目だけを読み、更新せずに Parquet で書き出す（例: 3/16）")
	c.Flags().StringVar(&to, "to", "", "--shard の書き出し先（既定は outputs/shards）")
	c.Flags().StringVar(&merge, "merge", "", "--shard が書き出したフォルダをまとめて更新する")
	return c
}

// shard reads a share and says what it holds.
func (o *options) shard(ctx context.Context, env project.Env, which, to string) error {
	s, err := shards.Parse(which)
	if err != nil {
		return usageError{err.Error()}
	}
	if to == "" {
		to = filepath.Join(env.Outputs, "shards")
	}
	made := make(chan shards.Manifest, 1)
	err = nightly.Within(ctx, env, "read", func(ctx context.Context, env project.Env) error {
		m, err := shards.Load(ctx, env, s, to)
		made <- m
		return err
	})
	if err != nil {
		return err
	}
	m := <-made
	if o.json {
		if err := o.line("shard", m); err != nil {
			return err
		}
	} else {
		printable.Fprintf(o.Stdout, "書き出しました: %s（自治体%d、調査票%d件）\n", filepath.Join(to, s.Name()), len(m.Own), len(m.Inputs))
		printable.Fprintf(o.Stdout, "指摘: 誤り%d件、注意%d件、参考%d件（一件ごとの内容は、まとめて更新した後に kyogikai check）\n",
			m.Findings[record.Error], m.Findings[record.Warning], m.Findings[record.Info])
	}
	if m.Findings[record.Error] > 0 {
		return codeError(exitFindings)
	}
	return nil
}

// outcome says how a run ended.
func (o *options) outcome(ctx context.Context, env project.Env, run *runs.Run) error {
	if o.json {
		if err := o.line("run", run); err != nil {
			return err
		}
		if err := o.reread(ctx, env, run); err != nil {
			return err
		}
	} else {
		if run.Status == "unchanged" {
			printable.Fprintf(o.Stdout, "前回から何も変わっていません（調査票%d件）。いまのデータをそのまま使います。\n", run.Workbooks)
		} else {
			printable.Fprintf(o.Stdout, "更新しました: %s　調査票%d件、前回からの変更%d件\n",
				runs.Named(run.ID, env.Clock().Location()), run.Workbooks, run.Changed)
		}
		if err := o.reread(ctx, env, run); err != nil {
			return err
		}
		o.counts(run.Findings)
		for _, note := range run.Notes {
			printable.Fprintf(o.Stderr, "注意: %s。\n", strings.TrimSuffix(note, "。"))
		}
	}
	if run.Errors() > 0 {
		return codeError(exitFindings)
	}
	return nil
}

func (o *options) counts(n map[string]int) {
	printable.Fprintf(o.Stdout, "指摘: 誤り%d件、注意%d件、参考%d件", n[record.Error], n[record.Warning], n[record.Info])
	if n[record.Error]+n[record.Warning] > 0 {
		fmt.Fprint(o.Stdout, "（内容は kyogikai check）")
	}
	printable.Fprintln(o.Stdout)
}

// line prints a value as one JSON line with its type.
func (o *options) line(kind string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	var fields map[string]any
	if err := json.Unmarshal(data, &fields); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	fields["type"] = kind
	if data, err = json.Marshal(fields); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	printable.Fprintln(o.Stdout, string(printable.JSON(data)))
	return nil
}
