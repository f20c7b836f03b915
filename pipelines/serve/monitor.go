package serve

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/report"
	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/warehouse"
)

// State is what a monitor is told, in one word.
type State string

// States, the gravest last.
const (
	OK       State = "OK"
	Findings State = "FINDINGS" // something is left to be looked at: errors in workbooks, notices that were not sent
	Collect  State = "COLLECT"  // a source, or files of one, could not be collected
	Late     State = "STALE"    // a night is late, or what runs it is gone
	Broken   State = "BROKEN"   // nothing is published, or it is damaged, or the last run failed
)

var states = map[report.Grade]State{
	report.Remains: Findings, report.Collecting: Collect, report.Stale: Late, report.Broken: Broken,
}

// Verdict is what a monitor is told.
type Verdict struct {
	State         State   `json:"state"`
	Run           string  `json:"run"`            // that is published, "" for none
	Age           float64 `json:"age_hours"`      // since the last good run began, -1 where there is none
	Errors        int     `json:"errors"`         // in the workbooks, as that run counted them
	Warnings      int     `json:"warnings"`       // likewise
	SourcesFailed int     `json:"sources_failed"` // of the last night
	FilesFailed   int     `json:"files_failed"`   // of the sources that did not fail
	Concerns      int     `json:"concerns"`
	Message       string  `json:"message"` // the gravest concern, in Japanese
}

// Ill is the verdict where not even the settings can be read.
func Ill(err error) Verdict {
	return Verdict{State: Broken, Age: -1, Concerns: 1, Message: fault.Text(err)}
}

// Monitor judges what is published and what has run. It asks the database nothing: it may be called every minute.
func Monitor(ctx context.Context, env project.Env) Verdict {
	concerns, v, err := judged(ctx, env)
	if err != nil {
		concerns = append(concerns, report.Concern{Grade: report.Broken, Text: fault.Text(err)})
	}
	v.State, v.Concerns, v.Message = OK, len(concerns), "人が確かめることはありません"
	if len(concerns) == 0 {
		return v
	}
	gravest := slices.MaxFunc(concerns, func(a, b report.Concern) int { return int(a.Grade) - int(b.Grade) })
	v.State, v.Message = states[gravest.Grade], gravest.Text
	if more := len(concerns) - 1; more > 0 {
		v.Message += fmt.Sprintf("（ほかに%d件。kyogikai status）", more)
	}
	return v
}

// judged gathers what a monitor is told, and all that is of concern.
func judged(ctx context.Context, env project.Env) (concerns []report.Concern, v Verdict, err error) {
	v.Age = -1
	if v.Run, err = published(ctx, env); err != nil {
		concerns = append(concerns, report.Concern{Grade: report.Broken, Text: fault.Text(err)})
	}
	more, err := concernsOf(env)
	if err != nil {
		return concerns, v, err
	}
	if concerns = append(concerns, more...); v.Run == "" { // the records have nothing to add to that
		concerns = slices.DeleteFunc(concerns, func(c report.Concern) bool { return c.Grade < report.Stale })
	}
	last, ok, err := runs.LastGood(env.Outputs)
	if err != nil {
		return concerns, v, err
	}
	if ok {
		v.Age = env.Clock().Sub(last.Started).Hours()
		v.Errors, v.Warnings = last.Errors(), last.Warnings()
	}
	night, _, err := runs.LastNight(env.Outputs)
	for _, s := range night.Sources {
		if s.Error != "" {
			v.SourcesFailed++
		} else {
			v.FilesFailed += s.Failed
		}
	}
	return concerns, v, err
}

// published is the run that is published, with an error where its file is not what that run published.
func published(ctx context.Context, env project.Env) (run string, err error) {
	db, err := runs.Open(ctx, env.Outputs, runs.ByState)
	if err == nil {
		defer db.Close()
		return db.Run, nil
	}
	if errors.Is(err, warehouse.ErrNothingPublished) {
		return "", runs.NothingPublished(env.Outputs)
	}
	_, run, _ = warehouse.Current(env.WarehouseDir()) // the error says what is wrong
	return run, err
}

// Line is a verdict in one line: the state, what programs read, what people read.
func (v Verdict) Line() string {
	run := v.Run
	if run == "" {
		run = "-"
	}
	return fmt.Sprintf("%s run=%s age_hours=%.1f errors=%d warnings=%d sources_failed=%d files_failed=%d concerns=%d %s",
		v.State, run, v.Age, v.Errors, v.Warnings, v.SourcesFailed, v.FilesFailed, v.Concerns,
		printable.Line(strings.ReplaceAll(v.Message, "\n", " ")))
}
