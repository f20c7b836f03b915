package nightly

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/notify"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

// deaf is a step that does not hear that it is told to stop, until the test ends.
func deaf(t *testing.T, name string) stage {
	t.Helper()
	end := make(chan bool)
	t.Cleanup(func() { close(end) })
	return stage{name, nil, func(n *night, _ context.Context, _ *runs.Step) error {
		n.count(name, "庁内共有", 3, 20)
		<-end
		return nil
	}}
}

// slow is a step that stops when it is told to.
func slow(name string) stage {
	return stage{name, nil, func(n *night, ctx context.Context, _ *runs.Step) error {
		n.count(name, "", 12, 300)
		<-ctx.Done()
		return ctx.Err()
	}}
}

// hurried is a run's surroundings in which it has little time, and what it tells goes to a file.
func hurried(t *testing.T) (env project.Env, told string) {
	t.Helper()
	env = newEnv(t, fewInputs(t))
	env.Grace = 20 * time.Millisecond
	env.Settings.Limits.RunTime = 30 * time.Millisecond
	env.Settings.Tell = []notify.Channel{{Name: "file", File: "お知らせ.txt"}}
	return env, env.Outputs + "/お知らせ.txt"
}

// A run that has had its time fails with what it was doing, whether that listens or not: nothing is published, the lock
// is free, the half-made file is gone, and people are told.
func TestRunThatHasHadItsTime(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stages []stage
		grace  time.Duration
		want   string
		about  string
	}{
		"listens": {[]stage{slow("read"), notifyStep}, time.Minute, "「読み込み（12/300）」の途中で止めました", "失敗しました"},
		"deaf":    {[]stage{deaf(t, "collect"), notifyStep}, 20 * time.Millisecond, "「収集（庁内共有　3/20）」の途中で止めました", "途中で止めました"},
	} {
		env, told := hurried(t)
		env.Grace = c.grace
		run, err := execute(context.Background(), env, runs.KindNightly, "nightly", c.stages)
		notifyLeft(context.Background(), env, run, err)
		var over *LimitError
		if !errors.As(err, &over) || !strings.Contains(err.Error(), c.want) ||
			!strings.Contains(err.Error(), "いまのデータは変わりません") || run.Status != runs.StatusFailed {
			t.Errorf("%s: %v, %+v", name, err, run)
		}
		kept, ok, err := runs.Find(env.Outputs, run.ID)
		if err != nil || !ok || kept.Status != runs.StatusFailed || !strings.Contains(kept.Error, c.want) ||
			kept.Finished.IsZero() || len(kept.Failures()) != 1 || !strings.Contains(kept.Failures()[0].Error, c.want) {
			t.Errorf("%s: the record: %+v, %v", name, kept, err)
		}
		if runs.UnderWay(env.Outputs) {
			t.Errorf("%s: the lock is held", name)
		}
		if said, err := os.ReadFile(told); err != nil || !strings.Contains(string(said), c.want) ||
			!strings.Contains(string(said), c.about) {
			t.Errorf("%s: told %s, %v", name, said, err)
		}
	}
}

// One that ends within its time is not hurt by it.
func TestRunWithinItsTime(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	env.Settings.Limits.RunTime = time.Minute
	if run := mustLoad(t, env); run.Status != runs.StatusPublished {
		t.Errorf("%+v", run)
	}
}

// What a step does after it was left is in no record, and is not published: the next run resumes nothing of it.
func TestLeftStepCountsForNothing(t *testing.T) {
	t.Parallel()
	env := newEnv(t, fewInputs(t))
	first := mustLoad(t, env)
	env.Grace = 20 * time.Millisecond
	wake, done := make(chan bool), make(chan bool)
	ctx, cancel := context.WithCancel(context.Background())
	late := stage{"read", nil, func(n *night, ctx context.Context, s *runs.Step) error {
		err := n.create(ctx)
		cancel()
		<-wake
		n.run.Built, n.run.Workbooks = true, 99
		defer close(done)
		return errors.Join(err, n.publish(ctx, s), n.save())
	}}
	run, err := execute(ctx, env, runs.KindLoad, "load", []stage{late})
	if !errors.Is(err, context.Canceled) || run.Status != runs.StatusInterrupted {
		t.Fatalf("%+v, %v", run, err)
	}
	close(wake)
	<-done
	kept, _, err := runs.Find(env.Outputs, run.ID)
	if err != nil || kept.Status != runs.StatusInterrupted || kept.Workbooks != 0 || kept.Built {
		t.Errorf("the record: %+v, %v", kept, err)
	}
	if _, err := os.Stat(warehouse.Path(env.WarehouseDir(), run.ID)); !os.IsNotExist(err) {
		t.Errorf("the half-made file is there: %v", err)
	}
	if _, id, err := warehouse.Current(env.WarehouseDir()); err != nil || id != first.ID {
		t.Errorf("published is %s, %v", id, err)
	}
	if again := mustLoad(t, env); again.Status != runs.StatusUnchanged || len(again.Resumed) > 0 {
		t.Errorf("the next run: %+v", again)
	}
}

// Something that is no run of its own is left in the same way, with its own words where it ended in time.
func TestWithin(t *testing.T) {
	t.Parallel()
	env, _ := hurried(t)
	end := make(chan bool)
	defer close(end)
	err := Within(context.Background(), env, "collect", func(_ context.Context, env project.Env) error {
		env.Report(project.Progress{Step: "collect", What: "回答サイト", Count: 1, Size: 2})
		<-end
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "「収集（回答サイト　1/2）」の途中で止めました") {
		t.Errorf("without an end: %v", err)
	}
	own := errors.New("its own")
	for _, want := range []error{nil, own} {
		env.Settings.Limits.RunTime = time.Minute
		err := Within(context.Background(), env, "collect", func(context.Context, project.Env) error { return want })
		if !errors.Is(err, want) || (err == nil) != (want == nil) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err = Within(ctx, env, "collect", func(context.Context, project.Env) error { <-end; return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("told to stop: %v", err)
	}
}
