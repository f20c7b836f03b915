package begin

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/fiscal"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/project"
)

// City is what a new city says of itself.
type City struct {
	Name        string
	Plan        string
	First, Last int // fiscal years of the plan
	Forms       []form.Form
	Year        int       // the first that is asked about
	Due         time.Time // until when the departments answer
	Departments []Department
}

// Files are the city's lists, and an empty folder for each department's workbooks of the first year.
func (c City) Files(inputs string) ([]File, error) {
	home := filepath.Join(inputs, c.Name)
	organisation := [][]string{{"部", "課", "表示順", "旧名称"}}
	owed := [][]string{{"様式", "年度", "部", "課", "提出期限"}}
	for i, d := range c.Departments {
		organisation = append(organisation, []string{d.Bureau, d.Name, strconv.Itoa((i + 1) * 10), ""})
	}
	for _, f := range c.Forms {
		for _, d := range c.Departments {
			owed = append(owed, []string{f.Name, fiscal.Wareki(c.Year), d.Bureau, d.Name, fiscal.WarekiDate(c.Due)})
		}
	}
	var out []File
	for _, list := range []struct {
		name string
		rows [][]string
	}{{collect.Organisation, organisation}, {collect.Submissions, owed}} {
		data, err := masterCSV(list.rows)
		if err != nil {
			return nil, err
		}
		out = append(out, File{filepath.Join(home, list.name), data})
	}
	for _, d := range c.Departments {
		out = append(out, File{Path: filepath.Join(home, fiscal.Wareki(c.Year), d.Bureau, d.Name)})
	}
	return out, nil
}

// masterCSV is a list as Excel opens it: UTF-8 with its mark.
func masterCSV(rows [][]string) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("\ufeff")
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("writing a list: %w", err)
	}
	return out.Bytes(), nil
}

// planLines are the lines of the city's plan in kyogikai.yaml, under plans:.
func (c City) planLines(indent string) string {
	var ids []string
	for _, f := range c.Forms {
		ids = append(ids, f.ID)
	}
	lines := fmt.Sprintf(`- municipality: %s
  name: %s
  forms: [%s]   # %s
  first_year: %d   # %s
  last_year: %d    # %s
`, quoted(c.Name), quoted(c.Plan), strings.Join(ids, ", "), c.formNames(), c.First, fiscal.Wareki(c.First), c.Last,
		fiscal.Wareki(c.Last))
	return indent + strings.ReplaceAll(strings.TrimSuffix(lines, "\n"), "\n", "\n"+indent) + "\n"
}

func (c City) formNames() string {
	var names []string
	for _, f := range c.Forms {
		names = append(names, f.Name)
	}
	return strings.Join(names, "、")
}

// Settings is a kyogikai.yaml of the city alone.
func (c City) Settings() string {
	return `# 設定。「#」から後ろは注。ほかに書けることは docs/運用手引.md にある。
timezone: Asia/Tokyo
# contacts:                  # 担当。調査票と依頼文に、照会先と送り先を載せる
#   - {municipality: ` + quoted(c.Name) + `, name: 企画部企画課, phone: 内線 2345, send_to: 共有フォルダ「調査票提出」, return_days: 7}
plans:
` + c.planLines("  ")
}

// Added are the lines that a person adds to a kyogikai.yaml for the city's plan: under its line plans:, or with one at
// its end. The file itself is not changed; it is an error where its settings could not be read with the lines.
func (c City) Added(settings []byte, name string) (lines string, under bool, err error) {
	rows := strings.SplitAfter(strings.ReplaceAll(string(settings), "\r\n", "\n"), "\n")
	at, indent := -1, "  "
	for i, row := range rows {
		row = strings.TrimRight(row, "\n")
		said := strings.TrimSpace(strings.TrimSuffix(row, comment(row)))
		if at >= 0 && said != "" {
			if strings.HasPrefix(said, "-") {
				indent = row[:len(row)-len(strings.TrimLeft(row, " "))]
			}
			break
		}
		if said == "plans:" && strings.HasPrefix(row, "plans:") {
			at = i
		}
	}
	lines = c.planLines(indent)
	text := strings.TrimRight(strings.Join(rows, ""), "\n") + "\nplans:\n" + lines
	if under = at >= 0; under {
		text = strings.TrimRight(strings.Join(rows[:at+1], ""), "\n") + "\n" + lines + strings.Join(rows[at+1:], "")
	} else {
		lines = "plans:\n" + lines
	}
	if _, err := project.LoadSettingsAs(oneFile{[]byte(text)}, name); err != nil {
		return "", under, fmt.Errorf("%s に計画を加えると読めなくなるので、何も書いていません。次を直してください: %w", name, err)
	}
	return lines, under, nil
}

// Clash names the form of the city's plan that another of its plans has already: a form belongs to one plan.
func (c City) Clash(plans []project.PlanSetting) string {
	for _, p := range plans {
		if p.Municipality != c.Name {
			continue
		}
		for _, f := range c.Forms {
			for _, id := range p.Forms {
				if id == f.ID {
					return fmt.Sprintf("「%s」の様式 %s（%s）は、計画「%s」のものとして設定にあります。一つの様式は一つの計画に属します",
						c.Name, f.ID, f.Name, p.Name)
				}
			}
		}
	}
	return ""
}

// Templates are the program's own forms and words, for a project that has no templates: one that has some uses none of
// the program's.
func Templates(embedded fs.FS, dir string) ([]File, error) {
	var out []File
	err := fs.WalkDir(embedded, "templates", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name != "templates" && name != "templates/forms" {
				return fs.SkipDir
			}
			return nil
		}
		data, err := fs.ReadFile(embedded, name)
		out = append(out, File{filepath.Join(dir, filepath.FromSlash(name)), data})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the program's own templates: %w", err)
	}
	for _, folder := range []string{"templates/briefs", "templates/meetings"} {
		out = append(out, File{Path: filepath.Join(dir, filepath.FromSlash(folder))})
	}
	return out, nil
}

// AskedForms are the forms that a department can be asked with: each once, without those that the program itself hands
// out.
func AskedForms(forms []form.Form) []form.Form {
	var out []form.Form
	seen := map[string]bool{}
	for i := range forms {
		if f := &forms[i]; !seen[f.ID] && f.IsSurvey() {
			seen[f.ID] = true
			out = append(out, *f)
		}
	}
	return out
}

// Years reads the years of a plan: 令和7年度-令和10年度, 令和7年度～令和10年度, 2025-2028.
func Years(text string) (first, last int, ok bool) {
	for _, between := range []string{"から", "～", "〜", "~", "－", "―", "–", "—", "-", "、", ","} {
		a, b, found := strings.Cut(text, between)
		if !found {
			continue
		}
		first, one := Year(a)
		last, two := Year(strings.TrimSuffix(strings.TrimSpace(b), "まで"))
		if one && two {
			return first, last, last >= first
		}
	}
	return 0, 0, false
}

// Year reads a fiscal year as people type it: 令和7年度, R7, 2025.
func Year(text string) (int, bool) {
	text = strings.TrimSpace(text)
	if y, ok := fiscal.ParseYear(text); ok {
		return y, true
	}
	return fiscal.ParseYear(text + "年度")
}

// oneFile is a project of nothing but its settings.
type oneFile struct{ data []byte }

func (o oneFile) Open(name string) (fs.File, error) {
	if path.Base(name) != project.SettingsFile {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &readFile{Reader: bytes.NewReader(o.data), name: name}, nil
}

type readFile struct {
	*bytes.Reader
	name string
}

func (f *readFile) Stat() (fs.FileInfo, error) { return nil, fs.ErrInvalid }
func (f *readFile) Close() error               { return nil }
