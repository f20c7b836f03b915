package project

import (
	"bytes"
	"fmt"
	"io/fs"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/notify"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/warehouse"
)

// SettingsFile is the name of the settings in the project's folder.
const SettingsFile = "kyogikai.yaml"

// Settings is kyogikai.yaml.
type Settings struct {
	Schedule string `yaml:"schedule"` // of the nightly run: 分 時 日 月 曜日
	Jobs     []Job  `yaml:"jobs"`     // beside it
	Timezone string `yaml:"timezone"`
	KeepRuns int    `yaml:"keep_runs"`
	// the most that DuckDB holds in memory while a run is made; "" takes what it needs
	Memory  string           `yaml:"memory"`
	Sources []collect.Source `yaml:"sources"`
	Tell    []notify.Channel `yaml:"tell"`
	Plans   []PlanSetting    `yaml:"plans"`

	Limits   limits.Set `yaml:"-"`      // in force: the table with what the settings override
	Override yaml.Node  `yaml:"limits"` // names of limits and their values
	Notes    []string   `yaml:"-"`      // what of the settings does not hold as it is written, in Japanese

	// NegativeSigns is how a municipality prints negative numbers: ▲, △ or −, which is also that of one that is not named.
	// Papers with symbols of progress print −, since ▲ and △ are symbols there.
	NegativeSigns map[string]string `yaml:"negative_signs"`
}

// PlanSetting says which forms of a municipality belong to a plan, and the plan's years.
type PlanSetting struct {
	Municipality string   `yaml:"municipality"`
	Name         string   `yaml:"name"`
	Forms        []string `yaml:"forms"`
	FirstYear    int      `yaml:"first_year"`
	LastYear     int      `yaml:"last_year"`
	ShareMethod  string   `yaml:"share_method"`

	CountRelisted bool   `yaml:"count_relisted"` // 再掲 rows count in the tally of progress and self-rating
	EndedMark     string `yaml:"ended_mark"`     // a project whose name holds it has ended before and is not counted

	Ranks *RankSetting `yaml:"ranks"` // 判定ランク; nil gives no ranks

	// HoursPerPerson turns hours saved into people. There is no default; the paper prints its source.
	HoursPerPerson struct {
		Hours  string `yaml:"hours"`
		Source string `yaml:"source"`
	} `yaml:"hours_per_person"`
}

// EndedMark is how departments mark a project that ended while its plan was running.
const EndedMark = "【計画終了"

var memoryForm = regexp.MustCompile(`^[1-9]\d*(\.\d+)?(MB|GB|TB|MiB|GiB|TiB)$`)

// LoadSettings reads kyogikai.yaml. An unknown key or a share method that does not exist is an error.
func LoadSettings(fsys fs.FS) (Settings, error) {
	data, err := fs.ReadFile(fsys, SettingsFile)
	if err != nil {
		return Settings{}, fmt.Errorf("設定 %s を読めません: %w", SettingsFile, err)
	}
	s := Settings{Timezone: "Asia/Tokyo", KeepRuns: 30}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&s); err != nil {
		return Settings{}, fmt.Errorf("設定 %s を読めません: %w", SettingsFile, err)
	}
	if s.KeepRuns < 1 {
		return Settings{}, fmt.Errorf("設定 %s: keep_runs は1以上にしてください", SettingsFile)
	}
	if s.Memory != "" && !memoryForm.MatchString(s.Memory) {
		return Settings{}, fmt.Errorf("設定 %s: memory「%s」は 400MB か 2GB のように書いてください", SettingsFile, s.Memory)
	}
	if s.Limits, err = overridden(s.Override); err != nil {
		return Settings{}, fmt.Errorf("設定 %s: %w", SettingsFile, err)
	}
	s.Notes = s.fitSources()
	if err := collect.Check(s.Sources); err != nil {
		return Settings{}, fmt.Errorf("設定 %s: %w", SettingsFile, err)
	}
	if err := notify.Check(s.Tell); err != nil {
		return Settings{}, fmt.Errorf("設定 %s: %w", SettingsFile, err)
	}
	for i := range s.Plans {
		p := &s.Plans[i]
		if p.ShareMethod == "" {
			p.ShareMethod = "largest_remainder"
		}
		if p.EndedMark == "" {
			p.EndedMark = EndedMark
		}
		if p.ShareMethod != "largest_remainder" && p.ShareMethod != "half_up" {
			return Settings{}, fmt.Errorf("設定 %s: 計画「%s」の share_method「%s」は使えません（largest_remainder か half_up）",
				SettingsFile, p.Name, p.ShareMethod)
		}
		if h := p.HoursPerPerson; (h.Hours == "") != (h.Source == "") || h.Hours != "" &&
			quantity.Parse(h.Hours).Status != quantity.Number {
			return Settings{}, fmt.Errorf(
				"設定 %s: 計画「%s」の hours_per_person には、hours（数字）と source（出典）の両方を書いてください", SettingsFile, p.Name,
			)
		}
		if p.FirstYear == 0 || p.LastYear < p.FirstYear {
			return Settings{}, fmt.Errorf("設定 %s: 計画「%s」の first_year と last_year を正しく書いてください", SettingsFile, p.Name)
		}
	}
	for city, sign := range s.NegativeSigns {
		if !slices.Contains([]string{"▲", "△", "−"}, sign) {
			return Settings{}, fmt.Errorf("設定 %s: negative_signs の「%s」の「%s」は使えません（▲、△、− のいずれか）", SettingsFile, city, sign)
		}
	}
	return s, s.checkRanks()
}

// CheckForms refuses a plan of a form that does not exist: its figures would be in no plan.
func (s Settings) CheckForms(forms []form.Form) error {
	for _, p := range s.Plans {
		for _, id := range p.Forms {
			if !slices.ContainsFunc(forms, func(f form.Form) bool { return f.ID == id }) {
				return fmt.Errorf("設定 %s: 計画「%s」の様式「%s」がありません（templates/forms の id を書いてください）", SettingsFile, p.Name, id)
			}
		}
	}
	return nil
}

// PlanRows are the plans of the settings, a row for each of their forms.
func (s Settings) PlanRows() []warehouse.Plan {
	var out []warehouse.Plan
	for _, p := range s.Plans {
		for _, form := range p.Forms {
			out = append(out, warehouse.Plan{
				Municipality: p.Municipality, Form: form, Name: p.Name, ShareMethod: p.ShareMethod,
				FirstYear: p.FirstYear, LastYear: p.LastYear,
				HoursPerPerson: quantity.Parse(p.HoursPerPerson.Hours).Value, HoursSource: p.HoursPerPerson.Source,
				CountRelisted: p.CountRelisted, EndedMark: p.EndedMark, Stated: true,
			})
		}
	}
	return out
}
