package meetings

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kyogikai/pipelines/brief"
	"kyogikai/pipelines/council"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
)

// A refusal names the lines of 判断.csv that were meant to waive something and do not: those that lack something, and
// those that say it in other words. Lines of another city, and those that do something else, are none of them.
func TestRefusalNamesWaiversThatDoNothing(t *testing.T) {
	full := record.Decision{
		Municipality: "市", Path: "a.xlsx", Decision: "除いて確定", Reason: "廃止", Post: "課長", Date: "2025-10-01",
	}
	with := func(change func(d *record.Decision)) record.Decision {
		d := full
		change(&d)
		return d
	}
	refused := &RefusedError{Meeting: "2025-10-21", Municipality: "市"}
	refused.why(council.City{}, []record.Decision{
		full, with(func(d *record.Decision) { d.Post = " " }), with(func(d *record.Decision) { d.Decision = "除外する" }),
		with(func(d *record.Decision) { d.Municipality, d.Post = "町", "" }),
		with(func(d *record.Decision) { d.Decision = "取下げ" }),
	}, nil)
	var got []string
	for _, d := range refused.Idle {
		got = append(got, d.Decision+"/"+d.Post)
	}
	if strings.Join(got, "、") != "除いて確定/ 、除外する/課長" {
		t.Errorf("%q", got)
	}
}

// The lines that would waive what is in the way stand beside the papers, and no longer than something is.
func TestRefusalLeavesTheLinesThatWouldWaive(t *testing.T) {
	env, m := project.Env{Outputs: t.TempDir()}, brief.Meeting{ID: "2025-10-21"}
	file := filepath.Join(env.Outputs, "briefs", m.ID, council.WaiverFile)
	refused := &RefusedError{Obstacles: []council.Obstacle{
		{Kind: council.NotIn, Target: "調査票/2024/財政課"}, {Kind: council.ReadAnew, Target: "inputs/市/票.xlsx"},
	}}
	if err := refused.propose(env, m); err != nil || refused.Waivers != file || refused.Lines != 1 {
		t.Fatalf("%+v, %v", refused, err)
	}
	if data, err := os.ReadFile(file); err != nil || !strings.Contains(string(data), "調査票/2024/財政課,,除いて確定,,,\r\n") {
		t.Errorf("%s, %v", data, err)
	}
	none := &RefusedError{Obstacles: refused.Obstacles[1:]}
	if err := none.propose(env, m); err != nil || none.Waivers != "" || none.Lines != 0 {
		t.Errorf("%+v, %v", none, err)
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("the lines of before are still there: %v", err)
	}
	if err := dropWaivers(env, m); err != nil {
		t.Errorf("where there are none: %v", err)
	}
}
