package form

import (
	"os"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
)

// readSheet reads a CSV by the forms shipped, in a folder of 令和8年度.
func readSheet(t *testing.T, sheet string) record.Workbook {
	t.Helper()
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	w := record.Workbook{Path: "inputs/市/令和8年度/部/課/調査票.csv", FiscalYear: 2026}
	Read(forms, &w, []byte(sheet), limits.Default())
	return w
}

// statesOf are the fields of states of a file, in their order.
func statesOf(w *record.Workbook) []record.Field {
	var out []record.Field
	for i := range w.Records {
		for _, f := range w.Records[i].Fields {
			if strings.HasSuffix(f.Name, stateSuffix) {
				out = append(out, f)
			}
		}
	}
	return out
}

// A column of states is read beside the answers, for the year of its head, and is never taken for an answer.
func TestAnswerStates(t *testing.T) {
	const initiatives = "行財政改革取組状況調査票\n改革の柱,推進項目,取組名,令和8年度進捗,令和8年度進捗の回答状況," +
		"令和8年度自己評価,令和8年度自己評価回答状況,開始年度\n"
	const indicators = "成果指標調査票\n指標名,種別,単位,方向性,令和7年度実績値,令和8年度実績値,令和8年度実績値の回答状況\n"
	cases := map[string]struct {
		sheet    string
		want     []string // name/scope=value@cell
		code     string   // of the only finding
		excluded bool
	}{
		"each word": {
			sheet: indicators + "a,成果,人,増加,1,,該当なし\nb,成果,人,増加,1,2,集計中\nc,成果,人,増加,1,,終了\nd,成果,人,増加,1,, 取下げ　\n",
			want: []string{
				"actual_state/2026=該当なし@G3", "actual_state/2026=集計中@G4", "actual_state/2026=終了@G5",
				"actual_state/2026=取下げ@G6",
			},
		},
		"blank":          {sheet: indicators + "a,成果,人,増加,1,3,\nb,成果,人,増加,1,4,－\n"},
		"with a number":  {sheet: indicators + "a,成果,人,増加,1,3,集計中\n", want: []string{"actual_state/2026=集計中@G3"}},
		"other spelling": {sheet: indicators + "a,成果,人,増加,1,,取り下げ\n", want: []string{"actual_state/2026=取下げ@G3"}},
		"another word": {
			sheet: indicators + "a,成果,人,増加,1,3,検討中\n", want: []string{"actual_state/2026=検討中@G3"},
			code: finding.SymbolUnknown, excluded: true,
		},
		"instead of what is required": {
			sheet: initiatives + "柱1 a,1 b,窓口,,集計中,,該当なし,令和5年度\n",
			want:  []string{"progress_state/2026=集計中@E3", "self_rating_state/2026=該当なし@G3"},
		},
		"for the other field only": {
			sheet: initiatives + "柱1 a,1 b,窓口,,集計中,,,令和5年度\n", want: []string{"progress_state/2026=集計中@E3"},
			code: finding.RequiredMissing, excluded: true,
		},
		"the head over two rows": {
			sheet: "成果指標調査票\n指標名,種別,単位,方向性,令和8年度,\n,,,,実績値,実績値の回答状況\na,成果,人,増加,,集計中\n",
			want:  []string{"actual_state/2026=集計中@F4"},
		},
		"years down": {
			sheet: "成果指標調査票\n指標名,種別,単位,方向性,年度,実績値,実績値の回答状況\n" +
				"a,成果,人,増加,令和7年度,5,\na,成果,人,増加,令和8年度,,集計中\n",
			want: []string{"actual_state/2026=集計中@G4"},
		},
		"a text": {
			sheet: "デジタル推進計画取組状況調査票\n基本目標,施策,No,主な取組,令和8年度実施状況,令和8年度実施状況の回答状況,担当課\n" +
				"目標1 a,施策1 b,1,窓口,,集計中,人事課\n",
			want: []string{"status_state/2026=集計中@F3"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := readSheet(t, c.sheet)
			var got []string
			for _, f := range statesOf(&w) {
				got = append(got, f.Name+"/"+f.Scope+"="+f.Value+"@"+f.Cell)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("states %v, want %v", got, c.want)
			}
			code, excluded := "", false
			for _, f := range w.Findings {
				code += f.Code
			}
			for i := range w.Records {
				excluded = excluded || w.Records[i].Excluded
			}
			if code != c.code || excluded != c.excluded {
				t.Errorf("finding %q, left out %v; want %q, %v\n%s", code, excluded, c.code, c.excluded, saidOf(&w))
			}
		})
	}
}

// The words of a municipality for a field are those of its state too.
func TestAnswerStateOfOwnWord(t *testing.T) {
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	own, err := WithWords(forms, []Word{{Form: "A", Item: "実績値", Words: []string{"今期の数"}}})
	if err != nil {
		t.Fatal(err)
	}
	w := record.Workbook{Path: "調査票.csv", FiscalYear: 2026}
	const sheet = "成果指標調査票\n指標名,種別,単位,方向性,令和8年度今期の数,令和8年度今期の数の回答状況\na,成果,人,増加,,集計中\n"
	Read(own, &w, []byte(sheet), limits.Default())
	if got := statesOf(&w); len(got) != 1 || got[0].Value != "集計中" || got[0].Scope != "2026" {
		t.Errorf("states %v\n%s", got, saidOf(&w))
	}
}

// The states are asked beside each answer of the year, and blank.
func TestIntakeAsksStates(t *testing.T) {
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string][]string{
		"A": {"令和8年度実績値の回答状況"}, "B": {"令和8年度進捗の回答状況", "令和8年度自己評価の回答状況"},
		"D": {"令和8年度実施状況・実施予定の回答状況"}, "F": nil,
	} {
		f := &forms[slices.IndexFunc(forms, func(f Form) bool { return f.ID == id })]
		r := record.Record{Form: id, Kind: f.Record, FiscalYear: 2025, Key: "a"}
		s := f.Intake(asker(2026), []record.Record{r})
		var got []string
		for j, c := range s.Columns {
			if !strings.HasSuffix(c.Head, stateWords[0]) {
				continue
			}
			got = append(got, c.Head)
			if before := s.Columns[j-1]; before.Head+stateWords[0] != c.Head || !strings.Contains(before.NoValue, "回答状況") {
				t.Errorf("%s: %q stands beside %q, which says %q", id, c.Head, before.Head, before.NoValue)
			}
			if cell := s.Rows[0][j]; !cell.Open || cell.Text != "" || !slices.Equal(c.Choices, AnswerStates) {
				t.Errorf("%s: %+v of %v", id, cell, c.Choices)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s asks %v, want %v", id, got, want)
		}
		for _, c := range s.Columns {
			if number := strings.HasSuffix(c.Head, "値") || strings.HasSuffix(c.Head, "額") || c.Head == "収納率"; c.Right != number {
				t.Errorf("%s: %s stands right: %v", id, c.Head, c.Right)
			}
		}
	}
}

// What need not be answered, or is of no year, has no state.
func TestFieldsWithoutState(t *testing.T) {
	for _, rule := range []FieldRule{
		{Name: "v", Words: []string{"値"}, Asked: true, Scoped: true},
		{Name: "v", Words: []string{"値"}, Asked: true, Needed: true},
		{Name: "v", Words: []string{"値"}, Scoped: true, Needed: true},
	} {
		if got := stateRules([]FieldRule{rule}); len(got) > 0 {
			t.Errorf("%+v has %v", rule, got)
		}
	}
}
