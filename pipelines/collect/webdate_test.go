package collect

import (
	"net/http"
	"path"
	"strings"
	"testing"
	"time"
)

// An older file that has been put back is taken, also from a server that tells dates alone and says of an older one
// that nothing has changed.
func TestOlderFileIsPutBack(t *testing.T) {
	s := newServer(t)
	const file = "/票/令和6年度/財政部/税務課/b.csv"
	text, day := "項目,値\n新,2\n", time.Date(2026, 10, 2, 0, 0, 0, 0, time.UTC)
	s.answers[file] = func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, path.Base(file), day, strings.NewReader(text))
	}
	write(t, s.dir, file, "一覧のため")
	p := newPen(t, Source{Name: "庁内サイト", HTTP: s.URL + "/票/", Municipality: "架空市", Pattern: byFolder})
	const b = "架空市/令和6年度/財政部/税務課/b.csv"
	p.want("新1 改0 同0 去0 失0", map[string]string{b: text})
	p.want("新0 改0 同1 去0 失0", map[string]string{b: text})
	text, day = "項目,値\n旧,1\n", time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	p.want("新0 改1 同0 去0 失0", map[string]string{b: text})
}
