package collect

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"
)

// pen is a source and the inputs that it is pulled into.
type pen struct {
	Options
	t   *testing.T
	now time.Time
}

func newPen(t *testing.T, sources ...Source) *pen {
	t.Helper()
	if err := Check(sources); err != nil {
		t.Fatal(err)
	}
	p := &pen{t: t, now: time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)}
	p.Options = Options{
		Inputs: filepath.Join(t.TempDir(), "inputs"), StateDir: filepath.Join(t.TempDir(), "collect"), Sources: sources,
		Supported: func(name string) bool { return slices.Contains([]string{".xlsx", ".csv", ".xls"}, filepath.Ext(name)) },
		Complete:  func(data []byte) bool { return len(data) > 0 && !strings.HasPrefix(string(data), "half") },
		Replaces: func(_ context.Context, _ string, next, old []byte) string {
			if opens(next) || !opens(old) {
				return ""
			}
			return "壊れています"
		},
		Bureau: func(_, d string) string {
			return map[string]string{"財政課": "財政部", "税務課": "財政部"}[d]
		},
		Getenv: func(string) string { return "" }, Clock: func() time.Time { return p.now }, Pause: time.Millisecond,
	}
	return p
}

// opens reports contents that a reader of these tests can read.
func opens(data []byte) bool {
	return len(data) > 0 && data[0] != 0 && !strings.HasPrefix(string(data), "half") &&
		!strings.Contains(string(data), "broken")
}

// pull pulls once and returns the reports as 「新1 改0 同0 去0 失0」.
func (p *pen) pull() string {
	p.t.Helper()
	reports, err := Pull(context.Background(), p.Options)
	if err != nil {
		p.t.Fatal(err)
	}
	var out []string
	for _, r := range reports {
		s := fmt.Sprintf("新%d 改%d 同%d 去%d 失%d", r.New, r.Changed, r.Unchanged, r.Removed, r.Failed)
		if r.Error != "" {
			s += " " + r.Error
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

func (p *pen) want(report string, files map[string]string, problems ...string) {
	p.t.Helper()
	if got := p.pull(); got != report {
		p.t.Errorf("report %s, want %s", got, report)
	}
	p.wantFiles(files)
	state, err := LoadState(p.StateDir)
	if err != nil {
		p.t.Fatal(err)
	}
	var got []string
	for _, q := range state.Problems(p.Sources) {
		got = append(got, q.Code+" "+strings.TrimPrefix(q.Path+" "+q.What, " "))
	}
	if len(got) != len(problems) {
		p.t.Fatalf("problems %q, want %q", got, problems)
	}
	for i, want := range problems {
		if !strings.HasPrefix(got[i], want) {
			p.t.Errorf("problem %s, want %s…", got[i], want)
		}
	}
}

func (p *pen) wantFiles(files map[string]string) {
	p.t.Helper()
	n := 0
	err := filepath.WalkDir(p.Inputs, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			if err == nil && strings.HasPrefix(e.Name(), ".collect") {
				p.t.Errorf("left behind: %s", path)
			}
			return err
		}
		rel, _ := filepath.Rel(p.Inputs, path)
		data, err := os.ReadFile(path)
		if want, ok := files[rel]; !ok || want != string(data) {
			p.t.Errorf("%s holds %q, want %q", rel, data, want)
		}
		n++
		return err
	})
	if err != nil || n != len(files) {
		p.t.Errorf("%d files in inputs, want %d (%v)", n, len(files), err)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

const byFolder = "{年度}/{部}/{課}/{ファイル}"

func TestDirectoryIsPulledByContent(t *testing.T) {
	dir := t.TempDir()
	p := newPen(t, Source{Name: "共有", Directory: dir, Municipality: "架空市", Pattern: byFolder})
	write(t, dir, norm.NFD.String("R6/財政部/財政課/がぎぐ.xlsx"), "一")
	write(t, dir, "R6/財政部/財政課/b.csv", "二")
	write(t, dir, "R6/財政部/税務課/~$b.csv", "鍵")
	write(t, dir, "R6/財政部/読んで.docx", "文書")
	write(t, dir, "R6/財政部/税務課/Thumbs.db", "絵")
	const a, b = "架空市/令和6年度/財政部/財政課/がぎぐ.xlsx", "架空市/令和6年度/財政部/財政課/b.csv"
	p.want("新2 改0 同0 去0 失0", map[string]string{a: "一", b: "二"})
	p.want("新0 改0 同2 去0 失0", map[string]string{a: "一", b: "二"})

	// Same size, same time of change: contents tell.
	info, err := os.Stat(filepath.Join(dir, "R6/財政部/財政課/b.csv"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "R6/財政部/財政課/b.csv", "三")
	if err := os.Chtimes(filepath.Join(dir, "R6/財政部/財政課/b.csv"), info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	p.want("新0 改1 同1 去0 失0", map[string]string{a: "一", b: "三"})

	// A file that is removed stays and is marked, until it comes back or a person removes it here too.
	if err := os.Remove(filepath.Join(dir, "R6/財政部/財政課/b.csv")); err != nil {
		t.Fatal(err)
	}
	p.want("新0 改0 同1 去1 失0", map[string]string{a: "一", b: "三"}, "source_removed inputs/"+b+" 2026-11-20")
	p.now = p.now.AddDate(0, 0, 1)
	p.want("新0 改0 同1 去1 失0", map[string]string{a: "一", b: "三"}, "source_removed inputs/"+b+" 2026-11-20")
	write(t, dir, "R6/財政部/財政課/b.csv", "三")
	p.want("新0 改0 同2 去0 失0", map[string]string{a: "一", b: "三"})
	if err := os.Remove(filepath.Join(dir, "R6/財政部/財政課/b.csv")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(p.Inputs, b)); err != nil {
		t.Fatal(err)
	}
	p.want("新0 改0 同1 去0 失0", map[string]string{a: "一"})

	// The same name in the other normal form is the same file; a share that shows nothing has come off.
	if err := os.Rename(
		filepath.Join(dir, norm.NFD.String("R6/財政部/財政課/がぎぐ.xlsx")), filepath.Join(dir, "R6/財政部/財政課/がぎぐ.xlsx"),
	); err != nil {
		t.Fatal(err)
	}
	p.want("新0 改0 同1 去0 失0", map[string]string{a: "一"})
	divided := norm.NFD.String("R6/財政部/財政課/がぎぐ.xlsx")
	write(t, dir, divided, "二")
	p.want("新0 改0 同1 去0 失1", map[string]string{a: "一"},
		"source_failed inputs/架空市/令和6年度/財政部/財政課/がぎぐ.xlsx 置き場所が 共有 の R6/財政部/財政課/がぎぐ.xlsx と同じです。同じに見えて、濁点などの文字の持ち方だけが違います。")
	if err := os.Remove(filepath.Join(dir, divided)); err != nil {
		t.Fatal(err)
	}
	p.want("新0 改0 同1 去0 失0", map[string]string{a: "一"})
	if err := os.RemoveAll(filepath.Join(dir, "R6")); err != nil {
		t.Fatal(err)
	}
	p.want(
		"新0 改0 同0 去0 失0 調査票が一つもありません。共有フォルダが外れていないか、場所が変わっていないか、確かめてください。", map[string]string{a: "一"},
		"source_failed 調査票が一つも",
	)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	p.want("新0 改0 同0 去0 失0 フォルダ "+dir+" を開けません（その場所がありません）。共有フォルダが繋がっているか、権限があるかを確かめてください。",
		map[string]string{a: "一"}, "source_failed フォルダ ")
}

// A file that no reader knows is pulled where a department has put it into its folder: it is told. What is nobody's
// stays, and what is larger than a file may be.
func TestFilesOfOtherKindsArePulled(t *testing.T) {
	dir := t.TempDir()
	p := newPen(t, Source{Name: "共有", Directory: dir, Municipality: "架空市", Pattern: byFolder, MaxMegabytes: 1})
	const other = "R6/財政部/税務課/調査票.pdf"
	write(t, dir, other, "一")
	for _, name := range []string{
		"はじめに.txt", "R6/はじめに.txt", "R6/財政部/はじめに.txt", "R6/財政部/税務課/添付/写真.jpg", "六年/財政部/税務課/a.pdf",
		"R6/財政部/税務課/desktop.ini", "R6/財政部/税務課/調査票.lnk", "R6/財政部/税務課/~調査票.tmp", "R6/財政部/税務課/調査票.xlsx.bak",
	} {
		write(t, dir, name, "不要")
	}
	write(t, dir, "R6/財政部/税務課/動画.mp4", strings.Repeat("a", 1<<20+1))
	p.want("新1 改0 同0 去0 失0", map[string]string{"架空市/令和6年度/財政部/税務課/調査票.pdf": "一"})
	p.want("新0 改0 同1 去0 失0", map[string]string{"架空市/令和6年度/財政部/税務課/調査票.pdf": "一"})
}

func TestOneSourceThatFailsStopsNoOther(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "R6/財政課_票.xlsx", "一")
	p := newPen(t,
		Source{Name: "なし", Directory: "/nowhere", Municipality: "架空市", Pattern: byFolder},
		Source{Name: "共有", Directory: dir, Municipality: "架空市", Pattern: "{年度}/{課}_*.xlsx"})
	p.want("新0 改0 同0 去0 失0 フォルダ /nowhere を開けません（その場所がありません）。共有フォルダが繋がっているか、権限があるかを確かめてください。; 新1 改0 同0 去0 失0",
		map[string]string{"架空市/令和6年度/財政部/財政課/財政課_票.xlsx": "一"}, "source_failed フォルダ /nowhere")
}

func TestHalfUploadsWait(t *testing.T) {
	dir := t.TempDir()
	p := newPen(t, Source{Name: "共有", Directory: dir, Municipality: "架空市", Pattern: byFolder})
	write(t, dir, "R6/財政部/財政課/a.csv", "whole")
	write(t, dir, "R6/財政部/財政課/b.xlsx", "\x00\x00\x00\x00")
	touch := func(name string) {
		if err := os.Chtimes(filepath.Join(dir, name), p.now, p.now); err != nil {
			t.Fatal(err)
		}
	}
	touch("R6/財政部/財政課/b.xlsx")
	const a, b = "架空市/令和6年度/財政部/財政課/a.csv", "架空市/令和6年度/財政部/財政課/b.xlsx"
	p.want("新1 改0 同0 去0 失1", map[string]string{a: "whole"}, "source_failed inputs/"+b+" まだ書き込み中")

	// A file that was whole and is being written again keeps what was pulled.
	write(t, dir, "R6/財政部/財政課/a.csv", "half")
	p.now = p.now.Add(time.Minute)
	touch("R6/財政部/財政課/a.csv")
	p.want("新0 改0 同0 去0 失2", map[string]string{a: "whole"}, "source_failed inputs/"+a, "source_failed inputs/"+b)

	// What rests for long is what the department sent, however it looks: the reader will say what is wrong with it. But what
	// was whole is not given up for it.
	p.now = p.now.Add(time.Hour)
	p.want("新1 改0 同0 去0 失1", map[string]string{a: "whole", b: "\x00\x00\x00\x00"},
		"source_failed inputs/"+a+" 新しい版（令和8年11月20日 02:01 更新、4バイト）は使えません（壊れています）。"+
			"前の版（令和8年11月20日 02:00 取り込み、5バイト）を使い続けています。")
}

// Half of a CSV is a CSV: one that has just been written waits. And an old date alone is no reason to give up a file
// that was whole: there it must be readable.
func TestWhatShowsNoEndMustHaveRested(t *testing.T) {
	dir := t.TempDir()
	p := newPen(t, Source{Name: "共有", Directory: dir, Municipality: "架空市", Pattern: byFolder})
	at := func(name, text string, modified time.Time) {
		write(t, dir, name, text)
		if err := os.Chtimes(filepath.Join(dir, name), modified, modified); err != nil {
			t.Fatal(err)
		}
	}
	const a, b = "架空市/令和6年度/財政部/財政課/a.csv", "架空市/令和6年度/財政部/財政課/b.xlsx"
	at("R6/財政部/財政課/a.csv", "件数,14", p.now.Add(-time.Second))
	at("R6/財政部/財政課/b.xlsx", "whole", p.now.Add(-time.Hour))
	p.want("新1 改0 同0 去0 失1", map[string]string{b: "whole"}, "source_failed inputs/"+a+" まだ書き込み中")
	at("R6/財政部/財政課/a.csv", "件数,149", p.now.Add(-time.Second))
	at("R6/財政部/財政課/b.xlsx", "half", p.now.Add(-time.Hour))
	p.now = p.now.Add(2 * time.Minute)
	p.want("新1 改0 同0 去0 失1", map[string]string{a: "件数,149", b: "whole"}, "source_failed inputs/"+b+" まだ書き込み中")
	p.now = p.now.Add(time.Hour)
	p.want("新0 改0 同1 去0 失1", map[string]string{a: "件数,149", b: "whole"}, "source_failed inputs/"+b+" 新しい版（")
}

// A target belongs to the source that it came from, also on a night when that cannot be reached.
func TestTwoSourcesOfOneTarget(t *testing.T) {
	one, two := t.TempDir(), t.TempDir()
	write(t, one, "R6/財政部/財政課/a.csv", "一")
	write(t, two, "R6/財政部/財政課/a.csv", "二")
	p := newPen(t, Source{Name: "一", Directory: one, Municipality: "架空市", Pattern: byFolder}, Source{
		Name: "二", Directory: two, Municipality: "架空市", Pattern: byFolder,
	})
	const a = "架空市/令和6年度/財政部/財政課/a.csv"
	same := "source_failed inputs/" + a + " 置き場所が 一 の R6/財政部/財政課/a.csv と同じです"
	p.want("新1 改0 同0 去0 失0; 新0 改0 同0 去0 失1", map[string]string{a: "一"}, same)
	if err := os.Rename(one, one+".off"); err != nil {
		t.Fatal(err)
	}
	p.pull()
	p.wantFiles(map[string]string{a: "一"})
	if err := os.Rename(one+".off", one); err != nil {
		t.Fatal(err)
	}
	// Where its own source has it no longer, the other may bring it.
	write(t, one, "R6/財政部/財政課/b.csv", "他")
	if err := os.Remove(filepath.Join(one, "R6/財政部/財政課/a.csv")); err != nil {
		t.Fatal(err)
	}
	p.pull()
	p.wantFiles(map[string]string{a: "二", "架空市/令和6年度/財政部/財政課/b.csv": "他"})
}

func TestNothingLeavesInputs(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	write(t, outside, "secret.csv", "秘")
	write(t, dir, "R6/財政部/財政課/a.csv", "一")
	if err := os.Symlink(filepath.Join(outside, "secret.csv"), filepath.Join(dir, "R6/財政部/財政課/link.csv")); err != nil {
		t.Fatal(err)
	}
	p := newPen(t, Source{Name: "共有", Directory: dir, Municipality: "架空市", Pattern: byFolder})
	if err := os.MkdirAll(filepath.Join(p.Inputs, "架空市/令和6年度"), 0o755); err != nil {
		t.Fatal(err)
	}
	p.want("新1 改0 同0 去0 失1", map[string]string{"架空市/令和6年度/財政部/財政課/a.csv": "一"},
		"source_failed R6/財政部/財政課/link.csv は、このフォルダの外")
	// A folder in inputs that leads elsewhere is not written through.
	if err := os.RemoveAll(filepath.Join(p.Inputs, "架空市/令和6年度/財政部")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(p.Inputs, "架空市/令和6年度/財政部")); err != nil {
		t.Fatal(err)
	}
	p.pull()
	if left, _ := os.ReadDir(outside); len(left) != 1 {
		t.Errorf("written outside inputs: %v", left)
	}
}

func TestPlaces(t *testing.T) {
	for _, c := range []struct {
		pattern, name, want string
	}{
		{byFolder, "令和６年度/財政部/財政課/a.xlsx", "市/令和6年度/財政部/財政課/a.xlsx"},
		{byFolder, "2024/財政部/財政課/a.xlsx", "市/令和6年度/財政部/財政課/a.xlsx"},
		{byFolder, "2024/財政部/財政課/深い/a.xlsx", "!合いません"},
		{"{年度}/{部}/{課}/**/{ファイル}", "2024/財政部/財政課/深い/a.xlsx", "市/令和6年度/財政部/財政課/深い/a.xlsx"},
		{"{年度}/{部}/{課}/**/{ファイル}", "2024/財政部/財政課/../../../../etc/a.xlsx", "!使えません"},
		{"提出/{年度}_{課}_*.xlsx", "提出/R6_財政課_行革.xlsx", "市/令和6年度/財政部/財政課/R6_財政課_行革.xlsx"},
		{"提出/{年度}_{課}_*.xlsx", "提出/R6_宇宙課_行革.xlsx", "!部が分かりません"},
		{byFolder, "いつか/財政部/財政課/a.xlsx", "!年度として読めません"},
		{"{自治体}/{年度}/{部}/{課}/{ファイル}", "八戸市/H30/財政部/財政課/a.xlsx", "八戸市/平成30年度/財政部/財政課/a.xlsx"},
		{byFolder, "R6/財政部/.git/a.xlsx", "!使えません"},
	} {
		s := Source{Name: "n", Directory: "d", Municipality: "市", Pattern: c.pattern}
		if strings.Contains(c.pattern, "自治体") {
			s.Municipality = ""
		}
		sources := []Source{s}
		if err := Check(sources); err != nil {
			t.Fatal(err)
		}
		got, why := sources[0].place.target(c.name, newPen(t).Bureau)
		if want, bad := strings.CutPrefix(
			c.want, "!",
		); bad && !strings.Contains(why, want) || !bad && (got.path != want || why != "") {
			t.Errorf("%s of %s: %q %q, want %s", c.name, c.pattern, got.path, why, c.want)
		}
	}
}

func TestSettingsOfSourcesAreChecked(t *testing.T) {
	for want, s := range map[string]Source{
		"どちらか一つ": {
			HTTP: "https://x/", UserEnv: "U", PasswordEnv: "P", TokenEnv: "T", Pattern: byFolder, Municipality: "市",
		},
		"のうち一つだけ":     {HTTP: "https://x/", Directory: "d", Pattern: byFolder},
		"{年度} がありません": {Directory: "d", Pattern: "{課}/*", Municipality: "市"},
		"「{局}」は使えません": {Directory: "d", Pattern: "{局}/{年度}/*", Municipality: "市"},
		"パスワードを書かず":   {HTTP: "https://u:p@x/", Pattern: byFolder, Municipality: "市"},
		"終わりに / を付ける": {HTTP: "https://x/y", Pattern: byFolder, Municipality: "市"},
		"リモート名:フォルダ":  {Rclone: "--config=/etc/passwd", Pattern: byFolder, Municipality: "市"},
		"パスワードは、ここに":  {Rclone: ":sftp,host=h,pass=secret:x", Pattern: byFolder, Municipality: "市"},
		"年度として読めません":  {Directory: "d", Pattern: "{課}/*", Municipality: "市", Year: "いつか"},
	} {
		s.Name = "n"
		if err := Check([]Source{s}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
