package project

import "strings"

// Job is something that is run by the clock.
type Job struct {
	Name     string   `yaml:"name"`
	Schedule string   `yaml:"schedule"` // 分 時 日 月 曜日, in the zone of the settings
	Verb     string   `yaml:"verb"`     // nightly, collect, load, brief
	Args     []string `yaml:"args"`
}

// NightlyJob is what the setting schedule runs.
const NightlyJob = "夜間"

// Nights are the times of the nightly runs as the settings state them, with their zone: 0 2 * * * Asia/Tokyo.
func (s Settings) Nights() string {
	var out []string
	for _, j := range s.AllJobs() {
		if j.Verb == "nightly" {
			out = append(out, j.Schedule)
		}
	}
	return strings.Join(append(out, s.Timezone), " ")
}

// AllJobs are the nightly run and those that the settings add.
func (s Settings) AllJobs() []Job {
	if s.Schedule == "" {
		return s.Jobs
	}
	return append([]Job{{Name: NightlyJob, Schedule: s.Schedule, Verb: "nightly"}}, s.Jobs...)
}
