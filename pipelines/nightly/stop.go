package nightly

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/report"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

// LimitError says that a run has had its time, and what it was doing then.
type LimitError struct {
	Limit     time.Duration
	Doing     string // in Japanese, "" where it had not begun anything
	Published bool   // the run had already published

	cause error // what the step said that was stopped, for developers
}

func (e *LimitError) Error() string {
	doing, kept := "", "いまのデータは変わりません"
	if e.Doing != "" {
		doing = "「" + e.Doing + "」の途中で"
	}
	if e.Published {
		kept = "データは更新してあります"
	}
	return "実行の上限の時間（" + limits.Amount(limits.Seconds, int64(e.Limit)) + "）を過ぎたので、" + doing + "止めました。" +
		"答えない共有フォルダや相手があれば直し、なければ kyogikai.yaml の limits に「" + limits.RunTime + ": 12時間」のように書いて、" +
		"もう一度実行してください。" + kept
}

// Unwrap is what the step said that was stopped.
func (e *LimitError) Unwrap() error { return e.cause }

// watch gives a run its time, knows what it is doing, and leaves what does not stop when it is told to.
type watch struct {
	ctx   context.Context // ends with the one above it, and when the time is over
	stop  context.CancelFunc
	limit time.Duration
	grace time.Duration

	clock func() time.Time

	mu    sync.Mutex
	doing project.Progress
	since time.Time // when the step began
}

// errTime is the cause of a context that ended because the run had had its time.
var errTime = errors.New("the run has had its time")

// newWatch begins to watch what has so much time. It listens to what that reports.
func newWatch(ctx context.Context, env *project.Env, limit time.Duration) *watch {
	w := &watch{limit: limit, grace: env.GraceOrUsual(), clock: env.Clock}
	w.ctx, w.stop = context.WithTimeoutCause(ctx, limit, errTime)
	told := env.Progress
	env.Progress = func(p project.Progress) {
		w.hear(p)
		if told != nil {
			told(p)
		}
	}
	return w
}

// hear notes what the run is doing. How a step ended says nothing of the next.
func (w *watch) hear(p project.Progress) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if p.Ended != nil {
		return
	}
	if p.Step != w.doing.Step {
		w.since = w.clock()
	}
	w.doing = p
}

// do does a piece of the run. It reports whether that came to its end: what was told to stop is left where it does not,
// and goes on until the process ends.
func (w *watch) do(piece func()) (ended bool) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		piece()
	}()
	select {
	case <-done:
		return true
	case <-w.ctx.Done():
	}
	select {
	case <-done:
		return true
	case <-time.After(w.grace):
		return false
	}
}

// timeIsOver reports whether the run was stopped because it has had its time.
func (w *watch) timeIsOver() bool { return errors.Is(context.Cause(w.ctx), errTime) }

// limitError is what people are told of a run that has had its time.
func (w *watch) limitError(published bool, cause error) error {
	p, _ := w.last()
	return &LimitError{w.limit, saying(p), published, cause}
}

// last is what the run reported last, and when it began the step.
func (w *watch) last() (doing project.Progress, since time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.doing, w.since
}

// saying says what a run is doing: 収集（庁内共有　12/300）.
func saying(p project.Progress) string {
	detail := p.What
	if p.Size > 0 {
		detail = strings.TrimPrefix(fmt.Sprintf("%s　%d/%d", detail, p.Count, p.Size), "　")
	}
	if detail == "" {
		return report.StepName(p.Step)
	}
	return report.StepName(p.Step) + "（" + detail + "）"
}

// Within does something that is no run of its own, as a run is done: it has the same time, and is left where it does
// not stop. step is its name among the steps of runs.
func Within(
	ctx context.Context, env project.Env, step string, do func(ctx context.Context, env project.Env) error,
) error {
	w := newWatch(ctx, &env, env.RunTime())
	defer w.stop()
	env.Report(project.Progress{Step: step})
	failed := make(chan error, 1)
	ended := w.do(func() { failed <- fault.Contain(func() error { return do(w.ctx, env) }) })
	switch {
	case w.timeIsOver():
		return w.limitError(false, nil)
	case !ended:
		return fmt.Errorf("leaving what did not stop: %w", ctx.Err())
	}
	return <-failed
}

// leave ends a run one step of which does not stop. That step is not waited for, and what it still does counts for
// nothing: the record says how far the run had come before it, and a file that is not published is removed. ctx is that
// of the run, without its time.
func (n *night) leave(ctx context.Context, w *watch) (*runs.Run, error) {
	id := n.disown()
	published := runs.Published(n.Outputs, id)
	cause := fmt.Errorf("leaving a step that did not stop: %w", ctx.Err())
	if w.timeIsOver() {
		cause = w.limitError(published, nil)
	}
	run, ok, err := runs.Find(n.Outputs, id)
	if err != nil || !ok {
		return nil, errors.Join(cause, err)
	}
	doing, since := w.last()
	run.Finished, run.Error, run.Detail = n.Clock().UTC(), fault.Text(cause), fault.Detail(cause)
	if n := len(run.Steps); n == 0 || run.Steps[n-1].Name != doing.Step { // else it came to its end after all
		run.Steps = append(run.Steps, runs.Step{
			Name: doing.Step, Status: runs.StepFailed, Started: since.UTC(), Finished: run.Finished, Error: run.Error,
		})
	}
	switch {
	case !w.timeIsOver():
		run.Status = runs.StatusInterrupted
	case published:
		run.Status = runs.StatusPublished
	default:
		run.Status, run.Built = runs.StatusFailed, false
	}
	n.endLog(&run, cause)
	if !published && !run.Built {
		cause = errors.Join(cause, warehouse.Discard(n.WarehouseDir(), id))
	}
	return &run, errors.Join(cause, run.Save(n.Outputs))
}

// tellTime is how long people may be told of a run that has had its time.
const tellTime = 10 * time.Minute

// overtime ends a run that has had its time, and heard that it was stopped: people are told of it, in a little more
// time. It reports whether that came to its end.
func (n *night) overtime(ctx context.Context, w *watch, stages []stage) (ended bool) {
	var over *LimitError
	if !errors.As(errors.Join(n.errs...), &over) { // the time was over between two steps
		n.errs = append(n.errs, w.limitError(runs.Published(n.Outputs, n.run.ID), nil))
	}
	last := stages[len(stages)-1]
	if last.name != notifyStep.name || told(n.run) {
		return true
	}
	more := newWatch(ctx, &n.Env, tellTime)
	defer more.stop()
	return more.do(func() { n.step(more, last) })
}

// told reports whether a run came to the step that tells people.
func told(r *runs.Run) bool {
	return slices.ContainsFunc(r.Steps, func(s runs.Step) bool { return s.Name == notifyStep.name })
}

// notifyLeft tells people of a night that did not begin, or was left because it did not stop.
func notifyLeft(ctx context.Context, env project.Env, run *runs.Run, cause error) {
	var over *LimitError
	var locked *runs.LockedError
	what := ""
	switch {
	case ctx.Err() != nil || errors.As(cause, &locked):
		return
	case run == nil:
		what = "始められませんでした"
	case errors.As(cause, &over) && !told(run):
		what = "途中で止めました"
	default:
		return
	}
	w := newWatch(ctx, &env, tellTime)
	defer w.stop()
	w.do(func() { report.NotifyFailure(w.ctx, env, what, cause) })
}

// disown takes the record from the step that does not stop: nothing that it still does is written to it.
func (n *night) disown() (id string) {
	n.saving.Lock()
	defer n.saving.Unlock()
	n.left = true
	return n.saved
}

// save writes the record, unless the run was left.
func (n *night) save() error {
	n.saving.Lock()
	defer n.saving.Unlock()
	if n.left {
		return nil
	}
	n.saved = n.run.ID
	return n.run.Save(n.Outputs)
}
