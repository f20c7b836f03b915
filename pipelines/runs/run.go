// Package runs keeps the records of runs (outputs/runs), the lock that one of them holds, and of their files those that
// are still wanted. Its functions take the outputs folder.
package runs

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/model"
	"kyogikai/pipelines/notify"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// Run is the record of a run, outputs/runs/<id>.json. It is written when the run begins and after each of its steps, so
// that there is one however the run ends.
type Run struct {
	ID          string      `json:"run_id"`
	Trigger     string      `json:"trigger"`
	Kind        string      `json:"kind"`   // nightly, load, merge: only the same kind resumes it
	Status      string      `json:"status"` // running, published, unchanged, failed, interrupted
	Version     string      `json:"version"`
	Schedule    string      `json:"schedule,omitempty"` // of the nights, as the settings stated it then
	Process     int         `json:"process"`
	Started     time.Time   `json:"started_at"`
	Resumed     []time.Time `json:"resumed_at,omitempty"` // when it was resumed after it had been interrupted
	Finished    time.Time   `json:"finished_at"`
	Fingerprint string      `json:"fingerprint"`
	// of a run put together from shares: forms, sql, settings and program alone
	Rules     string                `json:"rules,omitempty"`
	Built     bool                  `json:"built"` // its warehouse file is whole and tested
	File      warehouse.Fingerprint `json:"file"`  // of that file
	Steps     []Step                `json:"steps"`
	Workbooks int                   `json:"workbooks"`
	Changed   int                   `json:"changed"`
	Findings  map[string]int        `json:"findings"`         // by severity
	Reread    int                   `json:"reread,omitempty"` // values of unchanged files that it reads otherwise
	// Undone are the workbooks that could not be read for a reason that may be the machine's
	Undone   int               `json:"undone,omitempty"`
	Unlooked int               `json:"reread_waiting,omitempty"` // of those, and of earlier ones: nobody has looked
	Inputs   map[string]string `json:"inputs"`                   // path → sha256
	Masters  map[string]string `json:"masters,omitempty"`        // likewise
	Lost     []Lost            `json:"lost,omitempty"`           // what an earlier run held, and this one does not
	Sources  []collect.Report  `json:"sources,omitempty"`
	Papers   []string          `json:"papers,omitempty"`
	Tests    []model.Failure   `json:"tests,omitempty"` // data tests that returned rows, with the first of them
	Told     []notify.Outcome  `json:"told,omitempty"`
	Notes    []string          `json:"notes,omitempty"` // what a person should know about the run, in Japanese
	Error    string            `json:"error,omitempty"`
	Detail   string            `json:"error_detail,omitempty"` // what Error leaves out, for developers
}

// Lost is a department's workbooks of a year, or a master of a municipality, that a published run held and that are not
// there any more. They are handed on from run to run until they are there again or a person has settled it.
type Lost struct {
	Municipality string   `json:"municipality"`
	FiscalYear   int      `json:"fiscal_year,omitempty"`
	Bureau       string   `json:"bureau,omitempty"`
	Department   string   `json:"department,omitempty"` // "" for a master, and for what lies in no department's folder
	Files        []string `json:"files"`                // their paths
	Run          string   `json:"run"`                  // the last that held them
	Unreadable   bool     `json:"unreadable,omitempty"` // something is in their place that cannot be opened
}

// Step is one stage of a run.
type Step struct {
	Name     string         `json:"name"` // collect, read, load, model, check, brief, publish, tell
	Status   string         `json:"status"`
	Started  time.Time      `json:"started_at"`
	Finished time.Time      `json:"finished_at"`
	CPU      float64        `json:"cpu_seconds,omitempty"` // of all cores, while the step ran
	Peak     int64          `json:"peak_bytes,omitempty"`  // the most memory that the process has held so far
	Counts   map[string]int `json:"counts,omitempty"`
	Error    string         `json:"error,omitempty"`
	Detail   string         `json:"error_detail,omitempty"` // what Error leaves out, for developers
}

// Statuses of a run.
const (
	StatusRunning     = "running"
	StatusPublished   = "published"
	StatusUnchanged   = "unchanged"
	StatusFailed      = "failed"
	StatusInterrupted = "interrupted"
)

// Statuses of a step: done, failed, skipped because what it needs failed, or kept because what it would make is there.
const (
	StepDone    = "done"
	StepFailed  = "failed"
	StepSkipped = "skipped"
	StepKept    = "kept"
)

// startOf is when a run began, as its record says, else as its id does: after a clock was wrong once, ids run ahead of
// it. It is the one meaning of that everywhere: for what is kept, for the words that name a run, for what is compared.
func startOf(outputs, id string) (time.Time, error) {
	r, ok, err := Find(outputs, id)
	if err != nil || ok && !r.Started.IsZero() {
		return r.Started, err
	}
	at, err := time.Parse(idForm, id)
	if err != nil {
		return at, fmt.Errorf("reading the id of run %s: %w", id, err)
	}
	return at, nil
}

// Errors is the number of findings of severity error that remain.
func (r *Run) Errors() int { return r.Findings[record.Error] }

// Warnings is the number of findings of severity warning that remain.
func (r *Run) Warnings() int { return r.Findings[record.Warning] }

// Good reports a run that published, or had nothing to publish because nothing had changed.
func (r *Run) Good() bool { return r.Status == StatusPublished || r.Status == StatusUnchanged }

// Failures are the steps that failed.
func (r *Run) Failures() []Step {
	var out []Step
	for _, s := range r.Steps {
		if s.Status == StepFailed {
			out = append(out, s)
		}
	}
	return out
}

// idForm is how the id of a run is written: its start in UTC.
const idForm = "20060102T150405Z"

// Named is a run as people are told of it, by its start in their zone: 令和8年11月30日 11時49分の実行（20261130T024949Z）.
// What is no id of a run is told as it is.
func Named(id string, zone *time.Location) string {
	at, err := time.Parse(idForm, id)
	if err != nil {
		return "実行 " + id
	}
	at = at.In(zone)
	return fmt.Sprintf("%s %d時%02d分の実行（%s）", fiscal.WarekiDate(at), at.Hour(), at.Minute(), id)
}

// New begins the record of a run. It names it by its start. Ids never go back, though a clock may: the order of runs is
// the order of their ids.
func New(outputs string, now time.Time, kind, trigger, version string) (*Run, error) {
	now = now.UTC()
	r := &Run{
		Kind: kind, Trigger: trigger, Status: StatusRunning, Version: version, Process: os.Getpid(), Started: now,
		Findings: map[string]int{},
	}
	last, err := lastID(outputs)
	if err != nil {
		return nil, err
	}
	if r.ID = now.Format(idForm); r.ID > last {
		return r, nil
	}
	at, err := time.Parse(idForm, last)
	if err != nil {
		return nil, fmt.Errorf("reading the id of run %s: %w", last, err)
	}
	if at.Sub(now) > time.Minute {
		r.Notes = append(r.Notes, "時計が前の実行（"+last+"）より前を指しています。サーバの時刻合わせを確かめてください。実行の番号は前の続きにしました。")
	}
	r.ID = at.Add(time.Second).Format(idForm)
	return r, nil
}

// lastID is the newest id that is taken, by a record or by a file.
func lastID(outputs string) (string, error) {
	last := ""
	for dir, ending := range map[string]string{warehouse.Dir(outputs): ".duckdb", Dir(outputs): ".json"} {
		ids, err := idsIn(dir, ending)
		if err != nil {
			return "", err
		}
		if len(ids) > 0 {
			last = max(last, ids[0])
		}
	}
	return last, nil
}

// idsIn are the ids of runs that files of a folder are named after, newest first.
func idsIn(dir, ending string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("listing runs: %w", err)
	}
	var out []string
	for _, e := range entries {
		id, ok := strings.CutSuffix(e.Name(), ending)
		if _, err := time.Parse(idForm, id); ok && err == nil {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	slices.Reverse(out)
	return out, nil
}

// Save writes the record.
func (r *Run) Save(outputs string) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the run's record: %w", err)
	}
	return atomicfile.Write(recordPath(outputs, r.ID), append(data, '\n'))
}

// Dir is where the records of runs are kept.
func Dir(outputs string) string { return filepath.Join(outputs, "runs") }

func recordPath(outputs, id string) string { return filepath.Join(Dir(outputs), id+".json") }

// SummaryPath is where the summary of a run is kept: what people were told of it.
func SummaryPath(outputs, id string) string { return filepath.Join(Dir(outputs), id+".txt") }

// LogPath is where the log of a run is kept.
func LogPath(outputs, id string) string { return filepath.Join(Dir(outputs), id+".log") }

// AddressesPath is where the table of old and new addresses of a run's papers is kept.
func AddressesPath(outputs, id string) string { return filepath.Join(Dir(outputs), id+addressesEnding) }

const addressesEnding = ".csv"

// LastAddresses is the newest run that has such a table, "" where there is none.
func LastAddresses(outputs string) (string, error) {
	ids, err := idsIn(Dir(outputs), addressesEnding)
	if err != nil || len(ids) == 0 {
		return "", err
	}
	return ids[0], nil
}

// List are the records of the newest runs, newest first, at most n. A record that cannot be read is passed over: it is
// history, not data.
func List(outputs string, n int) ([]Run, error) {
	var out []Run
	err := eachRecord(outputs, func(r Run) bool {
		out = append(out, r)
		return len(out) < n
	})
	return out, err
}

// eachRecord calls f for the records of runs, newest first, until f says that it has seen enough.
func eachRecord(outputs string, f func(r Run) (more bool)) error {
	ids, err := idsIn(Dir(outputs), ".json")
	if err != nil {
		return err
	}
	for _, id := range ids {
		r, ok, err := Find(outputs, id)
		if err != nil {
			return err
		}
		if ok && !f(r) {
			break
		}
	}
	return nil
}

// LastNight is the record of the newest nightly run; ok is false where there has been none.
func LastNight(outputs string) (last Run, ok bool, err error) {
	return newest(outputs, func(r *Run) bool { return r.Kind == KindNightly })
}

// LastGood is the record of the newest run that was good; ok is false where there has been none.
func LastGood(outputs string) (last Run, ok bool, err error) { return newest(outputs, (*Run).Good) }

// newest is the newest record of a kind.
func newest(outputs string, wanted func(r *Run) bool) (last Run, ok bool, err error) {
	err = eachRecord(outputs, func(r Run) bool {
		if ok = wanted(&r); ok {
			last = r
		}
		return !ok
	})
	return last, ok, err
}

// NothingPublished says in words for people that there is no published file: because nothing was ever published, or
// because it is gone. It wraps warehouse.ErrNothingPublished.
func NothingPublished(outputs string) error {
	last, ok, err := newest(outputs, func(r *Run) bool { return r.Status == StatusPublished })
	if err != nil || !ok {
		return &nothing{"まだ何も読み込まれていません。先に kyogikai load を実行してください。"}
	}
	current := filepath.Join(warehouse.Dir(outputs), "current.duckdb")
	return &nothing{fmt.Sprintf(
		"データのファイルがなくなっています（%s か、その指す先がありません）。最後に更新した実行は %s です。調査票と記録は無事です。"+
			"kyogikai load を実行すると、作り直して更新します。", current, last.ID,
	)}
}

// nothing is warehouse.ErrNothingPublished in words of its own.
type nothing struct{ text string }

func (e *nothing) Error() string { return e.text }
func (e *nothing) Unwrap() error { return warehouse.ErrNothingPublished }

// Began is when the oldest run began of which there is a record, as its id says; zero where there is none.
func Began(outputs string) (time.Time, error) {
	ids, err := idsIn(Dir(outputs), ".json")
	if err != nil || len(ids) == 0 {
		return time.Time{}, err
	}
	at, err := time.Parse(idForm, ids[len(ids)-1])
	if err != nil {
		return at, fmt.Errorf("reading the id of run %s: %w", ids[len(ids)-1], err)
	}
	return at, nil
}

// Kinds of runs.
const (
	KindNightly = "nightly"
	KindLoad    = "load"
	KindMerge   = "merge"
)

// Find is the record of one run; ok is false where there is none that can be read.
func Find(outputs, id string) (r Run, ok bool, err error) {
	data, err := os.ReadFile(recordPath(outputs, id))
	if errors.Is(err, fs.ErrNotExist) {
		return Run{}, false, nil
	}
	if err != nil {
		return Run{}, false, fmt.Errorf("reading a run's record: %w", err)
	}
	return r, json.Unmarshal(data, &r) == nil && r.ID != "", nil
}

// Unfinished is the newest run where it has no end: it was killed, or told to stop. The caller holds the lock, so it is
// not running any more.
func Unfinished(outputs string) (*Run, error) {
	runs, err := List(outputs, 1)
	if err != nil || len(runs) == 0 || runs[0].Status != StatusRunning && runs[0].Status != StatusInterrupted {
		return nil, err
	}
	return &runs[0], nil
}

// Published reports whether a run's file is the published one.
func Published(outputs, id string) bool {
	_, current, err := warehouse.Current(warehouse.Dir(outputs))
	return err == nil && current == id
}
