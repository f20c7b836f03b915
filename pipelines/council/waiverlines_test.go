package council

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/record"
)

// Each line that is proposed waives its obstacle once a person has completed it, and none before. What nobody can
// waive, what is waived, and what another line waives already has none.
func TestWaiverLines(t *testing.T) {
	waiting := Sheet{Department: "財政課", Lines: []Line{{State: Waiting}}}
	corrected := Sheet{Department: "福祉課", Lines: []Line{{State: Waiting}, {State: Correct}}}
	changed := Sheet{Department: "税務課", Lines: []Line{{State: Changed}}}
	obstacles := slices.Concat(
		[]Obstacle{
			{Kind: ReadAnew, Target: "inputs/市/読み方.xlsx", Sheet: "表", Cell: "A1"},
			{Kind: WithError, Target: "inputs/市/票,旧.xlsx"},
			{Kind: WithError, Target: "inputs/市/票.xlsx", Sheet: "表", Cell: "D6"},
			{Kind: WithError, Target: "inputs/市/票.xlsx", Sheet: "別 表", Cell: "D6"},
			{Kind: WithError, Target: "inputs/市/票.xlsx", Sheet: "別 表", Cell: "D6"}, // of another form
			{Kind: WithError, Target: "inputs/市/表.csv", Cell: "B3"},
			{Kind: NotIn, Target: "調査票/2024/財政課"},
			{Kind: NoSource, Target: "会議/1/表/計/○"},
			{Kind: NoGlyph, Target: "😀"},
			{Kind: WithError, Target: "inputs/市/除いた.xlsx", Waiver: &record.Decision{}},
		},
		City{}.Unanswered(brief.Meeting{ID: "会議"}, []Sheet{waiting, corrected, changed}, 2),
	)
	data, n, err := WaiverLines(obstacles)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff"))).ReadAll()
	if err != nil || len(lines) != n+1 || !bytes.HasPrefix(data, []byte("\ufeffpath,cell,decision,reason,post,date\r\n")) {
		t.Fatalf("%d lines, %v:\n%s", n, err, data)
	}
	var got []string
	for _, l := range lines[1:] {
		got = append(got, strings.Join(l, "|"))
		d := record.Decision{Path: l[0], Cell: l[1], Decision: l[2], Reason: l[3], Date: l[5], Post: l[4]}
		if d.Kind() != "" || d.Lacks() == "" {
			t.Errorf("%q waives without a person", l)
		}
		d.Reason, d.Post, d.Date = "理由", "課長", "令和7年10月1日"
		if d.Kind() != "waive" || !slices.ContainsFunc(obstacles, func(o Obstacle) bool {
			return waiverOf([]record.Decision{d}, o) != nil
		}) {
			t.Errorf("%q waives nothing", l)
		}
	}
	want := []string{
		"inputs/市/票,旧.xlsx||", "inputs/市/票.xlsx|表!D6|", "inputs/市/票.xlsx|別 表!D6|", "inputs/市/表.csv|B3|", "調査票/2024/財政課||",
		"会議/1/表/計/○||", "😀||", "数値確認票/会議/財政課/第2版||",
	}
	for i := range want {
		want[i] += "除いて確定|||"
	}
	if !slices.Equal(got, want) {
		t.Errorf("\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
