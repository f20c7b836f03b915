package form

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"kyogikai/pipelines/limits"
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
	Read(forms, &w, data, limits.Default())
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

// The settlement of one year as a city publishes it: carried-over taxes beside this year's, taxes without
// parts, nothing assessed, sums of all taxes. Every value is read, and exactly the rates that were left from
// the year before are named.
func TestTaxSettlementOfAYear(t *testing.T) {
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	const now, before = "現年課税分", "滞納繰越分"
	lines := []struct {
		item, contents, class             string
		adjusted, income, deficit, unpaid float64
	}{
		{"市民税", "個人", now, 23_955_687_761, 23_756_236_593, 14_828, 210_421_145},
		{"市民税", "個人", before, 537_644_019, 183_698_371, 23_335_720, 330_609_928},
		{"市民税", "法人", now, 6_870_736_400, 6_854_213_700, 52_000, 16_470_700},
		{"市民税", "法人", before, 71_305_116, 14_116_593, 14_261_943, 42_926_580},
		{"固定資産税", "土地・家屋", now, 23_175_612_900, 22_953_733_537, 6_716_100, 215_163_263},
		{"固定資産税", "土地・家屋", before, 759_245_481, 194_531_283, 52_461_292, 512_252_906},
		{"固定資産税", "交付金", now, 258_038_600, 258_038_600, 0, 0},
		{"軽自動車税", "－", before, 60_829_313, 15_988_661, 5_238_322, 39_602_330},
		{"市たばこ税", "－", now, 2_881_363_467, 2_881_363_467, 0, 0},
		{"市たばこ税", "－", before, 0, 0, 0, 0},
		{"入湯税", "－", before, 7_650, 0, 0, 7_650},
		{"全税目", "－", now, 57_141_439_128, 56_703_585_897, 6_782_928, 442_055_108},
		{"全税目", "－", before, 1_429_031_579, 408_334_908, 95_297_277, 925_399_394},
		{"全税目", "－", now + before, 58_570_470_707, 57_111_920_805, 102_080_205, 1_367_454_502},
	}
	sheet := func(stale map[int]float64) [][]any {
		rows := [][]any{{"#property", "year", "taxItem", "taxItemContents", "carryoverClassification", "adjustedAmount",
			"incomeAmount", "nonPaymentDeficit", "unpaidIncome", "incomeRate", "comparedToThePreviousYear"}}
		for i, l := range lines {
			var rate any = "-"
			if l.adjusted > 0 {
				rate = l.income / l.adjusted * 100
			}
			if old, ok := stale[i]; ok {
				rate = old
			}
			rows = append(rows, []any{
				i + 1, "令和5年度", l.item, l.contents, l.class, l.adjusted, l.income, l.deficit, l.unpaid, rate, "-",
			})
		}
		return rows
	}
	for name, c := range map[string]struct {
		stale map[int]float64
		want  string
	}{
		"as it is": {nil, ""},
		"three of last year's": {
			map[int]float64{1: 34.2737926257103, 4: 99.0508083490722, 13: 97.7051565538034}, "J3 J6 J15",
		},
		"within a digit":       {map[int]float64{7: 26.2844674902058}, ""},
		"a digit off":          {map[int]float64{7: 26.2844674902061}, "J9"},
		"nothing to divide by": {map[int]float64{9: 50}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := record.Workbook{Path: "R5_市税決算.xlsx", FiscalYear: 2023}
			Read(forms, &w, workbooktest.New(t, "Sheet1", sheet(c.stale)), limits.Default())
			var told []string
			for _, f := range w.Findings {
				if f.Code != "ratio_mismatch" {
					t.Errorf("finding %v", f)
				}
				told = append(told, f.Cell)
			}
			if got := strings.Join(told, " "); got != c.want {
				t.Errorf("told of %s, want %s: %v", got, c.want, w.Findings)
			}
			if len(w.Records) != len(lines) {
				t.Fatalf("%d records", len(w.Records))
			}
			for i, l := range lines {
				r := &w.Records[i]
				texts := []string{r.Value("year"), r.Value("tax_item"), r.Value("contents"), r.Value("classification")}
				if got := strings.Join(texts, " "); got != "2023 "+l.item+" "+l.contents+" "+l.class || r.Excluded {
					t.Errorf("line %d is %s, left out %v", i+1, got, r.Excluded)
				}
				for field, want := range map[string]float64{
					"adjusted": l.adjusted, "income": l.income, "deficit": l.deficit, "unpaid": l.unpaid,
				} {
					if got := r.Value(field); got != strconv.FormatFloat(want, 'f', -1, 64) {
						t.Errorf("line %d: %s is %s, want %.0f", i+1, field, got, want)
					}
				}
			}
		})
	}
}
