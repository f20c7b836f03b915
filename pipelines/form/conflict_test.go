package form

import (
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
