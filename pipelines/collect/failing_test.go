package collect

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"kyogikai/pipelines/trial"
)

const (
	listA = "架空市/令和6年度/財政部/財政課/a.xlsx"
	listB = "架空市/令和6年度/財政部/税務課/b.csv"
	listC = "架空市/令和6年度/総務部/総務課/c.csv"
)

// threeFiles are a city's files at a source, and as they are pulled.
func threeFiles(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{listA: "PK一", listB: "課,件\n税務課,2\n", listC: "課,件\n総務課,3\n"}
	for name, text := range out {
		write(t, dir, strings.TrimPrefix(name, "架空市/"), text)
	}
	return out
}

func shows(kind, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		fmt.Fprint(w, text)
	}
}

// What a server shows in the place of a folder's listing hides that folder alone: nothing of it has been removed, and
// it is told for its department. In the place of the first one, the source has failed.
func TestPagesThatAreNoListing(t *testing.T) {
	t.Parallel()
	const whole = "<html><body><h1>Index of /x/</h1><table><tr><td><a href=\"a.xlsx\">a.xlsx</a></td></tr></table>" +
		"</body></html>"
	const login = `<html><body><form action="/login"><input name=user><INPUT TYPE = "Password" name=p></form>` +
		"</body></html>"
	entries := strings.Replace(whole, "<table>", "<form><input type=password></form><table>", 1)
	fails := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	other := httptest.NewServer(shows("text/html", whole))
	t.Cleanup(other.Close)
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		says   string
	}{
		"a login":              {shows("text/html", login), "ログインの画面"},
		"a login with entries": {shows("text/html", entries), "ログインの画面"},
		"a redirect to a login": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/login?next="+r.URL.Path, http.StatusFound)
		}, "別の場所（"},
		"a redirect to another host": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, strings.Replace(other.URL, "127.0.0.1", "localhost", 1)+"/sso/", http.StatusFound)
		}, "別の場所（localhost"},
		"no entry":           {shows("text/html", "<html><h1>Index of /x/</h1><a href=\"../\">../</a></html>"), "一つも見えません"},
		"other entries":      {shows("text/html", `<a href="help.html">使い方</a> <a href="news/">お知らせ</a>`), "一つも見えません"},
		"nothing":            {shows("text/html", ""), "ファイルの一覧ではありません"},
		"a program":          {shows("text/html", "<script src=app.js></script><div id=root></div>"), "ファイルの一覧ではありません"},
		"an error as a page": {shows("text/html", "<html><body>ただいま混み合っています</body></html>"), "ファイルの一覧ではありません"},
		"text":               {shows("text/plain", "a.xlsx"), "ファイルの一覧ではありません"},
		"an error in JSON":   {shows("application/json", `{"error":"unauthorized"}`), "ファイルの一覧ではありません"},
		"errors in JSON":     {shows("application/json", `[{"message":"unauthorized"}]`), "ファイルの一覧ではありません"},
		"null":               {shows("application/json", `null`), "ファイルの一覧ではありません"},
		"an empty list":      {shows("application/json", `[]`), "一つも見えません"},
		"half a list":        {shows("application/json", `[{"name":"a.xlsx","type":"file"},{"na`), "ファイルの一覧ではありません"},
		"half a page":        {shows("text/html", whole[:strings.Index(whole, "</table>")]), "途中で切れています"},
		"all but the end":    {shows("text/html", strings.TrimSuffix(whole, "</body></html>")), "途中で切れています"},
		"half a link":        {shows("text/html", "<a href=\"b.xlsx\">b</a><a href=\"a.xl"), "途中で切れています"},
		"half a link's name": {shows("text/html", "<a href=\"b.xlsx\">b</a><a href=\"a.xlsx\">a"), "途中で切れています"},
		"less than was meant": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("Content-Length", "5000")
			fmt.Fprint(w, whole)
		}, "途中で切れました"},
		"forbidden": {fails(http.StatusForbidden), "入れません（403）"},
		"an error":  {fails(http.StatusInternalServerError), "応えられません（500）"},
		"gone":      {fails(http.StatusNotFound), "がありません（404）"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			files := threeFiles(t, s.dir)
			p := newPen(t, Source{Name: "サイト", HTTP: s.URL + "/", Municipality: "架空市", Pattern: byFolder})
			p.want("新3 改0 同0 去0 失0", files)
			s.answers["/令和6年度/財政部/財政課/"] = c.answer
			s.answers["/login"] = shows("text/html", login)
			p.want("新0 改0 同2 去0 失1", files, "source_failed "+departmentAt("財政課")+" ")
			if q := p.problems(); len(q) != 1 || !strings.Contains(q[0].What, c.says) || q[0].Department != "財政課" {
				t.Errorf("%+v", q)
			}
			delete(s.answers, "/令和6年度/財政部/財政課/")
			p.want("新0 改0 同3 去0 失0", files)
			s.answers["/"] = c.answer
			if got := p.pull(); !strings.HasPrefix(got, "新0 改0 同0 去0 失0 ") || name != "other entries" && len(p.problems()) != 1 {
				t.Errorf("in the place of the source: %s %+v", got, p.problems())
			}
			p.wantFiles(files)
		})
	}
}

func departmentAt(department string) string {
	return "inputs/架空市/令和6年度/財政部/" + department
}

func (p *pen) problems() []Problem {
	p.t.Helper()
	state, err := LoadState(p.StateDir)
	if err != nil {
		p.t.Fatal(err)
	}
	return state.Problems(p.Sources)
}

// An empty folder of a department that has handed in nothing yet is no trouble, however its server shows it.
func TestEmptyFoldersOfServers(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"go": "<!doctype html>\n<meta name=\"viewport\" content=\"width=device-width\">\n<pre>\n</pre>\n",
		"nginx": "<html>\r\n<head><title>Index of /x/</title></head>\r\n<body>\r\n<h1>Index of /x/</h1><hr><pre>" +
			"<a href=\"../\">../</a>\r\n" +
			"</pre><hr></body>\r\n</html>\r\n",
		"apache": `<html><head><title>Index of /x</title></head><body><h1>Index of /x</h1><table>` +
			`<tr><th><a href="?C=N;O=D">Name</a></th></tr>` +
			`<tr><td><a href="/令和6年度/財政部/">Parent Directory</a></td></tr></table></body></html>`,
		"iis": `<html><head><title>h - /x/</title></head><body><H1>h - /x/</H1><hr><pre>` +
			`<A HREF="/令和6年度/財政部/">[親ディレクトリ]</A><br><br></pre></body></html>`,
		"python": "<!DOCTYPE HTML>\n<html lang=\"en\">\n<body>\n<h1>Directory listing for /x/</h1>\n<hr>\n<ul>\n</ul>\n" +
			"<hr>\n</body>\n</html>\n",
		"json": "[]",
	} {
		s := newServer(t)
		files := threeFiles(t, s.dir)
		write(t, s.dir, "令和6年度/財政部/会計課/~$鍵.csv", "")
		kind := "text/html"
		if name == "json" {
			kind = "application/json"
		}
		s.answers["/令和6年度/財政部/会計課/"] = shows(kind, text)
		p := newPen(t, Source{Name: "サイト", HTTP: s.URL + "/", Municipality: "架空市", Pattern: byFolder})
		t.Log(name)
		p.want("新3 改0 同0 去0 失0", files)
	}
}

// A folder that empties has not lost its files: the highest of them is told, once for each of its departments. A person
// who removes them here too settles it; a folder that goes away beside others has removed them.
func TestFoldersThatEmpty(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files := threeFiles(t, dir)
	p := newPen(t, Source{Name: "共有", Directory: dir, Municipality: "架空市", Pattern: byFolder})
	p.want("新3 改0 同0 去0 失0", files)
	remove := func(name string) {
		t.Helper()
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	remove("令和6年度/財政部/財政課/a.xlsx")
	write(t, dir, "令和6年度/財政部/財政課/Thumbs.db", "x")
	p.want("新0 改0 同2 去0 失1", files, "source_failed "+departmentAt("財政課")+" フォルダ 令和6年度/財政部/財政課 に、前にあった調査票（1件）が一つも見えません。")
	remove("令和6年度/財政部/財政課")
	remove("令和6年度/財政部/税務課")
	p.want("新0 改0 同1 去0 失1", files, "source_failed "+departmentAt("税務課")+" フォルダ 令和6年度/財政部 に、前にあった調査票（2件）",
		"source_failed "+departmentAt("財政課")+" フォルダ 令和6年度/財政部 に、")
	if err := os.Remove(filepath.Join(p.Inputs, listA)); err != nil {
		t.Fatal(err)
	}
	delete(files, listA)
	p.want("新0 改0 同1 去0 失1", files, "source_failed "+departmentAt("税務課")+" フォルダ 令和6年度/財政部 に、前にあった調査票（1件）")
	remove("令和6年度/財政部")
	p.want("新0 改0 同1 去1 失0", files, "source_removed inputs/"+listB+" 2026-11-20")
	remove("令和6年度/総務部/総務課/c.csv")
	p.want("新0 改0 同0 去0 失0 調査票が一つもありません。共有フォルダが外れていないか、場所が変わっていないか、確かめてください。", files,
		"source_removed inputs/"+listB+" 2026-11-20", "source_failed 調査票が一つも")
	write(t, dir, "令和6年度/総務部/総務課/控え.pdf", "x")
	p.want("新0 改0 同0 去0 失0 前にあった調査票（1件）が、一つも見えません。共有フォルダが外れていないか、場所が変わっていないか、確かめてください。", files,
		"source_removed inputs/"+listB+" 2026-11-20", "source_failed 前にあった調査票")
	write(t, dir, "令和6年度/総務部/総務課/提出/c2.csv", "課,件\n総務課,4\n") // a place of its own is not one that has emptied
	files["架空市/令和6年度/総務部/総務課/控え.pdf"] = "x"
	p.want(
		"新1 改0 同0 去2 失1",
		files,
		"source_failed 置き場所が決まった形",
		"source_removed inputs/"+listC,
		"source_removed inputs/"+listB,
	)
}

// What was a workbook is not given up for what is none, nor taken from a web server in the first place.
func TestBodiesThatAreNoWorkbook(t *testing.T) {
	t.Parallel()
	bodies := map[string]struct{ kind, text, says string }{
		"text":          {"text/plain", "Internal Server Error", "エクセルでないもの"},
		"JSON":          {"application/json", `{"error": "x", "list": [1, 2]}`, "データ（JSON）"},
		"untyped HTML":  {"application/octet-stream", "\n<!DOCTYPE html><html>誤り</html>", "画面（HTML）"},
		"HTML":          {"text/html", "<html>誤り</html>", "画面（HTML）"},
		"an XML error":  {"application/octet-stream", "\xEF\xBB\xBF<?xml version=\"1.0\"?><Error/>", "XML か HTML の文"},
		"a damaged one": {"application/octet-stream", "PKbroken", "使えません（壊れています）"},
		"nothing":       {"application/octet-stream", "", "まだ書き込み中か"},
	}
	for name, c := range bodies {
		s := newServer(t)
		files := threeFiles(t, s.dir)
		source := Source{Name: "サイト", HTTP: s.URL + "/", Municipality: "架空市", Pattern: byFolder}
		p := newPen(t, source)
		p.want("新3 改0 同0 去0 失0", files)
		s.answers["/令和6年度/財政部/財政課/a.xlsx"] = shows(c.kind, c.text)
		for range 3 {
			p.want("新0 改0 同2 去0 失1", files, "source_failed inputs/"+listA+" ")
			if q := p.problems(); !strings.Contains(q[0].What, c.says) &&
				(c.text != "" || !strings.Contains(q[0].What, "エクセルでない")) {
				t.Errorf("%s: %+v", name, q)
			}
			p.now = p.now.Add(time.Hour)
		}
		delete(s.answers, "/令和6年度/財政部/財政課/a.xlsx")
		write(t, s.dir, "令和6年度/財政部/財政課/a.xlsx", "PK二")
		files[listA] = "PK二"
		p.want("新0 改1 同2 去0 失0", files)
		if name == "a damaged one" || name == "nothing" {
			continue
		}
		fresh := newPen(t, source)
		s.answers["/令和6年度/財政部/財政課/a.xlsx"] = shows(c.kind, c.text)
		delete(files, listA)
		fresh.want("新2 改0 同0 去0 失1", files, "source_failed inputs/"+listA+" ")
	}
	for name, text := range map[string]string{
		"JSON": `{"error": "x"}`, "HTML": "<html>x</html>", "XML": "<Error>a,b</Error>", "a damaged one": "broken,1",
	} {
		s := newServer(t)
		files := threeFiles(t, s.dir)
		p := newPen(t, Source{Name: "サイト", HTTP: s.URL + "/", Municipality: "架空市", Pattern: byFolder})
		p.want("新3 改0 同0 去0 失0", files)
		s.answers["/令和6年度/財政部/税務課/b.csv"] = shows("text/csv", text)
		t.Log(name)
		p.want("新0 改0 同2 去0 失1", files, "source_failed inputs/"+listB+" ")
	}
}

// On a share, what replaces a workbook must be one; a department's first file of another kind is taken and told.
func TestSharesKeepWorkbooks(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files := threeFiles(t, dir)
	p := newPen(t, Source{Name: "共有", Directory: dir, Municipality: "架空市", Pattern: byFolder})
	p.want("新3 改0 同0 去0 失0", files)
	write(t, dir, "令和6年度/財政部/財政課/a.xlsx", "broken")
	write(t, dir, "令和6年度/財政部/財政課/d.xlsx", "broken")
	files["架空市/令和6年度/財政部/財政課/d.xlsx"] = "broken"
	p.want("新1 改0 同2 去0 失1", files, "source_failed inputs/"+listA+" 新しい版（")
	write(t, dir, "令和6年度/財政部/財政課/d.xlsx", "broken too") // of two that cannot be read, the newer
	files["架空市/令和6年度/財政部/財政課/d.xlsx"] = "broken too"
	p.want("新0 改1 同2 去0 失1", files, "source_failed inputs/"+listA+" 新しい版（")
}

// Files that fail end no source, however many follow on one another, and each is told by its name.
func TestFilesThatFailEndNoSource(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	files, problems := map[string]string{}, []string{}
	asked := 0
	for i := range 12 {
		at := fmt.Sprintf("令和6年度/財政部/財政課/%02d.csv", i)
		write(t, s.dir, at, "一")
		if i >= 3 && i < 9 {
			s.answers["/"+at] = func(w http.ResponseWriter, _ *http.Request) { asked++; w.WriteHeader(500) }
			problems = append(problems, "source_failed inputs/架空市/"+at+" 127.0.0.1")
			continue
		}
		files["架空市/"+at] = "一"
	}
	p := newPen(t, Source{Name: "サイト", HTTP: s.URL + "/", Municipality: "架空市", Pattern: byFolder})
	p.want("新6 改0 同0 去0 失6", files, problems...)
	if asked != 2*tries+4 { // where much has failed, everything is asked for once
		t.Errorf("asked %d times", asked)
	}
	// Those that failed wait for the others the next time.
	s.got = nil
	p.want("新0 改0 同6 去0 失6", files, problems...)
	if last := s.got[len(s.got)-1]; !strings.HasSuffix(last, "08.csv") {
		t.Errorf("asked for %q last", last)
	}
	state, err := LoadState(p.StateDir)
	if err != nil || len(state.Reports(p.Sources)) != 1 {
		t.Fatalf("%+v, %v", state.Reports(p.Sources), err)
	}
	if named := state.Reports(p.Sources)[0].Named; len(named) != 6 || named[0] != "財政課「03.csv」" {
		t.Errorf("named %q", named)
	}
}

// A server that no longer answers is left after three requests; what was not asked for is told for its departments, and
// the next source has its turn.
func TestDeadServerIsLeft(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for i := range 9 {
		write(t, s.dir, fmt.Sprintf("令和6年度/財政部/課%d/a.csv", i), "一")
		write(t, s.dir, fmt.Sprintf("令和6年度/財政部/課%d/b.csv", i), "一")
	}
	listen, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := "http://" + listen.Addr().String() + "/"
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "課2/b") { // in the middle of the files
			conn, _, _ := w.(http.Hijacker).Hijack()
			_ = conn.Close()
			_ = listen.Close()
			return
		}
		w.Header().Set("Connection", "close")
		s.Config.Handler.ServeHTTP(w, r)
	})}
	go func() { _ = server.Serve(listen) }()
	defer server.Close() //nolint:errcheck // it is closed already
	dir := t.TempDir()
	other := threeFiles(t, dir)
	p := newPen(t, Source{Name: "止まる", HTTP: dead, Municipality: "架空市", Pattern: byFolder},
		Source{Name: "共有", Directory: dir, Municipality: "別の市", Pattern: byFolder})
	got := p.pull()
	if !strings.HasPrefix(got, "新5 改0 同0 去0 失3 127.0.0.1") || !strings.HasSuffix(got, "; 新3 改0 同0 去0 失0") {
		t.Errorf("%s", got)
	}
	files := map[string]string{}
	for name, text := range other {
		files[strings.Replace(name, "架空市", "別の市", 1)] = text
	}
	for i := range 3 {
		for _, name := range []string{"a", "b"} {
			if i < 2 || name == "a" {
				files[fmt.Sprintf("架空市/令和6年度/財政部/課%d/%s.csv", i, name)] = "一"
			}
		}
	}
	p.wantFiles(files)
	var told []string
	for _, q := range p.problems() {
		told = append(told, q.Department+" "+q.Path+" "+q.What)
	}
	if len(told) != 3+5+1 { // three files, the departments behind them, the source
		t.Fatalf("told %q", told)
	}
	for i, want := range map[int]string{
		0: "課2 inputs/架空市/令和6年度/財政部/課2/b.csv 127.0.0.1",
		3: "課4 inputs/架空市/令和6年度/財政部/課4 収集元を途中で離れたので、この 2件は尋ねていません（a.csv など）。",
		7: "課8 inputs/架空市/令和6年度/財政部/課8 収集元を途中で離れたので、この 2件は尋ねていません（a.csv など）。",
	} {
		if !strings.HasPrefix(told[i], want) {
			t.Errorf("told %s, want %s", told[i], want)
		}
	}
}

// What may not be read, a folder or a file, hides itself alone.
func TestWhatMayNotBePulled(t *testing.T) {
	if !trial.AsNobody(t) {
		return
	}
	dir := t.TempDir()
	files := threeFiles(t, dir)
	for i := range 5 {
		write(t, dir, fmt.Sprintf("令和6年度/財政部/秘書課/%d.csv", i), "一")
	}
	p := newPen(t, Source{Name: "共有", Directory: dir, Municipality: "架空市", Pattern: byFolder})
	for i := range 5 {
		files[fmt.Sprintf("架空市/令和6年度/財政部/秘書課/%d.csv", i)] = "一"
	}
	p.want("新8 改0 同0 去0 失0", files)
	var told []string
	for i := range 5 {
		name := fmt.Sprintf("令和6年度/財政部/秘書課/%d.csv", i)
		write(t, dir, name, "二")
		if err := os.Chmod(filepath.Join(dir, name), 0); err != nil {
			t.Fatal(err)
		}
		told = append(told, "source_failed inputs/架空市/"+name+" "+filepath.Join(dir, name)+" を読めません（")
	}
	shut := filepath.Join(dir, "令和6年度/財政部/財政課")
	if err := os.Chmod(shut, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(shut, 0o755) })
	p.want("新0 改0 同2 去0 失6", files,
		slices.Concat([]string{"source_failed " + departmentAt("財政課") + " フォルダ " + shut + " を一覧できません（"}, told)...)
}

// What is neither file nor folder is not opened.
func TestPipesAtASource(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files := threeFiles(t, dir)
	p := newPen(t, Source{Name: "共有", Directory: dir, Municipality: "架空市", Pattern: byFolder})
	p.want("新3 改0 同0 去0 失0", files)
	at := filepath.Join(dir, "令和6年度/財政部/財政課/a.xlsx")
	if err := os.Remove(at); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(at, 0o644); err != nil {
		t.Fatal(err)
	}
	p.want("新0 改0 同2 去0 失1", files, "source_failed "+departmentAt("財政課")+" 令和6年度/財政部/財政課/a.xlsx はファイルではなく、名前付きパイプです。")
	// Nor in the inputs.
	if err := os.Remove(filepath.Join(p.Inputs, listB)); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(p.Inputs, listB), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := p.pull(); got != "新0 改0 同1 去0 失2" {
		t.Errorf("a pipe in the inputs: %s", got)
	}
}

// drip writes a page a little at a time.
func drip(text string, each int, every time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/octet-stream")
		for i := 0; i < len(text); i += each {
			_, _ = io.WriteString(w, text[i:min(i+each, len(text))])
			w.(http.Flusher).Flush()
			select {
			case <-r.Context().Done():
				return
			case <-time.After(every):
			}
		}
	}
}

// What comes next to not at all is given up; others go on. So is what comes fast enough and takes too long all the
// same, and a source as a whole.
func TestSlowServers(t *testing.T) {
	t.Parallel()
	long := "PK" + strings.Repeat("x", 30000)
	silent := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	for name, c := range map[string]struct {
		answer                http.HandlerFunc
		idle, file, all, wait int // seconds
		report, says          string
		listed                bool // in the place of a folder's listing
	}{
		"ten bytes a second":  {drip(long, 1, 100*time.Millisecond), 1, 60, 60, 5, "新2 改0 同0 去0 失1", "遅すぎる", false},
		"a listing likewise":  {drip(long, 1, 100*time.Millisecond), 1, 60, 60, 5, "新2 改0 同0 去0 失1", "遅すぎる", true},
		"nothing comes":       {drip(long, 1, time.Hour), 1, 60, 60, 8, "新2 改0 同0 去0 失1", "届かなくなりました", false},
		"no answer":           {silent, 1, 60, 60, 8, "新2 改0 同0 去0 失1", "応答がない", false},
		"steady and too long": {drip(long, 300, 100*time.Millisecond), 1, 2, 60, 5, "新2 改0 同0 去0 失1", "2秒たっても届きません", false},
		"the whole source": {drip(long, 300, 100*time.Millisecond), 1, 60, 2, 5,
			"新2 改0 同0 去0 失0 2秒たっても終わらないので、途中で止めました。", "2秒たっても", false},
		"slow and in time": {drip(long[:6000], 300, 100*time.Millisecond), 1, 60, 60, 10, "新3 改0 同0 去0 失0", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			files := threeFiles(t, s.dir)
			at := "/令和6年度/財政部/財政課/a.xlsx"
			if c.listed {
				at = "/令和6年度/財政部/財政課/"
			}
			s.answers[at] = c.answer
			dir := t.TempDir()
			write(t, dir, "令和6年度/総務部/総務課/d.csv", "一")
			p := newPen(t, Source{
				Name: "遅い", HTTP: s.URL + "/", Municipality: "架空市", Pattern: byFolder, IdleSeconds: c.idle, MaxFileSeconds: c.file,
				MaxSeconds: c.all,
			}, Source{Name: "共有", Directory: dir, Municipality: "架空市", Pattern: byFolder})
			began := time.Now()
			got := p.pull()
			if took := time.Since(began); took > time.Duration(c.wait)*time.Second {
				t.Errorf("took %v", took)
			}
			if !strings.HasPrefix(got, c.report) || !strings.HasSuffix(got, "; 新1 改0 同0 去0 失0") {
				t.Errorf("%s", got)
			}
			var told []string
			for _, q := range p.problems() {
				told = append(told, q.What)
			}
			if (c.says == "") != (len(told) == 0) || c.says != "" && !strings.Contains(strings.Join(told, " "), c.says) {
				t.Errorf("told %q", told)
			}
			_ = files
		})
	}
}

// A server that takes calls and answers none is given up before long.
func TestFrozenServer(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // nobody was answered
	p := newPen(t, Source{
		Name: "凍った", HTTP: "http://" + l.Addr().String() + "/", Municipality: "架空市", Pattern: byFolder, IdleSeconds: 1,
	})
	began := time.Now()
	if got := p.pull(); !strings.Contains(got, "応答がない") || time.Since(began) > 20*time.Second {
		t.Errorf("%s after %v", got, time.Since(began))
	}
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	began = time.Now()
	if _, err := Pull(ctx, p.Options); err == nil || time.Since(began) > time.Second {
		t.Errorf("told to stop: %v after %v", err, time.Since(began))
	}
}

// A department of which nothing comes any more is told, since when, with what is used instead.
func TestStopped(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files := threeFiles(t, dir)
	p := newPen(t, Source{Name: "共有", Directory: dir, Municipality: "架空市", Pattern: byFolder})
	began := p.now
	stopped := func() string {
		t.Helper()
		p.pull()
		state, err := LoadState(p.StateDir)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, s := range state.Reports(p.Sources)[0].Stopped {
			out = append(
				out,
				fmt.Sprintf("%s %d件 %v %s から、%s まで", s.Department, s.Files, s.Removed, s.Since, s.Kept),
			)
		}
		p.wantFiles(files)
		return strings.Join(out, "; ")
	}
	if got := stopped(); got != "" {
		t.Errorf("at first: %s", got)
	}
	write(t, dir, "令和6年度/財政部/財政課/a.xlsx", "broken")
	if err := os.RemoveAll(filepath.Join(dir, "令和6年度/財政部/税務課")); err != nil {
		t.Fatal(err)
	}
	p.now = began.Add(24 * time.Hour)
	if got, want := stopped(), "税務課 1件 true 2026-11-21 から、2026-11-20 まで"; got != want {
		t.Errorf("removed: %s, want %s", got, want)
	}
	p.now = began.Add(24*time.Hour + staleAfter - time.Second)
	if got := stopped(); strings.Contains(got, "財政課") {
		t.Errorf("before long: %s", got)
	}
	p.now = began.Add(24*time.Hour + staleAfter)
	const both = "税務課 1件 true 2026-11-21 から、2026-11-20 まで; 財政課 1件 false 2026-11-21 から、2026-11-20 まで"
	if got, want := stopped(), both; got != want {
		t.Errorf("after long: %s, want %s", got, want)
	}
	p.now = began.Add(24*time.Hour + removedTold)
	if got := stopped(); strings.Contains(got, "税務課") {
		t.Errorf("removed long ago: %s", got)
	}
	write(t, dir, "令和6年度/財政部/財政課/a.xlsx", "PK二")
	files[listA] = "PK二"
	if got := stopped(); got != "" {
		t.Errorf("once it has come: %s", got)
	}
}
