// Package serve runs jobs by the clock, says whether they are well, and knows when one is late.
package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/project"

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

	mu      sync.Mutex
	times   times
	last    map[string]outcome
	running map[string]bool
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
// way have ended.
func (s *Server) Serve(ctx context.Context) error {
	zone, err := time.LoadLocation(s.Env.Settings.Timezone)
	if err != nil {
		return fmt.Errorf("設定の timezone を読めません: %w", err)
	}
	jobs := s.Env.Settings.AllJobs()
	if len(jobs) == 0 {
		return errors.New("設定に schedule も jobs もありません。kyogikai.yaml に書いてください")
	}
	s.times, s.last, s.running = loadTimes(s.Env), map[string]outcome{}, map[string]bool{}
	logger := cronLog{s}
	// The order matters: a job that panics inside Recover has ended for SkipIfStillRunning too.
	c := cron.New(
		cron.WithLocation(zone), cron.WithLogger(logger),
		cron.WithChain(cron.SkipIfStillRunning(logger), cron.Recover(logger)),
	)
	var missed []cron.Job
	for _, j := range jobs {
		id, err := c.AddFunc(j.Schedule, func() { s.do(ctx, j) })
		if err != nil {
			return fmt.Errorf("schedule「%s」を読めません: %w", j.Schedule, err)
		}
		late, err := s.times.missed(s.Env.Settings, j, s.Env.Clock())
		if err != nil {
			return err
		}
		if late {
			s.Env.Log.Warn(
				"止まっている間に逃した実行を、いま一度だけ行います", "job", j.Name, "last", s.times[j.Name].Started.In(zone).Format(time.DateTime),
			)
			missed = append(missed, c.Entry(id).WrappedJob)
		}
		if _, seen := s.times[j.Name]; !seen {
			s.times[j.Name] = jobTimes{Since: s.Env.Clock()}
		}
	}
	if err := s.times.save(s.Env); err != nil {
		return err
	}
	health, address, err := s.listen(ctx)
	if err != nil {
		return err
	}
	defer health()
	c.Start()
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
	<-ctx.Done()
	<-c.Stop().Done() // Stop cancels no job: their processes were told by ctx
	catchUp.Wait()
	return nil
}

// Schedule says when each job comes next, in lines for a log.
func (s *Server) Schedule() []string {
	var out []string
	for _, j := range s.Env.Settings.AllJobs() {
		if at, err := next(s.Env.Settings, j.Schedule, s.Env.Clock()); err == nil {
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
	s.begin(j)
	o := outcome{ExitCode: -1, Error: "異常終了（panic）しました"} // stays where the job panics
	defer func() { s.end(j, o) }()
	s.Env.Log.Info("開始", "job", j.Name, "verb", j.Verb)
	var code int
	var err error
	for range lockedTries {
		limited, cancel := context.WithTimeout(ctx, longRun)
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

func (s *Server) begin(j project.Job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.times[j.Name] = jobTimes{Since: s.times[j.Name].Since, Started: s.Env.Clock()}
	s.running[j.Name] = true
	if err := s.times.save(s.Env); err != nil {
		s.Env.Log.Error("実行の時刻を記録できません", "job", j.Name, "error", err)
	}
}

// end notes the end of a job. One that was stopped from outside has come to none: it is caught up when the server
// begins again.
func (s *Server) end(j project.Job, o outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o.At = s.Env.Clock()
	s.last[j.Name], s.running[j.Name] = o, false
	if o.Error == "" && (o.ExitCode == exitDone || o.ExitCode == exitFailed || o.ExitCode == exitFindings) {
		t := s.times[j.Name]
		t.Ended = o.At
		s.times[j.Name] = t
		if err := s.times.save(s.Env); err != nil {
			s.Env.Log.Error("実行の時刻を記録できません", "job", j.Name, "error", err)
		}
	}
}

// jobHealth is what the endpoint says of a job.
type jobHealth struct {
	Job     string    `json:"job"`
	Verb    string    `json:"verb"`
	Running bool      `json:"running"`
	Started time.Time `json:"started_at"`
	Next    time.Time `json:"next"`
	Late    bool      `json:"late"`
	Last    *outcome  `json:"last,omitempty"`
	Healthy bool      `json:"healthy"`
}

// health is the state of every job. A job is ill where it last failed (codes 0 and 3 are success), is late, or runs for
// hours.
func (s *Server) health() (jobs []jobHealth, well bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	well = true
	for _, j := range s.Env.Settings.AllJobs() {
		h := jobHealth{Job: j.Name, Verb: j.Verb, Running: s.running[j.Name], Started: s.times[j.Name].Started, Healthy: true}
		if next, err := next(s.Env.Settings, j.Schedule, s.Env.Clock()); err == nil {
			h.Next = next
		}
		from := s.times[j.Name].Since
		if h.Started.After(from) {
			from = h.Started
		}
		if due, err := next(s.Env.Settings, j.Schedule, from); err == nil {
			h.Late = !h.Running && s.Env.Clock().Sub(due) > grace || h.Running && s.Env.Clock().Sub(h.Started) > longRun
		}
		if o, ok := s.last[j.Name]; ok {
			h.Last = &o
			h.Healthy = o.Error == "" && (o.ExitCode == exitDone || o.ExitCode == exitFindings)
		}
		h.Healthy = h.Healthy && !h.Late
		well = well && h.Healthy
		jobs = append(jobs, h)
	}
	return jobs, well
}

// listen answers GET /healthz with 200, or 503 where a job is ill.
func (s *Server) listen(ctx context.Context) (stop func(), address string, err error) {
	if s.Listen == "" {
		return func() {}, "", nil
	}
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", s.Listen)
	if err != nil {
		return nil, "", fmt.Errorf("%s で待ち受けられません。別の番号を --listen で指定してください: %w", s.Listen, err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		jobs, well := s.health()
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		if !well {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		// the asker may be gone
		_ = json.NewEncoder(w).Encode(map[string]any{"healthy": well, "version": s.Env.Version, "jobs": jobs})
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(l) }() // it ends with Close
	return func() { _ = server.Close() }, l.Addr().String(), nil
}

// cronLog hands what cron has to say to the log.
type cronLog struct{ s *Server }

func (l cronLog) Info(msg string, keysAndValues ...any) {
	if msg == "skip" {
		l.s.Env.Log.Warn("前の実行がまだ続いているので、今回は行いません")
		return
	}
	l.s.Env.Log.Debug(msg, keysAndValues...)
}

func (l cronLog) Error(err error, msg string, keysAndValues ...any) {
	l.s.Env.Log.Error("実行が異常終了しました。次の予定にまた行います", append([]any{"error", err, "at", msg}, keysAndValues...)...)
}
