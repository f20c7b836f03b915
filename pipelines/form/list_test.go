package form

import (
	"strings"
	"testing"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
)

var cityDepartments = Masters{Departments: []record.Department{
	{Municipality: "市", Bureau: "部", Name: "まち・ひと・しごと創生課", FormerNames: "企画・調整室"},
	{Municipality: "市", Bureau: "部", Name: "総務課"},
	{Municipality: "市", Bureau: "部", Name: "人事課"},
	{Municipality: "市", Bureau: "部", Name: "図書館"},
	{Municipality: "市", Bureau: "部", Name: "こども、若者課"},
	{Municipality: "市", Bureau: "部", Name: "市民課／出張所"},
}}

// Several departments of one cell are split at every usual mark, and no name of 組織.csv is split, whatever stands in it.
func TestDepartmentsOfOneCell(t *testing.T) {
	for text, c := range map[string]struct{ read, screened, unknown string }{
		"総務課":              {"総務課", "総務課", ""},
		"総務課、人事課":          {"総務課|人事課", "総務課|人事課", ""},
		"総務課・人事課":          {"総務課|人事課", "総務課|人事課", ""},
		"総務課･人事課":          {"総務課|人事課", "総務課|人事課", ""},
		"総務課，人事課":          {"総務課|人事課", "総務課|人事課", ""},
		"総務課,人事課":          {"総務課|人事課", "総務課|人事課", ""},
		"総務課／人事課":          {"総務課|人事課", "総務課|人事課", ""},
		"総務課/人事課":          {"総務課|人事課", "総務課|人事課", ""},
		"総務課\n人事課":         {"総務課|人事課", "総務課|人事課", ""},
		"総務課　人事課":          {"総務課|人事課", "総務課|人事課", ""},
		"・総務課\n・図書館\n・人事課": {"総務課|図書館|人事課", "総務課|図書館|人事課", ""},
		"総務課、総務課":          {"総務課", "総務課", ""},
		"まち・ひと・しごと創生課":     {"まち・ひと・しごと創生課", "まち・ひと・しごと創生課", ""},
		"まち・ひと・しごと創生課・総務課": {"まち・ひと・しごと創生課|総務課", "まち・ひと・しごと創生課|総務課", ""},
		"総務課・まち・ひと・しごと創生課": {"総務課|まち・ひと・しごと創生課", "総務課|まち・ひと・しごと創生課", ""},
		"まち・ひと・\nしごと創生課":   {"まち・ひと|しごと創生課", "まち・ひと・しごと創生課", ""},
		"企画・調整室、人事課":       {"企画・調整室|人事課", "まち・ひと・しごと創生課|人事課", ""},
		"図書館・総務課":          {"図書館・総務課", "図書館|総務課", ""},
		"こども、若者課":          {"こども|若者課", "こども、若者課", ""},
		"人事課、こども、若者課":      {"人事課|こども|若者課", "人事課|こども、若者課", ""},
		"市民課／出張所":          {"市民課|出張所", "市民課／出張所", ""},
		"公園・緑地課・総務課":       {"公園・緑地課|総務課", "公園・緑地課|総務課", "公園・緑地課"},
		"総務課・財政課":          {"総務課|財政課", "総務課|財政課", "財政課"},
	} {
		t.Run(text, func(t *testing.T) {
			w := record.Workbook{Path: "inputs/市/令和7年度/部/総務課/a.csv", Municipality: "市", Department: "総務課", FiscalYear: 2025}
			quoted := strings.ReplaceAll(text, "\"", "\"\"")
			Read(loaded(t, departmentForm), &w, []byte("事業一覧\n事業名,担当課\n見守り,\""+quoted+"\"\n"), limits.Default())
			if len(w.Records) != 1 {
				t.Fatalf("%d records, %v", len(w.Records), w.Findings)
			}
			lines := func() string { return strings.ReplaceAll(w.Records[0].Value("departments"), "\n", "|") }
			if got := lines(); got != c.read {
				t.Errorf("read as %q, want %q", got, c.read)
			}
			Screen(nil, []*record.Workbook{&w}, cityDepartments)
			if got := lines(); got != c.screened {
				t.Errorf("with 組織.csv %q, want %q", got, c.screened)
			}
			var unknown []string
			for _, f := range w.Findings {
				if f.Code == finding.UnknownDepartment {
					unknown = append(unknown, f.Found)
				}
			}
			if got := strings.Join(unknown, "|"); got != c.unknown || w.Records[0].Excluded != (c.unknown != "") {
				t.Errorf("unknown are %q, want %q", got, c.unknown)
			}
		})
	}
}

const departmentForm = `id: P
name: 事業一覧
layout: table
record: programme
titles: [事業一覧]
fields:
  - {name: programme, type: name, needed: true, words: [事業名]}
  - {name: departments, type: departments, words: [担当課]}
  - {name: places, type: list, values: [山・海学校, '本館/分館'], words: [会場]}
key: [programme]
`

// A city without 組織.csv has its departments split by what their names end in.
func TestDepartmentsWithoutMasters(t *testing.T) {
	w := record.Workbook{
		Municipality: "町", Records: []record.Record{{Fields: []record.Field{
			{Name: "departments", Text: "まち・ひと・しごと創生課・税務課", Value: "まち・ひと・しごと創生課\n税務課"},
		}}},
	}
	Screen(nil, []*record.Workbook{&w}, cityDepartments)
	if got := w.Records[0].Value("departments"); got != "まち・ひと・しごと創生課\n税務課" || len(w.Findings) > 0 {
		t.Errorf("names %q, findings %v", got, w.Findings)
	}
}

// A list has one value a line, whichever mark stands between them; values that the form names are never split.
func TestListsOfValues(t *testing.T) {
	for text, want := range map[string]string{
		"中央公民館":               "中央公民館",
		"中央公民館、北公民館":          "中央公民館|北公民館",
		"中央公民館・北公民館／南公民館":     "中央公民館|北公民館|南公民館",
		"中央公民館，北公民館,南公民館":     "中央公民館|北公民館|南公民館",
		"中央公民館\n北公民館\n北公民館":   "中央公民館|北公民館",
		"山・海学校":               "山・海学校",
		"北公民館・山・海学校":          "北公民館|山・海学校",
		"本館／分館":               "本館／分館",
		"本館/別館":               "本館|別館",
		"1,000人の広場、2,000人の広場": "1,000人の広場|2,000人の広場",
		"1,00番地":              "1|00番地",
		"中央 公民館、北公民館":         "中央 公民館|北公民館",
	} {
		w := record.Workbook{Path: "a.csv", FiscalYear: 2025}
		Read(loaded(t, departmentForm), &w, []byte("事業一覧\n事業名,会場\n見守り,\""+text+"\"\n"), limits.Default())
		if len(w.Records) != 1 || len(w.Findings) > 0 {
			t.Errorf("%s: %d records, findings %v", text, len(w.Records), w.Findings)
			continue
		}
		if got := strings.ReplaceAll(w.Records[0].Value("places"), "\n", "|"); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}

// Every field of the type names departments, whatever it is called.
func TestDepartmentsOfAnotherName(t *testing.T) {
	forms := loaded(t, strings.Replace(departmentForm, "name: departments, type", "name: sections, type", 1))
	for text, want := range map[string]string{"図書館・企画・調整室": "図書館|まち・ひと・しごと創生課", "財政課": "財政課"} {
		w := record.Workbook{Path: "inputs/市/令和7年度/部/総務課/a.csv", Municipality: "市", Department: "総務課", FiscalYear: 2025}
		Read(forms, &w, []byte("事業一覧\n事業名,担当課\n見守り,"+text+"\n"), limits.Default())
		Screen(forms, []*record.Workbook{&w}, cityDepartments)
		if got := strings.ReplaceAll(w.Records[0].Value("sections"), "\n", "|"); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
		if unknown := text == "財政課"; w.Records[0].Excluded != unknown || (len(w.Findings) > 0) != unknown {
			t.Errorf("%s: findings %v", text, w.Findings)
		}
	}
}
