package serve

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/project"
)

var jobVerbs = []string{"nightly", "collect", "load", "brief"}

// Check refuses a schedule or a job that cannot be held.
func Check(s project.Settings) error {
	if _, err := time.LoadLocation(s.Timezone); err != nil {
		return s.Wrong(printable.Sprintf("timezone「%s」がありません", s.Timezone), "timezone")
	}
	seen := map[string]bool{}
	added := len(s.AllJobs()) - len(s.Jobs) // the nightly run, where there is a schedule for it
	for i, j := range s.AllJobs() {
		place := []any{"jobs", i - added}
		if i < added {
			place = []any{"schedule"}
		}
		if says := jobFault(j, seen); says != "" {
			return s.Wrong(says, place...)
		}
		seen[j.Name] = true
	}
	return nil
}

// jobFault says why a job cannot be held, given the names of those before it.
func jobFault(j project.Job, seen map[string]bool) string {
	switch {
	case j.Name == "" || seen[j.Name]:
		return printable.Sprintf("jobs の name「%s」がないか、ほかと同じです（%s は schedule の名前です）", j.Name, project.NightlyJob)
	case !slices.Contains(jobVerbs, j.Verb):
		return printable.Sprintf("jobs「%s」の verb「%s」は使えません（%s）", j.Name, j.Verb, strings.Join(jobVerbs, "、"))
	}
	says := printable.Sprintf("schedule「%s」を読めません。", j.Schedule)
	if why := cronFault(j.Schedule); why != "" {
		return says + why
	}
	c, err := cron.ParseStandard(j.Schedule)
	switch {
	case strings.Contains(j.Schedule, "TZ="):
		return says + "時間帯は timezone に書いてください"
	case err != nil:
		return says + "分 時 日 月 曜日 の順に書いてください（例: 0 2 * * *）"
	case c.Next(time.Unix(0, 0)).IsZero():
		return says + "その日は来ません（2月30日など）。日と月を確かめてください"
	}
	return ""
}

// next is the first time after t that a schedule names, in the city's zone. The settings have been checked.
func next(s project.Settings, schedule string, t time.Time) (time.Time, error) {
	c, err := inZone(s, schedule)
	if err != nil {
		return time.Time{}, err
	}
	zone, err := time.LoadLocation(s.Timezone)
	if err != nil {
		return time.Time{}, fmt.Errorf("設定の timezone を読めません: %w", err)
	}
	return c.Next(t.In(zone)), nil
}

// Next is when the nightly run comes next, in the city's zone; zero where none is scheduled.
func Next(env project.Env) (time.Time, error) {
	var soonest time.Time
	for _, j := range env.Settings.AllJobs() {
		if j.Verb != "nightly" {
			continue
		}
		at, err := next(env.Settings, j.Schedule, env.Clock())
		if err != nil {
			return at, err
		}
		if soonest.IsZero() || at.Before(soonest) {
			soonest = at
		}
	}
	return soonest, nil
}

// times are when each job began and ended last: outputs/runs/jobs.json. Missed runs are known by them.
type times map[string]jobTimes

// jobTimes are of one job. Since is when the job was first seen with these times.
type jobTimes struct {
	When    string    `json:"when,omitempty"` // its schedule and zone; "" in what older versions wrote
	Since   time.Time `json:"since"`
	Started time.Time `json:"started_at,omitzero"`
	Ended   time.Time `json:"ended_at,omitzero"` // zero while it runs, and after a run that came to no end
}

func timesFile(env project.Env) string { return filepath.Join(env.Outputs, "runs", "jobs.json") }

func loadTimes(env project.Env) times {
	t := times{}
	if data, err := os.ReadFile(timesFile(env)); err == nil {
		_ = json.Unmarshal(data, &t) // a damaged one is begun anew
	}
	if t == nil {
		t = times{}
	}
	return t
}

func (t times) save(env project.Env) error {
	data, err := json.MarshalIndent(t, "", " ")
	if err != nil {
		return fmt.Errorf("writing the times of jobs: %w", err)
	}
	return atomicfile.Write(timesFile(env), data)
}

// keep makes the times those of the jobs of the settings.
func (t times) keep(settings project.Settings, now time.Time) {
	jobs := settings.AllJobs()
	maps.DeleteFunc(t, func(name string, _ jobTimes) bool {
		return !slices.ContainsFunc(jobs, func(j project.Job) bool { return j.Name == name })
	})
	for _, j := range jobs {
		when := j.Schedule + " " + settings.Timezone
		one, known := t[j.Name]
		if !known || one.When != "" && one.When != when {
			one.Since = now
		}
		one.When = when
		t[j.Name] = one
	}
}

// missed reports whether a job should have run since it ran last, or came to no end. A time in the future is a clock's
// mistake.
func (t times) missed(settings project.Settings, j project.Job, now time.Time) (bool, error) {
	last, known := t[j.Name]
	if !known {
		return false, nil
	}
	if !last.Started.IsZero() && last.Ended.Before(last.Started) {
		return true, nil
	}
	from := last.Since
	if last.Started.After(from) {
		from = last.Started
	}
	if from.After(now) {
		return false, nil
	}
	due, err := next(settings, j.Schedule, from)
	return err == nil && !due.After(now), err
}
