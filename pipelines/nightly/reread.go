package nightly

import (
	"context"
	"errors"
	"fmt"

	"kyogikai/pipelines/lineage"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

// reread keeps, in the run's file, the values of unchanged files that are read otherwise than in the run before, and
// those at which nobody has looked since an earlier one.
func (n *night) reread(ctx context.Context, s *runs.Step) error {
	all, err := n.compared(ctx)
	if err != nil {
		return err
	}
	n.run.Reread, n.run.Unlooked = 0, 0
	for _, r := range all {
		if r.Since == n.run.ID {
			n.run.Reread++
		}
		if r.Waits() {
			n.run.Unlooked++
		}
	}
	if n.run.Reread+n.run.Unlooked > 0 {
		s.Counts["reread"], s.Counts["reread_waiting"] = n.run.Reread, n.run.Unlooked
	}
	if err := lineage.KeepRereads(ctx, n.build, all); err != nil {
		return fmt.Errorf("keeping what is read otherwise: %w", err)
	}
	return nil
}

// compared compares with the published file. Where that is damaged, which is what many a run is there to mend, the
// newest that is whole stands for it; where none is, that is told.
func (n *night) compared(ctx context.Context) ([]lineage.Reread, error) {
	kept, err := warehouse.Kept(n.WarehouseDir())
	if errors.Is(err, warehouse.ErrNothingPublished) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, id := range kept { // newest first
		if id == n.run.ID {
			continue
		}
		all, err := n.comparedWith(ctx, id)
		if err == nil {
			return all, nil
		}
		if ctx.Err() != nil {
			return nil, err
		}
		n.Log.Warn("前のデータと比べられません", "run", id, "error", err)
		n.run.Notes = append(n.run.Notes,
			"前の実行（"+id+"）のファイルを読めないので、変わっていない調査票の読み方が変わったかを、それとは比べていません")
	}
	return nil, nil
}

func (n *night) comparedWith(ctx context.Context, id string) ([]lineage.Reread, error) {
	before, err := runs.OpenBuilt(ctx, n.Outputs, id, runs.ByState)
	if err != nil {
		return nil, err
	}
	defer before.Close()
	return lineage.Rereads(ctx, before, n.build, n.run.ID)
}
