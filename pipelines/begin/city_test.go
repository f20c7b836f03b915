package begin

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kyogikai/pipelines/form"
	"kyogikai/pipelines/project"
)

func newCity(t *testing.T) City {
	t.Helper()
	forms, err := form.Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	c := City{
		Name: "みどり市", Plan: "計画 'あ' # 1", First: 2025, Last: 2028, Year: 2025, Due: day(t, "2026-04-24"),
		Departments: []Department{{"総務部", "総務課"}, {"福祉部", "福祉課"}},
	}
	asked := AskedForms(forms)
	ids := ""
	for _, f := range asked {
		ids += f.ID
		if f.ID == "A" || f.ID == "D" {
			c.Forms = append(c.Forms, f)
		}
	}
	if ids != "ABCDEF" {
		t.Fatalf("forms to choose from: %s", ids)
	}
	return c
}

// The lists are those that the sample cities have: marked UTF-8, a line for each department and for each form that it
// owes.
func TestListsOfACity(t *testing.T) {
	files, err := newCity(t).Files("inputs")
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]string{}
	for _, f := range files {
		byName[filepath.ToSlash(f.Path)] = string(f.Data)
	}
	for name, want := range map[string]string{
		"inputs/みどり市/組織.csv": "部,課,表示順,旧名称\r\n総務部,総務課,10,\r\n福祉部,福祉課,20,\r\n",
		"inputs/みどり市/提出対象.csv": "様式,年度,部,課,提出期限\r\n" +
			"成果指標調査票,令和7年度,総務部,総務課,令和8年4月24日\r\n成果指標調査票,令和7年度,福祉部,福祉課,令和8年4月24日\r\n" +
			"デジタル推進計画取組状況調査票,令和7年度,総務部,総務課,令和8年4月24日\r\nデジタル推進計画取組状況調査票,令和7年度,福祉部,福祉課,令和8年4月24日\r\n",
		"inputs/みどり市/令和7年度/福祉部/福祉課": "",
	} {
		text, there := byName[name]
		if want != "" {
			want = "\ufeff" + want
		}
		if !there || text != want {
			t.Errorf("%s: %v\n%q", name, there, text)
		}
	}
	sample, err := os.ReadFile("../../inputs/八戸市/提出対象.csv")
	if err != nil {
		t.Fatal(err)
	}
	head := func(s string) string { first, _, _ := strings.Cut(s, "\n"); return first }
	if head(string(sample)) != head(byName["inputs/みどり市/提出対象.csv"]) {
		t.Error("the head is another than the sample's")
	}
	rows, err := csv.NewReader(strings.NewReader(byName["inputs/みどり市/提出対象.csv"])).ReadAll()
	if err != nil || len(rows) != 5 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

// With the lines that are printed, settings of any shape can be read and have the plan; where they could not, it is
// said.
func TestLinesOfAPlan(t *testing.T) {
	c := newCity(t)
	own, err := os.ReadFile("../../kyogikai.yaml")
	if err != nil {
		t.Fatal(err)
	}
	plan := "- municipality: 甲市\n  name: 計画\n  forms: [A]\n  first_year: 2020\n  last_year: 2024\n"
	for name, text := range map[string]string{
		"the sample's": string(own), "Windows": strings.ReplaceAll(string(own), "\n", "\r\n"), "no plans": "keep_runs: 3\n",
		"at the margin": "plans: # 計画\n" + plan,
		"deep":          "plans:\n    # 注\n    " + strings.ReplaceAll(strings.TrimSpace(plan), "\n", "\n    "),
		"its own":       c.Settings(), "last": "plans:",
	} {
		lines, under, err := c.Added([]byte(text), "kyogikai.yaml")
		if err != nil || under != (name != "no plans") {
			t.Errorf("%s: %v, %v", name, under, err)
			continue
		}
		text = strings.ReplaceAll(text, "\r\n", "\n")
		if under { // as a person does it
			at := strings.Index("\n"+text, "\nplans:")
			end := at + strings.IndexByte(text[at:]+"\n", '\n')
			text = text[:end] + "\n" + lines + text[min(end+1, len(text)):]
		} else {
			text += lines
		}
		s, err := project.LoadSettingsAs(oneFile{[]byte(text)}, "kyogikai.yaml")
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, text)
			continue
		}
		p := s.Plans[0]
		if p.Municipality != c.Name || p.Name != c.Plan || strings.Join(p.Forms, "") != "AD" || p.FirstYear != 2025 ||
			p.LastYear != 2028 {
			t.Errorf("%s: %+v", name, p)
		}
	}
	for _, text := range []string{"plans: []\n", "keep: 1\n"} {
		if _, _, err := c.Added([]byte(text), "kyogikai.yaml"); err == nil {
			t.Errorf("%q: the lines do not fit, and nobody says so", text)
		}
	}
	before := []project.PlanSetting{{Municipality: "みどり市", Name: "前の計画", Forms: []string{"B", "D"}}}
	if s := c.Clash(before); !strings.Contains(s, "様式 D") {
		t.Errorf("a form of two plans: %q", s)
	}
	if s := c.Clash([]project.PlanSetting{
		{Municipality: "みどり市", Forms: []string{"B"}}, {Municipality: "あお市", Forms: []string{"A"}},
	}); s != "" {
		t.Errorf("no form of two plans: %q", s)
	}
}

// A project without templates gets the program's forms and none of the sample's meetings.
func TestTemplatesOfAProject(t *testing.T) {
	files, err := Templates(os.DirFS("../.."), "市")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, f := range files {
		names[filepath.ToSlash(f.Path)] = f.Data != nil
		if strings.Contains(f.Path, "meetings/") || strings.Contains(f.Path, "briefs/") || strings.Contains(f.Path, "fonts") {
			t.Errorf("%s is the sample's", f.Path)
		}
	}
	for name, file := range map[string]bool{
		"市/templates/forms/A_成果指標調査票.yaml": true, "市/templates/用字用語.csv": true, "市/templates/briefs": false,
		"市/templates/meetings": false,
	} {
		if is, there := names[name]; !there || is != file {
			t.Errorf("%s: %v, %v", name, there, is)
		}
	}
}
