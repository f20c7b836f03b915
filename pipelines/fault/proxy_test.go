package fault

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
)

// A proxy that is gone is told from a server that is.
func TestAtProxy(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	at, err := url.Parse(gone.URL)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		proxy func(*http.Request) (*url.URL, error)
		ask   string
		want  bool
	}{
		"the proxy":          {http.ProxyURL(at), "http://kaitou.example.lg.jp/", true},
		"the proxy of https": {http.ProxyURL(at), "https://kaitou.example.lg.jp/", true},
		"the server":         {nil, gone.URL, false},
	} {
		client := http.Client{Transport: &http.Transport{Proxy: c.proxy}}
		resp, err := client.Get(c.ask)
		if err == nil {
			_ = resp.Body.Close()
		}
		if err == nil || AtProxy(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if AtProxy(nil) || AtProxy(&net.OpError{Op: "dial"}) {
		t.Error("what is none")
	}
}
