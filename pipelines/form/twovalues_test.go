package form

import (
	"testing"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/record"
)

// Of two values of one unit a confirmation that names one of them decides; one that names none, or another, or both,
// settles nothing.
func TestChooseOneOfTwoValues(t *testing.T) {
	for _, c := range []struct {
		decisions []string
		want      string
	}{
		{nil, ""}, {[]string{"確認"}, ""}, {[]string{"確認 11回"}, "11"}, {[]string{"確認（2回）"}, "2"}, {[]string{"確認：11"}, "11"},
		{[]string{"確認 3回"}, ""}, {[]string{"確認 11人"}, ""}, {[]string{"確認 11回", "確認 2回"}, ""}, {[]string{"取下げ 11回"}, ""},
		{[]string{"確認 11回", "確認 11 回"}, "11"},
	} {
		w := &record.Workbook{
			Path: "inputs/市/R8/a.xlsx", Municipality: "市", Records: []record.Record{{Fields: []record.Field{
				{Name: "target", Scope: "2026", Text: "2回 11回", Unit: "回", Second: "11", SecondUnit: "回", Sheet: "S", Cell: "C2"},
			}}},
			Findings: []record.Finding{finding.New(finding.ValueAmbiguous, "S", "C2", "2回 11回", "11回")},
		}
		var m Masters
		for _, d := range c.decisions {
			m.Decisions = append(m.Decisions, record.Decision{Municipality: "市", Path: "a.xlsx", Cell: "S!C2", Decision: d})
		}
		m.choose(w)
		if got := w.Records[0].Fields[0].Value; got != c.want || (len(w.Findings) == 0) != (c.want != "") {
			t.Errorf("%q: %q, want %q, findings %+v", c.decisions, got, c.want, w.Findings)
		}
	}
}

// The chosen value brings its own 以上 or 以下: without it a target of 5件以下 would be judged by the direction.
func TestChooseKeepsTheComparator(t *testing.T) {
	for decision, want := range map[string][2]string{
		"確認 3件": {"3", "ge"}, "確認 5件": {"5", "le"}, "確認 5件以下": {"5", "le"},
	} {
		w := &record.Workbook{Path: "a.xlsx", Municipality: "市", Records: []record.Record{{Fields: []record.Field{
			{Name: "target", Scope: "2026", Text: "3件以上 5件以下", Unit: "件", Second: "5", SecondUnit: "件", Cell: "C2"},
		}}}}
		m := Masters{Decisions: []record.Decision{{Municipality: "市", Path: "a.xlsx", Cell: "C2", Decision: decision}}}
		m.choose(w)
		if f := w.Records[0].Fields[0]; f.Value != want[0] || f.Comparator != want[1] {
			t.Errorf("%s: %s %s, want %v", decision, f.Value, f.Comparator, want)
		}
	}
}
