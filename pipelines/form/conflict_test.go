package form

import (
	"strings"
	"testing"

	"kyogikai/pipelines/record"
)

// The comparator decides: a direction that contradicts it leaves the row out until the target's cell is confirmed.
func TestConflicts(t *testing.T) {
	for direction, conflicting := range map[string]map[string]bool{
		"上昇": {"le": true, "lt": true, "ge": false, "gt": false, "": false},
		"低下": {"le": false, "lt": false, "ge": true, "gt": true, "": false},
		"維持": {"le": false, "lt": false, "ge": false, "gt": false, "": false},
	} {
		for comparator, want := range conflicting {
			w := told("図書課", "inputs/市/R8/図書.xlsx", "direction - "+direction, "target 2026 30 分 "+comparator)
			forms := ownedForm()
			forms[0].Judge = &JudgeRule{Target: "target", Direction: "direction"}
			conflicts([]*record.Workbook{w}, forms, Masters{})
			if got := w.Records[0].Excluded; got != want || (len(w.Findings) == 1) != want {
				t.Errorf("%s with %s: left out %v, %+v", direction, comparator, got, w.Findings)
			}
			if want && (w.Findings[0].Code != "target_direction_conflict" || w.Findings[0].Cell != "C2") {
				t.Errorf("%+v", w.Findings)
			}
			w = told("図書課", "inputs/市/R8/図書.xlsx", "direction - "+direction, "target 2026 30 分 "+comparator)
			conflicts([]*record.Workbook{w}, forms, Masters{Decisions: []record.Decision{
				{Municipality: "市", Path: "図書.xlsx", Cell: "C2", Decision: "確認"},
			}})
			if w.Records[0].Excluded {
				t.Errorf("%s with %s is left out though confirmed", direction, comparator)
			}
		}
	}
}

// A target that stands over several years is one question; another text is another.
func TestConflictsAreAskedOnce(t *testing.T) {
	forms := ownedForm()
	forms[0].Judge = &JudgeRule{Target: "target", Direction: "direction"}
	five := func() *record.Workbook {
		return told("図書課", "inputs/市/R8/図書.xlsx", "direction - 上昇", "target 2026 30 分 le", "target 2027 30 分 le",
			"target 2028 25 分 le", "target 2029 20 分 ge")
	}
	w := five()
	conflicts([]*record.Workbook{w}, forms, Masters{})
	if len(w.Findings) != 2 || w.Findings[0].Cell != "C2" || w.Findings[1].Cell != "E2" {
		t.Errorf("%+v", w.Findings)
	}
	for cells, excluded := range map[string]bool{"C2": true, "E2": true, "C2 E2": false, "D2 E2": false, "F2": true} {
		w := five()
		var m Masters
		for _, cell := range strings.Fields(cells) {
			m.Decisions = append(m.Decisions, record.Decision{
				Municipality: "市", Path: "図書.xlsx", Cell: cell, Decision: "確認",
			})
		}
		conflicts([]*record.Workbook{w}, forms, m)
		if w.Records[0].Excluded != excluded {
			t.Errorf("with %s confirmed: left out %v", cells, w.Records[0].Excluded)
		}
	}
}
