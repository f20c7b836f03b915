package form

import (
	"fmt"
	"math/big"
	"os"
	"strings"
	"testing"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
)

// shippedRead reads sheets with the forms shipped, each in the folder of 令和8年度.
func shippedRead(t *testing.T, sheets ...string) []*record.Workbook {
	t.Helper()
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	var books []*record.Workbook
	for i, sheet := range sheets {
		w := &record.Workbook{
			Path: fmt.Sprintf("inputs/市/令和8年度/部/課/票%d.csv", i), Municipality: "市", Department: "課", FiscalYear: 2026,
		}
		Read(forms, w, []byte(sheet), limits.Default())
		books = append(books, w)
	}
	Screen(forms, books, Masters{})
	return books
}

// toldOf are the findings of some kinds, with their cells: code cell; the records that are left out behind them.
func toldOf(w *record.Workbook, codes ...string) string {
	var out []string
	for _, f := range w.Findings {
		for _, code := range codes {
			if f.Code == code {
				out = append(out, f.Code+" "+f.Cell)
			}
		}
	}
	for i := range w.Records {
		if r := &w.Records[i]; r.Excluded {
			out = append(out, r.Name()+" left out")
		}
	}
	return strings.Join(out, "; ")
}

// A value of a hundred times the year before's, or of a hundredth of it, is a slip of the unit; one that is nearer is
// none, and neither is zero nor another unit.
func TestBoundaryOfJumps(t *testing.T) {
	const told = "unit_scale_suspect G3; 歳入額 left out"
	for _, c := range []struct{ before, now, want string }{
		{"200", "19999", ""}, {"200", "20000", told}, {"200", "20001", told},
		{"20000", "201", ""}, {"20000", "200", told}, {"20000", "199", told},
		{"-200", "20000", told}, {"0", "20000", ""}, {"200", "0", ""}, {"200", "－", ""},
	} {
		w := shippedRead(t, "成果指標調査票\n指標名,種別,単位,方向性,令和8年度目標値,令和7年度実績値,令和8年度実績値\n"+
			"歳入額,成果,千円,増加,30000,"+c.before+","+c.now+"\n")[0]
		if len(w.Records) != 1 {
			t.Fatalf("%d records\n%s", len(w.Records), saidOf(w))
		}
		if got := toldOf(w, finding.UnitScaleSuspect); got != c.want {
			t.Errorf("%s, then %s: %q, want %q\n%s", c.before, c.now, got, c.want, saidOf(w))
		}
	}
}

// A printed ratio is the exact one by the rounding that its form states: half up is away from zero, truncated towards
// it; where none is stated either will do, and whatever is less than a unit of the last digit away.
func TestBoundaryOfRounding(t *testing.T) {
	number := func(s string) *big.Rat {
		r, ok := new(big.Rat).SetString(s)
		if !ok {
			t.Fatalf("%s is no number", s)
		}
		return r
	}
	for _, c := range []struct {
		printed, exact          string
		half, truncated, either bool
	}{
		{"98.1", "98.1", true, true, true},
		{"98.2", "98.1", false, false, false}, // a whole unit
		{"98.0", "98.1", false, false, false},
		{"98.2", "98.15", true, false, true}, // exactly half of one
		{"98.1", "98.15", false, true, true},
		{"98.1", "98.149", true, true, true},
		{"98.2", "98.149", false, false, true},
		{"98.1", "98.199", false, true, true},
		{"98.2", "98.199", true, false, true},
		{"-98.2", "-98.15", true, false, true},
		{"-98.1", "-98.15", false, true, true},
		{"-98.1", "-98.199", false, true, true},
		{"-98.2", "-98.1", false, false, false},
	} {
		for rounding, want := range map[string]bool{"half_up": c.half, "truncate": c.truncated, "": c.either} {
			if got := follows(number(c.printed), number(c.exact), 1, rounding); got != want {
				t.Errorf("%s of %s by %q: %v", c.printed, c.exact, rounding, got)
			}
		}
	}
	truncated := rates + keyed + "ratios:\n  - {field: rate, of: income, to: adjusted, rounding: truncate}\n"
	const head = "年度,税目,区分,調定額,収入額,収納率\nR6,市民税,個人,1000,"
	for cells, want := range map[string]string{
		"981.9,98.1": "", "981.9,98.2": "0:ratio_mismatch F3 98.2→98.2%",
		"981,98.1": "", "981,98.2": "0:ratio_mismatch F3 98.2→98.1%",
	} {
		if got := ratioFindings(t, truncated, head+cells+"\n"); got != want {
			t.Errorf("truncated %s: %q, want %q", cells, got, want)
		}
	}
}

// tallied is a form whose works bear one of so many symbols.
func tallied(symbols ...string) string {
	var list []string
	for _, s := range symbols {
		list = append(list, "{symbol: "+s+", meaning: "+s+"の意味}")
	}
	return "id: P\nname: 取組一覧\nlayout: table\nrecord: work\ntitles: [取組一覧]\nfields:\n" +
		"  - {name: work, type: name, needed: true, words: [取組]}\n" +
		"  - {name: progress, type: symbol, symbols: progress, needed: true, words: [進捗]}\n" +
		"symbols:\n  progress: [" + strings.Join(list, ", ") + "]\nkey: [work]\nskip_words: [件数, 構成比]\n" +
		"tally: {count_words: [件数], share_words: [構成比], total_words: [計]}\n"
}

// tallyTold reads three works, one of them ◎, with a tally below them.
func tallyTold(t *testing.T, yaml, head, counts, shares string) string {
	t.Helper()
	w := record.Workbook{Path: "a.csv", FiscalYear: 2026}
	Read(loaded(t, yaml), &w, []byte("取組一覧\n取組,進捗\n見守り,◎\n清掃,○\n研修,○\n\n進捗,"+head+"\n件数,"+counts+"\n構成比,"+shares+"\n"),
		limits.Default())
	if len(w.Records) != 3 {
		t.Errorf("%d records\n%s", len(w.Records), saidOf(&w))
	}
	return recordsAndFindings(&w)
}

// recordsAndFindings are the records that are left out, and all findings with their cells.
func recordsAndFindings(w *record.Workbook) string {
	var out []string
	for i := range w.Records {
		if r := &w.Records[i]; r.Excluded {
			out = append(out, r.Name()+" left out")
		}
	}
	for _, f := range w.Findings {
		out = append(out, f.Code+" "+f.Cell)
	}
	return strings.Join(out, "; ")
}

// A share of a tally may be rounded in any way; a tenth of a point away is another share. One of three is 33.33….
func TestBoundaryOfTallyShares(t *testing.T) {
	yaml := tallied("◎", "○", "△")
	for shares, want := range map[string]string{
		"33.3,66.7,0": "", "33.4,66.6,0": "", "33.2,66.7,0": "ratio_mismatch B9", "33.3,66.8,0": "ratio_mismatch C9",
		"33.3,66.7,0.0": "", "33.3,66.7,0.09": "", "33.3,66.7,0.1": "ratio_mismatch D9",
		"33.3,66.7,0.11": "ratio_mismatch D9",
	} {
		if got := tallyTold(t, yaml, "◎,○,△", "1,2,0", shares); got != want {
			t.Errorf("%s: %q, want %q", shares, got, want)
		}
	}
}

// Three symbols beside each other are the head of a tally, whose counts are compared; so are three of four.
func TestBoundaryOfTallyHeads(t *testing.T) {
	for _, yaml := range []string{tallied("◎", "○", "△"), tallied("◎", "○", "△", "×")} {
		if got := tallyTold(t, yaml, "◎,○,△", "1,2,0", "33.3,66.7,0"); got != "" {
			t.Errorf("a right tally: %q", got)
		}
		if got := tallyTold(t, yaml, "◎,○,△", "2,2,0", "33.3,66.7,0"); got != "total_mismatch B8" {
			t.Errorf("a wrong tally: %q", got)
		}
	}
	// two are none: the row is read as a work, and told
	for _, c := range []struct{ sheet, want string }{
		{"進捗,◎,○\n件数,5,2\n", "進捗 left out; cells_unread C7"},
		{"区分,◎,○,△\n進捗,1,2,0\n", ""},
		{"区分,◎,○,△\n進捗,5,2,0\n", "total_mismatch B8"},
	} {
		w := record.Workbook{Path: "a.csv", FiscalYear: 2026}
		Read(loaded(t, tallied("◎", "○", "△")), &w, []byte("取組一覧\n取組,進捗\n見守り,◎\n清掃,○\n研修,○\n\n"+c.sheet), limits.Default())
		if got := recordsAndFindings(&w); got != c.want {
			t.Errorf("%q: %q, want %q\n%s", c.sheet, got, c.want, saidOf(&w))
		}
	}
	beside := "取組一覧\n取組,進捗,,進捗,%s\n見守り,◎,,件数,%s\n清掃,○,,,\n研修,○,,,\n"
	for _, c := range []struct{ head, counts, want string }{
		{"◎,○,△", "1,2,0", ""}, {"◎,○,△", "1,3,0", "total_mismatch F3"}, {"◎,○,△,×", "1,2,0,1", "total_mismatch H3"},
		{"◎,○", "1,2", "見守り left out; reading_ambiguous D2; cells_unread E2; cells_unread F2"},
	} {
		w := record.Workbook{Path: "a.csv", FiscalYear: 2026}
		Read(loaded(t, tallied("◎", "○", "△", "×")), &w, fmt.Appendf(nil, beside, c.head, c.counts), limits.Default())
		if got := recordsAndFindings(&w); got != c.want || len(w.Records) != 3 {
			t.Errorf("beside the list, %s of %s: %q, want %q\n%s", c.counts, c.head, got, c.want, saidOf(&w))
		}
	}
}

// What ended before the year of the survey need not answer for it; what ended in that year, or goes on, must.
func TestBoundaryOfEndedInitiatives(t *testing.T) {
	const head = "行財政改革　取組状況調査票\n令和8年度\n取組名,改革の柱,推進項目,進捗,自己評価,開始年度,終了区分,終了年度\n"
	const missing = "required_missing D4; required_missing E4; 研修 left out"
	for end, want := range map[string]string{
		"完了,令和6年度": "", "完了,令和7年度": "", "完了,令和8年度": missing, "継続,": missing,
	} {
		w := shippedRead(t, head+"研修,柱1 組織,(1) 能力,,,令和5年度,"+end+"\n窓口,柱1 組織,(1) 能力,○,B,令和5年度,継続,\n")[0]
		if len(w.Records) != 2 {
			t.Fatalf("%d records\n%s", len(w.Records), saidOf(w))
		}
		if got := toldOf(w, finding.RequiredMissing); got != want {
			t.Errorf("%s: %q, want %q\n%s", end, got, want, saidOf(w))
		}
	}
}

// A year of the end before that of the beginning is a contradiction; what ends in the year in which it began is none.
// Neither is a beginning in the year of the survey; one after it is.
func TestBoundaryOfBeginningAndEnd(t *testing.T) {
	for years, want := range map[string]string{
		"令和5年度,完了,令和4年度": "year_mismatch D3; 見守り left out", "令和5年度,完了,令和5年度": "", "令和5年度,完了,令和6年度": "",
		"令和8年度,継続,": "", "令和9年度,継続,": "year_mismatch B3; 見守り left out", "令和8年度,完了,令和8年度": "",
	} {
		w := record.Workbook{Path: "a.csv", FiscalYear: 2026}
		Read(loaded(t, endings), &w, []byte("取組一覧\n取組,開始年度,状態,終了年度\n見守り,"+years+"\n"), limits.Default())
		if got := toldOf(&w, finding.YearMismatch); got != want || len(w.Records) != 1 {
			t.Errorf("%s: %q, want %q\n%s", years, got, want, saidOf(&w))
		}
	}
}

// Fourteen digits before the point are read, whatever stands behind it; fifteen are not.
func TestBoundaryOfDigits(t *testing.T) {
	for value, want := range map[string]string{
		"99999999999999": "", "99999999999999.5": "", "-99999999999999": "", "99,999,999,999,999": "",
		"100000000000000": "number_unreadable F3; 歳入額 left out", "-100000000000000": "number_unreadable F3; 歳入額 left out",
	} {
		w := shippedRead(t, "成果指標調査票\n指標名,種別,単位,方向性,令和8年度目標値,令和8年度実績値\n歳入額,成果,円,増加,1,\""+value+"\"\n")[0]
		if len(w.Records) != 1 {
			t.Fatalf("%d records\n%s", len(w.Records), saidOf(w))
		}
		got := toldOf(w, finding.NumberUnreadable)
		if f, _ := w.Records[0].Field("actual", "2026"); want == "" &&
			f.Value != strings.ReplaceAll(value, ",", "") || got != want {
			t.Errorf("%s is %q, %q, want %q\n%s", value, f.Value, got, want, saidOf(w))
		}
	}
}

// A year that a series states twice is of neither value; the same text twice is one.
func TestSeriesOfAYearTwice(t *testing.T) {
	for second, want := range map[string]string{
		"1,383": "", "1,384": "duplicate_row D3; 職員数 left out; 職員数 left out",
	} {
		w := shippedRead(t, "財政・定員指標調査票\n指標,令和6年度,令和7年度,令和7年度\n職員数（人）,\"1,390\",\"1,383\",\""+second+"\"\n")[0]
		if got := toldOf(w, finding.DuplicateRow); got != want || len(w.Records) != 2 {
			t.Errorf("%s: %q, want %q\n%s", second, got, want, saidOf(w))
		}
	}
}
