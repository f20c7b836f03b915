package nightly

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Job is something that is run by the clock.
type Job struct {
	Name     string   `yaml:"name"`
	Schedule string   `yaml:"schedule"` // 分 時 日 月 曜日, in the zone of the settings
	Verb     string   `yaml:"verb"`     // nightly, collect, load, brief
	Args     []string `yaml:"args"`
}

// nightlyJob is what the setting schedule runs.
const nightlyJob = "夜間"

var jobVerbs = []string{"nightly", "collect", "load", "brief"}

// jobs are the nightly run and those that the settings add.
func (s Settings) jobs() []Job {
	if s.Schedule == "" {
		return s.Jobs
	}
	return append([]Job{{Name: nightlyJob, Schedule: s.Schedule, Verb: "nightly"}}, s.Jobs...)
}

func (s Settings) checkJobs() error {
	if _, err := time.LoadLocation(s.Timezone); err != nil {
		return fmt.Errorf("timezone「%s」がありません", s.Timezone)
	}
	seen := map[string]bool{}
	for _, j := range s.jobs() {
		switch {
		case j.Name == "" || seen[j.Name]:
			return fmt.Errorf("jobs の name「%s」がないか、ほかと同じです（%s は schedule の名前です）", j.Name, nightlyJob)
		case !slices.Contains(jobVerbs, j.Verb):
			return fmt.Errorf("jobs「%s」の verb「%s」は使えません（%s）", j.Name, j.Verb, strings.Join(jobVerbs, "、"))
		}
		seen[j.Name] = true
		if _, err := cron.ParseStandard(j.Schedule); err != nil || strings.Contains(j.Schedule, "TZ=") {
			return fmt.Errorf("schedule「%s」を読めません（分 時 日 月 曜日 の順に書いてください）", j.Schedule)
		}
	}
	return nil
}

// next is the first time after t that a schedule names, in the city's zone. The settings have been checked.
func (s Settings) next(schedule string, t time.Time) (time.Time, error) {
	c, err := cron.ParseStandard(schedule)
	if err != nil {
		return time.Time{}, fmt.Errorf("schedule「%s」を読めません: %w", schedule, err)
	}
	zone, err := time.LoadLocation(s.Timezone)
	if err != nil {
		return time.Time{}, fmt.Errorf("設定の timezone を読めません: %w", err)
	}
	return c.Next(t.In(zone)), nil
}

// Next is when the nightly run comes next, in the city's zone; zero where none is scheduled.
func Next(env Env) (time.Time, error) {
	var soonest time.Time
	for _, j := range env.Settings.jobs() {
		if j.Verb != "nightly" {
			continue
		}
		at, err := env.Settings.next(j.Schedule, env.Clock())
		if err != nil {
			return at, err
		}
		if soonest.IsZero() || at.Before(soonest) {
			soonest = at
		}
	}
	return soonest, nil
}

// started is when each job was started last, or first seen: outputs/runs/jobs.json. Missed runs are known by it.
type started map[string]time.Time

func startedFile(env Env) string { return filepath.Join(env.Outputs, "runs", "jobs.json") }

func loadStarted(env Env) started {
	s := started{}
	if data, err := os.ReadFile(startedFile(env)); err == nil {
		_ = json.Unmarshal(data, &s) // a damaged one is begun anew
	}
	if s == nil {
		s = started{}
	}
	return s
}

func (s started) save(env Env) error {
	data, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return fmt.Errorf("writing the times of jobs: %w", err)
	}
	return writeFile(startedFile(env), data)
}

// missed reports whether a job should have run since it was started last. A time in the future is a clock's mistake.
func (s started) missed(settings Settings, j Job, now time.Time) (bool, error) {
	last, known := s[j.Name]
	if !known || last.After(now) {
		return false, nil
	}
	due, err := settings.next(j.Schedule, last)
	return err == nil && !due.After(now), err
}
