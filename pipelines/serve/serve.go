// Package serve runs jobs by the clock, says whether they are well, and knows when one is late.
package serve

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/runs"

	"github.com/robfig/cron/v3"
)

// Server runs jobs by the clock until it is told to stop.
type Server struct {
	Env project.Env
	// Run does a job in a process of its own and returns its exit code.
	Run func(ctx context.Context, j project.Job) (int, error)
	// Listen is the address of the health endpoint, "" for none.
	Listen string
	// Ready, if it is set, is told the endpoint's address when the server has begun.
	Ready func(address string)
	// Settings, if it is set, reads the settings as they are now: what they say of jobs holds without a new start.
	Settings func() (project.Settings, error)
	// Look is the time between two looks at the settings, 0 for the usual.
	Look time.Duration

	cron    *cron.Cron
	entries []cron.EntryID // of the jobs
	seen    glance         // at the last look

	mu       sync.Mutex
	settings project.Settings // in force
	broken   string           // why those that stand on the disk are not
	times    times
	last     map[string]outcome
	running  map[string]bool
}

// outcome is how a job ended last.
type outcome struct {
	At       time.Time `json:"finished_at"`
	ExitCode int       `json:"exit_code"`
	Error    string    `json:"error,omitempty"`
}

// grace is how long a job may be late before the server calls itself ill.
const grace = 10 * time.Minute

// Serve schedules the jobs. A job that is still running when it comes again is passed over; one that panics is told and
// comes again; one that was missed while the server was down runs once. It returns when ctx ends, after the jobs under
// way have ended. Of two servers of one outputs folder, the second is refused.
func (s *Server) Serve(ctx context.Context) error {
	if len(s.Env.Settings.AllJobs()) == 0 {
		return errNoJobs
	}
	release, err := runs.LockSchedule(s.Env.Outputs, fmt.Sprintf(
		"%s に開始、プロセス %d", s.Env.Clock().Format(time.DateTime), os.Getpid(),
	))
	if err != nil {
		return err
	}
	defer release()
	s.times, s.last, s.running = loadTimes(s.Env), map[string]outcome{}, map[string]bool{}
	s.cron = newCron(cronLog{s})
	if err := s.take(ctx, s.Env.Settings); err != nil {
		return err
	}
	missed, err := s.missed()
	if err != nil {
		return err
	}
	health, address, err := s.listen(ctx)
	if err != nil {
		return err
	}
	defer health()
	s.cron.Start()
	var catchUp sync.WaitGroup
	catchUp.Go(func() {
		for _, j := range missed { // one after another: they would wait for one another's lock
			if ctx.Err() == nil {
				j.Run()
			}
		}
	})
	if s.Ready != nil {
		s.Ready(address)
	}
	s.look(ctx)
	<-s.cron.Stop().Done() // Stop cancels no job: their processes were told by ctx
	catchUp.Wait()
	return nil
}

func newCron(l cronLog) *cron.Cron {
	return cron.New(cron.WithLogger(l), cron.WithChain(cron.Recover(l)))
}

// missed are the jobs that should have run while no server did.
func (s *Server) missed() ([]cron.Job, error) {
	var out []cron.Job
	for i, j := range s.settings.AllJobs() {
		late, err := s.times.missed(s.settings, j, s.Env.Clock())
		if err != nil {
			return nil, err
		}
		if !late {
			continue
		}
		last := "なし"
		if at := s.times[j.Name].Started; !at.IsZero() {
			last = at.In(s.Env.Clock().Location()).Format(time.DateTime)
		}
		s.Env.Log.Warn("止まっている間に逃した実行を、いま一度だけ行います", "job", j.Name, "last", last)
		out = append(out, s.cron.Entry(s.entries[i]).WrappedJob)
	}
	return out, nil
}

// Schedule says when each job comes next, in lines for a log.
func (s *Server) Schedule() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, j := range s.settings.AllJobs() {
		if at, err := next(s.settings, j.Schedule, s.Env.Clock()); err == nil {
			out = append(out, fmt.Sprintf("%s（%s）: 次は %s", j.Name, j.Verb, at.Format("2006-01-02 15:04 MST")))
		}
	}
	return out
}

// do runs one job and notes how it ended. Where another run is under way, it comes again a little later.
func (s *Server) do(ctx context.Context, j project.Job) {
	if ctx.Err() != nil {
		return
	}
	if !s.begin(j) {
		s.Env.Log.Warn("前の実行がまだ続いているので、今回は行いません", "job", j.Name)
		return
	}
	o := outcome{ExitCode: -1, Error: "異常終了（panic）しました"} // stays where the job panics
	defer func() { s.end(j, o) }()
	s.Env.Log.Info("開始", "job", j.Name, "verb", j.Verb)
	var code int
	var err error
	for range lockedTries {
		limited, cancel := context.WithTimeout(ctx, s.jobTime())
		code, err = s.Run(limited, j)
		cancel()
		if code != exitLocked || err != nil {
			break
		}
		s.Env.Log.Info("別の実行が動いているので、後でもう一度行います", "job", j.Name)
		select {
		case <-ctx.Done():
			o = outcome{ExitCode: code}
			return
		case <-time.After(s.Env.PauseOr(lockedPause)):
		}
	}
	o = outcome{ExitCode: code}
	if err != nil {
		o.Error = fault.Text(err)
		s.Env.Log.Error("実行できませんでした", "job", j.Name, "error", err)
		return
	}
	s.Env.Log.Info("終了", "job", j.Name, "exit", code)
}

// Exit codes of a job that matter here.
const (
	exitDone     = 0
	exitFailed   = 1
	exitFindings = 3
	exitLocked   = 4
)

// How often, and how long apart, a job is tried while another run holds the lock.
const (
	lockedTries = 36
	lockedPause = 5 * time.Minute
)

// leeway is what a job has beyond the time of a run, which ends by itself when that is over.
const leeway = 10 * time.Minute

// jobTime is how long a job may run.
func (s *Server) jobTime() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return project.Env{Settings: s.settings}.RunTime() + leeway
}

// begin notes the beginning of a job, and refuses one that is running.
func (s *Server) begin(j project.Job) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[j.Name] {
		return false
	}
	t := s.times[j.Name]
	t.Started, t.Ended = s.Env.Clock(), time.Time{}
	s.times[j.Name] = t
	s.running[j.Name] = true
	if err := s.times.save(s.Env); err != nil {
		s.Env.Log.Error("実行の時刻を記録できません", "job", j.Name, "error", err)
	}
	return true
}

// end notes the end of a job. One that was stopped from outside has come to none: it is caught up when the server
// begins again.
func (s *Server) end(j project.Job, o outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o.At = s.Env.Clock()
	s.last[j.Name], s.running[j.Name] = o, false
	t, known := s.times[j.Name] // the settings may have dropped it meanwhile
	if known && o.Error == "" && (o.ExitCode == exitDone || o.ExitCode == exitFailed || o.ExitCode == exitFindings) {
		t.Ended = o.At
		s.times[j.Name] = t
		if err := s.times.save(s.Env); err != nil {
			s.Env.Log.Error("実行の時刻を記録できません", "job", j.Name, "error", err)
		}
	}
}

// cronLog hands what cron has to say to the log.
type cronLog struct{ s *Server }

func (l cronLog) Info(msg string, keysAndValues ...any) {
	l.s.Env.Log.Debug(msg, keysAndValues...)
}

func (l cronLog) Error(err error, msg string, keysAndValues ...any) {
	l.s.Env.Log.Error("実行が異常終了しました。次の予定にまた行います", append([]any{"error", err, "at", msg}, keysAndValues...)...)
}
