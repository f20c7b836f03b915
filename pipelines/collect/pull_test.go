package collect

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/user"
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
		Whole:     func(data []byte) bool { return len(data) > 0 && !strings.HasPrefix(string(data), "half") },
		Bureau: func(_, d string) string {
			return map[string]string{"財政課": "財政部", "税務課": "財政部"}[d]
		},
		Getenv: func(string) string { return "" }, Clock: func() time.Time { return p.now }, Pause: time.Millisecond,
	}
	return p
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
	write(t, dir, "R6/財政部/税務課/b.csv", "二")
	write(t, dir, "R6/財政部/税務課/~$b.csv", "鍵")
	write(t, dir, "R6/財政部/税務課/読んで.docx", "文書")
	const a, b = "架空市/令和6年度/財政部/財政課/がぎぐ.xlsx", "架空市/令和6年度/財政部/税務課/b.csv"
	p.want("新2 改0 同0 去0 失0", map[string]string{a: "一", b: "二"})
	p.want("新0 改0 同2 去0 失0", map[string]string{a: "一", b: "二"})

	// Same size, same time of change: contents tell.
	info, err := os.Stat(filepath.Join(dir, "R6/財政部/税務課/b.csv"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "R6/財政部/税務課/b.csv", "三")
	if err := os.Chtimes(filepath.Join(dir, "R6/財政部/税務課/b.csv"), info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	p.want("新0 改1 同1 去0 失0", map[string]string{a: "一", b: "三"})

	// A file that is removed stays and is marked, until it comes back or a person removes it here too.
	if err := os.Remove(filepath.Join(dir, "R6/財政部/税務課/b.csv")); err != nil {
		t.Fatal(err)
	}
	p.want("新0 改0 同1 去1 失0", map[string]string{a: "一", b: "三"}, "source_removed inputs/"+b+" 2026-11-20")
	p.now = p.now.AddDate(0, 0, 1)
	p.want("新0 改0 同1 去1 失0", map[string]string{a: "一", b: "三"}, "source_removed inputs/"+b+" 2026-11-20")
	write(t, dir, "R6/財政部/税務課/b.csv", "三")
	p.want("新0 改0 同2 去0 失0", map[string]string{a: "一", b: "三"})
	if err := os.Remove(filepath.Join(dir, "R6/財政部/税務課/b.csv")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(p.Inputs, b)); err != nil {
		t.Fatal(err)
	}
	p.want("新0 改0 同1 去0 失0", map[string]string{a: "一"})

	// The same name in the other normal form is the same file; a share that shows nothing has come off.
	if err := os.Rename(filepath.Join(dir, norm.NFD.String("R6/財政部/財政課/がぎぐ.xlsx")), filepath.Join(dir, "R6/財政部/財政課/がぎぐ.xlsx")); err != nil {
		t.Fatal(err)
	}
	p.want("新0 改0 同1 去0 失0", map[string]string{a: "一"})
	if err := os.RemoveAll(filepath.Join(dir, "R6")); err != nil {
		t.Fatal(err)
	}
	p.want("新0 改0 同0 去0 失0 調査票が一つもありません。共有フォルダが外れていないか、場所が変わっていないか、確かめてください。", map[string]string{a: "一"}, "source_failed 調査票が一つも")
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	p.want("新0 改0 同0 去0 失0 フォルダ "+dir+" を開けません（no such file or directory）。共有フォルダが繋がっているか、権限があるかを確かめてください。",
		map[string]string{a: "一"}, "source_failed フォルダ ")
}

func TestOneSourceThatFailsStopsNoOther(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "R6/財政課_票.xlsx", "一")
	p := newPen(t,
		Source{Name: "なし", Directory: "/nowhere", Municipality: "架空市", Pattern: byFolder},
		Source{Name: "共有", Directory: dir, Municipality: "架空市", Pattern: "{年度}/{課}_*.xlsx"})
	p.want("新0 改0 同0 去0 失0 フォルダ /nowhere を開けません（no such file or directory）。共有フォルダが繋がっているか、権限があるかを確かめてください。; 新1 改0 同0 去0 失0",
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

	// What rests for long is what the department sent, however it looks: the reader will say what is wrong with it.
	p.now = p.now.Add(time.Hour)
	p.want("新1 改1 同0 去0 失0", map[string]string{a: "half", b: "\x00\x00\x00\x00"})
}

// Half of a CSV is a CSV: one that has just been written waits. And an old date alone is no reason to give up a file that
// was whole.
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
	p.want("新0 改1 同1 去0 失0", map[string]string{a: "件数,149", b: "half"})
}

// A target belongs to the source that it came from, also on a night when that cannot be reached.
func TestTwoSourcesOfOneTarget(t *testing.T) {
	one, two := t.TempDir(), t.TempDir()
	write(t, one, "R6/財政部/財政課/a.csv", "一")
	write(t, two, "R6/財政部/財政課/a.csv", "二")
	p := newPen(t, Source{Name: "一", Directory: one, Municipality: "架空市", Pattern: byFolder}, Source{Name: "二", Directory: two, Municipality: "架空市", Pattern: byFolder})
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
		if want, bad := strings.CutPrefix(c.want, "!"); bad && !strings.Contains(why, want) || !bad && (got.path != want || why != "") {
			t.Errorf("%s of %s: %q %q, want %s", c.name, c.pattern, got.path, why, c.want)
		}
	}
}

func TestSettingsOfSourcesAreChecked(t *testing.T) {
	for want, s := range map[string]Source{
		"どちらか一つ":      {HTTP: "https://x/", UserEnv: "U", PasswordEnv: "P", TokenEnv: "T", Pattern: byFolder, Municipality: "市"},
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

// server is a web server that lists folders and can be made to misbehave.
type server struct {
	*httptest.Server
	dir     string
	got     []string // what was asked for, in order
	answers map[string]http.HandlerFunc
}

func newServer(t *testing.T) *server {
	t.Helper()
	s := &server{dir: t.TempDir(), answers: map[string]http.HandlerFunc{}}
	files := http.FileServer(http.Dir(s.dir))
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.got = append(s.got, r.URL.Path)
		if answer := s.answers[r.URL.Path]; answer != nil {
			answer(w, r)
			return
		}
		if data, err := os.ReadFile(filepath.Join(s.dir, r.URL.Path)); err == nil && r.URL.Query().Get("etag") == "" {
			w.Header().Set("ETag", `"`+sum(data)[:16]+`"`)
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func TestWebIsListedAndOnlyChangesTravel(t *testing.T) {
	s := newServer(t)
	write(t, s.dir, "票/令和6年度/財政部/財政課/調査 票#1.xlsx", "一")
	write(t, s.dir, "票/令和6年度/財政部/税務課/b.csv", "二")
	write(t, s.dir, "よそ/令和6年度/財政部/税務課/c.csv", "三")
	p := newPen(t, Source{Name: "庁内サイト", HTTP: s.URL + "/票/", Municipality: "架空市", Pattern: byFolder})
	const a, b = "架空市/令和6年度/財政部/財政課/調査 票#1.xlsx", "架空市/令和6年度/財政部/税務課/b.csv"
	p.want("新2 改0 同0 去0 失0", map[string]string{a: "一", b: "二"})
	p.want("新0 改0 同2 去0 失0", map[string]string{a: "一", b: "二"})
	write(t, s.dir, "票/令和6年度/財政部/税務課/b.csv", "四")
	if err := os.Remove(filepath.Join(s.dir, "票/令和6年度/財政部/財政課/調査 票#1.xlsx")); err != nil {
		t.Fatal(err)
	}
	p.want("新0 改1 同0 去1 失0", map[string]string{a: "一", b: "四"}, "source_removed inputs/"+a)
	// Without what was pulled, a 304 would lose the file: it is asked for whole.
	if err := os.Remove(filepath.Join(p.Inputs, b)); err != nil {
		t.Fatal(err)
	}
	p.want("新1 改0 同0 去1 失0", map[string]string{a: "一", b: "四"}, "source_removed inputs/"+a)
}

func TestWebFailuresAreTold(t *testing.T) {
	s := newServer(t)
	other := newServer(t)
	var leaked string
	other.answers["/b.xlsx"] = func(w http.ResponseWriter, r *http.Request) {
		leaked = r.Header.Get("Authorization")
		fmt.Fprint(w, "移")
	}
	asked := map[string]int{}
	answer := func(path string, f http.HandlerFunc) {
		s.answers[path] = func(w http.ResponseWriter, r *http.Request) { asked[path]++; f(w, r) }
	}
	answer("/busy.xlsx", func(w http.ResponseWriter, _ *http.Request) {
		if asked["/busy.xlsx"] < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		fmt.Fprint(w, "三度目")
	})
	answer("/cut.xlsx", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		fmt.Fprint(w, "短い")
	})
	answer("/login.xlsx", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<html>ログイン</html>")
	})
	answer("/moved.xlsx", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, strings.Replace(other.URL, "127.0.0.1", "localhost", 1)+"/b.xlsx", http.StatusFound)
	})
	answer("/circle.xlsx", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/circle.xlsx", http.StatusFound) })
	answer("/large.xlsx", func(w http.ResponseWriter, _ *http.Request) {
		for range 3 {
			_, _ = w.Write(make([]byte, 1<<20))
		}
	})
	answer("/never.xlsx", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) })
	answer("/secret.xlsx", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer 鍵" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		fmt.Fprint(w, "密")
	})
	source := Source{Name: "サイト", HTTP: s.URL + "/", Municipality: "架空市", Pattern: "{年度}/{課}/{ファイル}", TokenEnv: "TOKEN", MaxMegabytes: 2}
	for _, name := range []string{"busy", "cut", "login", "moved", "circle", "large", "secret", "none", "never"} {
		source.Files = append(source.Files, WebFile{URL: name + ".xlsx", Path: "R6/財政課/" + name + ".xlsx"})
	}
	p := newPen(t, source)
	p.Getenv = func(name string) string { return map[string]string{"TOKEN": "鍵"}[name] }
	const dir = "架空市/令和6年度/財政部/財政課/"
	files := map[string]string{dir + "busy.xlsx": "三度目", dir + "moved.xlsx": "移", dir + "secret.xlsx": "密"}
	p.want("新3 改0 同0 去0 失6", files,
		"source_failed inputs/"+dir+"circle.xlsx 転送が多すぎます", "source_failed inputs/"+dir+"cut.xlsx cut.xlsx が途中で切れました",
		"source_failed inputs/"+dir+"large.xlsx 2 MBを超えています", "source_failed inputs/"+dir+"login.xlsx login.xlsx の代わりに画面",
		"source_failed inputs/"+dir+"never.xlsx ", "source_failed inputs/"+dir+"none.xlsx ")
	if asked["/cut.xlsx"] != tries || asked["/login.xlsx"] != 1 {
		t.Errorf("asked for a file that was cut %d times, for a login page %d times", asked["/cut.xlsx"], asked["/login.xlsx"])
	}
	if leaked != "" {
		t.Errorf("another host was told %q", leaked)
	}
	p.Getenv = func(string) string { return "" }
	p.want("新0 改0 同0 去0 失0 環境変数 TOKEN がありません。実行する人の環境に設定してください。", files, "source_failed 環境変数 TOKEN")
	s.Close()
	p.Getenv = func(string) string { return "鍵" }
	got := p.pull()
	if !strings.Contains(got, "接続できません（connection refused）") {
		t.Errorf("a server that is gone: %s", got)
	}
	p.wantFiles(files)
}

func TestListingsOfOtherServers(t *testing.T) {
	s := newServer(t)
	page := func(kind, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			fmt.Fprint(w, text)
		}
	}
	s.answers["/nginx/"] = page("application/json", `[{"name":"R6","type":"directory"},{"name":"目次.txt","type":"file"}]`)
	s.answers["/nginx/R6/"] = page("application/json", `[{"name":"財政課","type":"directory"}]`)
	s.answers["/nginx/R6/財政課/"] = page("application/json", `[{"name":"a b.csv","type":"file","size":3}]`)
	s.answers["/nginx/R6/財政課/a b.csv"] = page("text/csv", "一")
	s.answers["/apache/"] = page("text/html;charset=utf-8", `<a href="?C=N;O=D">Name</a><a href="/">Parent</a><a href="https://elsewhere.invalid/x.csv">よそ</a>
		<A HREF="R6/財政課/b.csv">b</A><a href='R6/財政課/b.csv#top'>b</a>`)
	s.answers["/apache/R6/財政課/b.csv"] = page("text/html", "二")
	for kind, want := range map[string]string{"nginx": "a b.csv", "apache": "b.csv"} {
		p := newPen(t, Source{Name: kind, HTTP: s.URL + "/" + kind + "/", Municipality: "架空市", Pattern: "{年度}/{課}/*"})
		if got := p.pull(); got != "新1 改0 同0 去0 失0" {
			t.Errorf("%s: %s", kind, got)
		}
		if _, err := os.Stat(filepath.Join(p.Inputs, "架空市/令和6年度/財政部/財政課", want)); err != nil {
			t.Error(err)
		}
	}
}

// free is a port that nobody listens on.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // nothing was sent
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// started runs a server until the test ends, and waits until it answers.
func started(t *testing.T, port, name string, args ...string) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%s がありません。make tools で入れてください", name)
	}
	c := exec.Command(path, args...)
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	c.Stdout, c.Stderr = log, log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	for range 200 {
		if conn, err := net.Dial("tcp", "127.0.0.1:"+port); err == nil {
			_ = conn.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	text, _ := os.ReadFile(log.Name())
	t.Fatalf("%s does not answer: %s", name, text)
}

func TestRcloneReachesWebDAV(t *testing.T) {
	dir, port := t.TempDir(), free(t)
	started(t, port, "rclone", "serve", "webdav", dir, "--addr", "127.0.0.1:"+port, "--dir-cache-time", "0s")
	throughRclone(t, dir, fmt.Sprintf("[share]\ntype = webdav\nurl = http://127.0.0.1:%s\nvendor = other\n", port), "share:")
}

// A Samba server of the test's own, on loopback, as the file servers of city halls are.
func TestRcloneReachesSamba(t *testing.T) {
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	dir, port := t.TempDir(), free(t)
	run := t.TempDir()
	for _, d := range []string{dir, filepath.Dir(dir), filepath.Dir(filepath.Dir(dir))} {
		if err := os.Chmod(d, 0o777); err != nil && d == dir {
			t.Fatal(err)
		}
	}
	conf := filepath.Join(run, "smb.conf")
	write(t, run, "smb.conf", strings.ReplaceAll(fmt.Sprintf(`[global]
  server role = standalone server
  smb ports = %s
  interfaces = 127.0.0.1
  bind interfaces only = yes
  map to guest = bad user
  guest account = %s
  lock directory = RUN
  state directory = RUN
  cache directory = RUN
  pid directory = RUN
  private dir = RUN
  ncalrpc dir = RUN/ncalrpc
  log file = RUN/log
  disable spoolss = yes
  load printers = no
[share]
  path = %s
  guest ok = yes
  read only = no
  force user = %s
`, port, me.Username, dir, me.Username), "RUN", run))
	started(t, port, "smbd", "--foreground", "--no-process-group", "--configfile="+conf, "--debug-stdout")
	throughRclone(t, dir, fmt.Sprintf("[nas]\ntype = smb\nhost = 127.0.0.1\nport = %s\nuser = guest\n", port), "nas:share/調査票")
}

// throughRclone pulls a folder that a server shows, through rclone and a configuration of its own.
func throughRclone(t *testing.T, dir, config, remote string) {
	t.Helper()
	_, folder, _ := strings.Cut(strings.TrimPrefix(remote, "nas:share"), ":")
	if strings.HasPrefix(remote, "nas:share/") {
		folder = strings.TrimPrefix(remote, "nas:share/")
	}
	dir = filepath.Join(dir, folder)
	conf := filepath.Join(t.TempDir(), "rclone.conf")
	write(t, filepath.Dir(conf), "rclone.conf", config)
	write(t, dir, norm.NFD.String("令和6年度/財政部/財政課/がくしゅう.xlsx"), "一")
	write(t, dir, "令和6年度/財政部/税務課/b 票.csv", "二")
	p := newPen(t, Source{Name: "文書管理", Rclone: remote, RcloneConfig: conf, Municipality: "架空市", Pattern: byFolder})
	const a, b = "架空市/令和6年度/財政部/財政課/がくしゅう.xlsx", "架空市/令和6年度/財政部/税務課/b 票.csv"
	p.want("新2 改0 同0 去0 失0", map[string]string{a: "一", b: "二"})
	write(t, dir, "令和6年度/財政部/税務課/b 票.csv", "三")
	p.want("新0 改1 同1 去0 失0", map[string]string{a: "一", b: "三"})
	if err := os.Remove(filepath.Join(dir, "令和6年度/財政部/税務課/b 票.csv")); err != nil {
		t.Fatal(err)
	}
	p.want("新0 改0 同1 去1 失0", map[string]string{a: "一", b: "三"}, "source_removed inputs/"+b)
	write(t, filepath.Dir(conf), "rclone.conf", "")
	got := p.pull()
	if !strings.Contains(got, "rclone が "+remote+" に届きません") {
		t.Errorf("a remote that is not configured: %s", got)
	}
	p.wantFiles(map[string]string{a: "一", b: "三"})
}
