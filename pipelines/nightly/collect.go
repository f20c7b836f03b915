package nightly

import (
	"context"
	"errors"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/reading"
	"kyogikai/pipelines/runs"
)

// Collect pulls what has changed at the sources into the inputs, under the lock, and reports each source.
func Collect(ctx context.Context, env project.Env) ([]collect.Report, error) {
	release, err := runs.Lock(env.Outputs, holder(env, "collect"))
	if err != nil {
		return nil, err
	}
	defer release()
	pulled := make(chan []collect.Report, 1)
	err = Within(ctx, env, collectStep.name, func(ctx context.Context, env project.Env) error {
		reports, err := reading.Pull(ctx, env)
		pulled <- reports
		return err
	})
	select {
	case reports := <-pulled:
		return reports, err
	default: // it did not come to its end
		return nil, err
	}
}

// collect is the step of a run. Where every source failed, the night goes on with what is there.
func (n *night) collect(ctx context.Context, s *runs.Step) error {
	if len(n.Settings.Sources) == 0 {
		return kept(s)
	}
	reports, err := reading.Pull(ctx, n.Env)
	n.run.Sources = reports
	s.Counts = map[string]int{}
	var failed []string
	for _, r := range reports {
		s.Counts["new"] += r.New
		s.Counts["changed"] += r.Changed
		s.Counts["unchanged"] += r.Unchanged
		s.Counts["removed"] += r.Removed
		s.Counts["failed"] += r.Failed
		if r.Error != "" {
			failed = append(failed, r.Source)
		}
	}
	s.Counts["sources_failed"] = len(failed)
	if err == nil && len(failed) > 0 && len(failed) == len(reports) {
		err = errors.New("どの収集元からも取り込めませんでした。前に取り込んだ調査票で続けます")
	}
	return err
}
