package meetings

import (
	"strings"
	"testing"

	"kyogikai/pipelines/council"
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
