package form

import (
	"fmt"
	"strings"
	"testing"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
)

const endings = `id: P
name: 取組一覧
layout: table
record: work
titles: [取組一覧]
fields:
  - {name: work, type: name, needed: true, words: [取組]}
  - {name: start_year, type: year, words: [開始年度]}
  - name: state
    type: ended
    words: [状態]
    values: [継続, 実施中]
    endings: [終了, 完了]
    start_year: start_year
    end_year: end_year
  - {name: end_year, type: year, words: [終了年度]}
key: [work]
`

// A state with its year in one cell is split into both, however the two are written together.
func TestStatesWithTheirYear(t *testing.T) {
	for text, want := range map[string]string{
		"継続":           "継続 ",
		"実施中":          "継続 ",
		"終了":           "終了 ",
		"終了（令和4年度）":    "終了 2022",
		"終了(令和4年度)":    "終了 2022",
		"完了(R4)":       "完了 2022",
		"完了（Ｒ４）":       "完了 2022",
		"完了（R4年度末）":    "完了 2022",
		"終了：令和4年度":     "終了 2022",
		"終了:R4":        "終了 2022",
		"令和4年度終了":      "終了 2022",
		"令和4年度末終了":     "終了 2022",
		"令和4年度に完了":     "完了 2022",
		"令和4年度末をもって終了": "終了 2022",
		"R4完了":         "完了 2022",
		"完了　R4":        "完了 2022",
		"完了 R4年度":      "完了 2022",
		"完了\n令和4年度":    "完了 2022",
		"完了、R4":        "完了 2022",
		"（R4）完了":       "完了 2022",
		"終了（H31）":      "終了 2019",
		"終了（2022年度）":   "終了 2022",
		"終了（4年度）":      "終了 2022",
		"4年度終了":        "終了 2022",
		"終了（30年度）":     "終了 2018",
	} {
		w := record.Workbook{Path: "a.csv", FiscalYear: 2025}
		Read(loaded(t, endings), &w, []byte("取組一覧\n取組,状態\n見守り,\""+text+"\"\n"), limits.Default())
		if len(w.Records) != 1 || len(w.Findings) > 0 {
			t.Errorf("%s: %d records, findings %v", text, len(w.Records), w.Findings)
			continue
		}
		r := &w.Records[0]
		if got := r.Value("state") + " " + r.Value("end_year"); got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}

// What says more than a state and a fiscal year is refused, and leaves its record out.
func TestStatesThatSayMore(t *testing.T) {
	for text, code := range map[string]string{
		"完了（令和5年3月）":    "symbol_unknown",
		"完了（R5.3）":      "symbol_unknown",
		"完了（R4～R5）":     "symbol_unknown",
		"完了予定（R7）":      "symbol_unknown",
		"継続（R8まで）":      "symbol_unknown",
		"令和4年度":         "symbol_unknown",
		"R4完了（一部R5に継続）": "symbol_unknown",
		"継続（R4）":        "year_mismatch",
	} {
		w := record.Workbook{Path: "a.csv", FiscalYear: 2025}
		Read(loaded(t, endings), &w, []byte("取組一覧\n取組,状態\n見守り,"+text+"\n"), limits.Default())
		if len(w.Findings) != 1 || w.Findings[0].Code != code || !w.Records[0].Excluded {
			t.Errorf("%s: findings %v, want %s", text, w.Findings, code)
		}
	}
}

// A year that the state and the column of years tell alike stands once; that they differ is an error. A form without
// the field keeps the state alone.
func TestStateBesideTheYearOfTheEnd(t *testing.T) {
	for year, want := range map[string]string{
		"R4": "", "令和4年度": "", "": "", "R3": "year_mismatch", "R5": "year_mismatch",
	} {
		w := record.Workbook{Path: "a.csv", FiscalYear: 2025}
		Read(loaded(t, endings), &w, []byte("取組一覧\n取組,状態,終了年度\n見守り,完了（R4）,"+year+"\n"), limits.Default())
		var codes, ends []string
		for _, f := range w.Findings {
			codes = append(codes, f.Code)
		}
		for _, f := range w.Records[0].Fields {
			if f.Name == "end_year" {
				ends = append(ends, f.Value)
			}
		}
		if got := strings.Join(codes, " "); got != want || w.Records[0].Excluded != (want != "") {
			t.Errorf("%q: findings %v, want %q", year, w.Findings, want)
		}
		if want == "" && fmt.Sprint(ends) != "[2022]" {
			t.Errorf("%q: the year stands as %v", year, ends)
		}
	}
	alone := strings.NewReplacer(
		"    end_year: end_year\n", "", "  - {name: end_year, type: year, words: [終了年度]}\n", "",
	).Replace(endings)
	w := record.Workbook{Path: "a.csv", FiscalYear: 2025}
	Read(loaded(t, alone), &w, []byte("取組一覧\n取組,状態\n見守り,完了（R4）\n"), limits.Default())
	if r := &w.Records[0]; r.Value("state") != "完了" || len(r.Fields) != 2 || len(w.Findings) > 0 {
		t.Errorf("fields %v, findings %v", r.Fields, w.Findings)
	}
}
