package collect

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

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
	write(t, s.dir, "票/令和6年度/財政部/財政課/調査 票#1.xlsx", "PK一")
	write(t, s.dir, "票/令和6年度/財政部/税務課/b.csv", "二")
	write(t, s.dir, "よそ/令和6年度/財政部/税務課/c.csv", "三")
	p := newPen(t, Source{Name: "庁内サイト", HTTP: s.URL + "/票/", Municipality: "架空市", Pattern: byFolder})
	const a, b = "架空市/令和6年度/財政部/財政課/調査 票#1.xlsx", "架空市/令和6年度/財政部/税務課/b.csv"
	p.want("新2 改0 同0 去0 失0", map[string]string{a: "PK一", b: "二"})
	p.want("新0 改0 同2 去0 失0", map[string]string{a: "PK一", b: "二"})
	write(t, s.dir, "票/令和6年度/財政部/税務課/b.csv", "四")
	if err := os.RemoveAll(filepath.Join(s.dir, "票/令和6年度/財政部/財政課")); err != nil {
		t.Fatal(err)
	}
	p.want("新0 改1 同0 去1 失0", map[string]string{a: "PK一", b: "四"}, "source_removed inputs/"+a)
	// Without what was pulled, a 304 would lose the file: it is asked for whole.
	if err := os.Remove(filepath.Join(p.Inputs, b)); err != nil {
		t.Fatal(err)
	}
	p.want("新1 改0 同0 去1 失0", map[string]string{a: "PK一", b: "四"}, "source_removed inputs/"+a)
}

func TestWebFailuresAreTold(t *testing.T) {
	s := newServer(t)
	other := newServer(t)
	var leaked string
	other.answers["/b.xlsx"] = func(w http.ResponseWriter, r *http.Request) {
		leaked = r.Header.Get("Authorization")
		fmt.Fprint(w, "PK移")
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
		fmt.Fprint(w, "PK三度目")
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
	answer(
		"/circle.xlsx",
		func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/circle.xlsx", http.StatusFound) },
	)
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
		fmt.Fprint(w, "PK密")
	})
	source := Source{
		Name: "サイト", HTTP: s.URL + "/", Municipality: "架空市", Pattern: "{年度}/{課}/{ファイル}", TokenEnv: "TOKEN", MaxMegabytes: 2,
	}
	for _, name := range []string{"busy", "cut", "login", "moved", "circle", "large", "secret", "none", "never"} {
		source.Files = append(source.Files, WebFile{URL: name + ".xlsx", Path: "R6/財政課/" + name + ".xlsx"})
	}
	p := newPen(t, source)
	p.Getenv = func(name string) string { return map[string]string{"TOKEN": "鍵"}[name] }
	const dir = "架空市/令和6年度/財政部/財政課/"
	files := map[string]string{dir + "busy.xlsx": "PK三度目", dir + "moved.xlsx": "PK移", dir + "secret.xlsx": "PK密"}
	p.want("新3 改0 同0 去0 失6", files,
		"source_failed inputs/"+dir+"circle.xlsx 転送が多すぎます", "source_failed inputs/"+dir+"cut.xlsx cut.xlsx が途中で切れました",
		"source_failed inputs/"+dir+"large.xlsx 2 MBを超えています", "source_failed inputs/"+dir+"login.xlsx login.xlsx の代わりに画面",
		"source_failed inputs/"+dir+"never.xlsx ", "source_failed inputs/"+dir+"none.xlsx ")
	if asked["/cut.xlsx"] != tries || asked["/login.xlsx"] != 1 {
		t.Errorf(
			"asked for a file that was cut %d times, for a login page %d times", asked["/cut.xlsx"], asked["/login.xlsx"],
		)
	}
	if leaked != "" {
		t.Errorf("another host was told %q", leaked)
	}
	p.Getenv = func(string) string { return "" }
	p.want("新0 改0 同0 去0 失0 環境変数 TOKEN がありません。実行する人の環境に設定してください。", files, "source_failed 環境変数 TOKEN")
	s.Close()
	p.Getenv = func(string) string { return "鍵" }
	got := p.pull()
	if !strings.Contains(got, "接続できません（相手が受け付けません）") {
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
	s.answers["/nginx/R6/財政課/"] = page("application/json", `[{"name":"a b.csv","type":"file","size":3},`+
		`{"name":"調査票.html","type":"file"}]`)
	s.answers["/nginx/R6/財政課/調査票.html"] = page("text/html", "<table></table>") // what it is called, it is
	s.answers["/nginx/R6/財政課/a b.csv"] = page("text/csv", "一")
	s.answers["/apache/"] = page("text/html;charset=utf-8", `<a href="?C=N;O=D">Name</a><a href="/">Parent</a>
		<a href="https://elsewhere.invalid/x.csv">よそ</a>
		<A HREF="R6/財政課/b.csv">b</A><a href='R6/財政課/b.csv#top'>b</a>`)
	s.answers["/apache/R6/財政課/b.csv"] = page("text/html", "二")
	for kind, want := range map[string][]string{"nginx": {"a b.csv", "調査票.html"}, "apache": {"b.csv"}} {
		p := newPen(t, Source{Name: kind, HTTP: s.URL + "/" + kind + "/", Municipality: "架空市", Pattern: "{年度}/{課}/*"})
		if got := p.pull(); got != fmt.Sprintf("新%d 改0 同0 去0 失0", len(want)) {
			t.Errorf("%s: %s", kind, got)
		}
		for _, name := range want {
			if _, err := os.Stat(filepath.Join(p.Inputs, "架空市/令和6年度/財政部/財政課", name)); err != nil {
				t.Error(err)
			}
		}
	}
}
