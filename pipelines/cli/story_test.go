package cli

import (
	"encoding/csv"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kyogikai/pipelines/trial"
	"kyogikai/pipelines/workbook/workbooktest"
)

// keepStory is a folder in which the story leaves its documents, for people to look at: make story.
var keepStory = flag.String("story", "", "folder in which the story of a meeting leaves its documents")

const (
	storyThen = "2024-10-22" // this year's meeting
	storyNext = "2025-10-21" // the next year's

	storyMeeting = `date: DATE
time: 午前10時
place: 第一委員会室
kind: 総務協議会資料
agenda_title: 総務協議会協議事項
group: 所管事項の報告について
municipality: 八戸市
set:
  numbering: true
  copies: [{to: 委員, count: 8}, {to: 執行部, count: 12}, {to: 傍聴, count: 10}]
items:
  - title: 行財政改革の進捗について
    department: 総務部行政管理課
    brief: 進捗.md
    parameters: {plan: 第7次八戸市行財政改革大綱, year: YEAR}
  - title: 市有施設の見直しについて
    id: 施設
    department: 総務部行政管理課
    pdf: 施設.pdf
    pages: 1
    handling: 取扱注意
`
	storyBrief = `---
title: 行財政改革の進捗について
queries:
  pillars: SELECT * FROM marts.progress_table WHERE municipality = $municipality AND plan = $plan
    AND scope = wareki($year) AND pillar <> '計' ORDER BY pillar_no
  total: SELECT * FROM marts.progress_table WHERE municipality = $municipality AND plan = $plan
    AND scope = wareki($year) AND pillar = '計'
  years: |
    SELECT * FROM marts.progress_table
    WHERE municipality = $municipality AND plan = $plan AND pillar = '計'
      AND scope IN (wareki($year), wareki($year - 1)) ORDER BY scope
  fund: |
    SELECT * FROM marts.finance_indicators
    WHERE municipality = $municipality AND indicator = '基金残高' AND fiscal_year BETWEEN $year - 1 AND $year
      ORDER BY fiscal_year
---

# 進捗

計画どおり進んだ取組は{{pct (v "total" "good_pct")}}で、目安の89%を` +
		`{{choose (v "total" "good_pct") "89" "上回りました" "下回りました" "保ちました"}}。` +
		`施設の見直しは{{paper "施設"}}のとおりです。

` + "```table" + `
id: 進捗
unit: （単位：件）
columns: [{width: 16, align: left}, {}, {}, {}]
head: [[柱, 取組数, ◎, ○]]
body:
  - query: pillars
    cells: ["{{.pillar}}", "{{n .initiatives}}", "{{n .ahead}}", "{{n .on_plan}}"]
  - query: total
    total: true
    cells: [計, "{{n .initiatives}}", "{{n .ahead}}", "{{n .on_plan}}"]
` + "```" + `

` + "```table" + `
id: 年度別
columns: [{width: 16, align: left}, {}, {}]
head: [[年度, 順調な取組, 遅れた取組]]
body:
  - query: years
    cells: ["{{.scope}}", "{{pct .good_pct}}", "{{pct .late_pct}}"]
` + "```" + `

` + "```table" + `
id: 基金
columns: [{width: 16, align: left}, {}]
head: [[年度, 基金残高（億円）]]
body:
  - query: fund
    cells: ["{{wareki .fiscal_year}}", "{{dec .value 1}}"]
` + "```" + `
`
	storyProblem = "八戸市/令和5年度/市民環境部/暮らし交通安全課/【暮らし交通安全課】行財政改革取組状況.xlsx"
	storyFund    = "八戸市/令和5年度/財政部/財政課/財政指標_R5_財政課.xlsx"
)

// story is a city with two meetings, and the program as processes.
type story struct{ *city }

func newStory(t *testing.T) story {
	t.Helper()
	c := story{newCity(t)}
	c.use(0)
	// the next year's
	if err := os.Rename(filepath.Join(c.inputs, "八戸市", "令和6年度"), filepath.Join(c.dir, "令和6年度")); err != nil {
		t.Fatal(err)
	}
	briefs := filepath.Join(c.dir, "templates", "briefs")
	if err := os.Remove(briefs); err != nil { // a link to the project's own
		t.Fatal(err)
	}
	c.write("templates/briefs/進捗.md", []byte(storyBrief))
	if err := os.Remove(filepath.Join(c.dir, "templates/meetings/2040-10-21.yaml")); err != nil {
		t.Fatal(err)
	}
	c.meeting(storyThen, "2023")
	// A department's own paper: any PDF of one page with its typefaces in it.
	c.write(
		"templates/meetings/あき.yaml",
		[]byte(
			"date: 2020-01-01\nkind: 施設の見直しについて\nagenda_title: 市有施設の見直し\ngroup: 見直しの対象\nmunicipality: 八戸市\nitems:\n  - "+
				"{number: '1', title: 旧第三分庁舎, brief: '', department: ''}\n",
		),
	)
	c.mustRun("load")
	c.mustRun("brief", "あき")
	own, err := os.ReadFile(filepath.Join(c.outputs, "briefs", "あき", "施設の見直しについて.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	c.write("templates/meetings/施設.pdf", own)
	if err := os.Remove(filepath.Join(c.dir, "templates/meetings/あき.yaml")); err != nil {
		t.Fatal(err)
	}
	return c
}

// meeting puts a meeting's file in place, whose paper reports a fiscal year.
func (c story) meeting(day, year string) {
	c.write(
		"templates/meetings/"+day+".yaml", []byte(strings.NewReplacer("DATE", day, "YEAR", year).Replace(storyMeeting)),
	)
}

// answer fills in the sheets of a meeting that are there, and hands them in: f says of each line what is answered.
func (c story) answer(f func(department string, row map[string]string) (answer, correction string)) {
	c.t.Helper()
	sheets, err := filepath.Glob(filepath.Join(c.outputs, "confirmations", storyThen, "*.xlsx"))
	if err != nil || len(sheets) == 0 {
		c.t.Fatalf("no sheets: %v", err)
	}
	for _, path := range sheets {
		department := strings.Split(strings.TrimSuffix(filepath.Base(path), ".xlsx"), "_")[2]
		rows := workbooktest.Fill(c.t, path, "数値確認票", 10, "O", func(row map[string]string) map[string]string {
			answer, correction := f(department, row)
			return map[string]string{"I": answer, "J": correction, "K": "令和6年10月10日", "L": department + "長"}
		})
		if rows == 0 {
			c.t.Errorf("%s asks for nothing", path)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			c.t.Fatal(err)
		}
		c.write("inputs/八戸市/令和6年度/部/"+department+"/"+filepath.Base(path), data)
		if err := os.Remove(path); err != nil {
			c.t.Fatal(err)
		}
	}
}

// pdfText is what a PDF says.
func pdfText(t *testing.T, path string) string {
	t.Helper()
	out, err := trial.Command(t, "pdftotext", "-layout", path, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext %s: %v", path, err)
	}
	return string(out)
}

// refusal is a run that must be refused, and what it says.
func (c story) refusal(args ...string) string {
	c.t.Helper()
	said, code := c.run(args...)
	if code != exitFailed {
		c.t.Fatalf("%q: exit %d\n%s", args, code, said)
	}
	return said
}

func (c story) says(said string, wants ...string) {
	c.t.Helper()
	for _, want := range wants {
		if !strings.Contains(tight(said), tight(want)) {
			c.t.Errorf("it does not say %q:\n%s", want, said)
		}
	}
}

// tight is a text without the white space in which a PDF's lines and columns end.
func tight(s string) string { return strings.Join(strings.Fields(s), "") }

// keep leaves documents for people to look at.
func (c story) keep(step string, patterns ...string) {
	c.t.Helper()
	if *keepStory == "" {
		return
	}
	for _, pattern := range patterns {
		files, err := filepath.Glob(filepath.Join(c.outputs, pattern))
		if err != nil || len(files) == 0 {
			c.t.Fatalf("%s: no %s: %v", step, pattern, err)
		}
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err == nil {
				err = os.MkdirAll(filepath.Join(*keepStory, step), 0o755)
			}
			if err == nil {
				err = os.WriteFile(filepath.Join(*keepStory, step, filepath.Base(f)), data, 0o644)
			}
			if err != nil {
				c.t.Fatal(err)
			}
		}
	}
}

// The whole story of a meeting: a draft, confirmations of which one corrects a value, the final paper, a workbook that
// changes after it was handed out, errata and replacement pages, and the next year's paper, which compares with what
// was published.
func TestStoryOfAMeeting(t *testing.T) {
	t.Parallel()
	trial.Slow(t)
	trial.Needs(t, "pdftotext")
	c := newStory(t)
	as := func(day string, args ...string) []string { return append([]string{"--as-of", day}, args...) }
	problem := filepath.Join(c.inputs, storyProblem)
	sheet := workbooktest.Sheets(t, problem)[0]
	workbooktest.SetCell(t, problem, sheet, "F6", "□") // an error that stays until somebody decides about it

	// The draft says what is open.
	c.says(c.mustRun(as("2024-10-01", "brief", storyThen, "--draft")...), "課のPDFをそのまま綴っています")
	draft := filepath.Join(c.outputs, "briefs", storyThen, "1_行財政改革の進捗について（案）.pdf")
	c.says(pdfText(t, draft), "（案）", "資料1", "資料2のとおり", "取扱区分：会議後公表", "財政課", "未確認")
	c.keep("1_案", "briefs/"+storyThen+"/*.pdf")

	// Final papers are refused: an error, departments that have not confirmed.
	said := c.refusal(as("2024-10-01", "brief", storyThen, "--final")...)
	c.says(said, "誤りがあり", "暮らし交通安全課", "「□」は使えない記号", "数値を確認していない課", "財政課", "除くときの path: 数値確認票/"+storyThen+"/財政課",
		filepath.Join("briefs", storyThen, "除いて確定する場合の判断.csv"))
	if _, err := os.Stat(filepath.Join(c.outputs, "final", storyThen, "第1版")); err == nil {
		t.Fatal("a refused paper is there")
	}

	// The departments confirm; 財政課 corrects its fund.
	c.mustRun(as("2024-10-01", "brief", storyThen, "--confirm")...)
	c.keep("2_数値確認票", "confirmations/"+storyThen+"/*財政課*", "confirmations/"+storyThen+"/*福祉政策課*")
	c.answer(func(department string, row map[string]string) (string, string) {
		if department == "財政課" && row["A"] == "基金残高" && row["B"] == "実績（令和5年度）" {
			return "訂正", "70.6"
		}
		return "確認", ""
	})
	said = c.refusal(as("2024-10-11", "brief", storyThen, "--final")...)
	c.says(said, "訂正待ち1件", "「69.6億円」を「70.6」に訂正", "財政指標_R5_財政課.xlsx")
	if strings.Contains(said, "福祉政策課") {
		t.Errorf("a department that has confirmed is still asked:\n%s", said)
	}
	status := c.mustRun(as("2024-10-11", "status")...)
	c.says(status, "数値の確認", storyThen, "財政課")

	// The workbook is fixed, and the error waived: with reason, post and date, not without.
	workbooktest.SetCell(
		t, filepath.Join(c.inputs, storyFund), workbooktest.Sheets(t, filepath.Join(c.inputs, storyFund))[0], "G6", "70.6 億円",
	)
	waiver := "path,cell,decision,reason,post,date\n" + storyProblem + ",D6,除いて確定,所管課が出張中のため,POST,令和6年10月15日\n"
	c.write("inputs/八戸市/判断.csv", []byte(strings.Replace(waiver, "POST", "", 1)))
	c.says(c.refusal(as("2024-10-15", "brief", storyThen, "--final")...), "暮らし交通安全課")
	c.write("inputs/八戸市/判断.csv", []byte(strings.NewReplacer("POST", "総務部長", "D6", "").Replace(waiver)))
	// of a row, the row
	c.says(c.refusal(as("2024-10-15", "brief", storyThen, "--final")...), "暮らし交通安全課", "除くときの cell: D6")
	c.write("inputs/八戸市/判断.csv", []byte(strings.Replace(waiver, "POST", "総務部長", 1)))
	said = c.mustRun(as("2024-10-16", "brief", storyThen, "--final", "--distributed", "2024-10-18")...)
	c.says(said, "確定しました", "第1版", "令和6年10月18日", "所管課が出張中のため", "課のPDFをそのまま綴っています")
	first := filepath.Join(c.outputs, "final", storyThen, "第1版")
	paper := filepath.Join(first, "1_行財政改革の進捗について.pdf")
	text := pdfText(t, paper)
	c.says(text, "計（1件を除く）", "70.6", "上回りました")
	c.says(pdfText(t, filepath.Join(first, "2_市有施設の見直しについて.pdf")), "資料2", "旧第三分庁舎", "取扱区分：取扱注意")
	c.says(pdfText(t, filepath.Join(first, "配布部数表.pdf")), "資料1", "資料2", "30")
	public := pdfText(t, filepath.Join(first, "公開用_総務協議会資料.pdf"))
	if strings.Contains(public, "旧第三分庁舎") || strings.Contains(public, "取扱区分") || !strings.Contains(public, "70.6") {
		t.Errorf("what the public gets:\n%s", public)
	}
	c.keep("3_確定", "final/"+storyThen+"/第1版/*.pdf")

	c.unchanged(first)
	c.detected(storyThen, paper)

	c.ledgerIsGuarded()

	// After the papers were handed out, a department finds that three initiatives were late.
	c.late(3)
	said = c.mustRun(as("2024-10-20", "errata", storyThen)...)
	c.says(said, "【結論】", "上回りました", "下回りました", "差替え: 資料1の1頁")
	if strings.Index(said, "【結論】") > strings.Index(said, "表「進捗」") {
		t.Errorf("the conclusion does not come first:\n%s", said)
	}
	// What has changed is confirmed again, before it is handed out.
	c.says(c.refusal(as("2024-10-20", "errata", storyThen, "--final")...), "再確認")
	c.mustRun(as("2024-10-20", "brief", storyThen, "--confirm")...)
	c.answer(func(string, map[string]string) (string, string) { return "確認", "" })
	said = c.mustRun(as(
		"2024-10-20", "errata", storyThen, "--final", "--distributed", "2024-10-21", "--reason", "調査票に誤りがあったため",
	)...)
	c.says(said, "第2版", "前に作ったものを消しました（第2版にあります）")
	second := filepath.Join(c.outputs, "final", storyThen, "第2版")
	members := pdfText(t, filepath.Join(second, "正誤表.pdf"))
	c.says(members, "正誤表", "結論の言葉", "上回りました", "下回りました", "資料1", "調査票に誤りがあったため")
	if strings.Contains(members, "xlsx") || strings.Contains(members, "変わったセル") {
		t.Errorf("the members are told cells:\n%s", members)
	}
	c.says(pdfText(t, filepath.Join(second, "正誤表_事務局用.pdf")), "正誤表", "結論の言葉", "資料1", "○", "xlsx", "調査票に誤りがあったため")
	c.says(pdfText(t, filepath.Join(second, "差替え頁.pdf")), "（差替え）令和6年10月21日", "下回りました")
	c.keep("4_差替え", "final/"+storyThen+"/第2版/正誤表.pdf", "final/"+storyThen+"/第2版/差替え頁.pdf")
	c.says(c.mustRun(as("2024-10-22", "brief", storyThen)...), "第1版", "第2版")
	c.says(c.mustRun(as("2024-10-22", "errata", storyThen)...), "違いません")
	c.otherPDF()

	// The next year: a value of last year is another now. The paper compares with what was published, and says so.
	if err := os.CopyFS(filepath.Join(c.inputs, "八戸市", "令和6年度"), os.DirFS(filepath.Join(c.dir, "令和6年度"))); err != nil {
		t.Fatal(err)
	}
	c.meeting(storyNext, "2024")
	said = c.mustRun(as("2025-10-01", "brief", storyNext)...)
	c.says(said, "遡及改定", "公表した値 70.6")
	next := pdfText(t, filepath.Join(c.outputs, "briefs", storyNext, "1_行財政改革の進捗について.pdf"))
	c.says(next, "r70.6", "※r：遡及改定", "69.6", "60.7")
	if strings.Count(next, "遡及改定") != 1 {
		t.Errorf("one value has been revised:\n%s", next)
	}
	c.says(c.mustRun("check"), "公表した値は 70.6", "遡及改定")
	c.keep("5_翌年", "briefs/"+storyNext+"/1_*.pdf")
	said = c.mustRun(as("2025-10-01", "brief", storyNext, "--compare", storyThen)...)
	c.says(said, "年度別", "行の追加")
	c.mustRun(as("2025-10-01", "brief", storyNext, "--questions")...)
	c.keep("6_想定問答", "briefs/"+storyNext+"/想定問答.xlsx")
	questions := filepath.Join(c.outputs, "briefs", storyNext, "想定問答.xlsx")
	if got := workbooktest.Cell(t, questions, "資料1_想定問答", "A4"); !strings.Contains(got, "変化の大きいもの") {
		t.Errorf("the questions begin with %q", got)
	}
}

// otherPDF: a department's PDF that is another file now is told, and its page replaced; once the file is back, the
// earlier 正誤表 is gone.
func (c story) otherPDF() {
	c.t.Helper()
	path := filepath.Join(c.dir, "templates/meetings/施設.pdf")
	whole, err := os.ReadFile(path)
	if err != nil {
		c.t.Fatal(err)
	}
	other, err := os.ReadFile(filepath.Join(c.outputs, "final", storyThen, "第2版", "配布部数表.pdf"))
	if err != nil {
		c.t.Fatal(err)
	}
	c.write("templates/meetings/施設.pdf", other)
	said := c.mustRun("--as-of", "2024-10-22", "errata", storyThen)
	c.says(said, "資料2 頁の全体（課のPDF）", "別のファイルに替わっています", "差替え: 資料2の1頁", "正誤表_事務局用.pdf")
	pages := filepath.Join(c.outputs, "errata", storyThen, "差替え頁.pdf")
	c.says(pdfText(c.t, pages), "（差替え）", "資料2", "取扱区分：取扱注意", "配布部数表")
	c.write("templates/meetings/施設.pdf", whole)
	c.says(c.mustRun("--as-of", "2024-10-22", "errata", storyThen), "違いません", "前に作ったものを消しました（いまは違いがありません）")
	if _, err := os.Stat(pages); err == nil {
		c.t.Error("the pages of an earlier look are left")
	}
	if _, err := os.Stat(filepath.Join(c.outputs, "final", storyThen, "第2版", "正誤表.pdf")); err != nil {
		c.t.Error(err)
	}
}

// ledgerIsGuarded: neither a ledger that somebody has changed or removed, nor final papers that are gone, pass for the
// truth.
func (c story) ledgerIsGuarded() {
	c.t.Helper()
	ledgers := filepath.Join(c.inputs, "八戸市", "ledger")
	path := filepath.Join(ledgers, storyThen+"_第1版.csv")
	whole, err := os.ReadFile(path)
	if err != nil {
		c.t.Fatal(err)
	}
	c.write("inputs/八戸市/ledger/"+filepath.Base(path), []byte(strings.Replace(string(whole), ",70.6,", ",71.6,", 1)))
	c.says(c.refusal("load"), "公表値台帳", "確定したときの内容と違います")
	if err := os.RemoveAll(ledgers); err != nil {
		c.t.Fatal(err)
	}
	c.says(c.refusal("load"), "公表値台帳", "がありません", "kyogikai brief "+storyThen)
	c.mustRun("brief", storyThen)
	c.mustRun("load")
	if again, err := os.ReadFile(path); err != nil || string(again) != string(whole) {
		c.t.Errorf("the ledger did not come back: %v", err)
	}
	final := filepath.Join(c.outputs, "final", storyThen)
	if err := os.Rename(final, final+".gone"); err != nil {
		c.t.Fatal(err)
	}
	c.says(c.refusal("brief", storyThen, "--final"), "台帳", "控え")
	if err := os.RemoveAll(final); err != nil {
		c.t.Fatal(err)
	}
	if err := os.Rename(final+".gone", final); err != nil {
		c.t.Fatal(err)
	}
	c.mustRun("brief", storyThen)
}

// late makes so many of the initiatives of the year late, in as many workbooks as it takes.
func (c story) late(n int) {
	c.t.Helper()
	files, err := filepath.Glob(filepath.Join(c.inputs, "八戸市/令和5年度/*/*/*行*.xlsx"))
	if err != nil {
		c.t.Fatal(err)
	}
	for _, path := range files {
		if strings.HasSuffix(path, filepath.Base(storyProblem)) {
			continue
		}
		said := c.mustRun("sql", "--format", "csv", "SELECT f.sheet, f.cell FROM raw.fields AS f "+
			"JOIN raw.records AS r USING (record_id) JOIN meta.workbooks AS w USING (workbook_id) "+
			"WHERE w.path = 'inputs/"+strings.TrimPrefix(path, c.inputs+"/")+
			"' AND f.name = 'progress' AND f.scope = '2023' AND f.value = '○' AND NOT r.excluded ORDER BY ALL")
		rows, err := csv.NewReader(strings.NewReader(said)).ReadAll()
		if err != nil {
			c.t.Fatal(err)
		}
		for _, row := range rows[1:] {
			workbooktest.SetCell(c.t, path, row[0], row[1], "▲")
			if n--; n == 0 {
				return
			}
		}
	}
	c.t.Fatalf("%d initiatives too few", n)
}

// unchanged runs every verb that writes, and finds the files of a final paper as they were.
func (c story) unchanged(dir string) {
	c.t.Helper()
	before := c.sums(dir)
	for _, args := range [][]string{
		{"load"}, {"nightly"}, {"brief", storyThen}, {"brief", storyThen, "--draft"},
		{"brief", storyThen, "--format", "html"}, {"brief", storyThen, "--confirm"},
		{"errata", storyThen}, {"check", "--returns"},
	} {
		c.mustRun(append([]string{"--as-of", "2024-10-19"}, args...)...)
	}
	c.says(c.refusal("--as-of", "2024-10-19", "brief", storyThen, "--final"), "第1版として確定しています", "kyogikai errata")
	if after := c.sums(dir); after != before {
		c.t.Errorf("a verb has changed a final paper:\n%s\n%s", before, after)
	}
}

// sums are the files below a folder with their contents' sums.
func (c story) sums(dir string) string {
	c.t.Helper()
	out, err := exec.Command(
		"sh", "-c", `cd "$1" && find . -type f | LC_ALL=C sort | xargs -d '\n' sha256sum`, "sh", dir,
	).Output()
	if err != nil || len(out) == 0 {
		c.t.Fatalf("sums of %s: %v", dir, err)
	}
	return string(out)
}

// detected flips one byte of a final paper: the program tells which file it is, and is content again once it is back.
func (c story) detected(meeting, path string) {
	c.t.Helper()
	c.says(c.mustRun("brief", meeting), "確定したときのまま")
	whole, err := os.ReadFile(path)
	if err != nil {
		c.t.Fatal(err)
	}
	put := func(data []byte) {
		if err := os.Chmod(path, 0o644); err != nil {
			c.t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			c.t.Fatal(err)
		}
	}
	flipped := append([]byte(nil), whole...)
	flipped[len(flipped)/2] ^= 1
	put(flipped)
	c.says(c.refusal("brief", meeting), filepath.Base(path), "確定したときの内容と違います", "控え")
	c.says(c.refusal("errata", meeting), filepath.Base(path))
	put(whole)
	said := c.mustRun("brief", meeting, "--json")
	var v struct{ Files, Whole, Reproduced int }
	if err := json.Unmarshal(
		[]byte(strings.Split(said, "\n")[0]), &v,
	); err != nil || v.Files != v.Whole || v.Reproduced < 8 {
		c.t.Errorf("verified %+v, %v\n%s", v, err, said)
	}
}
