package cli

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kyogikai/pipelines/crashstate"
	"kyogikai/pipelines/trial"
	"kyogikai/pipelines/workbook/workbooktest"
)

// recorded is a city of which every call that changes a file is on a tape.
type recorded struct {
	*city
	tape    *crashstate.Tape
	publish map[string]string // by a sum of the inputs: what is published from them
}

// record begins a tape: what the city holds now is on disk.
func (c *city) record() recorded {
	c.t.Helper()
	tape, err := crashstate.New(c.dir)
	if err != nil {
		c.t.Fatal(err)
	}
	return recorded{c, tape, map[string]string{}}
}

// do runs the program and puts what it does on the tape.
func (r recorded) do(args ...string) {
	r.t.Helper()
	if err := r.tape.Adopt(); err != nil { // what the test has changed since
		r.t.Fatal(err)
	}
	code, err := r.tape.Record(r.command(args...))
	if err != nil {
		r.t.Fatalf("%q: %v", args, err)
	}
	if code != exitDone && code != exitFindings {
		r.t.Fatalf("%q: exit %d\n%v", args, code, r.tape.Said())
	}
	if args[0] == "load" || args[0] == "nightly" || args[0] == "errata" {
		r.publish[r.inputsSum()] = r.marts()
	}
}

// Power fails during the first load, and during one that publishes another file.
func TestPowerFailsWhileLoading(t *testing.T) {
	trial.Only(t) // thousands of states
	trial.Needs(t, "strace")
	t.Parallel()
	c := newCity(t)
	c.use(0)
	r := c.record()
	r.do("load")
	c.use(1)
	r.do("load")
	r.open("load", 300, []string{"load"})
}

// Power fails while workbooks are collected, new ones and ones that have changed, from a folder and from a web server.
func TestPowerFailsWhileCollecting(t *testing.T) {
	trial.Only(t)
	trial.Needs(t, "strace")
	t.Parallel()
	c := newCity(t)
	share := filepath.Join(c.dir, "共有")
	move := func(from, to string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
	move(filepath.Join(c.inputs, "八戸市/令和6年度"), filepath.Join(share, "令和6年度"))
	web := httptest.NewServer(http.FileServer(http.Dir(filepath.Join(c.dir, "web"))))
	t.Cleanup(web.Close)
	move(filepath.Join(share, "令和6年度/財政部"), filepath.Join(c.dir, "web/令和6年度/財政部"))
	settings, err := os.ReadFile(filepath.Join(c.dir, "kyogikai.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	c.write("kyogikai.yaml", fmt.Appendf(settings, `
sources:
  - {name: 共有, municipality: 八戸市, directory: %q, pattern: "{年度}/{部}/{課}/{ファイル}"}
  - {name: ウェブ, municipality: 八戸市, http: %q, pattern: "{年度}/{部}/{課}/{ファイル}"}
`, share, web.URL+"/"))
	r := c.record()
	r.do("collect")
	workbooktest.SetCell(t, filepath.Join(share, strings.TrimPrefix(cityWorkbook, "八戸市/")), "取組状況", "F6", "▲")
	fund := filepath.Join(c.dir, "web/令和6年度/財政部/財政課/財政指標_R6_財政課.xlsx")
	workbooktest.SetCell(t, fund, workbooktest.Sheets(t, fund)[0], "G6", "71.6 億円")
	r.do("collect")
	r.do("load")
	r.open("collect", 200, []string{"collect"}, []string{"load"})
}

// Power fails while papers are made final, and while their errata are.
func TestPowerFailsWhileMakingFinal(t *testing.T) {
	trial.Only(t)
	trial.Needs(t, "strace")
	t.Parallel()
	c := newStory(t)
	c.mustRun("brief", storyThen, "--confirm")
	c.answer(func(string, map[string]string) (string, string) { return "確認", "" })
	c.mustRun("load")
	r := c.record()
	r.publish[c.inputsSum()] = c.marts()
	r.do("brief", storyThen, "--final", "--distributed", "2024-10-18")
	r.do("load")
	c.late(3)
	r.do("errata", storyThen)
	if err := os.RemoveAll(filepath.Join(c.outputs, "confirmations")); err != nil {
		t.Fatal(err)
	}
	c.mustRun("brief", storyThen, "--confirm")
	c.answer(func(string, map[string]string) (string, string) { return "確認", "" })
	r.do("load")
	r.do("errata", storyThen, "--final", "--distributed", "2024-10-21")
	r.do("load")
	r.open("final, errata", 400, []string{"brief", storyThen}, []string{"load"})
}

// Power fails during nights that tell a chat, a file and departments by mail: one in which nobody answers, and one in
// which the chat does.
func TestPowerFailsAtNight(t *testing.T) {
	trial.Only(t)
	trial.Needs(t, "strace")
	t.Parallel()
	c := newCity(t)
	c.use(0)
	chat := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(chat.Close)
	settings, err := os.ReadFile(filepath.Join(c.dir, "kyogikai.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	tell := `
tell:
  - {file: お知らせ.txt}
  - {webhook: {url: %q}}
  - {mail: {server: "localhost:1", from: a@city.example.jp, to: [b@city.example.jp], departments: true}}
`
	c.write("kyogikai.yaml", fmt.Appendf(settings, tell, "http://localhost:1/"))
	c.addresses()
	r := c.record()
	r.do("nightly")
	c.use(1)
	c.write("kyogikai.yaml", fmt.Appendf(settings, tell, chat.URL))
	r.do("nightly")
	r.open("nightly", 1000, []string{"nightly"})
}

// addresses gives every department a mail address.
func (c *city) addresses() {
	c.t.Helper()
	path := filepath.Join(c.inputs, "八戸市", "組織.csv")
	data, err := os.ReadFile(path)
	if err != nil {
		c.t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i]) + map[bool]string{true: ",メール", false: ",kyoku@city.example.jp"}[i == 0]
	}
	c.write("inputs/八戸市/組織.csv", []byte(strings.Join(lines, "\n")+"\n"))
}
