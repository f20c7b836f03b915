package form

import (
	"os"
	"strings"
	"testing"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
)

// Of a year before an initiative began nothing is owed: blank, or a mark for nothing. Of its first year all is.
func TestBeforeStartYear(t *testing.T) {
	const head = "令和8年度　行財政改革取組状況調査票\n改革の柱,推進項目,取組名,令和7年度進捗,令和8年度進捗,令和7年度自己評価," +
		"令和8年度自己評価,開始年度\n柱1 a,1 b,窓口,"
	for name, c := range map[string]struct {
		row   string // 令和7年度進捗, 令和8年度進捗, 令和7年度自己評価, 令和8年度自己評価, 開始年度
		codes string
	}{
		"begun this year, blank before":          {",○,,A,令和8年度", ""},
		"begun this year, a mark before":         {"－,○,－,A,R8", ""},
		"begun this year, answered before":       {"○,○,A,A,令和8年度", ""},
		"begun last year, blank last year":       {",○,,A,令和7年度", "required_missing required_missing"},
		"begun last year, a mark last year":      {"－,○,－,A,令和7年度", "symbol_unknown"},
		"begun before, blank last year":          {",○,A,A,令和6年度", "required_missing"},
		"begun this year, blank this year":       {",,,A,令和8年度", "required_missing"},
		"begun this year, a mark this year":      {",－,,A,令和8年度", "symbol_unknown"},
		"begun this year, another word before":   {"不明,○,,A,令和8年度", "symbol_unknown"},
		"nobody says when it began":              {",○,A,A,", "required_missing required_missing"},
		"when it began cannot be read":           {",○,A,A,昔", "number_unreadable required_missing"},
		"begins next year, which is no year yet": {",○,A,A,令和9年度", "year_mismatch"},
	} {
		t.Run(name, func(t *testing.T) {
			w := readSheet(t, head+c.row+"\n")
			var codes []string
			for _, f := range w.Findings {
				codes = append(codes, f.Code)
			}
			if got := strings.Join(codes, " "); got != c.codes || w.Records[0].Excluded != (c.codes != "") {
				t.Errorf("found %q, want %q\n%s", got, c.codes, saidOf(&w))
			}
		})
	}
}

// Where all the years that a sheet asks for lie before it began, nothing is owed; of its first year it is.
func TestOnlyYearsBeforeStart(t *testing.T) {
	const head = "令和8年度　行財政改革取組状況調査票\n改革の柱,推進項目,取組名,令和7年度進捗,令和7年度自己評価,開始年度\n"
	for row, want := range map[string]int{
		"柱1 a,1 b,窓口,,,令和8年度\n柱1 a,1 b,相談,,,R8\n": 0, "柱1 a,1 b,窓口,,,令和7年度\n柱1 a,1 b,相談,,,R8\n": 2,
	} {
		if w := readSheet(t, head+row); len(w.Findings) != want || len(w.Records) != 2 {
			t.Errorf("%d findings, want %d\n%s", len(w.Findings), want, saidOf(&w))
		}
	}
}

// The intake workbook of the version before, with one new initiative filled in as a department would, is accepted.
func TestNewInitiativeOfIntake(t *testing.T) {
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	for file, name := range map[string]string{
		"testdata/intake/新しい取組.xlsx": "窓口予約の導入（福祉政策課）", "testdata/intake/LibreOffice.ods": "窓口予約の導入（福祉政策課）",
	} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		w := record.Workbook{Path: file, FiscalYear: 2025}
		Read(forms, &w, data, limits.Default())
		for _, f := range w.Findings {
			if f.Severity == record.Error || f.Code == finding.CellsUnread {
				t.Errorf("%s: %s %s %s", file, f.Cell, f.Code, f.Message)
			}
		}
		last := w.Records[len(w.Records)-1]
		if f, ok := last.Field("progress", "2025"); len(w.Records) != 5 || last.Name() != name || !ok || f.Value != "◎" {
			t.Errorf("%s: %d records, the last is %q with %q\n%s", file, len(w.Records), last.Name(), f.Value, saidOf(&w))
		}
	}
}
