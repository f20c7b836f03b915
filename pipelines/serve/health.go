package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"time"
)

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

// health is the state of every job, and why the settings on the disk are not in force. A job is ill where it last
// failed (codes 0 and 3 are success), is late, or runs longer than it may.
func (s *Server) health() (jobs []jobHealth, broken string, well bool) {
	limit := s.jobTime()
	s.mu.Lock()
	defer s.mu.Unlock()
	well = s.broken == ""
	for _, j := range s.settings.AllJobs() {
		h := jobHealth{Job: j.Name, Verb: j.Verb, Running: s.running[j.Name], Started: s.times[j.Name].Started, Healthy: true}
		if next, err := next(s.settings, j.Schedule, s.Env.Clock()); err == nil {
			h.Next = next
		}
		from := s.times[j.Name].Since
		if h.Started.After(from) {
			from = h.Started
		}
		if due, err := next(s.settings, j.Schedule, from); err == nil {
			h.Late = !h.Running && s.Env.Clock().Sub(due) > grace || h.Running && s.Env.Clock().Sub(h.Started) > limit
		}
		if o, ok := s.last[j.Name]; ok {
			h.Last = &o
			h.Healthy = o.Error == "" && (o.ExitCode == exitDone || o.ExitCode == exitFindings)
		}
		h.Healthy = h.Healthy && !h.Late
		well = well && h.Healthy
		jobs = append(jobs, h)
	}
	return jobs, s.broken, well
}

// exposed says what anybody sees where the endpoint can be reached from other machines.
const exposed = "このサーバの外からも届く場所で待ち受けます。実行の予定と結果（名前、時刻、終了コード、失敗の理由、版）が、" +
	"誰にでも、暗号化も利用者の確認もなしに見えます。外から見るなら、--listen は 127.0.0.1 のままにして、" +
	"TLS と認証のある逆プロキシ（nginx など）を前に置いてください"

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
	if at, ok := l.Addr().(*net.TCPAddr); !ok || !at.IP.IsLoopback() {
		s.Env.Log.Warn(exposed, "listen", l.Addr())
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		jobs, broken, well := s.health()
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		if !well {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		said := map[string]any{"healthy": well, "version": s.Env.Version, "jobs": jobs}
		if broken != "" {
			said["settings_error"] = broken
		}
		_ = json.NewEncoder(w).Encode(said) // the asker may be gone
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(l) }() // it ends with Close
	return func() { _ = server.Close() }, l.Addr().String(), nil
}
