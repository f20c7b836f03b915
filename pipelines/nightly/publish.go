package nightly

import (
	"context"
	"errors"
	"fmt"
	"os"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/papers"
	"kyogikai/pipelines/reading"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/report"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

// brief makes the papers of coming meetings, those alone that are not there yet. Those of one meeting do not stop
// those of another.
func (n *night) brief(ctx context.Context, s *runs.Step) error {
	coming, err := papers.Coming(n.Env)
	if err != nil {
		return err
	}
	run := n.run.ID
	if n.same {
		run = n.before
	}
	var failed error
	s.Counts = map[string]int{"meetings": len(coming)}
	for i, m := range coming {
		n.count("brief", m.ID, i, len(coming))
		made, err := papers.Prepare(ctx, n.Env, m, run)
		switch {
		case err != nil:
			failed = errors.Join(failed, fmt.Errorf("会議 %s の資料を作れません。前の資料はそのままです: %w", m.ID, err))
		case made == nil:
			s.Counts["kept"]++
		default:
			n.papers = append(n.papers, made)
		}
	}
	if len(n.papers) == 0 && failed == nil {
		return kept(s)
	}
	return failed
}

// publish points readers to the run's file and puts the papers in place.
func (n *night) publish(ctx context.Context, s *runs.Step) error {
	if ctx.Err() != nil {
		return fmt.Errorf("publishing: %w", ctx.Err())
	}
	if n.Orphan != nil && n.Orphan() {
		return errors.New("この実行を始めたプロセスがなくなったので、更新しませんでした。いまのデータは変わりません")
	}
	if n.built() && !runs.Published(n.Outputs, n.run.ID) {
		var unsure *atomicfile.Unsure
		if err := warehouse.Publish(n.WarehouseDir(), n.run.ID); errors.As(err, &unsure) {
			return err // it points to the new file, and nobody knows for how long
		} else if err != nil {
			return fmt.Errorf("更新できません。%s の権限と空き容量を確かめてください: %w", n.WarehouseDir(), err)
		}
		if err := n.retain(); err != nil { // it is published, and only old files stay
			n.run.Notes = append(n.run.Notes, "古いデータファイルを片付けられませんでした："+fault.Text(err))
		}
	} else {
		s.Status = runs.StepKept
	}
	written, err := n.writePapers(ctx)
	s.Counts = map[string]int{"papers": written}
	return err
}

// writePapers puts the papers that were made in place.
func (n *night) writePapers(ctx context.Context) (int, error) {
	var failed error
	written := 0
	for _, p := range n.papers {
		files, err := p.Write(ctx)
		n.run.Papers = append(n.run.Papers, files...)
		written += len(files)
		failed = errors.Join(failed, err)
	}
	return written, failed
}

// retain removes what nobody wants any more. Beside the newest runs and those that papers rest on, the one before
// stays, and the one that people were told of last: the summary compares with them.
func (n *night) retain() error {
	wanted, err := papers.Pinned(n.Env)
	if err != nil {
		return err
	}
	zone, err := n.Zone()
	if err != nil {
		return err
	}
	wanted[n.before], wanted[report.LastNotified(n.Env)] = true, true
	for _, l := range n.run.Lost { // it holds what is missing now
		wanted[l.Run] = true
	}
	return runs.Retain(n.Outputs, runs.Retention{Keep: n.Settings.KeepRuns, Zone: zone, Now: n.Clock(), Wanted: wanted})
}

// notify tells people of the run.
func (n *night) notify(ctx context.Context, s *runs.Step) error {
	t := report.Notice{
		Env: n.Env, Run: n.run, Before: n.before, Unchanged: n.same, Failed: len(n.errs) > 0, Checked: !n.failed["check"],
		Departments: func() ([]record.Department, error) {
			if _, err := os.Stat(n.Inputs); err != nil { // none would be taken for nobody to tell
				return nil, fmt.Errorf("%s を読めません: %w", n.Inputs, err)
			}
			masters, err := reading.Masters(ctx, n.Env)
			return masters.Departments, err
		},
	}
	if s.Counts = t.Send(ctx); s.Counts == nil {
		return kept(s)
	}
	return nil
}
