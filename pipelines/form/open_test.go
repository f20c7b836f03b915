package form

import (
	"os"
	"strings"
	"testing"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
)

// A file that cannot be opened says what kind it is and what its author does, however it is called.
func TestFilesThatCannotBeRead(t *testing.T) {
	forms, err := Load(os.DirFS("../.."), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	const broken = "PK\x03\x04x"
	const save = "エクセルで開き、「名前を付けて保存」で .xlsx にして提出してください"
	for name, c := range map[string]struct{ data, code, found, message string }{
		"調査票.pdf":  {"%PDF-1.7", finding.FileUnsupported, "PDF", "調査票.pdf は PDF で、読めません。元のエクセルのファイル（.xlsx）を提出してください。"},
		"調査票.ods":  {broken, finding.FileUnsupported, "壊れたOpenDocumentの表（.ods）", save},
		"調査票.xlsb": {broken, finding.FileUnsupported, "エクセルのバイナリブック（.xlsb）", save},
		"調査票.docx": {broken, finding.FileUnsupported, "ワードの文書", "調査票.docx はワードの文書で、読めません。エクセルの様式に記入し"},
		"調査票.txt":  {broken, finding.FileUnsupported, "文字だけのファイル（テキスト）", "エクセルの様式に記入し、.xlsx で提出してください。"},
		"a.xls":    {"<html><table></table>", finding.FileUnsupported, "HTMLの表", "a.xls はHTMLの表で、読めません。" + save + "。"},
		"b.xls": {`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>`,
			finding.FileUnsupported, "XMLスプレッドシート2003", save},
		"c.xls":      {"施設名\t単位\n", finding.FileUnsupported, "タブ区切りの文字", save},
		"調査票.xlsx":   {broken, finding.WorkbookUnreadable, "ファイルが途中で切れているか、壊れています", "元のファイルから保存し直して"},
		"壊れた調査票.csv": {"a,\"b\n", finding.WorkbookUnreadable, "CSVの引用符が正しく閉じていません", "ファイルを開けません"},
	} {
		w := record.Workbook{Path: "inputs/市/令和6年度/部/課/" + name, FiscalYear: 2024}
		Read(forms, &w, []byte(c.data), limits.Default())
		if len(w.Findings) != 1 || w.Status != record.StatusUnreadable || len(w.Forms) > 0 {
			t.Errorf("%s: %+v", name, w)
			continue
		}
		f := w.Findings[0]
		if f.Code != c.code || f.Found != c.found || !strings.Contains(f.Message, c.message) || f.Severity != record.Error {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// A file of another kind is an error where its department owes a form of which nothing was read, and a remark beside
// what was. Its department has handed something in.
func TestFilesOfOtherKindsBesideSubmissions(t *testing.T) {
	forms := []Form{{ID: "X", Name: "来館者調査票"}, {ID: "Y", Name: "利用料調査票"}}
	duty := func(form string) record.Duty {
		return record.Duty{
			Municipality: "市", Form: form, Bureau: "部", Department: "文化課", FiscalYear: 2026, Due: "2026-05-01",
		}
	}
	file := func(name, department string, year int) *record.Workbook {
		return &record.Workbook{
			Path: "inputs/市/令和8年度/部/" + department + "/" + name, Municipality: "市", Bureau: "部", Department: department,
			FiscalYear: year,
		}
	}
	other := func(name, department string, year int) *record.Workbook {
		w := file(name, department, year)
		w.Status = record.StatusUnreadable
		w.Findings = []record.Finding{finding.New(finding.FileUnsupported, "", "", "PDF", "元のファイルを")}
		return w
	}
	read := func(department string, year int, forms ...string) *record.Workbook {
		w := file("b.xlsx", department, year)
		w.Status, w.Forms = record.StatusRead, forms
		return w
	}
	withdrawn := read("文化課", 2026, "X")
	withdrawn.Status = record.StatusWithdrawn
	organisation := []record.Department{{Municipality: "市", Bureau: "部", Name: "文化課", FormerNames: "文化振興課"}}
	one, both := []record.Duty{duty("来館者調査票")}, []record.Duty{duty("来館者調査票"), duty("利用料調査票")}
	for name, c := range map[string]struct {
		duties   []record.Duty
		other    *record.Workbook // of another kind
		beside   *record.Workbook
		severity string
		status   string // of the last duty
	}{
		"alone":               {one, other("a.pdf", "文化課", 2026), nil, record.Error, "要修正"},
		"under a former name": {one, other("a.pdf", "文化振興課", 2026), nil, record.Error, "要修正"},
		"beside what is owed": {one, other("a.txt", "文化課", 2026), read("文化課", 2026, "X"), record.Info, "提出済"},
		"beside one of two":   {both, other("a.pdf", "文化課", 2026), read("文化課", 2026, "X"), record.Error, "要修正"},
		"beside both":         {both, other("a.pdf", "文化課", 2026), read("文化課", 2026, "X", "Y"), record.Info, "提出済"},
		"beside last year's":  {one, other("a.pdf", "文化課", 2026), read("文化課", 2025, "X"), record.Error, "要修正"},
		"beside another's":    {one, other("a.pdf", "文化課", 2026), read("税務課", 2026, "X"), record.Error, "要修正"},
		"beside a withdrawn":  {one, other("a.pdf", "文化課", 2026), withdrawn, record.Error, "要修正"},
		"owing nothing":       {one, other("a.xls", "税務課", 2026), nil, record.Info, "未提出"},
		"of another year":     {one, other("a.pdf", "文化課", 2025), nil, record.Info, "未提出"},
		// Nobody says what is owed.
		"a workbook":          {nil, other("a.xls", "文化課", 2026), nil, record.Error, ""},
		"a picture":           {nil, other("a.jpg", "文化課", 2026), nil, record.Info, ""},
		"a workbook, and one": {nil, other("a.xls", "文化課", 2026), read("文化課", 2026, "X"), record.Info, ""},
	} {
		books := []*record.Workbook{c.other}
		if c.beside != nil {
			books = append(books, c.beside)
		}
		m := Masters{Departments: organisation, Duties: c.duties}
		Screen(forms, books, m)
		submissions, missing := Submissions(forms, books, m)
		f := c.other.Findings[0]
		if f.Severity != c.severity || strings.Contains(f.Message, "このままで構いません") != (c.severity == record.Info) {
			t.Errorf("%s: %+v, want %s", name, f, c.severity)
		}
		status := ""
		if len(submissions) > 0 {
			status = submissions[len(submissions)-1].Status
		}
		if status != c.status || (status == "未提出") != (len(missing) > 0) {
			t.Errorf("%s: %s, want %s; missing %v", name, status, c.status, missing)
		}
	}
}
