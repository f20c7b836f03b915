// Package project is what everything that runs rests on: the settings of kyogikai.yaml, and where things are.
package project

import (
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"kyogikai/pipelines/bounded"
	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/model"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/workers"
)

// Env is what a run needs from outside: where things are, what time it is, where it tells what it does.
type Env struct {
	Project  fs.FS // templates, sql and kyogikai.yaml
	Inputs   string
	Outputs  string
	AsOf     time.Time // the day on which meetings are coming or past
	Clock    func() time.Time
	Getenv   func(string) string // where the settings name a secret
	Log      *slog.Logger
	Version  string
	Settings Settings
	Progress func(Progress) // nil where nobody watches
	Orphan   func() bool    // nil, or whether the process that began this run is gone
	Usage    Usage          // nil where nobody asks what a step costs
	RunLog   RunLog         // nil where a run keeps no log beside its record
	Part     int64          // records that are computed together; 0 for the usual
	Pause    time.Duration  // between tries of what is outside; 0 for the usual
	Self     string         // the program's file, which children are started from; "" where this process does all itself
	Grace    time.Duration  // what was told to stop has to do so; 0 for the usual
}

// Usage says what the process has used so far: time on all cores, and the most memory in bytes.
type Usage func() (cpu time.Duration, peak int64)

// RunLog writes a log for people to w.
type RunLog func(w io.Writer) *slog.Logger

// PartSize is how many records are computed together.
func (e Env) PartSize() int64 {
	if e.Part > 0 {
		return e.Part
	}
	return model.PartSize
}

// PauseOr is the pause between tries of what is outside: the usual one, unless another is set.
func (e Env) PauseOr(usual time.Duration) time.Duration {
	if e.Pause > 0 {
		return e.Pause
	}
	return usual
}

// Children are as many children of this program as there are cores, which do one kind of work each within the limits of
// reading a workbook; nil where there are none.
func (e Env) Children(kind string, setup []byte) *workers.Pool {
	if e.Self == "" {
		return nil
	}
	l := e.Settings.Limits
	return workers.New(
		func() *exec.Cmd { return exec.Command(e.Self, WorkerVerb, kind) }, runtime.GOMAXPROCS(0),
		bounded.Limits{Memory: l.ReadingMemory, CPU: l.ReadingCPU, Time: l.ReadingTime}, setup,
	)
}

// WorkerVerb is the verb by which children are started; nobody types it.
const WorkerVerb = "worker"

// RunTime is how long one run may take.
func (e Env) RunTime() time.Duration {
	if e.Settings.Limits.RunTime > 0 {
		return e.Settings.Limits.RunTime
	}
	return limits.Default().RunTime
}

// usualGrace is how long a run that was told to stop is waited for.
const usualGrace = 5 * time.Second

// GraceOrUsual is how long a run that was told to stop is waited for: the usual time, unless another is set.
func (e Env) GraceOrUsual() time.Duration {
	if e.Grace > 0 {
		return e.Grace
	}
	return usualGrace
}

// WarehouseDir is where the warehouse files are.
func (e Env) WarehouseDir() string { return warehouse.Dir(e.Outputs) }

// FinalDir is where the final papers of meetings are, a folder each.
func (e Env) FinalDir() string { return filepath.Join(e.Outputs, "final") }

// FinalOf is where the final papers of one meeting are, a folder for each edition.
func (e Env) FinalOf(meeting string) string { return filepath.Join(e.FinalDir(), meeting) }

// LedgerDir is where a municipality's ledgers of published figures are.
func (e Env) LedgerDir(municipality string) string {
	return filepath.Join(e.Inputs, municipality, collect.Ledger)
}

// CollectDir is where collecting notes what it has pulled.
func (e Env) CollectDir() string { return filepath.Join(e.Outputs, "collect") }

// Zone is the city's time zone.
func (e Env) Zone() (*time.Location, error) {
	zone, err := time.LoadLocation(e.Settings.Timezone)
	if err != nil {
		return nil, fmt.Errorf("設定の timezone「%s」がありません", e.Settings.Timezone)
	}
	return zone, nil
}

// Report reports progress to whoever watches.
func (e Env) Report(p Progress) {
	if e.Progress != nil {
		e.Progress(p)
	}
}

// Progress tells a person how far a run is.
type Progress struct {
	Step        string
	Number, Of  int // which step of how many, when it begins
	Count, Size int // how far within the step, of how many
	What        string
	Ended       *StepEnd // set when the step has ended
}

// StepEnd is how a step ended.
type StepEnd struct {
	Status  string // done, failed, skipped, kept
	Seconds float64
	Counts  map[string]int
	Error   string
}
