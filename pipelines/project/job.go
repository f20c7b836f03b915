package project

// Job is something that is run by the clock.
type Job struct {
	Name     string   `yaml:"name"`
	Schedule string   `yaml:"schedule"` // 分 時 日 月 曜日, in the zone of the settings
	Verb     string   `yaml:"verb"`     // nightly, collect, load, brief
	Args     []string `yaml:"args"`
}

// NightlyJob is what the setting schedule runs.
const NightlyJob = "夜間"

// AllJobs are the nightly run and those that the settings add.
func (s Settings) AllJobs() []Job {
	if s.Schedule == "" {
		return s.Jobs
	}
	return append([]Job{{Name: NightlyJob, Schedule: s.Schedule, Verb: "nightly"}}, s.Jobs...)
}
