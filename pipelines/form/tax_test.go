package form

import (
	"os"
	"testing"

	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook/workbooktest"
)

// A settlement of taxes as cities publish it: every printed 収納率 must follow from its row, and a stale one is named.
func TestTaxSettlementChecksItsRates(t *testing.T) {
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	data := workbooktest.New(t, "Sheet1", [][]any{
		{"#property", "year", "taxItem", "taxItemContents", "carryoverClassification", "adjustedAmount", "incomeAmount",
			"nonPaymentDeficit", "unpaidIncome", "incomeRate", "comparedToThePreviousYear"},
		{1, "令和6年度", "市民税", "個人", "現年課税分", 1200, 1188, 0, 12, 99.0, 101.5},
		{2, "令和6年度", "市民税", "個人", "滞納繰越分", 700, 233, 10, 457, 33.2857142857143, 98.2},
		{3, "令和6年度", "市民税", "法人", "現年課税分", 900, 890, 1, 9, 99.0, 100.1},                      // stale: 98.9
		{4, "令和6年度", "固定資産税", "土地・家屋", "現年課税分", 3000, 2957, 3, 40, 98.5666666666667, 103.9},  // exact
		{5, "令和6年度", "固定資産税", "土地・家屋", "滞納繰越分", 3100, 2957, 3, 140, 98.5666666666667, 103.9}, // last year's
		{6, "令和6年度", "市たばこ税", "－", "滞納繰越分", 0, 0, 0, 0, "-", "-"},                            // nothing to divide by
		{7, "令和6年度", "入湯税", "－", "現年課税分", "1,000", "995", 0, 5, "99.5%", "－"},                // text
		{8, "令和6年度", "入湯税", "－", "滞納繰越分", "1,000", "9,9O", 0, 5, "99.5%", "－"},               // the letter O
	})
	w := record.Workbook{Path: "市税.xlsx", FiscalYear: 2024}
	Read(forms, &w, data)
	if len(w.Records) != 8 || w.Forms[0] != "F" {
		t.Fatalf("%d records of %v", len(w.Records), w.Forms)
	}
	var got []string
	for _, f := range w.Findings {
		got = append(got, f.Code+" "+f.Cell+" "+f.Found+" "+f.Expected)
	}
	want := []string{
		"ratio_mismatch J4 99 98.9%", "ratio_mismatch J6 98.5666666666667 95.387096774194%", "number_unreadable G9 9,9O 数値",
	}
	if len(got) != len(want) {
		t.Fatalf("findings %q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("finding %q, want %q", got[i], want[i])
		}
	}
	if w.Records[2].Excluded || !w.Records[7].Excluded {
		t.Error("a stale rate leaves its row in, an unreadable amount leaves it out")
	}
}
