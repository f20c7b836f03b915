package serve

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kyogikai/pipelines/nightly"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/project/projecttest"
)

// serving runs a server with jobs until the test stops it.
func serving(
	t *testing.T, env project.Env, run func(ctx context.Context, j project.Job) (int, error),
) (address string, stop func()) {
	t.Helper()
	return started(t, &Server{Env: env, Run: run, Listen: "127.0.0.1:0"})
}

// started runs a server until the test stops it.
func started(t *testing.T, s *Server) (address string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan string, 1), make(chan error, 1)
	s.Ready = func(a string) { ready <- a }
	go func() { ended <- s.Serve(ctx) }()
	select {
	case address = <-ready:
	case err := <-ended:
		t.Fatal(err)
	}
	return address, func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

func serverEnv(t *testing.T, jobs ...project.Job) project.Env {
	t.Helper()
	env := projecttest.Env(t, t.TempDir())
	env.Clock = time.Now
	env.Settings.Schedule, env.Settings.Jobs = "", jobs
	if err := Check(env.Settings); err != nil {
		t.Fatal(err)
	}
	return env
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for began := time.Now(); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > 2*time.Minute { // far more than anything here takes: it ends a test that would hang
			t.Fatalf("never: %s", what)
		}
	}
}

// healthOf asks the endpoint.
func healthOf(t *testing.T, address string) (code int, body string) {
	t.Helper()
	resp, err := http.Get("http://" + address + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // read only
	data, err := io.ReadAll(resp.Body)
	if err != nil || !json.Valid(data) {
		t.Fatalf("%s, %v", data, err)
	}
	return resp.StatusCode, string(data)
}

// A job that panics is contained, shows in the state, and comes again at its next time.
func TestJobThatPanicsComesAgain(t *testing.T) {
	t.Parallel()
	var runs atomic.Int32
	seen := make(chan bool) // the second run waits until somebody has seen what became of the first
	job := project.Job{Name: "毎秒", Schedule: "@every 1s", Verb: "load"}
	address, stop := serving(t, serverEnv(t, job), func(ctx context.Context, _ project.Job) (int, error) {
		if runs.Add(1) == 1 {
			panic("a mistake")
		}
		select {
		case <-seen:
		case <-ctx.Done():
		}
		return 3, nil
	})
	defer stop()
	until(t, "an ill server", func() bool {
		code, body := healthOf(t, address)
		return code == http.StatusServiceUnavailable && strings.Contains(body, "panic")
	})
	until(t, "a second run", func() bool { return runs.Load() > 1 })
	close(seen)
	until(t, "a well server", func() bool { code, _ := healthOf(t, address); return code == http.StatusOK })
}

// skips counts the times that a server says that it passes over a job.
type skips struct {
	slog.Handler
	n *atomic.Int32
}

func (s skips) Handle(_ context.Context, r slog.Record) error {
	if strings.Contains(r.Message, "前の実行がまだ続いている") {
		s.n.Add(1)
	}
	return nil
}

// A job that is still running when it comes again is passed over, and a stop waits for it.
func TestOverlappingRunsAreSkipped(t *testing.T) {
	t.Parallel()
	var running, most, runs, skipped atomic.Int32
	env := serverEnv(t, project.Job{Name: "毎秒", Schedule: "@every 1s", Verb: "load"})
	env.Log = slog.New(skips{env.Log.Handler(), &skipped})
	told, end := make(chan bool), make(chan bool)
	_, stop := serving(t, env, func(ctx context.Context, _ project.Job) (int, error) {
		most.Store(max(most.Load(), running.Add(1)))
		runs.Add(1)
		<-ctx.Done() // as a child that was told to stop, and takes its time
		close(told)
		<-end
		running.Add(-1)
		return 130, nil
	})
	until(t, "a job is passed over twice", func() bool { return skipped.Load() >= 2 })
	stopped := make(chan bool)
	go func() { stop(); close(stopped) }()
	<-told
	select {
	case <-stopped:
		t.Error("the stop did not wait for the job")
	default:
	}
	close(end)
	<-stopped
	if most.Load() != 1 || runs.Load() != 1 || running.Load() != 0 {
		t.Errorf("%d runs, %d at once, %d left", runs.Load(), most.Load(), running.Load())
	}
}

// A run that was missed while the server was down is caught up once at start; one that was not, or whose time is in the
// future because a clock was set back, is not.
func TestMissedRunsAreCaughtUpOnce(t *testing.T) {
	t.Parallel()
	env := serverEnv(t, project.Job{Name: "夜", Schedule: "0 2 * * *", Verb: "load"}, project.Job{
		Name: "昼", Schedule: "0 12 * * *", Verb: "load",
	},
		project.Job{
			Name: "月", Schedule: "0 3 1 * *", Verb: "load",
		}, project.Job{Name: "初", Schedule: "0 4 * * *", Verb: "load"})
	now := time.Date(2026, 11, 20, 0, 30, 0, 0, time.UTC) // 9:30 in Tokyo
	env.Clock = func() time.Time { return now }
	at := func(t time.Time) jobTimes { return jobTimes{Since: t, Started: t, Ended: t.Add(time.Minute)} }
	last := times{
		"夜": at(now.AddDate(0, 0, -3)),        // three nights were missed
		"昼": at(now.Add(-20 * time.Hour)),     // 13:30 yesterday, after the time of that day
		"月": at(now.Add(30 * 24 * time.Hour)), // a clock's mistake
	}
	if err := last.save(env); err != nil {
		t.Fatal(err)
	}
	ran := make(chan string, 10)
	run := func(_ context.Context, j project.Job) (int, error) { ran <- j.Name; return 0, nil }
	_, stop := serving(t, env, run)
	if got := <-ran; got != "夜" {
		t.Errorf("caught up: %s", got)
	}
	stop()
	_, stop = serving(t, env, run)
	stop()
	if len(ran) != 0 {
		t.Errorf("caught up again: %s", <-ran)
	}
	// One that came to no end, because the power went, is caught up too.
	last = loadTimes(env)
	last["昼"] = jobTimes{Since: now.AddDate(0, 0, -9), Started: now.Add(-time.Hour)}
	if err := last.save(env); err != nil {
		t.Fatal(err)
	}
	_, stop = serving(t, env, run)
	if got := <-ran; got != "昼" {
		t.Errorf("caught up: %s", got)
	}
	stop()
}

// A job that meets another run comes again a little later.
func TestJobWaitsForAnotherRun(t *testing.T) {
	t.Parallel()
	var runs atomic.Int32
	env := serverEnv(t, project.Job{Name: "夜", Schedule: "@every 1s", Verb: "nightly"})
	address, stop := serving(t, env, func(context.Context, project.Job) (int, error) {
		if runs.Add(1) < 3 {
			return exitLocked, nil
		}
		return exitDone, nil
	})
	defer stop()
	until(t, "a third try", func() bool { return runs.Load() >= 3 })
	until(t, "a well server", func() bool { code, _ := healthOf(t, address); return code == http.StatusOK })
}

// The schedule is of the city's zone, whatever that of the process.
func TestScheduleIsOfTheCitysZone(t *testing.T) {
	t.Parallel()
	env := serverEnv(t)
	env.Settings.Schedule = "0 2 * * *"
	for _, zone := range []string{"America/New_York", "UTC", "Asia/Tokyo"} {
		at, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		env.Clock = func() time.Time { return time.Date(2026, 11, 20, 16, 59, 0, 0, time.UTC).In(at) } // 1:59 in Tokyo
		next, err := Next(env)
		if err != nil || next.Format(time.RFC3339) != "2026-11-21T02:00:00+09:00" {
			t.Errorf("in %s: %s, %v", zone, next, err)
		}
	}
}

// A night that was due and did not come is told by status.
func TestLateNightNeedsAttention(t *testing.T) {
	t.Parallel()
	env := projecttest.Env(t, projecttest.FewInputs(t))
	env.AsOf = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	run, err := nightly.Nightly(context.Background(), env, "nightly")
	if err != nil {
		t.Fatal(err)
	}
	late := func(after time.Duration) bool {
		e := env
		e.Clock = func() time.Time { return run.Started.Add(after) }
		out, err := NeedsAttention(e)
		return err == nil && strings.Contains(strings.Join(out, "\n"), "の予定から行われていません")
	}
	// It ran at 11:00; the next is due at 2:00, and an hour later it is late.
	if _, err := nightly.Load(context.Background(), env, "test"); err != nil { // runs of another kind do not hide it
		t.Fatal(err)
	}
	if late(15*time.Hour+50*time.Minute) || !late(16*time.Hour+time.Minute) {
		t.Errorf("late at 2:50: %v, at 3:01: %v", late(15*time.Hour+50*time.Minute), late(16*time.Hour+time.Minute))
	}
}

// A schedule that cannot be read, or a verb that is no job, is refused with its name.
func TestSettingsThatCannotHoldAreRefused(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]project.Settings{
		"schedule「毎晩」": {Timezone: "Asia/Tokyo", Schedule: "毎晩"},
		"timezone「東京」": {Timezone: "東京"},
		"verb「sql」": {
			Timezone: "Asia/Tokyo", Jobs: []project.Job{{Name: "一", Schedule: "0 2 * * *", Verb: "sql"}},
		},
		"name「」":               {Timezone: "Asia/Tokyo", Jobs: []project.Job{{Schedule: "0 2 * * *", Verb: "load"}}},
		"schedule「0 0 31 2 *」": {Timezone: "Asia/Tokyo", Schedule: "0 0 31 2 *"}, // never
	} {
		if err := Check(s); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(
			err.Error(), project.SettingsFile,
		) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if err := Check(project.Settings{Timezone: "Asia/Tokyo", Schedule: "0 2 * * *"}); err != nil {
		t.Error(err)
	}
}
