// Package nightly is a run: the order of its steps, and what becomes of it when one of them fails.
package nightly

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/papers"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/reading"
	"kyogikai/pipelines/report"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

// night is a run under way: what its steps hand on to one another.
type night struct {
	project.Env
	run      *runs.Run
	before   string // the run that was published before, "" where there was none
	same     bool   // the published file already holds what this run would make
	tree     collect.Tree
	problems []collect.Problem // of the sources
	reader   *reading.Reader   // nil where others have read
	build    *warehouse.Build
	papers   []*papers.Pending // made and not yet written
	failed   map[string]bool   // steps that failed or were skipped
	errs     []error

	journal *journal     // nil where none is kept
	own     *slog.Logger // to it alone

	saving sync.Mutex
	saved  string // the id under which the record was written last
	left   bool   // a step does not stop: the record is no longer its own
}

// stage is one step of a run and the steps that it cannot do without.
type stage struct {
	name  string
	needs []string
	do    func(n *night, ctx context.Context, s *runs.Step) error
}

// Steps of a run, in their order. A step that fails stops those that need it, and no others.
var (
	collectStep = stage{"collect", nil, (*night).collect}
	loadSteps   = []stage{
		{"read", nil, (*night).read},
		{"load", []string{"read"}, (*night).load},
		{"model", []string{"load"}, (*night).model},
		{"check", []string{"model"}, (*night).check},
	}
	briefStep   = stage{"brief", []string{"check"}, (*night).brief}
	publishStep = stage{"publish", []string{"check"}, (*night).publish}
	notifyStep  = stage{"tell", nil, (*night).notify}
)

// Load reads the inputs, builds a warehouse, tests it and publishes it. Nothing is published where anything fails, and
// nothing new where nothing has changed.
func Load(ctx context.Context, env project.Env, trigger string) (*runs.Run, error) {
	return execute(ctx, env, runs.KindLoad, trigger, slices.Concat(loadSteps, []stage{publishStep}))
}

// Nightly is one night: collect what changed, load it, make the papers of the coming meetings, publish, tell.
func Nightly(ctx context.Context, env project.Env, trigger string) (*runs.Run, error) {
	run, err := execute(
		ctx, env, runs.KindNightly, trigger,
		slices.Concat([]stage{collectStep}, loadSteps, []stage{briefStep, publishStep, notifyStep}),
	)
	if err != nil {
		notifyLeft(ctx, env, run, err)
	}
	return run, err
}

// execute does the steps under the lock. The run's record is written whatever becomes of it.
func execute(ctx context.Context, env project.Env, kind, trigger string, stages []stage) (*runs.Run, error) {
	release, err := runs.Lock(env.Outputs, holder(env, trigger))
	if err != nil {
		return nil, err
	}
	defer release()
	w := newWatch(ctx, &env, env.RunTime())
	defer w.stop()
	n := &night{Env: env, failed: map[string]bool{}}
	n.keepLog()
	if err := runs.MakeQueries(env.Outputs); err != nil {
		env.Log.Warn("問合せの記録を、ほかの利用者が残せません", "error", err)
	}
	if err := n.begin(kind, trigger); err != nil {
		return nil, err
	}
	for i, s := range stages {
		if w.ctx.Err() != nil {
			break
		}
		n.Report(project.Progress{Step: s.name, Number: i + 1, Of: len(stages)})
		if !w.do(func() { n.step(w, s) }) {
			return n.leave(ctx, w)
		}
	}
	if w.timeIsOver() && !n.overtime(ctx, w, stages) {
		return n.leave(ctx, w)
	}
	return n.run, n.end(ctx)
}

func holder(env project.Env, trigger string) string {
	return fmt.Sprintf(
		"%s、%s に開始、プロセス %d", report.TriggerName(trigger), env.Clock().Format("2006-01-02 15:04:05"), os.Getpid(),
	)
}

// begin makes the run's record, or resumes the last run where it was interrupted.
func (n *night) begin(kind, trigger string) error {
	runs.RemoveLeftovers(n.Outputs, n.Clock())
	old, err := runs.Unfinished(n.Outputs)
	if err != nil {
		return err
	}
	if _, current, err := warehouse.Current(n.WarehouseDir()); err == nil {
		n.before = current
	}
	if old != nil && old.Kind == kind && (old.Built || runs.Published(n.Outputs, old.ID)) {
		n.run = old
		n.run.Status, n.run.Process, n.run.Error, n.run.Detail = runs.StatusRunning, os.Getpid(), "", ""
		n.run.Resumed = append(n.run.Resumed, n.Clock().UTC())
		n.beginLog("続きから開始")
		return n.save()
	}
	if old != nil {
		if err := n.giveUp(old); err != nil {
			return err
		}
	}
	if n.run, err = runs.New(n.Outputs, n.Clock(), kind, trigger, n.Version); err != nil {
		return err
	}
	n.run.Schedule = n.Settings.Nights()
	if old != nil {
		n.run.Notes = append(n.run.Notes, "前の実行（"+old.ID+"）は途中で止まっていました。始めからやり直しました")
	}
	n.beginLog("開始")
	return n.save()
}

// giveUp notes that a run which did not end will not be resumed.
func (n *night) giveUp(old *runs.Run) error {
	old.Status = runs.StatusInterrupted
	if runs.Published(n.Outputs, old.ID) {
		old.Status = runs.StatusPublished
	} else if err := warehouse.Discard(n.WarehouseDir(), old.ID); err != nil {
		return err
	}
	if old.Error == "" {
		old.Error = "途中で止まりました（強制終了か停電）。いまのデータは無事です"
	}
	if old.Finished.IsZero() {
		old.Finished = n.Clock().UTC()
	}
	return old.Save(n.Outputs)
}

// settle decides, once it is known what a run rests on, whether a run that was interrupted can be resumed: not where
// something has changed since.
func (n *night) settle(ctx context.Context, fingerprint string) error {
	if len(n.run.Resumed) == 0 || n.run.Fingerprint == fingerprint && n.run.Version == n.Version &&
		runs.Whole(ctx, n.Outputs, n.run.ID, runs.ByContents) {
		return nil
	}
	old := *n.run
	since := old.Resumed[len(old.Resumed)-1]
	old.Resumed = old.Resumed[:len(old.Resumed)-1]
	mine := func(s runs.Step) bool { return !s.Started.Before(since) }
	old.Steps = slices.DeleteFunc(slices.Clone(n.run.Steps), mine)
	if err := n.giveUp(&old); err != nil {
		return err
	}
	next, err := runs.New(n.Outputs, n.Clock(), n.run.Kind, n.run.Trigger, n.Version)
	if err != nil {
		return err
	}
	next.Started, next.Sources = since, n.run.Sources
	next.Steps = slices.DeleteFunc(slices.Clone(n.run.Steps), func(s runs.Step) bool { return !mine(s) })
	n.run = next
	n.beginLog("始めからやり直し")
	return n.save()
}

// step does one step and notes what became of it.
func (n *night) step(w *watch, st stage) {
	s := runs.Step{Name: st.name, Status: runs.StepDone, Started: n.Clock().UTC()}
	var before time.Duration
	if n.Usage != nil {
		before, _ = n.Usage()
	}
	var err error
	if slices.ContainsFunc(st.needs, func(need string) bool { return n.failed[need] }) {
		s.Status, n.failed[st.name] = runs.StepSkipped, true
	} else if err = n.explain(w, n.contained(w.ctx, st, &s)); err != nil {
		s.Status, s.Error, s.Detail, n.failed[st.name] = runs.StepFailed, fault.Text(err), fault.Detail(err), true
		n.errs = append(n.errs, err)
	}
	s.Finished = n.Clock().UTC()
	if n.Usage != nil {
		now, peak := n.Usage()
		s.CPU, s.Peak = (now - before).Seconds(), peak
	}
	n.run.Steps = append(n.run.Steps, s)
	n.Log.Debug(
		"step", "run", n.run.ID, "step", s.Name, "status", s.Status, "seconds", s.Finished.Sub(s.Started).Seconds(), "error",
		s.Error,
	)
	n.Report(project.Progress{Step: s.Name, Ended: &project.StepEnd{
		Status: s.Status, Seconds: s.Finished.Sub(s.Started).Seconds(), Counts: s.Counts, Error: s.Error,
	}})
	if err := n.save(); err != nil {
		n.errs = append(n.errs, err)
	}
}

// contained does a step, and makes a failure of that step alone out of what the program did not foresee.
func (n *night) contained(ctx context.Context, st stage, s *runs.Step) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%sの途中で異常終了しました（%v）。作った人に知らせてください。いまのデータは変わりません", report.StepName(st.name), r)
		}
	}()
	return st.do(n, ctx, s)
}

// explain says what to do about an error of the disk, which libraries tell in words of their own, and about one of the
// time, which is that of the run and not of the step.
func (n *night) explain(w *watch, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT),
		strings.Contains(err.Error(), "No space left on device"):
		return fmt.Errorf("%s のあるディスクに空き容量がありません。空けてから、もう一度実行してください。いまのデータは変わりません: %w", n.Outputs, err)
	case errors.Is(err, syscall.EROFS), strings.Contains(err.Error(), "Read-only file system"):
		return fmt.Errorf("%s に書き込めません。権限と、ディスクの状態を確かめてください。いまのデータは変わりません: %w", n.Outputs, err)
	case fault.NoMemory(err):
		return &saidError{fault.ShortOfMemory, err}
	case w.timeIsOver():
		return w.limitError(runs.Published(n.Outputs, n.run.ID), err)
	case w.ctx.Err() != nil: // where it was then, the record says
		return &saidError{fault.Text(context.Canceled), err}
	}
	return err
}

// saidError says what became of a step, and nothing of what that was about.
type saidError struct {
	says  string
	cause error
}

func (e *saidError) Error() string { return e.says }
func (e *saidError) Unwrap() error { return e.cause }

// built reports whether the run's file is whole: this run, or the one that it resumes, has made it.
func (n *night) built() bool { return n.run.Built }

// kept notes that a step had nothing to do.
func kept(s *runs.Step) error {
	s.Status = runs.StepKept
	return nil
}

// end writes the last state of the record.
func (n *night) end(ctx context.Context) error {
	err := errors.Join(n.errs...)
	n.run.Finished = n.Clock().UTC()
	switch {
	case ctx.Err() != nil:
		n.run.Status = runs.StatusInterrupted
		if !errors.Is(err, ctx.Err()) {
			err = errors.Join(ctx.Err(), err)
		}
	case n.same:
		n.run.Status = runs.StatusUnchanged
	case n.run.Status == runs.StatusRunning && runs.Published(n.Outputs, n.run.ID):
		n.run.Status = runs.StatusPublished
	case n.run.Status == runs.StatusRunning:
		n.run.Status = runs.StatusFailed
		if n.run.Built { // a file that was never published must not pass for one of the past
			n.run.Built = false
			err = errors.Join(err, warehouse.Discard(n.WarehouseDir(), n.run.ID))
		}
	}
	if err != nil {
		n.run.Error, n.run.Detail = fault.Text(err), fault.Detail(err)
		if n.run.Status == runs.StatusPublished || n.run.Status == runs.StatusUnchanged {
			err = fmt.Errorf("データは更新してありますが、終わらなかったことがあります: %w", err)
		}
	}
	n.abandon() // a full disk gets its room back before the record is written
	n.endLog(n.run, err)
	return errors.Join(err, n.save())
}

// abandon removes a file that is not whole.
func (n *night) abandon() {
	if n.build != nil {
		n.build.Abandon()
		n.build = nil
	}
}

// count tells how far a step is.
func (n *night) count(step, what string, done, size int) {
	n.Report(project.Progress{Step: step, What: what, Count: done, Size: size})
}

// Fresh makes sure that what is published rests on the inputs as they are: it loads where they have changed, and
// returns the record of the run that is published. While another run is under way it waits for its end.
func Fresh(ctx context.Context, env project.Env) (*runs.Run, error) {
	var locked *runs.LockedError
	told := false
	for began := env.Clock(); ; {
		stale, err := Stale(ctx, env)
		if err != nil {
			return nil, err
		}
		if !stale {
			break
		}
		run, err := Load(ctx, env, "brief")
		if !errors.As(err, &locked) || env.Clock().Sub(began) > longestWait {
			return run, err
		}
		if !told {
			env.Report(project.Progress{Step: "wait", What: locked.Holder})
			told = true
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for another run: %w", ctx.Err())
		case <-time.After(waitPause):
		}
	}
	_, current, err := warehouse.Current(env.WarehouseDir())
	if err != nil {
		return nil, fmt.Errorf("looking for the published warehouse: %w", err)
	}
	run, _, err := runs.Find(env.Outputs, current)
	return &run, err
}

// How long the papers of a meeting wait for a run that is under way, and how often they look.
const (
	longestWait = 15 * time.Minute
	waitPause   = 300 * time.Millisecond
)
