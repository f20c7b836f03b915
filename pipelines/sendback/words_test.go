package sendback

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook/workbooktest"
)

// ofOffice are words that no department is told.
var ofOffice = []string{"判断.csv", "組織.csv", "提出対象.csv", "語彙.csv", "kyogikai", "inputs", "このフォルダ", "事務局は"}

// Whatever a finding says, a department is told what it can do: every kind, and every message of its own in the
// program.
func TestWordsForDepartments(t *testing.T) {
	messages := map[string]string{}
	for _, k := range finding.Kinds {
		messages[k.Message("五百件", "令和7年4月25日")] = k.Code
	}
	for _, file := range sources(t) {
		for _, m := range literals.FindAllString(file, -1) {
			messages[strings.Trim(m, `"`)] = finding.ReadingAmbiguous
		}
	}
	if len(messages) < len(finding.Kinds)+5 {
		t.Fatalf("only %d messages are found in the program", len(messages))
	}
	for message, code := range messages {
		got := Words(record.Finding{Code: code, Message: message, Found: "調査票", Expected: "令和7年4月25日"}, day)
		for _, word := range ofOffice {
			if strings.Contains(got, word) {
				t.Errorf("%s: %s", code, got)
			}
		}
		if got == "" || strings.Contains(got, "を担当に知らせてくださいに") {
			t.Errorf("%q becomes %q", message, got)
		}
	}
}

// literals are texts in the source that name a list of the office.
var literals = regexp.MustCompile(`"[^"\n]*(?:判断|組織|提出対象|語彙)\.csv[^"\n]*"`)

// sources are the files in which messages of findings are made.
func sources(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../form/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	var out []string
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(f, "_test.go") {
			out = append(out, string(data))
		}
	}
	return out
}

func TestWordsOfFindings(t *testing.T) {
	for _, c := range []struct{ code, message, want string }{
		{finding.NumberUnreadable, "「五百件」は数値として読めません。書き方を直してください。", "「五百件」は数値として読めません。書き方を直してください。"},
		{finding.UnitScaleSuspect, "「9」は前年度の「900」の100分の1以下です。千円と円などの単位を確かめて直すか、正しければ判断.csvに「確認」と記入してください。",
			"「9」は前年度の「900」の100分の1以下です。千円と円などの単位を確かめて直すか、正しければ担当に知らせてください。"},
		{finding.AmbiguousVersion, "版が複数あります（a.xlsx）。正しい一つを残すか、判断.csvで他を取り下げてください。",
			"版が複数あります（a.xlsx）。正しい一つを残すか、使わないものを担当に知らせてください。"},
		{finding.DefinitionChanged, "定義を変えたのなら判断.csvにこのセルを「確認」と書き、そうでなければ直してください。",
			"定義を変えたのなら担当に知らせ、そうでなければ直してください。"},
		{finding.ReadingAmbiguous, "採るセルを判断.csvに「確認」と書けば、その値を使います。", "採るセルを担当に知らせれば、その値を使います。"},
		{finding.ValueAmbiguous, "一つにするか、採るほうを判断.csvに「確認 110名」のように書いてください。",
			"一つにするか、採るほうを担当に知らせてください。"},
		{finding.Disappeared, "書き足してください。終わったか取り下げたのなら、判断.csvにこのセルを「終了」か「取下げ」と、理由を添えて書いてください。",
			"書き足してください。終わったか取り下げたのなら、担当に知らせてください。"},
		{finding.UnknownDepartment, "「室」は組織.csvにありません。課名を確かめ、正しいフォルダに置いてください。",
			"「室」は、いまの組織にありません。課名を確かめ、担当に知らせてください。"},
		{finding.UnknownDepartment, "担当課の「室」は組織.csvにありません。今の課名か組織.csvの旧名称で書いてください。",
			"担当課の「室」は、いまの組織にありません。今の課名で書いてください。"},
		{finding.FormUnrecognized, "既知の様式に当てはまりません。様式の表題と見出しを確かめるか、別のフォルダに移してください。",
			"既知の様式に当てはまりません。様式の表題と見出しを確かめるか、この調査の回答でないことを担当に知らせてください。"},
		{finding.MisplacedFile, "表題は令和5年度ですが、令和6年度のフォルダにあります。正しいフォルダに移してください。",
			"表題は令和5年度ですが、令和6年度のフォルダにあります。どの調査の回答かを担当に知らせてください。"},
		{finding.PublishedRevised, "公表した値は 3 です。直した理由を確かめ、公表した資料の誤りなら kyogikai errata で正誤表を作ってください。",
			"公表した値は 3 です。直した理由を担当に知らせてください。"},
		{finding.CellsUnread, "読んでいません。inputs/市/語彙.csv に「A,読まない,頭」の行を加えてください。", "読んでいません。直し方は、担当に尋ねてください。"},
		{"owner_changed", "組織.csvを確かめてください。", "組織.csvを確かめてください。"}, // a city's own
	} {
		if got := Words(record.Finding{Code: c.code, Message: c.message}, day); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.code, got, c.want)
		}
	}
}

// What is owed is asked for until its day, and is late after it.
func TestBoundaryOfWhatIsOwed(t *testing.T) {
	for days, want := range map[int]string{
		-1: "調査票が、まだ届いていません。令和8年11月22日までに提出してください。",
		0:  "調査票が、まだ届いていません。令和8年11月22日までに提出してください。",
		1:  "調査票が、提出期限の令和8年11月22日を過ぎても届いていません。至急、提出してください。",
	} {
		f := record.Finding{Code: finding.NotSubmitted, Found: "調査票", Expected: "令和8年11月22日", Message: "このフォルダに"}
		if got := Words(f, day.AddDate(0, 0, days)); got != want {
			t.Errorf("%d days after: %s", days, got)
		}
	}
	for due, want := range map[string]string{
		"": "調査票が、まだ届いていません。提出してください。", "月末": "調査票が、まだ届いていません（提出期限 月末）。提出してください。",
		"2026-11-21": "調査票が、提出期限の令和8年11月21日を過ぎても届いていません。至急、提出してください。",
	} {
		if got := Words(record.Finding{Code: finding.NotSubmitted, Found: "調査票", Expected: due}, day); got != want {
			t.Errorf("%q: %s", due, got)
		}
	}
}

// A 差戻し票 says until when and where it goes back, and whom to ask.
func TestReturnSaysTheWayBack(t *testing.T) {
	inputs, dir := filepath.Join(t.TempDir(), "inputs"), filepath.Join(t.TempDir(), "returns")
	data := workbooktest.New(t, "調査票", [][]any{{"指標", "実績"}, {"件数", "五百件"}})
	file := put(t, inputs, "市/令和8年度/部/福祉課/調査票.xlsx", data)
	owing := record.Finding{
		Severity: record.Warning, Code: finding.NotSubmitted, Municipality: "市", Department: "総務課",
		Path: "inputs/市/令和8年度/部/総務課", Found: "調査票（令和8年度）", Expected: "令和8年4月25日",
	}
	findings := []record.Finding{
		find(record.Error, file.Path, "調査票", "B2", "正しければ判断.csvに「確認」と記入してください。"), owing,
	}
	written, err := Write(t.Context(), ordered(dir, inputs, findings, []Workbook{file}))
	if err != nil || len(written) != 2 {
		t.Fatal(written, err)
	}
	for i, want := range []map[string]string{
		{
			"A5": "返送の期限：令和8年11月30日（月）まで", "A6": "送り先：市の共有", "A7": "問合せ先：企画係",
			"A8":  "色の付いたセルを確かめ、元のファイルを直して、送り先に返してください。このファイルは写しです。「担当」は、上の問合せ先です。",
			"F11": "正しければ担当に知らせてください。",
		},
		{"A4": "返送の期限：令和8年11月30日（月）まで", "A7": "次の調査票を、送り先に出してください。",
			"F10": "調査票（令和8年度）が、提出期限の令和8年4月25日を過ぎても届いていません。至急、提出してください。"},
	} {
		for cell, text := range want {
			if got := workbooktest.Cell(t, written[i].File, "差戻し票", cell); got != text {
				t.Errorf("%s of the %d. return: %q, want %q", cell, i+1, got, text)
			}
		}
	}
	if _, comment := workbooktest.Marked(t, written[0].File, "調査票", "B2"); strings.Contains(comment, "判断.csv") {
		t.Errorf("the comment says %s", comment)
	}
}
