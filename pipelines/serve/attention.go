package serve

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"kyogikai/pipelines/project"
	"kyogikai/pipelines/report"
	"kyogikai/pipelines/runs"
)

// Disk is what the outputs take, in bytes.
type Disk struct {
	Runs      int   `json:"runs"` // files of published runs
	Warehouse int64 `json:"warehouse_bytes"`
	Outputs   int64 `json:"outputs_bytes"`
	Free      int64 `json:"free_bytes"` // to a user that is not root, on the disk of the outputs
}

// DiskUse measures the outputs. What cannot be read counts as nothing.
func DiskUse(env project.Env) Disk {
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

// NeedsAttention lists why the last run, or the last night, or its absence, needs a person.
func NeedsAttention(env project.Env) ([]string, error) {
	newest, err := runs.List(env.Outputs, 1)
	if err != nil {
		return nil, err
	}
	if len(newest) == 0 {
		return []string{"実行の記録がありません"}, nil
	}
	last := &newest[0]
	var out []string
	switch {
	case last.Status != runs.StatusRunning:
		out = report.Attention(last)
	case !runs.UnderWay(env.Outputs):
		out = append(out, "実行 "+last.ID+" は途中で止まっています。次の実行が続きを行います")
	case env.Clock().Sub(last.Started) > env.RunTime()+leeway:
		out = append(
			out,
			"実行 "+last.ID+
				fmt.Sprintf("（プロセス %d）が %d時間続いています。止まっていないか確かめてください", last.Process, int(env.Clock().Sub(last.Started).Hours())),
		)
	}
	night, ever, err := runs.LastNight(env.Outputs)
	if err != nil {
		return nil, err
	}
	if ever && night.ID != last.ID {
		for _, a := range report.Attention(&night) {
			if !slices.Contains(out, a) && !strings.Contains(a, "誤りが") { // how many are left, the last run knows better
				out = append(out, "夜間の実行 "+night.ID+": "+a)
			}
		}
	}
	late, err := lateNight(env, night, ever)
	if err != nil {
		return nil, err
	}
	if late != "" {
		out = append(out, late)
	}
	if d := DiskUse(env); d.Free > 0 && d.Runs > 0 && d.Free < roomFor*d.Warehouse/int64(d.Runs) {
		out = append(out, "ディスクの空きが少なくなっています。古いものを移すか、keep_runs を減らしてください")
	}
	return out, nil
}

// lateNight says that a night was due and did not come. Where there has never been one, nobody has begun to run it.
func lateNight(env project.Env, night runs.Run, ever bool) (string, error) {
	for _, j := range env.Settings.AllJobs() {
		if j.Verb != "nightly" || !ever {
			continue
		}
		due, err := next(env.Settings, j.Schedule, night.Started)
		if err != nil {
			return "", err
		}
		if env.Clock().Sub(due) > time.Hour {
			return "夜間の実行が " + due.Format("2006-01-02 15:04") + " の予定から行われていません。cron、timer、serve のどれかが動いているか確かめてください", nil
		}
	}
	return "", nil
}
