package serve

import (
	"fmt"
	"io/fs"
	"slices"
	"time"

	"kyogikai/pipelines/project"
	"kyogikai/pipelines/report"
	"kyogikai/pipelines/runs"
)

// NeedsAttention lists why the last run, or the last night, or its absence, needs a person.
func NeedsAttention(env project.Env) ([]string, error) {
	concerns, err := concernsOf(env)
	return report.Texts(concerns), err
}

// concernsOf are the concerns of what has run, and of what has not.
func concernsOf(env project.Env) ([]report.Concern, error) {
	newest, err := runs.List(env.Outputs, 1)
	if err != nil {
		return nil, err
	}
	if len(newest) == 0 {
		return []report.Concern{{Grade: report.Broken, Text: "実行の記録がありません"}}, nil
	}
	last := &newest[0]
	out := ofLast(env, last)
	night, ever, err := runs.LastNight(env.Outputs)
	if err != nil {
		return nil, err
	}
	if ever && night.ID != last.ID {
		out = append(out, ofNight(&night, last, report.Texts(out))...)
	}
	late, err := lateNight(env, night, ever)
	if err != nil {
		return nil, err
	}
	if late == "" && ever {
		late = leftAlone(env, night)
	}
	if late != "" {
		out = append(out, report.Concern{Grade: report.Stale, Text: late})
	}
	if d := DiskUse(env); d.Free > 0 && d.Runs > 0 && d.Free < roomFor*d.Warehouse/int64(d.Runs) {
		out = append(out, report.Concern{
			Grade: report.Remains, Text: "ディスクの空きが少なくなっています。古いものを移すか、keep_runs を減らしてください",
		})
	}
	return out, nil
}

// ofLast are the concerns of the newest run, which may be under way.
func ofLast(env project.Env, last *runs.Run) []report.Concern {
	took := env.Clock().Sub(last.Started)
	text := ""
	switch {
	case last.Status != runs.StatusRunning:
		return report.Concerns(last)
	case !runs.UnderWay(env.Outputs):
		text = "実行 " + last.ID + " は途中で止まっています。次の実行が続きを行います"
	case took > env.RunTime()+leeway:
		text = fmt.Sprintf("実行 %s（プロセス %d）が %d時間続いています。止まっていないか確かめてください", last.ID, last.Process, int(took.Hours()))
	default:
		return nil
	}
	return []report.Concern{{Grade: report.Broken, Text: text}}
}

// ofNight are the concerns of the last night where another run came after it. What that did well since is broken no
// more; how many findings are left, it knows better.
func ofNight(night, last *runs.Run, known []string) []report.Concern {
	var out []report.Concern
	for _, c := range report.Concerns(night) {
		if slices.Contains(known, c.Text) || c.Text == report.ErrorsLeft(night.Errors()) {
			continue
		}
		if c.Grade == report.Broken && last.Good() && !paperless(night) {
			c.Grade = report.Remains
		}
		c.Text = "夜間の実行 " + night.ID + ": " + c.Text
		out = append(out, c)
	}
	return out
}

// paperless reports a night that did not make or write papers, which a load does not do either.
func paperless(night *runs.Run) bool {
	return slices.ContainsFunc(night.Failures(), func(s runs.Step) bool {
		return s.Name == "brief" || s.Name == "publish"
	})
}

// lateBy is how long after its time a night is late.
const lateBy = time.Hour

// lateNight says that a night was due and did not come, whether there has ever been one or not.
func lateNight(env project.Env, night runs.Run, ever bool) (string, error) {
	from := night.Started
	if !ever {
		began, err := runs.Began(env.Outputs)
		if err != nil {
			return "", err
		}
		from = began
	}
	for _, j := range env.Settings.AllJobs() {
		if j.Verb != "nightly" {
			continue
		}
		due, err := dueAfter(env, j, night, from)
		if err != nil {
			return "", err
		}
		if env.Clock().Sub(due) <= lateBy {
			continue
		}
		when := due.Format("2006-01-02 15:04")
		if !ever {
			return "夜間の実行が一度も行われていません（はじめの予定は " + when + " でした）。cron、timer、serve のどれかを動かしてください。" +
				"夜間の実行を使わないなら、kyogikai.yaml の schedule を消してください", nil
		}
		return "夜間の実行が " + when + " の予定から行われていません。cron、timer、serve のどれかが動いているか確かめてください", nil
	}
	return "", nil
}

// dueAfter is when a job should have come after a night began. Where the settings named other times then, those that
// they name now count from when they were written: that hides one time at most.
func dueAfter(env project.Env, j project.Job, night runs.Run, from time.Time) (time.Time, error) {
	due, err := next(env.Settings, j.Schedule, from)
	if err != nil || night.Schedule == "" || night.Schedule == env.Settings.Nights() {
		return due, err
	}
	info, err := fs.Stat(env.Project, project.SettingsFile)
	if err != nil || info.ModTime().Before(from) || info.ModTime().After(env.Clock()) {
		return due, nil //nolint:nilerr // nobody knows since when
	}
	second, err := next(env.Settings, j.Schedule, due)
	if err != nil {
		return due, err
	}
	edited, err := next(env.Settings, j.Schedule, info.ModTime())
	if err != nil || edited.After(second) {
		return second, err
	}
	return edited, nil
}

// leftAlone says that the scheduler which ran the last night runs no more.
func leftAlone(env project.Env, night runs.Run) string {
	if !byServe(env, night) || runs.Scheduled(env.Outputs) {
		return ""
	}
	return "前の夜間の実行は kyogikai serve が行いましたが、いまは serve が動いていません。" +
		"timer か cron に替えたのでなければ、serve を動かしてください"
}

// byServe reports whether a scheduler ran a night: it noted the start of a job a moment before.
func byServe(env project.Env, night runs.Run) bool {
	const moment = 5 * time.Minute
	known := loadTimes(env)
	return slices.ContainsFunc(env.Settings.AllJobs(), func(j project.Job) bool {
		took := night.Started.Sub(known[j.Name].Started)
		return j.Verb == "nightly" && took >= 0 && took < moment
	})
}

// Who runs the next night, as far as that can be seen from here.
const (
	ByServe   = "serve"   // a scheduler is running
	ByOthers  = "others"  // the last night came at its time: what ran it is expected to go on
	ByNobody  = "unknown" // a timer or a crontab cannot be seen from here
	Unplanned = ""        // none is scheduled
)

// Night is the next nightly run that the settings name.
type Night struct {
	At   time.Time // in the city's zone; zero where none is scheduled
	By   string
	Last time.Time // when the last one began, zero where there has been none
}

// NextNight is when the nightly run comes next, and whether anything is known that will run it.
func NextNight(env project.Env) (Night, error) {
	at, err := Next(env)
	if err != nil || at.IsZero() {
		return Night{}, err
	}
	n := Night{At: at, By: ByNobody}
	night, ever, err := runs.LastNight(env.Outputs)
	if err != nil {
		return n, err
	}
	if ever {
		n.Last = night.Started.In(at.Location())
	}
	late, err := lateNight(env, night, ever)
	switch {
	case err != nil:
		return n, err
	case runs.Scheduled(env.Outputs):
		n.By = ByServe
	case ever && late == "" && !byServe(env, night) && onTime(env, night):
		n.By = ByOthers
	}
	return n, nil
}

// onTime reports whether a night began at a time of the schedule, or within the hour after it.
func onTime(env project.Env, night runs.Run) bool {
	return slices.ContainsFunc(env.Settings.AllJobs(), func(j project.Job) bool {
		if j.Verb != "nightly" {
			return false
		}
		due, err := next(env.Settings, j.Schedule, night.Started.Add(-lateBy))
		return err == nil && !due.After(night.Started)
	})
}
