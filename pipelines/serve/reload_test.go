package serve

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kyogikai/pipelines/project"
	"kyogikai/pipelines/runs"
)

// file stands for the settings on a disk.
type file struct {
	mu       sync.Mutex
	settings project.Settings
	err      error
}

func (f *file) write(s project.Settings, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.settings, f.err = s, err
}

func (f *file) read() (project.Settings, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.settings, f.err
}

// journal is a log that a test reads while it is written.
type journal struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(p)
}

func (j *journal) says(text string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return strings.Contains(j.b.String(), text)
}

// rereading runs a server that looks at a file of settings all the time.
func rereading(
	t *testing.T, jobs []project.Job, run func(ctx context.Context, j project.Job) (int, error),
) (f *file, env project.Env, said *journal, address string, stop func()) {
	t.Helper()
	env, said = serverEnv(t, jobs...), &journal{}
	env.Log = slog.New(slog.NewTextHandler(said, nil))
	f = &file{settings: env.Settings}
	s := &Server{Env: env, Run: run, Listen: "127.0.0.1:0", Settings: f.read, Look: 2 * time.Millisecond}
	address, stop = started(t, s)
	return f, env, said, address, stop
}

// A job that the settings add runs, one that they drop does not come again, and one that is under way is neither
// stopped nor begun a second time.
func TestEditedScheduleIsTaken(t *testing.T) {
	t.Parallel()
	long := project.Job{Name: "長", Schedule: "@every 1s", Verb: "load"}
	var began, stopped atomic.Int32
	var added, dropped atomic.Int32
	end := make(chan bool)
	f, env, said, address, stop := rereading(t, []project.Job{long, {Name: "旧", Schedule: "@every 1s", Verb: "load"}},
		func(ctx context.Context, j project.Job) (int, error) {
			switch j.Name {
			case "新":
				added.Add(1)
			case "旧":
				dropped.Add(1)
			case "長":
				began.Add(1)
				select {
				case <-end:
				case <-ctx.Done():
					stopped.Add(1)
				}
			}
			return exitDone, nil
		})
	defer stop()
	until(t, "both jobs run", func() bool { return began.Load() == 1 && dropped.Load() > 0 })
	edited := env.Settings
	edited.Jobs = []project.Job{long, {Name: "新", Schedule: "@every 1s", Verb: "load"}}
	f.write(edited, nil)
	until(t, "the log says so", func() bool { return said.says("予定を改めました") })
	was := dropped.Load()
	until(t, "the new job runs twice", func() bool { return added.Load() >= 2 })
	until(t, "the long one was passed over", func() bool { return said.says("前の実行がまだ続いている") })
	if began.Load() != 1 || stopped.Load() != 0 || dropped.Load() > was+1 { // one may just have begun
		t.Errorf("the long job began %d times and was stopped %d times, the dropped one ran %d times more",
			began.Load(), stopped.Load(), dropped.Load()-was)
	}
	if _, body := healthOf(t, address); strings.Contains(body, "旧") || !strings.Contains(body, "新") {
		t.Errorf("the state: %s", body)
	}
	close(end)
	until(t, "the long job comes again", func() bool { return began.Load() > 1 })
}

// Settings that cannot be held are told in the log and in the state, once, and the old schedule goes on; mended, all is
// well again. So it is where no job is left.
func TestBrokenSettingsKeepTheSchedule(t *testing.T) {
	t.Parallel()
	var ran atomic.Int32
	f, env, said, address, stop := rereading(t, []project.Job{{Name: "毎秒", Schedule: "@every 1s", Verb: "load"}},
		func(context.Context, project.Job) (int, error) { ran.Add(1); return exitDone, nil })
	defer stop()
	for _, broken := range []struct {
		settings project.Settings
		err      error
		want     string
	}{
		{project.Settings{}, errors.New("3行目: 「shedule」という項目はありません"), "3行目"},
		{project.Settings{Timezone: "Asia/Tokyo"}, nil, "schedule も jobs もありません"},
	} {
		f.write(broken.settings, broken.err)
		until(t, "the state is ill", func() bool {
			code, body := healthOf(t, address)
			return code == http.StatusServiceUnavailable && strings.Contains(body, broken.want)
		})
		if !said.says(broken.want) || !said.says("前の予定のまま続けます") {
			t.Errorf("the log does not say %s", broken.want)
		}
		was := ran.Load()
		until(t, "the job comes again", func() bool { return ran.Load() > was })
		f.write(env.Settings, nil)
		until(t, "the state is well", func() bool { code, _ := healthOf(t, address); return code == http.StatusOK })
	}
	if !said.says("設定を読めるようになりました") {
		t.Error("the log does not say that the settings are mended")
	}
}

// looking is a server that has begun, whose looks a test makes itself.
func looking(t *testing.T, settings project.Settings, f *file) *Server {
	t.Helper()
	env := serverEnv(t)
	env.Settings = settings
	s := &Server{Env: env, Settings: f.read, times: loadTimes(env)}
	s.cron = newCron(cronLog{s})
	if err := s.take(context.Background(), settings); err != nil {
		t.Fatal(err)
	}
	return s
}

// A file that is just being written is not taken for what it is meant to be: what stands at one look alone is passed
// over, and what stands at two is taken.
func TestHalfWrittenSettingsAreNotTaken(t *testing.T) {
	t.Parallel()
	of := func(schedule string) project.Settings {
		return project.Settings{Timezone: "Asia/Tokyo", Schedule: schedule}
	}
	f := &file{settings: of("0 2 * * *")}
	s := looking(t, of("0 2 * * *"), f)
	for i, step := range []struct {
		settings project.Settings
		err      error
		want     string
	}{
		{of("0 2 * * *"), nil, "0 2 * * *"},
		{of("0 3 * * *"), nil, "0 2 * * *"},
		{of(""), errors.New("途中"), "0 2 * * *"},
		{of("0 3 * * *"), nil, "0 2 * * *"},
		{of("0 3 * * *"), nil, "0 3 * * *"},
	} {
		f.write(step.settings, step.err)
		s.lookOnce(context.Background())
		if s.settings.Schedule != step.want || s.broken != "" || len(s.cron.Entries()) != 1 {
			t.Errorf("look %d: %s, want %s (%q)", i, s.settings.Schedule, step.want, s.broken)
		}
	}
}

// The zone is that of the settings in force, and a job that comes at other times than before has missed nothing: it
// counts from the edit. One whose times are as they were does not.
func TestEditedTimesCountFromTheEdit(t *testing.T) {
	t.Parallel()
	was := project.Settings{
		Timezone: "Asia/Tokyo", Schedule: "0 2 * * *", Jobs: []project.Job{{Name: "昼", Schedule: "0 12 * * *", Verb: "load"}},
	}
	f := &file{}
	s := looking(t, was, f)
	began := time.Date(2026, 11, 29, 17, 0, 0, 0, time.UTC) // 2:00 of the 30th in Tokyo
	for _, name := range []string{project.NightlyJob, "昼"} {
		one := s.times[name]
		one.Since, one.Started, one.Ended = began, began, began.Add(time.Minute)
		s.times[name] = one
	}
	now := began.Add(12 * time.Hour) // 14:00
	s.Env.Clock = func() time.Time { return now }
	edited := was
	edited.Schedule = "0 10 * * *"
	if err := s.take(context.Background(), edited); err != nil {
		t.Fatal(err)
	}
	late := map[string]bool{}
	jobs, _, _ := s.health()
	for _, j := range jobs {
		late[j.Job] = j.Late
	}
	if late[project.NightlyJob] || !late["昼"] {
		t.Errorf("late: %v", late)
	}
	edited.Timezone = "UTC" // 2:00 of the 30th at Greenwich was after the start
	edited.Schedule = "0 2 * * *"
	if err := s.take(context.Background(), edited); err != nil {
		t.Fatal(err)
	}
	next := s.cron.Entry(s.entries[0]).Schedule.Next(now)
	if got := next.UTC().Format(time.DateTime); got != "2026-12-01 02:00:00" {
		t.Errorf("next at %s", got)
	}
	if jobs, _, _ := s.health(); jobs[0].Late {
		t.Error("late after the zone was edited")
	}
}

// Of two schedulers of one folder, the second is refused, and names the first.
func TestOneSchedulerAFolder(t *testing.T) {
	t.Parallel()
	env := serverEnv(t, project.Job{Name: "年", Schedule: "0 0 1 1 *", Verb: "load"})
	if runs.Scheduled(env.Outputs) {
		t.Error("a scheduler runs before one began")
	}
	_, stop := started(t, &Server{Env: env, Listen: "127.0.0.1:0"})
	var locked *runs.LockedError
	err := (&Server{Env: env}).Serve(context.Background())
	if !errors.As(err, &locked) || !strings.Contains(err.Error(), "別の kyogikai serve が動いています（") {
		t.Errorf("a second one: %v", err)
	}
	if !runs.Scheduled(env.Outputs) {
		t.Error("no scheduler runs")
	}
	stop()
	if runs.Scheduled(env.Outputs) {
		t.Error("a scheduler runs after it was stopped")
	}
}

// An address that other machines reach is warned of; one of this machine alone is not.
func TestExposedAddressIsWarnedOf(t *testing.T) {
	t.Parallel()
	for listen, want := range map[string]bool{"127.0.0.1:0": false, "[::1]:0": false, "0.0.0.0:0": true, ":0": true} {
		env, said := serverEnv(t, project.Job{Name: "年", Schedule: "0 0 1 1 *", Verb: "load"}), &journal{}
		env.Log = slog.New(slog.NewTextHandler(said, nil))
		_, stop := started(t, &Server{Env: env, Listen: listen})
		stop()
		if said.says("逆プロキシ") != want || said.says("誰にでも") != want {
			t.Errorf("%s: warned %v, want %v", listen, !want, want)
		}
	}
}
