package collect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"kyogikai/pipelines/fault"
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
	dialTimeout  = 10 * time.Second
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
	w := &web{source: s, base: base, limit: s.limit()}
	for name, into := range map[string]*string{s.UserEnv: &w.user, s.PasswordEnv: &w.secret, s.TokenEnv: &w.token} {
		if name == "" {
			continue
		}
		if *into = o.Getenv(name); *into == "" {
			return nil, failure{text: "環境変数 " + name + " がありません。実行する人の環境に設定してください。"}
		}
	}
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: min(dialTimeout, s.idle())}).DialContext,
		TLSHandshakeTimeout: s.idle(), ResponseHeaderTimeout: s.idle(), ForceAttemptHTTP2: true, IdleConnTimeout: time.Minute,
	}
	w.client = &http.Client{Transport: transport, CheckRedirect: redirect}
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
		if ctx.Err() != nil {
			return nil, fmt.Errorf("asking for %s: %w", at, ctx.Err())
		}
		return nil, failure{
			text: fmt.Sprintf("%s に接続できません（%s）。サーバとネットワークを確かめてください。", at.Host, unreachable(err)), soon: true, dead: true,
		}
	}
	if why := refused(resp, at); why != nil {
		_ = resp.Body.Close()
		return nil, why
	}
	return resp, nil
}

// unreachable is a network's error without addresses that differ from one try to the next.
func unreachable(err error) string {
	if fault.AtProxy(err) {
		return "中継サーバ（プロキシ）に繋がらない"
	}
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

// answer is what a server sent, whole.
type answer struct {
	*http.Response
	data []byte
}

// fetch asks for something and reads all of it, at a pace and within the time of one file. what names it to people.
func (w *web) fetch(ctx context.Context, at *url.URL, known *Pulled, most int64, what string) (answer, error) {
	limited, cancel := context.WithTimeout(ctx, w.source.longestFile())
	defer cancel()
	late := failure{text: fmt.Sprintf("%s が、%sたっても届きません。ネットワークとサーバの具合を確かめてください。", what, span(w.source.longestFile()))}
	resp, err := w.ask(limited, at, known)
	if err != nil {
		if limited.Err() != nil && ctx.Err() == nil {
			err = late
		}
		return answer{}, err
	}
	defer resp.Body.Close() //nolint:errcheck // read only
	if resp.ContentLength > most {
		return answer{}, errTooLarge
	}
	data, err := follow(limited, w.source.pace(leastOfServer), func(_ context.Context, came func(int)) ([]byte, error) {
		return io.ReadAll(io.LimitReader(counted{limited, resp.Body, came}, most+1))
	})
	var stalled *StalledError
	switch {
	case err == nil && int64(len(data)) > most:
		return answer{}, errTooLarge
	case err == nil:
		return answer{resp, data}, nil
	case ctx.Err() != nil:
		return answer{}, fmt.Errorf("reading %s: %w", at, ctx.Err())
	case limited.Err() != nil:
		return answer{}, late
	case errors.As(err, &stalled):
		return answer{}, failure{
			text: fmt.Sprintf("%s が途中で届かなくなりました（%s）。ネットワークとサーバの具合を確かめてください。", what, stalled), dead: !stalled.Slow,
			soon: !stalled.Slow,
		}
	}
	return answer{}, failure{text: what + " が途中で切れました。ネットワークを確かめてください。", soon: true}
}

var errTooLarge = errors.New("too large")

func (w *web) prepare(context.Context, []remote, string) error { return nil }

func (w *web) prepared(files []remote) (come, lacking []remote) { return files, nil }

func (w *web) get(ctx context.Context, f remote, known *Pulled) (content, error) {
	at, err := url.Parse(f.address)
	if err != nil {
		return content{}, failure{text: "url「" + f.address + "」を読めません。"}
	}
	a, err := w.fetch(ctx, at, known, w.limit, path.Base(f.name))
	if errors.Is(err, errTooLarge) {
		return content{}, failure{text: w.source.tooLarge()}
	}
	if err != nil {
		return content{}, err
	}
	if a.StatusCode == http.StatusNotModified {
		if known == nil {
			return content{}, failure{text: at.Host + at.Path + " が、送らずに「変更なし」とだけ答えました（304）。途中の中継サーバを確かめてください。"}
		}
		return content{unchanged: true}, nil
	}
	mayBePage := slices.Contains([]string{".csv", ".html", ".htm"}, strings.ToLower(path.Ext(f.name)))
	if kind, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type")); kind == "text/html" && !mayBePage {
		return content{}, failure{text: path.Base(f.name) + " の代わりに画面（HTML）が返されました。ログインが要るなら、利用者名かトークンを設定してください。"}
	}
	c := content{data: a.data, etag: a.Header.Get("ETag"), lastModified: a.Header.Get("Last-Modified")}
	c.modified, _ = http.ParseTime(c.lastModified)
	return c, nil
}

func (w *web) close() { w.client.CloseIdleConnections() }
