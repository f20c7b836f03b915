package project

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/notify"
	"kyogikai/pipelines/printable"
	"kyogikai/pipelines/quantity"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/yamlfile"
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

	Limits   limits.Set        `yaml:"-"`      // in force: the table with what the settings override
	Override map[string]string `yaml:"limits"` // names of limits and their values
	Notes    []string          `yaml:"-"`      // what of the settings does not hold as it is written, in Japanese

	// NegativeSigns is how a municipality prints negative numbers: ▲, △ or −, which is also that of one that is not named.
	// Papers with symbols of progress print −, since ▲ and △ are symbols there.
	NegativeSigns map[string]string `yaml:"negative_signs"`

	Contacts []Contact `yaml:"contacts"` // 担当: whom departments ask and send to

	Embedded bool `yaml:"-"` // they are the sample's in the program: the project has none of its own

	doc *yamlfile.Doc // where all of it stands; nil where no file says it
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

// LoadSettings reads kyogikai.yaml. Whatever it does not know, or cannot use, is an error with its line.
func LoadSettings(fsys fs.FS) (Settings, error) { return LoadSettingsAs(fsys, SettingsFile) }

// LoadSettingsAs reads the settings of a folder; name is how people call the file.
func LoadSettingsAs(fsys fs.FS, name string) (Settings, error) {
	name = "設定 " + name
	data, err := fs.ReadFile(fsys, SettingsFile)
	if err != nil {
		return Settings{}, fmt.Errorf("%s を読めません: %w", name, err)
	}
	s := Settings{Timezone: "Asia/Tokyo", KeepRuns: 30}
	if s.doc, err = yamlfile.Parse(name, 0, data); err != nil {
		return Settings{}, err
	}
	if s.doc.Empty() {
		return Settings{}, fmt.Errorf("%s に何も書かれていません。計画（plans）などを書くか、控えから戻してください", name)
	}
	if err := s.doc.Decode(&s, settingMeans); err != nil {
		return Settings{}, err
	}
	if err := errors.Join(
		s.setLimits(),
		s.checkRuns(),
		s.fitSources(),
		s.checkTell(),
		s.checkPlans(),
		s.checkRanks(),
		s.checkContacts(),
	); err != nil {
		return Settings{}, err
	}
	return s, nil
}

// Wrong is an error about a place of the settings: keys and numbers of items that lead to it. Where the words name a
// key at that place, the line is the key's.
func (s Settings) Wrong(says string, place ...any) error {
	if s.doc == nil {
		return fmt.Errorf("設定 %s: %s", SettingsFile, says)
	}
	return s.doc.About(says, place...)
}

// checkRuns checks what concerns runs as a whole.
func (s Settings) checkRuns() error {
	var wrong []error
	if s.KeepRuns < 1 {
		wrong = append(wrong, s.Wrong(fmt.Sprintf("keep_runs「%d」は使えません。1以上にしてください", s.KeepRuns), "keep_runs"))
	}
	if s.Memory != "" && !memoryForm.MatchString(s.Memory) {
		wrong = append(wrong, s.Wrong(printable.Sprintf("memory「%s」は 400MB か 2GB のように書いてください", s.Memory), "memory"))
	}
	if says := zoneFault(s.Timezone); says != "" {
		wrong = append(wrong, s.Wrong(says, "timezone"))
	}
	for _, city := range sortedKeys(s.NegativeSigns) {
		if sign := s.NegativeSigns[city]; !slices.Contains([]string{"▲", "△", "−"}, sign) {
			wrong = append(wrong, s.Wrong(
				printable.Sprintf("negative_signs の「%s」の「%s」は使えません（▲、△、− のいずれか）", city, sign), "negative_signs", city,
			))
		}
	}
	return errors.Join(wrong...)
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

// zoneFault says why a time zone cannot be used.
func zoneFault(zone string) string {
	if _, err := time.LoadLocation(zone); err == nil && strings.TrimSpace(zone) != "" {
		return ""
	}
	return printable.Sprintf("timezone「%s」という時間帯はありません。Asia/Tokyo（日本）のように書いてください", zone)
}

// checkSources checks the sources, each with those before it.
func (s Settings) checkSources() error {
	for i := range s.Sources {
		if err := collect.Check(s.Sources[:i+1]); err != nil {
			return s.Wrong(fault.Text(err), "sources", i)
		}
	}
	return nil
}

// checkTell checks who is told, each with those before it.
func (s Settings) checkTell() error {
	for i := range s.Tell {
		if err := notify.Check(s.Tell[:i+1]); err != nil {
			place := []any{"tell", i}
			if kind := s.Tell[i].Kind(); kind != "file" {
				place = append(place, kind)
			}
			return s.Wrong(fault.Text(err), place...)
		}
	}
	return nil
}

// Years that a plan can have.
const (
	earliestYear = 1945
	latestYear   = 2199
)

// checkPlans completes the plans and checks each.
func (s Settings) checkPlans() error {
	var wrong []error
	for i := range s.Plans {
		p := &s.Plans[i]
		refuse := func(format string, args ...any) {
			wrong = append(wrong, s.Wrong(printable.Sprintf("計画「%s」の ", p.Name)+printable.Sprintf(format, args...), "plans", i))
		}
		if p.ShareMethod == "" {
			p.ShareMethod = "largest_remainder"
		}
		if p.EndedMark == "" {
			p.EndedMark = EndedMark
		}
		if p.ShareMethod != "largest_remainder" && p.ShareMethod != "half_up" {
			refuse("share_method「%s」は使えません（largest_remainder か half_up）", p.ShareMethod)
		}
		if h := p.HoursPerPerson; (h.Hours == "") != (h.Source == "") || h.Hours != "" &&
			quantity.Parse(h.Hours).Status != quantity.Number {
			refuse("hours_per_person には、hours（数字）と source（出典）の両方を書いてください")
		}
		if lacks := p.lacks(); lacks != "" {
			wrong = append(wrong, s.Wrong(fmt.Sprintf("%d番目の計画に %sがありません", i+1, lacks), "plans", i))
		}
		switch {
		case p.FirstYear == 0 || p.LastYear < p.FirstYear:
			refuse("first_year と last_year を正しく書いてください（%d と %d になっています）", p.FirstYear, p.LastYear)
		case p.FirstYear < earliestYear:
			refuse("first_year「%d」は西暦の年度ではありません（令和2年度なら 2020）", p.FirstYear)
		case p.LastYear > latestYear:
			refuse("last_year「%d」は西暦の年度ではありません（令和2年度なら 2020）", p.LastYear)
		}
	}
	return errors.Join(wrong...)
}

// lacks names the keys without which a plan is nobody's.
func (p PlanSetting) lacks() string {
	var out []string
	for _, key := range []struct {
		name  string
		there bool
	}{{"municipality", p.Municipality != ""}, {"name", p.Name != ""}, {"forms", len(p.Forms) > 0}} {
		if !key.there {
			out = append(out, key.name+settingMeans.In("plans[]."+key.name))
		}
	}
	return strings.Join(out, "、")
}

// CheckForms refuses a plan of a form that does not exist: its figures would be in no plan.
func (s Settings) CheckForms(forms []form.Form) error {
	var ids []string
	for _, f := range forms {
		if !slices.Contains(ids, f.ID) {
			ids = append(ids, f.ID)
		}
	}
	for i, p := range s.Plans {
		for _, id := range p.Forms {
			if !slices.Contains(ids, id) {
				return s.Wrong(printable.Sprintf("計画「%s」の様式「%s」がありません。templates/forms の id（%s）から、forms に書いてください", p.Name, id,
					strings.Join(ids, "、")), "plans", i)
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
