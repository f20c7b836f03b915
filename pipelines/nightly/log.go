package nightly

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/report"
	"kyogikai/pipelines/runs"
)

// journal is the log that a run keeps beside its record, and which goes with it. It begins with the run's id, which may
// change while it is found out whether an earlier run can be resumed.
type journal struct {
	mu   sync.Mutex
	file *os.File // nil before it is begun, after its end, and where it cannot be kept
}

// Write adds to the log. That it cannot is no failure of the run.
func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file != nil {
		_, _ = j.file.Write(p)
	}
	return len(p), nil
}

// begin goes on in the file of a run.
func (j *journal) begin(outputs, id string) error {
	path := runs.LogPath(outputs, id)
	if err := atomicfile.MkdirAll(filepath.Dir(path)); err != nil {
		return fmt.Errorf("keeping the log of a run: %w", err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return fmt.Errorf("keeping the log of a run: %w", err)
	}
	_ = file.Chmod(0o644) // as the record, whatever the process withholds from others
	j.end()
	j.mu.Lock()
	defer j.mu.Unlock()
	j.file = file
	return nil
}

func (j *journal) end() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file != nil {
		_ = j.file.Close()
		j.file = nil
	}
}

// keepLog makes what the run says go to its log too.
func (n *night) keepLog() {
	if n.RunLog == nil {
		return
	}
	n.journal = &journal{}
	own := n.RunLog(n.journal)
	n.Log = slog.New(slog.NewMultiHandler(n.Log.Handler(), own.Handler()))
	told := n.Progress
	n.Progress = func(p project.Progress) {
		if p.Ended != nil {
			own.Info(report.StepLine(p.Step, p.Ended))
		}
		if told != nil {
			told(p)
		}
	}
	n.own = own
}

// beginLog begins the log of the run, or goes on in that of the run which is resumed.
func (n *night) beginLog(what string) {
	if n.journal == nil {
		return
	}
	if err := n.journal.begin(n.Outputs, n.run.ID); err != nil {
		n.Log.Warn("実行の記録（"+runs.LogPath(n.Outputs, n.run.ID)+"）を残せません", "error", err)
		return
	}
	n.own.Info(
		what, "run", n.run.ID, "trigger", report.TriggerName(n.run.Trigger), "process", os.Getpid(), "version", n.Version,
	)
}

// endLog says how the run ended.
func (n *night) endLog(run *runs.Run, err error) {
	if n.journal == nil {
		return
	}
	if err != nil {
		n.own.Error("終わり："+report.StatusName(run.Status)+"　"+fault.Text(err), "run", run.ID)
	} else {
		n.own.Info("終わり："+report.StatusName(run.Status), "run", run.ID, "errors", run.Errors())
	}
	n.journal.end()
}
