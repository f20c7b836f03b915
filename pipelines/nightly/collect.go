package nightly

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/workbook"
)

// sourcePause is how long a source is given before it is asked again.
const sourcePause = 2 * time.Second

func (e Env) collectDir() string { return filepath.Join(e.Outputs, "collect") }

// Collect pulls what has changed at the sources into the inputs, under the lock, and reports each source.
func Collect(ctx context.Context, env Env) ([]collect.Report, error) {
	release, err := lock(env.Outputs, holder(env, "collect"))
	if err != nil {
		return nil, err
	}
	defer release()
	return pull(ctx, env)
}

// Problems are what the last collection found wrong, in words.
func Problems(env Env) ([]string, error) {
	problems, err := sourceProblems(env)
	var out []string
	for _, f := range sourceFindings(problems) {
		text := f.Message
		if f.Path != "" {
			text = f.Path + ": " + text
		}
		out = append(out, text)
	}
	return out, err
}

func pull(ctx context.Context, env Env) ([]collect.Report, error) {
	tree, err := collect.Walk(env.Inputs, workbook.Supported, nil)
	if err != nil {
		tree = collect.Tree{} // the inputs may not be there yet
	}
	masters, err := form.ReadMasters(tree)
	if err != nil {
		return nil, err
	}
	return collect.Pull(ctx, collect.Options{
		Inputs: env.Inputs, StateDir: env.collectDir(), Sources: env.Settings.Sources,
		Supported: workbook.Supported, Whole: workbook.Whole, Bureau: masters.Bureau,
		Getenv: env.Getenv, Clock: env.Clock, Pause: env.pause(sourcePause),
		Progress: func(source string, done, total int) {
			if env.Progress != nil {
				env.Progress(Progress{Step: "collect", What: source, Count: done, Size: total})
			}
		},
	})
}

// collect is the step of a run. Where every source failed, the night goes on with what is there.
func (n *night) collect(ctx context.Context, s *Step) error {
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
