package nightly

import (
	"context"
	"fmt"
	"slices"

	"kyogikai/pipelines/project"
	"kyogikai/pipelines/reading"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/shards"
	"kyogikai/pipelines/warehouse"
)

// Merge builds and publishes a warehouse from the shares of a folder. Nothing is published unless every share is there
// once, whole, and made by the rules that hold here.
func Merge(ctx context.Context, env project.Env, dir string) (*runs.Run, error) {
	read := func(n *night, ctx context.Context, s *runs.Step) error { return n.merge(ctx, s, dir) }
	stages := slices.Concat([]stage{{"read", nil, read}}, loadSteps[1:], []stage{publishStep})
	return execute(ctx, env, runs.KindMerge, "load --merge", stages)
}

// merge is the step read of a run that others have read for.
func (n *night) merge(ctx context.Context, s *runs.Step, dir string) error {
	shares, err := shards.Read(dir)
	if err != nil {
		return err
	}
	compared, err := shards.Accept(ctx, n.Env, dir, shares)
	if err != nil {
		return err
	}
	if !compared {
		n.run.Notes = append(n.run.Notes, "ここには入力フォルダがないので、分担の後に調査票が変わっていないかは確かめていません")
	}
	if n.tree = shards.Tree(shares); len(n.tree.Files) == 0 {
		return &reading.InputsError{Dir: dir, What: "に調査票が一つもありません"}
	}
	if n.problems, err = reading.SourceProblems(n.Env); err != nil {
		return err
	}
	if done, err := n.known(ctx, s); done || err != nil {
		return err
	}
	if n.run.Rules, err = reading.Rules(n.Env); err != nil {
		return err
	}
	if err := n.create(ctx); err != nil {
		return err
	}
	return n.addShares(ctx, shares)
}

// addShares appends the shares in their order, and makes sure that every row came and that nothing changed meanwhile.
func (n *night) addShares(ctx context.Context, shares []shards.Share) error {
	want := map[string]int64{}
	for k, one := range shares {
		workbooks := want["meta.workbooks"] // those of a share are numbered together
		for _, city := range one.Own {
			records := want["raw.records"] // those of a municipality are
			for _, table := range warehouse.ReadTables {
				rows := one.Rows[city][table]
				want[table] += rows
				if rows == 0 {
					continue
				}
				if err := n.build.AddRead(ctx, table, one.Parquet(table, city), workbooks, records); err != nil {
					return fmt.Errorf("%s を読めません: %w", one.Dir, err)
				}
			}
		}
		n.count("read", "", k+1, len(shares))
	}
	got, err := n.build.Rows(ctx)
	if err != nil {
		return err
	}
	for table, rows := range want {
		if got[table] != rows {
			return fmt.Errorf("%s は%d行のはずが%d行です。分担をやり直してください。いまのデータは変わりません", table, rows, got[table])
		}
	}
	for _, one := range shares {
		if err := one.Verify(); err != nil {
			return err
		}
	}
	return nil
}
