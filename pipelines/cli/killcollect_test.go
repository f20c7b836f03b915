package cli

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kyogikai/pipelines/trial"
	"kyogikai/pipelines/workbook/workbooktest"
)

// webWorkbook is what a department of the city hands in on a web page.
const webWorkbook = "八戸市/令和6年度/教育委員会/社会教育課/R6行革調査票.xlsx"

// sources are what a city collects from: a shared folder with one workbook and a web page with another, either of which
// has two versions.
type sources struct {
	c        *city
	share    string // the workbook in the shared folder
	web      [2][]byte
	serves   atomic.Int32 // which version the page serves
	allowed  map[string]map[[sha256.Size]byte]bool
	whole    map[string]bool // what whole runs publish
	papers   map[string]bool
	slowest  time.Duration
	modified [2]time.Time
}

func newSources(t *testing.T) *sources {
	c := newCity(t)
	s := &sources{
		c: c, share: filepath.Join(c.dir, "share", filepath.FromSlash(strings.TrimPrefix(cityWorkbook, "八戸市/"))),
		allowed: map[string]map[[sha256.Size]byte]bool{}, whole: map[string]bool{}, papers: map[string]bool{},
		modified: [2]time.Time{time.Now().Add(-48 * time.Hour), time.Now().Add(-24 * time.Hour)},
	}
	at := filepath.Join(c.inputs, webWorkbook)
	var err error
	if s.web[0], err = os.ReadFile(at); err != nil {
		t.Fatal(err)
	}
	workbooktest.SetCell(t, at, "Sheet1", "F6", "▲")
	if s.web[1], err = os.ReadFile(at); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	settings, err := os.ReadFile(filepath.Join(c.dir, "kyogikai.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	c.write("kyogikai.yaml", fmt.Appendf(settings, `
sources:
  - {name: 庁内共有, directory: %q, municipality: 八戸市, pattern: "{年度}/{部}/{課}/{ファイル}"}
  - {name: 回答サイト, http: %q, municipality: 八戸市, year: 令和6年度, pattern: "{部}/{課}/{ファイル}"}
`, filepath.Join(c.dir, "share"), server.URL+"/"))
	for name, versions := range map[string][2][]byte{cityWorkbook: c.variants, webWorkbook: s.web} {
		s.allowed[name] = map[[sha256.Size]byte]bool{sha256.Sum256(versions[0]): true, sha256.Sum256(versions[1]): true}
	}
	return s
}

// ServeHTTP is the web page: folders, and the workbook in the last of them.
func (s *sources) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	own := strings.TrimPrefix(webWorkbook, "八戸市/令和6年度/")
	at := strings.TrimPrefix(r.URL.Path, "/")
	if at == own {
		version := s.serves.Load()
		http.ServeContent(w, r, path.Base(own), s.modified[version], strings.NewReader(string(s.web[version])))
		return
	}
	rest, ok := strings.CutPrefix(own, at)
	if !ok {
		http.NotFound(w, r)
		return
	}
	next, _, isFolder := strings.Cut(rest, "/")
	if isFolder {
		next += "/"
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, "<html><body><a href=%q>%s</a></body></html>", next, next)
}

// use puts a version of each workbook where it is collected from.
func (s *sources) use(share, web int) {
	s.c.t.Helper()
	rel, err := filepath.Rel(s.c.dir, s.share)
	if err != nil {
		s.c.t.Fatal(err)
	}
	s.c.write(rel, s.c.variants[share])
	if err := os.Chtimes(s.share, s.modified[share], s.modified[share]); err != nil {
		s.c.t.Fatal(err)
	}
	s.serves.Store(int32(web))
}

// learn makes every pair of versions public once.
func (s *sources) learn() {
	s.c.t.Helper()
	for i := range 4 {
		s.use(i%2, i/2)
		began := time.Now()
		s.c.mustRun("nightly")
		s.slowest = max(s.slowest, time.Since(began))
		marts, made := s.c.state()
		if s.whole[marts] {
			s.c.t.Fatalf("versions %d and %d publish nothing of their own", i%2, i/2)
		}
		s.whole[marts] = true
		for line := range strings.Lines(made) {
			s.papers[line] = true
		}
	}
}

// check wants the inputs, what is published, and the papers to be whole.
func (s *sources) check(after string) {
	s.c.t.Helper()
	for name, allowed := range s.allowed {
		data, err := os.ReadFile(filepath.Join(s.c.inputs, filepath.FromSlash(name)))
		if err != nil || !allowed[sha256.Sum256(data)] {
			s.c.t.Fatalf("%s: %s is lost or half: %d bytes, %v", after, name, len(data), err)
		}
	}
	marts, made := s.c.state()
	if !s.whole[marts] {
		s.c.t.Fatalf("%s: what is published is no whole run's", after)
	}
	for line := range strings.Lines(made) {
		if !s.papers[line] {
			s.c.t.Fatalf("%s: a paper is not whole: %s", after, line)
		}
	}
}

// Runs are killed while the share and the page that they collect from change, and while papers are being made: nothing
// that was collected or published is lost, nothing half is taken for whole, and the next run does the rest.
func TestKilledWhileSourcesChange(t *testing.T) {
	t.Parallel()
	trial.Slow(t)
	s := newSources(t)
	s.learn()
	random := rand.New(rand.NewPCG(20, 12))
	kills := trial.Count(4, 100)
	if os.Getenv("HOSTILE") == "all" {
		kills = 200
	}
	verbs := [][]string{{"nightly"}, {"collect"}, {"load"}, {"brief", "2040-10-21"}}
	for i := range kills {
		share, web := random.IntN(2), random.IntN(2)
		s.use(share, web)
		verb := verbs[i%len(verbs)]
		cmd := s.c.command(verb...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		wait := time.Duration(random.Int64N(int64(s.slowest)))
		time.Sleep(wait / 2)
		s.use(random.IntN(2), random.IntN(2)) // while it goes on
		time.Sleep(wait / 2)
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()
		s.c.unlocked()
		s.check(fmt.Sprintf("kill %d, of %s", i, verb[0]))
		if i%10 == 9 {
			s.settles(random.IntN(2), random.IntN(2))
		}
	}
	s.settles(0, 1)
	fmt.Printf("%d kills while sources changed: nothing lost\n", kills)
}

// settles wants an undisturbed night to publish what stands at the sources.
func (s *sources) settles(share, web int) {
	s.c.t.Helper()
	s.use(share, web)
	s.c.mustRun("nightly")
	s.check("after a whole night")
	for name, data := range map[string][]byte{cityWorkbook: s.c.variants[share], webWorkbook: s.web[web]} {
		there, err := os.ReadFile(filepath.Join(s.c.inputs, filepath.FromSlash(name)))
		if err != nil || sha256.Sum256(there) != sha256.Sum256(data) {
			s.c.t.Fatalf("a whole night left an old %s", name)
		}
	}
}
