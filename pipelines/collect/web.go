package collect

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"kyogikai/pipelines/fault"

	"golang.org/x/net/html"
)

// web is an HTTP server: one that lists its folders (links in HTML, or JSON), or files that the settings name.
type web struct {
	source *Source
	base   *url.URL
	client *http.Client
	user   string
	secret string
	token  string
	limit  int64
}

// Limits of a listing, against a server that links in circles.
const (
	webTimeout   = 60 * time.Second
	maxRedirects = 5
	maxDepth     = 8
	maxEntries   = 20_000
	maxListing   = 16 << 20
)

func openWeb(s *Source, o Options) (door, error) {
	base, err := url.Parse(s.HTTP)
	if err != nil {
		return nil, failure{text: "http「" + s.HTTP + "」を読めません。設定を直してください。"}
	}
	if !strings.HasSuffix(base.Path, "/") {
		base.Path += "/"
	}
	w := &web{source: s, base: base, limit: int64(s.MaxMegabytes) << 20}
	for name, into := range map[string]*string{s.UserEnv: &w.user, s.PasswordEnv: &w.secret, s.TokenEnv: &w.token} {
		if name == "" {
			continue
		}
		if *into = o.Getenv(name); *into == "" {
			return nil, failure{text: "環境変数 " + name + " がありません。実行する人の環境に設定してください。"}
		}
	}
	w.client = &http.Client{Timeout: webTimeout, CheckRedirect: redirect}
	return w, nil
}

// redirect follows a few redirects, and none from https to http: what was asked for in secret is not told in the open.
// The client itself leaves the credentials behind where a redirect leads to another host.
func redirect(to *http.Request, via []*http.Request) error {
	switch {
	case len(via) > maxRedirects:
		return failure{text: "転送が多すぎます。http の場所を確かめてください。"}
	case via[0].URL.Scheme == "https" && to.URL.Scheme != "https":
		return failure{text: "暗号化されない場所（" + to.URL.Host + "）に転送されました。http の場所を確かめてください。"}
	}
	return nil
}

// ask sends a request; the caller closes the body. Credentials go to the source's own host alone.
func (w *web) ask(ctx context.Context, at *url.URL, known *Pulled) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("asking for %s: %w", at, err)
	}
	if at.Host == w.base.Host && at.Scheme == w.base.Scheme {
		if w.user != "" {
			r.SetBasicAuth(w.user, w.secret)
		}
		if w.token != "" {
			r.Header.Set("Authorization", "Bearer "+w.token)
		}
	}
	// Only a tag tells that nothing has changed. Of a date alone servers say so too where an older file has been put back.
	if known != nil && known.ETag != "" {
		r.Header.Set("If-None-Match", known.ETag)
	}
	resp, err := w.client.Do(r)
	if err != nil {
		var why failure
		if errors.As(err, &why) {
			return nil, why
		}
		return nil, failure{text: fmt.Sprintf("%s に接続できません（%s）。サーバとネットワークを確かめてください。", at.Host, unreachable(err)), soon: true}
	}
	if why := refused(resp, at); why != nil {
		_ = resp.Body.Close()
		return nil, why
	}
	return resp, nil
}

// unreachable is a network's error without addresses that differ from one try to the next.
func unreachable(err error) string {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		if wrapped.Timeout() {
			return "応答がない"
		}
		err = wrapped.Err
	}
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return fault.Quote(err)
}

// refused says why an answer is none.
func refused(resp *http.Response, at *url.URL) error {
	switch code := resp.StatusCode; {
	case code == http.StatusOK, code == http.StatusNotModified:
		return nil
	case code == http.StatusUnauthorized, code == http.StatusForbidden:
		return failure{text: fmt.Sprintf("%s に入れません（%d）。利用者名とパスワード、またはトークンを確かめてください。", at.Host+at.Path, code)}
	case code == http.StatusNotFound, code == http.StatusGone:
		return failure{text: fmt.Sprintf("%s がありません（%d）。場所を確かめてください。", at.Host+at.Path, code)}
	case code >= 500, code == http.StatusTooManyRequests, code == http.StatusRequestTimeout:
		return failure{text: fmt.Sprintf("%s が応えられません（%d）。しばらくして直らなければ、サーバの管理者に知らせてください。", at.Host, code), soon: true}
	default:
		return failure{text: fmt.Sprintf("%s が応えません（%d）。場所を確かめてください。", at.Host+at.Path, code)}
	}
}

func (w *web) list(ctx context.Context) ([]remote, error) {
	if len(w.source.Files) > 0 {
		var out []remote
		for _, f := range w.source.Files {
			at, err := w.base.Parse(f.URL)
			if err != nil {
				return nil, failure{text: "files の url「" + f.URL + "」を読めません。設定を直してください。"}
			}
			name := strings.Trim(f.Path, "/")
			if name == "" {
				name = strings.TrimPrefix(at.Path, w.base.Path)
			}
			out = append(out, remote{name: strings.TrimPrefix(name, "/"), size: -1, address: at.String()})
		}
		return out, nil
	}
	l := &listing{web: w, seen: map[string]bool{}}
	err := l.folder(ctx, w.base, 0)
	return l.files, err
}

// listing is a walk through a server's folders.
type listing struct {
	web   *web
	seen  map[string]bool
	files []remote
}

func (l *listing) folder(ctx context.Context, at *url.URL, depth int) error {
	if l.seen[at.Path] {
		return nil
	}
	l.seen[at.Path] = true
	if depth > maxDepth || len(l.seen)+len(l.files) > maxEntries {
		return failure{text: at.Host + at.Path + " のフォルダが深すぎるか、多すぎます。http の場所を、調査票のフォルダに絞ってください。"}
	}
	resp, err := l.web.ask(ctx, at, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // read only
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxListing+1))
	if err != nil {
		return failure{text: at.Host + at.Path + " の一覧が途中で切れました。ネットワークを確かめてください。", soon: true}
	}
	links, ok := links(resp.Header.Get("Content-Type"), data)
	if !ok || len(data) > maxListing {
		return failure{text: at.Host + at.Path + " はファイルの一覧ではありません。場所を確かめるか、files にファイルを並べてください。"}
	}
	for _, link := range links {
		to, err := resp.Request.URL.Parse(link)
		if err != nil || to.Host != resp.Request.URL.Host || to.RawQuery != "" ||
			!strings.HasPrefix(to.Path, resp.Request.URL.Path) || to.Path == resp.Request.URL.Path {
			continue // a link to elsewhere, to the folder above, or to sort the list
		}
		to.Fragment = ""
		if strings.HasSuffix(to.Path, "/") {
			if err := l.folder(ctx, to, depth+1); err != nil {
				return err
			}
			continue
		}
		if !l.seen[to.Path] {
			l.seen[to.Path] = true
			l.files = append(l.files, remote{name: strings.TrimPrefix(to.Path, l.web.base.Path), size: -1, address: to.String()})
		}
	}
	return nil
}

// links are what a listing names: the links of a page, or the entries of nginx's JSON, or a list of names.
func links(contentType string, data []byte) (out []string, ok bool) {
	kind, _, _ := mime.ParseMediaType(contentType)
	if kind == "application/json" {
		var entries []struct {
			Name string `json:"name"`
			Type string `json:"type"`
		}
		var names []string
		switch {
		case json.Unmarshal(data, &entries) == nil:
			for _, e := range entries {
				name := (&url.URL{Path: e.Name}).EscapedPath()
				if e.Type == "directory" && !strings.HasSuffix(name, "/") {
					name += "/"
				}
				out = append(out, "./"+name)
			}
		case json.Unmarshal(data, &names) == nil:
			for _, n := range names {
				out = append(out, "./"+(&url.URL{Path: n}).EscapedPath())
			}
		default:
			return nil, false
		}
		return out, true
	}
	if kind != "text/html" && kind != "application/xhtml+xml" {
		return nil, false
	}
	z := html.NewTokenizer(strings.NewReader(string(data)))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out, true
		case html.StartTagToken:
			name, more := z.TagName()
			for more && string(name) == "a" {
				var key, value []byte
				key, value, more = z.TagAttr()
				if string(key) == "href" {
					out = append(out, string(value))
				}
			}
		}
	}
}

func (w *web) prepare(context.Context, []remote, string) error { return nil }

func (w *web) get(ctx context.Context, f remote, known *Pulled) (content, error) {
	at, err := url.Parse(f.address)
	if err != nil {
		return content{}, failure{text: "url「" + f.address + "」を読めません。"}
	}
	resp, err := w.ask(ctx, at, known)
	if err != nil {
		return content{}, err
	}
	defer resp.Body.Close() //nolint:errcheck // read only
	if resp.StatusCode == http.StatusNotModified {
		if known == nil {
			return content{}, failure{text: at.Host + at.Path + " が、送らずに「変更なし」とだけ答えました（304）。途中の中継サーバを確かめてください。"}
		}
		return content{unchanged: true}, nil
	}
	mayBePage := slices.Contains([]string{".csv", ".html", ".htm"}, strings.ToLower(path.Ext(f.name)))
	if kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); kind == "text/html" && !mayBePage {
		return content{}, failure{text: path.Base(f.name) + " の代わりに画面（HTML）が返されました。ログインが要るなら、利用者名かトークンを設定してください。"}
	}
	c := content{etag: resp.Header.Get("ETag"), lastModified: resp.Header.Get("Last-Modified")}
	c.modified, _ = http.ParseTime(c.lastModified)
	if resp.ContentLength > w.limit {
		return content{}, failure{text: fmt.Sprintf("%d MBを超えています。不要な書式や行を削除して、小さくしてください。", w.source.MaxMegabytes)}
	}
	if c.data, err = io.ReadAll(io.LimitReader(resp.Body, w.limit+1)); err != nil {
		return content{}, failure{text: path.Base(f.name) + " が途中で切れました。ネットワークを確かめてください。", soon: true}
	}
	return c, nil
}

func (w *web) close() { w.client.CloseIdleConnections() }
