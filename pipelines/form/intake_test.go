package form

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
	"kyogikai/pipelines/workbook/workbooktest"
)

// An intake workbook is written from last year's answers, filled in, read back, and says what was filled in: the same
// identities, last year's values as they were, this year's as typed.
func TestIntakeRoundTrip(t *testing.T) {
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		source string
		year   int // of the answers
	}{
		"indicators":  {"testdata/years_down/調査票.xlsx", 2026},
		"initiatives": {"testdata/plain/調査票.csv", 2024},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(c.source)
			if err != nil {
				t.Fatal(err)
			}
			before := record.Workbook{Path: filepath.Base(c.source), FiscalYear: c.year}
			Read(forms, &before, data, limits.Default())
			if len(before.Records) == 0 {
				t.Fatal("no records to ask for again")
			}
			f := formOf(forms, before.Records[0])
			sheet := f.Intake(asker(c.year+1), before.Records)
			written, err := workbook.WriteIntake(workbook.Intake{Sheets: []workbook.IntakeSheet{sheet}})
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "調査票.xlsx")
			if err := os.WriteFile(path, written, 0o644); err != nil {
				t.Fatal(err)
			}
			filled := fillOpen(t, path, sheet)
			data, err = os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			after := record.Workbook{Path: "調査票.xlsx", FiscalYear: c.year + 1}
			Read(forms, &after, data, limits.Default())
			for _, finding := range after.Findings {
				if finding.Severity == record.Error {
					t.Errorf("%s %s: %s", finding.Cell, finding.Code, finding.Message)
				}
			}
			sameRecords(t, before, after, c.year+1, filled)
		})
	}
}

// asker is a department that is asked for a year.
func asker(year int) Asker {
	return Asker{
		Municipality: "市", Bureau: "部", Department: "課", FiscalYear: year, Due: "2027-01-15",
		SendTo: "共有フォルダ「調査票提出」", Contact: "総務部行政管理課（内線 2345、gyosei@example.lg.jp）",
	}
}

// firstRowOf is the row of an intake sheet's first record: below the lines, the guide, a blank row and the heads.
func firstRowOf(s workbook.IntakeSheet) int { return len(s.Lines) + len(s.Guide) + 3 }

func formOf(forms []Form, r record.Record) *Form {
	for i := range forms {
		if forms[i].ID == r.Form && forms[i].Record == r.Kind {
			return &forms[i]
		}
	}
	return nil
}

// fillOpen types something into every open cell of the rows: the first choice of a drop-down, a number. It returns what
// was typed, by cell.
func fillOpen(t *testing.T, path string, s workbook.IntakeSheet) map[string]string {
	t.Helper()
	filled := map[string]string{}
	first := firstRowOf(s)
	for i, row := range s.Rows {
		for j, cell := range row {
			value := ""
			switch c := s.Columns[j]; {
			case !cell.Open || cell.Text != "":
			case c.Head == "終了区分" || c.Head == "終了年度":
			case len(c.Choices) > 0:
				value = c.Choices[0]
			case c.Number:
				value = "12.5"
			}
			if value == "" {
				continue
			}
			ref := columnLetters(j) + strconv.Itoa(first+i)
			workbooktest.SetCell(t, path, s.Name, ref, value)
			filled[ref] = value
		}
	}
	if len(filled) == 0 {
		t.Fatal("nothing is asked")
	}
	return filled
}

func columnLetters(j int) string {
	if j >= 26 {
		return string(rune('A'+j/26-1)) + string(rune('A'+j%26))
	}
	return string(rune('A' + j))
}

// sameRecords compares what was asked with what came back.
func sameRecords(t *testing.T, before, after record.Workbook, year int, filled map[string]string) {
	t.Helper()
	byKey := map[string]*record.Record{}
	for i := range after.Records {
		byKey[after.Records[i].Key] = &after.Records[i]
	}
	if len(byKey) != len(after.Records) || len(after.Records) != len(before.Records) {
		t.Fatalf("%d records came back of %d", len(after.Records), len(before.Records))
	}
	typed := 0
	for _, old := range before.Records {
		now := byKey[old.Key]
		if now == nil {
			t.Errorf("%s did not come back", old.Key)
			continue
		}
		for _, f := range old.Fields {
			got, ok := now.Field(f.Name, f.Scope)
			switch {
			case f.Scope != "" && f.Scope != record.WholePeriod &&
				f.Scope < strconv.Itoa(year-1), f.Name == "narrative", f.Name == "remarks",
				f.Name == "stated_department", f.Scope == strconv.Itoa(year):
			case f.Value == "" && !ok:
			case got.Value != f.Value || got.Comparator != f.Comparator:
				t.Errorf("%s %s/%s: %q came back as %q", old.Key, f.Name, f.Scope, f.Value, got.Value)
			}
		}
		for _, f := range now.Fields {
			if value, ok := filled[f.Cell]; ok {
				typed++
				if f.Value != value {
					t.Errorf("%s: typed %q, read %q", f.Cell, value, f.Value)
				}
			}
		}
	}
	if typed != len(filled) {
		t.Errorf("%d of %d typed values came back", typed, len(filled))
	}
}

// An intake workbook of the version before, which knows neither guide nor states, comes back as it always did: filled
// in, with a new row below the last.
func TestIntakeOfVersionBefore(t *testing.T) {
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("testdata/intake/前の版.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "調査票.xlsx")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	const sheet = "成果指標調査票"
	for cell, value := range map[string]any{
		"O5": 1050, "O6": "30", "O7": "12.1", "A8": "海辺市産業振興計画", "B8": "1-4", "F8": "成果", "G8": "宿泊者数", "H8": "人", "I8": "上昇",
		"M8": "300", "O8": "310",
	} {
		workbooktest.SetCell(t, path, sheet, cell, value)
	}
	if data, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	w := record.Workbook{Path: "調査票.xlsx", FiscalYear: 2026}
	Read(forms, &w, data, limits.Default())
	compare(t, "testdata/intake/前の版.json", asReading(w))
}

// A row that is inserted among the empty ones is a record as theirs are.
func TestInsertedRow(t *testing.T) {
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	before := readSheet(t, "成果指標調査票\n指標名,種別,単位,方向性,令和7年度実績値,令和8年度実績値\na,成果,人,増加,1,2\nb,成果,人,増加,3,4\n")
	f := formOf(forms, before.Records[0])
	s := f.Intake(asker(2027), before.Records)
	data, err := workbook.WriteIntake(workbook.Intake{Sheets: []workbook.IntakeSheet{s}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "調査票.xlsx")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	row := firstRowOf(s) + len(s.Rows) + 1
	workbooktest.InsertRow(t, path, s.Name, row)
	for j, c := range s.Columns {
		value, ok := map[string]string{
			"成果指標名": "新しい指標", "種別": "成果", "単位": "件", "目指す方向": "低下", "令和9年度実績値": "7",
		}[c.Head]
		if ok {
			workbooktest.SetCell(t, path, s.Name, columnLetters(j)+strconv.Itoa(row), value)
		}
	}
	if data, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	w := record.Workbook{Path: "調査票.xlsx", FiscalYear: 2027}
	Read(forms, &w, data, limits.Default())
	if len(w.Records) != 3 || len(w.Findings) > 0 {
		t.Fatalf("%d records\n%s", len(w.Records), saidOf(&w))
	}
	if v, _ := w.Records[2].Field("actual", "2027"); v.Value != "7" || w.Records[2].Name() != "新しい指標" {
		t.Errorf("read as\n%s", saidOf(&w))
	}
}

// What could not be read is asked again, with what stood there; what was read, or was no value, is not.
func TestUnread(t *testing.T) {
	mark := FieldRule{Type: "mark", Marks: []string{"○"}, Words: []string{"再掲"}}
	ended := FieldRule{Type: "ended", Values: []string{"継続", "継続中"}, Endings: []string{"完了"}}
	for _, c := range []struct {
		rule        FieldRule
		text, value string
		want        bool
	}{
		{FieldRule{Type: "number"}, "五百件", "", true}, {FieldRule{Type: "number"}, "500件", "500", false},
		{FieldRule{Type: "number"}, "－", "", false}, {FieldRule{Type: "number"}, "集計中", "", false},
		{FieldRule{Type: "number"}, "", "", false}, {FieldRule{Type: "number"}, "後に決定", "", true},
		{FieldRule{Type: "number", Literal: true}, "後に決定", "", false},
		{FieldRule{Type: "number", Literal: true}, "令和8年度に決定", "", false},
		{FieldRule{Type: "number", Literal: true}, "2回 11回", "", false},
		{FieldRule{Type: "number", Literal: true}, "5OO件", "", true},
		{FieldRule{Type: "symbol"}, "順調", "", true}, {FieldRule{Type: "symbol"}, "○", "○", false},
		{FieldRule{Type: "choice"}, "両方", "", true}, {FieldRule{Type: "choice"}, "アウトカム", "成果", false},
		{ended, "中止", "中止", true}, {ended, "完了", "完了", false}, {ended, "継続中", "継続", false},
		{mark, "？", "true", true}, {mark, "○", "true", false}, {mark, "再掲", "true", false},
		{mark, "窓口（再掲）", "true", false}, {FieldRule{Type: "text"}, "五百件", "五百件", false},
	} {
		if got := unread(&c.rule, record.Field{Text: c.text, Value: c.value}); got != c.want {
			t.Errorf("%s 「%s」: %v", c.rule.Type, c.text, got)
		}
	}
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	w := readSheet(t, "成果指標調査票\n指標名,種別,単位,方向性,令和8年度目標値,令和8年度実績値\na,両方,件,増加,600件,五百件\nb,成果,件,増加,600件,500件\n")
	s := formOf(forms, w.Records[0]).Intake(asker(2027), w.Records)
	for head, wants := range map[string][2]string{"種別": {"両方"}, "令和8年度実績値": {"五百件", "500件"}, "令和8年度目標値": {"", "600件"}} {
		j := slices.IndexFunc(s.Columns, func(c workbook.IntakeColumn) bool { return c.Head == head })
		first, second := s.Rows[0][j], s.Rows[1][j]
		asked := wants[0] != ""
		told := first.Note != "" && strings.Contains(first.Note, wants[0])
		if asked != (first.Open && first.Text == "") || asked != told {
			t.Errorf("%s: %+v", head, first)
		}
		if wants[1] != "" && (second.Open || second.Text != wants[1] || second.Note != "") {
			t.Errorf("%s: %+v", head, second)
		}
	}
}

// A form that knows no notes reads none of the guide either: the workbook itself says what it has printed. What it may
// say so of are notes alone, so that no answer is passed over.
func TestGuideOfFormWithoutNotes(t *testing.T) {
	own := form0(t, "id: X\nname: 施設調査票\nlayout: table\nrecord: facility\ntitles: [施設調査票]\nfields:\n"+
		"  - {name: facility, type: name, needed: true, words: [施設名]}\n"+
		"  - {name: plan, type: text, words: [計画名, 送り先, 提出期限, 回答状況, 状態]}\n"+
		"  - {name: state, type: symbol, symbols: state, words: [状態]}\n"+
		"  - {name: visitors, type: number, scoped: true, asked: true, needed: true, words: [来館者数]}\n"+
		"symbols: {state: [{symbol: ○, meaning: 開館}, {symbol: ×, meaning: 休館}]}\nkey: [facility]\n")
	r := record.Record{Form: "X", Kind: "facility", FiscalYear: 2025, Key: "図書館", Fields: []record.Field{
		{Name: "facility", Text: "図書館", Value: "図書館"}, {Name: "visitors", Scope: "2025", Text: "1200", Value: "1200"},
	}}
	other := r
	other.Key, other.Fields = "公民館", []record.Field{{Name: "facility", Text: "公民館", Value: "公民館"}}
	s := own.Intake(asker(2026), []record.Record{r, other})
	whole, _ := readBack(t, []Form{own}, s, 2026)
	if len(whole.Records) != 2 || len(whole.Records[0].Fields) != 2 || len(whole.Records[1].Fields) != 1 {
		t.Errorf("read as\n%s", saidOf(&whole))
	}
	s.Guide = append(s.Guide, "1200", "図書館")
	whole, _ = readBack(t, []Form{own}, s, 2026)
	if len(whole.Records) == 0 || whole.Records[0].Name() != "図書館" {
		t.Errorf("an answer is passed over:\n%s", saidOf(&whole))
	}
}

func form0(t *testing.T, text string) Form {
	t.Helper()
	f, err := parse("x.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	f.normalise()
	return f
}
