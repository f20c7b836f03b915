package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/workbook/workbooktest"
)

// city is a project of its own on disk, with the program as processes: what happens to them happens for real.
type city struct {
	t                    *testing.T
	dir, inputs, outputs string
	variants             [2][]byte // of one workbook
	whole                [2]string // what a whole run of each publishes
}

const (
	cityWorkbook = "八戸市/令和6年度/市民環境部/暮らし交通安全課/【暮らし交通安全課】行財政改革取組状況.xlsx"
	cityMeeting  = `date: 2040-10-21
kind: 総務協議会資料
agenda_title: 総務協議会協議事項
municipality: 八戸市
items:
  - number: "2"
    title: 第7次八戸市行財政改革大綱の総括について
    department: 総務部行政管理課
    brief: 行財政改革大綱の総括.md
    parameters: {plan: 第7次八戸市行財政改革大綱, year: 2024, first_year: 2020}
`
)

// emptyCity is a project without settings, meetings or inputs.
func emptyCity(t *testing.T) *city {
	t.Helper()
	c := &city{t: t, dir: t.TempDir()}
	c.inputs, c.outputs = filepath.Join(c.dir, "inputs"), filepath.Join(c.dir, "outputs")
	home := filepath.Join(startDir, root)
	for _, name := range []string{"sql", "templates/briefs", "templates/forms", "templates/fonts"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(c.dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join(home, name), filepath.Join(c.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func newCity(t *testing.T) *city {
	t.Helper()
	c := emptyCity(t)
	c.write("templates/meetings/2040-10-21.yaml", []byte(cityMeeting))
	settings, err := os.ReadFile(filepath.Join(root, "kyogikai.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	c.write("kyogikai.yaml", settings)
	err = fs.WalkDir(os.DirFS(filepath.Join(root, "inputs")), "八戸市", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.Contains(path, "令和7年度") || strings.Contains(path, "令和8年度") ||
			strings.Contains(filepath.Base(path), "デジタル") {
			return err
		}
		data, err := os.ReadFile(filepath.Join(root, "inputs", path))
		c.write("inputs/"+path, data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(c.inputs, cityWorkbook)
	if c.variants[0], err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	workbooktest.SetCell(t, path, "取組状況", "F6", "▲")
	if c.variants[1], err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *city) write(name string, data []byte) {
	c.t.Helper()
	path := filepath.Join(c.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		c.t.Fatal(err)
	}
}

// use puts one of the two workbooks in place.
func (c *city) use(variant int) { c.write("inputs/"+cityWorkbook, c.variants[variant]) }

// command is the program with arguments, in the city's folder.
func (c *city) command(args ...string) *exec.Cmd { return c.commandOf(plain(), args...) }

// racing is the program with the race detector where the tests have it: for what goes on at once inside one process.
func (c *city) racing(args ...string) *exec.Cmd { return c.commandOf(os.Args[0], args...) }

func (c *city) commandOf(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), asProgram+"="+filepath.Join(startDir, root))
	return cmd
}

// run runs the program to its end.
func (c *city) run(args ...string) (said string, code int) {
	c.t.Helper()
	cmd := c.command(args...)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		c.t.Fatal(err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

func (c *city) mustRun(args ...string) string {
	c.t.Helper()
	said, code := c.run(args...)
	if code != exitDone && code != exitFindings {
		c.t.Fatalf("%q: exit %d\n%s", args, code, said)
	}
	return said
}

// state is what is published: a digest of every mart, and of every paper.
func (c *city) state() (marts, papers string) {
	c.t.Helper()
	marts = c.marts()
	files, err := filepath.Glob(filepath.Join(c.outputs, "briefs", "2040-10-21", "*.*"))
	if err != nil || len(files) < 4 {
		c.t.Fatalf("papers %q, %v", files, err)
	}
	var p strings.Builder
	for _, f := range files {
		if strings.HasPrefix(filepath.Base(f), ".") {
			continue
		}
		data, err := os.ReadFile(f)
		if err != nil {
			c.t.Fatal(err)
		}
		fmt.Fprintf(&p, "%s %x\n", filepath.Base(f), sha256.Sum256(data))
	}
	return marts, p.String()
}

// marts is a digest of every mart that is published.
func (c *city) marts() string {
	c.t.Helper()
	db, err := warehouse.Open(context.Background(), filepath.Join(c.outputs, "warehouse"))
	if err != nil {
		c.t.Fatalf("the published file does not open: %v", err)
	}
	defer db.Close()
	tables, err := db.Query(
		context.Background(), "SELECT table_name FROM information_schema.tables WHERE table_schema = 'marts' ORDER BY ALL",
	)
	if err != nil || len(tables.Rows) < 10 {
		c.t.Fatalf("%d marts, %v", len(tables.Rows), err)
	}
	var b strings.Builder
	for _, r := range tables.Rows {
		sum, err := db.Query(
			context.Background(), fmt.Sprintf("SELECT count(*), sum(hash(t::VARCHAR)) FROM marts.%s AS t", r[0]),
		)
		if err != nil {
			c.t.Fatal(err)
		}
		fmt.Fprintln(&b, r[0], sum.Rows[0])
	}
	return b.String()
}

// references makes what whole runs of the two workbooks publish.
func (c *city) references() (papers map[string]bool, took time.Duration) {
	c.t.Helper()
	papers = map[string]bool{}
	for i := range c.variants {
		c.use(i)
		began := time.Now()
		c.mustRun("nightly")
		took = time.Since(began)
		marts, made := c.state()
		c.whole[i] = marts
		for _, line := range strings.Split(strings.TrimSpace(made), "\n") {
			papers[line] = true
		}
	}
	if c.whole[0] == c.whole[1] || len(papers) < 6 {
		c.t.Fatalf("the two workbooks publish the same: %d papers", len(papers))
	}
	return papers, took
}

// checkWhole says whether what is published is one whole run's, and each paper is one that a whole run made.
func (c *city) checkWhole(papers map[string]bool) {
	c.t.Helper()
	marts, made := c.state()
	if marts != c.whole[0] && marts != c.whole[1] {
		c.t.Fatalf("what is published is no whole run's:\n%s", marts)
	}
	for _, line := range strings.Split(strings.TrimSpace(made), "\n") {
		if !papers[line] {
			c.t.Fatalf("a paper is not whole: %s", line)
		}
	}
}

// catchUp makes serve begin a run as soon as it is started.
func (c *city) catchUp() {
	data, err := json.Marshal(map[string]any{"夜間": map[string]any{"since": time.Now().AddDate(0, 0, -2)}})
	if err != nil {
		c.t.Fatal(err)
	}
	c.write("outputs/runs/jobs.json", data)
}

// childOf is the process that another has begun, 0 where there is none.
func childOf(pid int) int {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well formed
	for _, f := range stats {
		data, err := os.ReadFile(f)
		if err != nil {
			continue
		}
		rest := string(data[bytes.LastIndexByte(data, ')')+1:])
		if fields := strings.Fields(rest); len(fields) > 1 && fields[1] == strconv.Itoa(pid) && fields[0] != "Z" {
			if child, err := strconv.Atoi(filepath.Base(filepath.Dir(f))); err == nil {
				return child
			}
		}
	}
	return 0
}

// unlocked waits until no run is under way any more: an orphan ends by itself.
func (c *city) unlocked() {
	c.t.Helper()
	f, err := os.OpenFile(filepath.Join(c.outputs, ".lock"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		c.t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // nothing is written
	c.until("an orphan lets go of the lock", func() bool {
		return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
	})
}

// until waits for what must come, however busy the machine is.
func (c *city) until(what string, ok func() bool) {
	c.t.Helper()
	for began := time.Now(); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > longestWait {
			c.t.Fatalf("it never came: %s", what)
		}
	}
}

// longestWait is far more than anything here takes on a loaded machine: it ends a test that would hang.
const longestWait = 3 * time.Minute
