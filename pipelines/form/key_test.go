package form

import (
	"testing"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/record"
)

// coded is a workbook of one indicator for each number.
func coded(f *Form, path string, codes ...string) *record.Workbook {
	w := &record.Workbook{
		Municipality: "市", Department: "課", FiscalYear: 2026, Path: path, Status: record.StatusRead, Forms: []string{"A"},
	}
	for _, code := range codes {
		r := record.Record{Form: "A", Kind: "indicator", FiscalYear: 2026, Cell: "A" + code, Fields: []record.Field{
			{Name: "code", Text: code, Value: code}, {Name: "indicator", Text: "利用 件数", Value: "利用 件数"},
		}}
		r.Key = f.key(&r)
		w.Records = append(w.Records, r)
	}
	return w
}

// ①-1 and 1-1 are two keys: neither rows that are there twice nor versions of one answer. １－１ and 1 - 1 are 1-1.
func TestKeysOfCircledNumbers(t *testing.T) {
	f := &Form{ID: "A", Record: "indicator", Key: []string{"code", "indicator"}}
	for code, same := range map[string]bool{
		"①-1": false, "⑴-1": false, "1-①": false, "１－１": true, "1 - 1": true, "1-1": true,
	} {
		w := coded(f, "a.xlsx", "1-1", code)
		duplicates(w)
		if twice := len(w.Findings) > 0; twice != same || same && w.Findings[0].Code != finding.DuplicateRow {
			t.Errorf("%s beside 1-1: %+v", code, w.Findings)
		}
		if w.Records[0].Excluded != same || w.Records[1].Excluded != same {
			t.Errorf("%s beside 1-1: left out %v, %v", code, w.Records[0].Excluded, w.Records[1].Excluded)
		}
		a, b := coded(f, "a.xlsx", "1-1"), coded(f, "b.xlsx", code)
		versions([]*record.Workbook{a, b})
		rivals := len(a.Findings) > 0 && len(b.Findings) > 0
		if rivals != same || rivals && a.Status != record.StatusLeftOut {
			t.Errorf("%s in another file: %+v %+v", code, a.Findings, b.Findings)
		}
	}
}

// The plan of the settings is a part of the key, folded as the rest is.
func TestPlansOfSettingsAreKeyed(t *testing.T) {
	forms := []Form{{ID: "A", Record: "indicator", Key: []string{"plan", "code"}}}
	of := record.Record{Form: "A", Kind: "indicator", Key: "|①-1"}
	books := []*record.Workbook{{Municipality: "市", Records: []record.Record{of}}}
	SetPlans(forms, books, func(string, string) string { return "第②次　計画" })
	if got := books[0].Records[0].Key; got != "第②次計画|①-1" {
		t.Errorf("%q", got)
	}
}
