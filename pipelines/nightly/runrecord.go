package nightly

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"time"

	"kyogikai/pipelines/model"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// Run is the record of a run, outputs/runs/<id>.json. It is written even when the run fails.
type Run struct {
	ID          string            `json:"run_id"`
	Trigger     string            `json:"trigger"`
	Status      string            `json:"status"` // published, unchanged, failed
	Version     string            `json:"version"`
	Started     time.Time         `json:"started_at"`
	Finished    time.Time         `json:"finished_at"`
	Fingerprint string            `json:"fingerprint"`
	Steps       []Step            `json:"steps"`
	Workbooks   int               `json:"workbooks"`
	Changed     int               `json:"changed"`
	Findings    map[string]int    `json:"findings"` // by severity
	Inputs      map[string]string `json:"inputs"`   // path → sha256
	Papers      []string          `json:"papers,omitempty"`
	Tests       []model.Failure   `json:"tests,omitempty"` // data tests that returned rows, with the first of them
	Error       string            `json:"error,omitempty"`
}

// Step is one stage of a run.
type Step struct {
	Name     string    `json:"name"`
	Started  time.Time `json:"started_at"`
	Finished time.Time `json:"finished_at"`
	Error    string    `json:"error,omitempty"`
}

const (
	statusPublished = "published"
	statusUnchanged = "unchanged"
	statusFailed    = "failed"
)

// Errors is the number of findings of severity error that remain.
func (r *Run) Errors() int { return r.Findings[record.Error] }

// step runs f and notes when it began and ended.
func (r *Run) step(env Env, name string, f func() error) error {
	s := Step{Name: name, Started: env.Clock().UTC()}
	err := f()
	s.Finished = env.Clock().UTC()
	if err != nil {
		s.Error = err.Error()
	}
	r.Steps = append(r.Steps, s)
	env.Log.Debug("step", "run", r.ID, "step", name, "seconds", s.Finished.Sub(s.Started).Seconds(), "error", s.Error)
	return err
}

// newRun names a run by its start. A run that begins in the same second as another takes the next free second.
func newRun(env Env, trigger string) *Run {
	start := env.Clock().UTC()
	id := start.Format("20060102T150405Z")
	for taken(env, id) {
		start = start.Add(time.Second)
		id = start.Format("20060102T150405Z")
	}
	return &Run{ID: id, Trigger: trigger, Version: env.Version, Started: env.Clock().UTC(), Findings: map[string]int{}}
}

func taken(env Env, id string) bool {
	for _, p := range []string{warehouse.Path(env.WarehouseDir(), id), filepath.Join(env.Outputs, "runs", id+".json")} {
		if _, err := os.Stat(p); err == nil {
			return true
		}
	}
	return false
}

func (r *Run) save(env Env) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the run's record: %w", err)
	}
	return writeFile(filepath.Join(env.Outputs, "runs", r.ID+".json"), append(data, '\n'))
}

// Runs lists the records of runs, newest first. A record that cannot be read is passed over: it is history, not data.
func Runs(env Env) ([]Run, error) {
	files, err := filepath.Glob(filepath.Join(env.Outputs, "runs", "*.json"))
	if err != nil {
		return nil, fmt.Errorf("listing runs: %w", err)
	}
	sort.Sort(sort.Reverse(sort.StringSlice(files)))
	var out []Run
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			return nil, fmt.Errorf("reading a run's record: %w", err)
		}
		var r Run
		if json.Unmarshal(data, &r) == nil {
			out = append(out, r)
		}
	}
	return out, nil
}

// writeFile replaces a file by rename, so that a reader sees the old one or the new one, whole.
func writeFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("making the folder of %s: %w", path, err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".next-*")
	if err != nil {
		return fmt.Errorf("%s に書き込めません。フォルダの権限と空き容量を確かめてください: %w", path, err)
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("%s に書き込めません。前のファイルはそのままです。権限と空き容量を確かめてください: %w", path, err)
	}
	return nil
}
