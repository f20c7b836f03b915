package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/form"
)

// beginner runs command lines in a folder of its own, on a day of 令和8年.
type beginner struct {
	t   *testing.T
	dir string
}

func (b beginner) run(stdin string, args ...string) (said string, code int) {
	b.t.Helper()
	var out bytes.Buffer
	code = Run(context.Background(), append([]string{"--config", filepath.Join(b.dir, "kyogikai.yaml")}, args...), World{
		Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &out, Embedded: os.DirFS(root),
		Clock:  func() time.Time { return time.Date(2026, 5, 1, 2, 0, 0, 0, time.UTC) },
		Getenv: func(string) string { return "" },
	})
	return out.String(), code
}

// says runs a command line that ends with a code and says something.
func (b beginner) says(code int, args []string, wants ...string) string {
	b.t.Helper()
	said, got := b.run("総務部　総務課\n福祉部　福祉課\n", args...)
	if got != code {
		b.t.Errorf("%q: exit %d, want %d:\n%s", args, got, code, said)
	}
	for _, want := range wants {
		if !strings.Contains(said, want) {
			b.t.Errorf("%q does not say %q:\n%s", args, want, said)
		}
	}
	return said
}

func (b beginner) read(name string) string {
	b.t.Helper()
	data, err := os.ReadFile(filepath.Join(b.dir, name))
	if err != nil {
		b.t.Fatal(err)
	}
	return string(data)
}

func (b beginner) write(name, text string) {
	b.t.Helper()
	path := filepath.Join(b.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// green begins a city of two departments.
func green(t *testing.T) beginner {
	t.Helper()
	b := beginner{t, t.TempDir()}
	b.write("kyogikai.yaml", "plans:\n  - {municipality: みどり市, name: 計画, forms: [A], first_year: 2025, last_year: 2028}\n")
	b.says(exitDone, initOf("みどり市", "--forms", "D"), "2課のフォルダ", "「plans:」のすぐ下に", "forms: [D]")
	b.write("kyogikai.yaml", b.read("kyogikai.yaml")+
		"  - {municipality: みどり市, name: 別の計画, forms: [D], first_year: 2025, last_year: 2028}\n")
	b.write("inputs/みどり市/提出対象.csv", "様式,年度,部,課,提出期限\n成果指標調査票,令和7年度,総務部,総務課,令和8年4月24日\n"+
		"A,令和7年度,,福祉課,令和8年4月24日\n成果指標調査票,令和8年度,福祉部,福祉課,\n")
	return b
}

func initOf(city string, more ...string) []string {
	return append([]string{
		"init", city, "--plan", "別の計画", "--years", "R7-R10", "--due", "R8.4.24", "--organisation", "-",
	}, more...)
}

// What is missing is asked for at once; nothing that is there is touched; what must be added by hand can be read.
func TestInit(t *testing.T) {
	b := beginner{t, t.TempDir()}
	b.says(exitUsage, []string{"init"}, "自治体の名前を一つ")
	b.says(exitUsage, []string{"init", "みどり市"}, "--plan", "--years", "--due", "--organisation", "A  成果指標調査票")
	b.says(exitUsage, []string{"init", "み/どり市"}, "フォルダの名前に使えない")
	b.says(exitUsage, initOf("みどり市", "--forms", "A,Z"), "様式「Z」はありません", "B  行財政改革取組状況調査票")
	b.says(exitUsage, initOf("みどり市", "--forms", "A", "--years", "R10-R7"), "--years に")
	b.says(exitUsage, initOf("みどり市", "--forms", "A", "--year", "令和11年度"), "--year には")
	b.says(exitUsage, initOf("みどり市", "--forms", "A", "--organisation", "ない.txt"), "ない.txt を開けません")
	if entries, err := os.ReadDir(b.dir); err != nil || len(entries) > 0 {
		t.Fatalf("something was written: %v, %v", entries, err)
	}
	said := b.says(exitDone, initOf("みどり市", "--forms", "成果指標調査票,b", "--year", "令和8年度", "--json"))
	var line struct {
		Type, Add   string
		Files       []string
		Departments int
		Year        int `json:"fiscal_year"`
	}
	if err := json.Unmarshal([]byte(said), &line); err != nil || line.Type != "init" || line.Departments != 2 ||
		line.Year != 2026 || len(line.Files) < 4 || line.Add != "" {
		t.Errorf("%+v, %v\n%s", line, err, said)
	}
	if !strings.Contains(b.read("inputs/みどり市/提出対象.csv"), "行財政改革取組状況調査票,令和8年度,福祉部,福祉課,令和8年4月24日") {
		t.Error(b.read("inputs/みどり市/提出対象.csv"))
	}
	settings, lists := b.read("kyogikai.yaml"), b.read("inputs/みどり市/組織.csv")
	b.says(exitFailed, initOf("みどり市", "--forms", "C"), "組織.csv", "提出対象.csv", "何も書いていません")
	b.says(exitFailed, initOf("あお市", "--forms", "A", "--organisation", filepath.Join(b.dir, "kyogikai.yaml")), "一覧の")
	b.says(exitDone, initOf("あお市", "--forms", "A"), "「plans:」のすぐ下に", "'あお市'")
	if b.read("kyogikai.yaml") != settings || b.read("inputs/みどり市/組織.csv") != lists {
		t.Error("a file that was there was changed")
	}
	if err := os.RemoveAll(filepath.Join(b.dir, "inputs/みどり市")); err != nil {
		t.Fatal(err)
	}
	b.says(exitFailed, initOf("みどり市", "--forms", "B"), "様式 B", "計画「別の計画」", "何も書いていません")
	if _, err := os.Stat(filepath.Join(b.dir, "inputs/みどり市")); err == nil {
		t.Error("a city was begun whose form is of another plan")
	}
}

// At a terminal, what the flags do not say is asked for until it can be read.
func TestInitAsks(t *testing.T) {
	forms, err := form.Load(os.DirFS(root), "templates/forms")
	if err != nil {
		t.Fatal(err)
	}
	var asked bytes.Buffer
	o := &options{World: World{
		Stdin: strings.NewReader("計画\nいつか\nR7-R10\nZ\nA,B\n\nR8.4.24\n総務部\n 総務課\n\n 人事課\nおわり\n"), Stderr: &asked,
	}}
	var f initOptions
	if err := o.askCity(&f, forms); err != nil {
		t.Fatal(err)
	}
	c, err := o.city("みどり市", f, forms)
	if err != nil || c.Plan != "計画" || c.Last != 2028 || len(c.Forms) != 2 || len(c.Departments) != 2 ||
		c.Due.Day() != 24 {
		t.Errorf("%+v, %v", c, err)
	}
	for _, want := range []string{"「いつか」は読めません", "「Z」は読めません", "A  成果指標調査票", "「おわり」"} {
		if !strings.Contains(asked.String(), want) {
			t.Errorf("it does not say %q:\n%s", want, asked.String())
		}
	}
	o.Stdin = strings.NewReader("計画\n")
	if err := o.askCity(&initOptions{}, forms); err == nil || !strings.Contains(err.Error(), "途中で終わりました") {
		t.Errorf("an end in the middle: %v", err)
	}
}

// A meeting and a template are begun, copied and put off; nothing is overwritten, and what is wrong is named with what
// is near.
func TestNewAndPostpone(t *testing.T) {
	b := green(t)
	b.says(exitUsage, []string{"new", "paper"}, "「paper」は作れません")
	b.says(exitUsage, []string{"new", "meeting", "いつか"}, "日付として読めません", "令和8年2月24日")
	b.says(exitUsage, []string{"new", "meeting", "2026-05-26"}, "ひな形がまだありません")
	b.says(exitUsage, []string{"new", "brief", "a/b"}, "使えない字")
	b.says(exitUsage, []string{"new", "brief", "進捗", "--plan", "別の計両"}, "「別の計両」はありません（近いもの: 別の計画）")
	b.says(exitDone, []string{"new", "brief", "進捗"}, "令和7年度", "brief: 進捗.md")
	b.says(exitFailed, []string{"new", "brief", "進捗.md"}, "すでにあります", "進捗.md")
	b.says(exitUsage, []string{"new", "meeting", "2026-05-26", "--brief", "新捗"}, "近いもの: 進捗.md")
	b.says(exitUsage, []string{"new", "meeting", "2026-05-26", "--municipality", "みとり市"}, "近いもの: みどり市")
	b.says(exitDone, []string{"new", "meeting", "令和8年5月26日"}, "会議 2026-05-26", "進捗.md", "令和7年度")
	first := b.read("templates/meetings/2026-05-26.yaml")
	b.says(exitFailed, []string{"new", "meeting", "R8.5.26"}, "すでにあります")
	b.says(exitFailed, []string{"new", "meeting", "2027-05-25", "--from", "2026-05-25"}, "会議「2026-05-25」がありません")
	b.says(exitDone, []string{"new", "meeting", "2027-05-25", "--from", "2026-05-26"},
		"year: 2025 → year: 2026", "確かめてください")
	if !strings.Contains(b.read("templates/meetings/2027-05-25.yaml"), "year: 2026         # 令和7年度") {
		t.Error(b.read("templates/meetings/2027-05-25.yaml"))
	}
	b.says(exitUsage, []string{"postpone", "2026-05-26"}, "会議の名前と新しい日")
	b.says(exitUsage, []string{"postpone", "2026-05-26", "来週"}, "日付として読めません")
	b.says(exitUsage, []string{"postpone", "2026-05-26", "R8.5.26"}, "もう令和8年5月26日です")
	b.says(exitFailed, []string{"postpone", "2026-05-20", "R8.5.26"}, "がありません")
	if b.read("templates/meetings/2026-05-26.yaml") != first {
		t.Fatal("the meeting was changed")
	}
	said := b.says(exitDone, []string{"postpone", "2026-05-26", "令和8年6月2日", "--json"})
	var line struct {
		Type, Meeting, From, To string
		Final                   bool
		Changed                 []struct {
			Line     int
			Was, Now string
		}
	}
	if err := json.Unmarshal([]byte(said), &line); err != nil || line.Type != "postpone" || line.Meeting != "2026-05-26" ||
		line.From != "2026-05-26" || line.To != "2026-06-02" || line.Final ||
		len(line.Changed) != 2 || line.Changed[1].Line != 3 {
		t.Errorf("%+v, %v", line, err)
	}
	b.says(exitFailed, []string{"new", "meeting", "2026-05-26", "--from", "2027-05-25"}, "すでにあります")
	sample := beginner{t, t.TempDir()} // whose meetings are those in the program
	sample.write("kyogikai.yaml", "keep_runs: 3\n")
	sample.says(exitFailed, []string{"postpone", "2025-10-21", "2025-11-04"}, "見本なので変えられません")
	sample.says(exitFailed, []string{"new", "meeting", "2026-02-24", "--from", "2025-10-21"}, "templates がありません")
	sample.says(exitFailed, []string{"new", "brief", "進捗"}, "templates がありません")
	for _, verb := range []string{"init", "postpone", "new meeting", "new brief"} {
		b.says(exitDone, append(strings.Fields(verb), "--help"), "終了コード", "例: ")
	}
}

// Every department that owes a form gets a folder, before anything was loaded, with what the lists name.
func TestFormForAll(t *testing.T) {
	b := green(t)
	b.says(exitUsage, []string{"form", "--all"}, "--year")
	b.says(exitUsage, []string{"form", "--all", "福祉課"}, "どちらか一つ")
	b.says(exitUsage, []string{"form", "--all", "--form", "A", "--year", "R7"}, "--form は使えません")
	b.says(exitUsage, []string{"form", "--all", "--year", "らいねん"}, "--year は")
	b.says(exitFailed, []string{"form", "--all", "--year", "令和9年度"}, "令和9年度の行がありません（あるのは 令和7年度、令和8年度）")
	b.says(exitDone, []string{"form", "--all", "--year", "R8", "-o", filepath.Join(b.dir, "空")},
		"1課に", "成果指標調査票 0行", "空の行だけ", "contacts")
	b.write("inputs/みどり市/指標.csv", "課,指標名,種別,単位,目指す方向,終了年度\n福祉課,受診率,成果,%,上昇,\n福祉課,古い指標,成果,%,上昇,令和6年度\n"+
		"福祉課,来年まで,成果,%,上昇,令和7年度\n")
	b.write("kyogikai.yaml", b.read("kyogikai.yaml")+
		"contacts:\n  - {municipality: みどり市, name: 企画課, phone: 内線 1, send_to: 共有}\n")
	said := b.says(exitDone, []string{"form", "--all", "--year", "令和7年度"}, "2課に", "福祉課（成果指標調査票 2行）", "総務課（成果指標調査票 0行）")
	if strings.Contains(said, "注意") {
		t.Error(said)
	}
	folder := "outputs/forms/みどり市/令和7年度/福祉部/福祉課/"
	letter := b.read(folder + "依頼文.txt")
	for _, want := range []string{
		"福祉部　福祉課　御中", "年度　　　令和7年度", "成果指標調査票", "令和8年4月24日（金）", "令和7年度_調査票_福祉課.xlsx", "送り先　　共有", "照会先　　企画課（内線 1）",
	} {
		if !strings.Contains(letter, want) {
			t.Errorf("the letter does not say %q:\n%s", want, letter)
		}
	}
	workbook := b.read(folder + "令和7年度_調査票_福祉課.xlsx")
	b.says(exitFailed, []string{"form", "--all", "--year", "令和7年度"}, "すでにあります", "総務課/依頼文.txt", "何も書いていません")
	if b.read(folder+"令和7年度_調査票_福祉課.xlsx") != workbook || b.read(folder+"依頼文.txt") != letter {
		t.Error("a file that was there was changed")
	}
	b.says(exitDone, []string{"form", "福祉課"}, "令和8年度_調査票_福祉課.xlsx（成果指標調査票 1行）") // the newest year that it owes
	b.says(exitDone, []string{"form", "みどり市/福祉課", "--year", "令和7年度"}, "令和7年度_調査票_福祉課.xlsx（成果指標調査票 2行）")
	b.says(exitUsage, []string{"form", "福社課"}, "「福社課」という課はありません（近いもの: 福祉課）")
	b.says(exitUsage, []string{"form", "福祉課", "--municipality", "みとり市"}, "近いもの: みどり市")
	b.write("inputs/みどり市/提出対象.csv", "様式,年度,部,課,提出期限\n成果指標調査票,9年度,,福祉課,\n成果指標調査表,令和9年度,,福祉課,\n成果指標調査票,令和9年度,,福社課,\n")
	b.says(exitFailed, []string{"form", "--all", "--year", "令和9年度"}, "「成果指標調査表」はありません（近いもの: 成果指標調査票）",
		"「福社課」は組織.csvにありません（近いもの: 福祉課）", "提出対象.csv E2 の行: 年度を読めません", "提出対象.csv E3", "提出対象.csv E4")
}

// Where there is a warehouse, the workbooks begin with what was answered last.
func TestFormForAllFromLastYear(t *testing.T) {
	out := filepath.Join(t.TempDir(), "調査票")
	said, stderr, code := run(context.Background(), "form", "--all", "--year", "R8", "--municipality", "八戸市", "-o", out,
		"--outputs", outputs)
	if code != exitDone || !strings.Contains(said, "総務部/人事課（成果指標調査票 1行）") || !strings.Contains(said, "6課に") {
		t.Errorf("exit %d\n%s%s", code, said, stderr)
	}
	if found, err := filepath.Glob(filepath.Join(out, "*/*/*")); err != nil || len(found) != 12 {
		t.Errorf("%q, %v", found, err)
	}
}
