package form_test

import (
	"slices"
	"testing"

	"kyogikai/pipelines/form/layouttest"
	"kyogikai/pipelines/record"
)

// stating are the claims that a cell may have from which a value was taken: its own, or one that several records share.
var stating = []string{
	record.ClaimValue, record.ClaimHead, record.ClaimLabel, record.ClaimSection, record.ClaimPreamble, record.ClaimTitle,
	record.ClaimBlankMark,
}

// Every non-empty cell of a workbook of which a form was recognised has one claim, and the cells from which values were
// taken have one that states a value.
func TestClaimsOfLayouts(t *testing.T) {
	const some, mostShown = 120, 10
	faults := 0
	for n := range some {
		l := layouttest.Draw(*seed, n+1)
		w := readLayout(t, l)
		if len(w.Forms) == 0 {
			if len(w.Cells) > 0 {
				t.Errorf("layout %d: cells are kept of a workbook that is no form", l.Number)
			}
			continue
		}
		for _, f := range claimFaults(l, &w) {
			if faults++; faults <= mostShown {
				t.Errorf("layout %d: %s", l.Number, f)
			}
		}
	}
	if faults > mostShown {
		t.Errorf("and %d more", faults-mostShown)
	}
}

func claimFaults(l *layouttest.Layout, w *record.Workbook) []string {
	var faults []string
	claims := map[string]string{}
	for _, c := range w.Cells {
		at := c.Sheet + "!" + c.Ref
		if _, twice := claims[at]; twice {
			faults = append(faults, at+" is kept twice")
		}
		claims[at] = c.Claim
		if !slices.Contains(record.Claims, c.Claim) {
			faults = append(faults, at+" has the claim 「"+c.Claim+"」")
		}
		if c.Record < 0 || c.Record > len(w.Records) || (c.Record == 0) != (c.Field == "") {
			faults = append(faults, at+" serves a record or a field alone")
		}
	}
	for _, at := range l.Filled() {
		if _, kept := claims[at]; !kept {
			faults = append(faults, at+" is not among the cells")
		}
	}
	for i := range w.Records {
		for _, f := range w.Records[i].Fields {
			if at := f.Sheet + "!" + f.Cell; f.Value != "" && !slices.Contains(stating, claims[at]) {
				faults = append(faults, at+", from which "+f.Name+" was taken, has the claim 「"+claims[at]+"」")
			}
		}
	}
	return faults
}
