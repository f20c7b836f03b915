package nightly

import (
	"context"
	"errors"
	"time"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/reading"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/workbook"
)

// sourcePause is how long a source is given before it is asked again.
const sourcePause = 2 * time.Second

// Collect pulls what has changed at the sources into the inputs, under the lock, and reports each source.
func Collect(ctx context.Context, env project.Env) ([]collect.Report, error) {
	release, err := runs.Lock(env.Outputs, holder(env, "collect"))
	if err != nil {
		return nil, err
	}
	defer release()
	return pull(ctx, env)
}

// Problems are what the last collection found wrong, in words.
func Problems(env project.Env) ([]string, error) {
	problems, err := reading.SourceProblems(env)
	var out []string
	for _, f := range reading.SourceFindings(problems) {
		text := f.Message
		if f.Path != "" {
			text = f.Path + ": " + text
		}
		out = append(out, text)
	}
	return out, err
}

func pull(ctx context.Context, env project.Env) ([]collect.Report, error) {
	masters, err := reading.Masters(env.Inputs)
	if err != nil {
		return nil, err
	}
	return collect.Pull(ctx, collect.Options{
		Inputs: env.Inputs, StateDir: env.CollectDir(), Sources: env.Settings.Sources,
		Supported: workbook.Supported, Complete: workbook.Complete, Bureau: masters.Bureau,
		Getenv: env.Getenv, Clock: env.Clock, Pause: env.PauseOr(sourcePause),
		Progress: func(source string, done, total int) {
			env.Report(project.Progress{Step: "collect", What: source, Count: done, Size: total})
		},
	})
}

// collect is the step of a run. Where every source failed, the night goes on with what is there.
func (n *night) collect(ctx context.Context, s *runs.Step) error {
	if len(n.Settings.Sources) == 0 {
		return kept(s)
	}
	reports, err := pull(ctx, n.Env)
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
