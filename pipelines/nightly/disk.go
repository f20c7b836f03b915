package nightly

import (
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Disk is what the outputs take, in bytes.
type Disk struct {
	Runs      int   `json:"runs"` // files of published runs
	Warehouse int64 `json:"warehouse_bytes"`
	Outputs   int64 `json:"outputs_bytes"`
	Free      int64 `json:"free_bytes"` // to a user that is not root, on the disk of the outputs
}

// DiskUse measures the outputs. What cannot be read counts as nothing.
func DiskUse(env Env) Disk {
	var d Disk
	_ = filepath.WalkDir(env.Outputs, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return nil //nolint:nilerr // see above
		}
		if info, err := e.Info(); err == nil {
			d.Outputs += info.Size()
			if filepath.Dir(path) == env.WarehouseDir() {
				d.Warehouse += info.Size()
				if strings.HasSuffix(path, ".duckdb") {
					d.Runs++
				}
			}
		}
		return nil
	})
	var s syscall.Statfs_t
	if syscall.Statfs(env.Outputs, &s) == nil {
		d.Free = int64(s.Bavail) * s.Bsize
	}
	return d
}

// roomFor is how many times the size of the published file must be free, so that the next run has room.
const roomFor = 3

// NeedsAttention lists why the last run, or its absence, needs a person.
func NeedsAttention(env Env, runs []Run) ([]string, error) {
	if len(runs) == 0 {
		return []string{"実行の記録がありません"}, nil
	}
	last := &runs[0]
	out := Attention(last)
	if last.Status == StatusRunning {
		if syscall.Kill(last.Process, 0) != nil { // nobody of that number lives
			out = append(out, "実行 "+last.ID+" は途中で止まっています。次の実行が続きを行います")
		}
		return out, nil
	}
	night := lastNight(runs)
	for _, j := range env.Settings.jobs() {
		if j.Verb != "nightly" || night == nil {
			continue
		}
		due, err := env.Settings.next(j.Schedule, night.Started)
		if err != nil {
			return nil, err
		}
		if env.Clock().Sub(due) > time.Hour {
			out = append(out, "夜間の実行が "+due.Format("2006-01-02 15:04")+" の予定から行われていません。cron か serve が動いているか確かめてください")
		}
	}
	if d := DiskUse(env); d.Free > 0 && d.Runs > 0 && d.Free < roomFor*d.Warehouse/int64(d.Runs) {
		out = append(out, "ディスクの空きが少なくなっています。古いものを移すか、keep_runs を減らしてください")
	}
	return out, nil
}

// lastNight is the newest nightly run, nil where there is none among the runs: nobody has begun to run it by the clock.
func lastNight(runs []Run) *Run {
	for i := range runs {
		if runs[i].Trigger == "nightly" {
			return &runs[i]
		}
	}
	return nil
}
