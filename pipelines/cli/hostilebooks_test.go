package cli

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/finding"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/trial"
	"kyogikai/pipelines/workbook/hostiletest"
)

// What a load may take beside a workbook that is meant to exhaust it.
const (
	mostMemory = 1500 << 20 // of all its processes, shared memory counted once
	mostTime   = 60 * time.Second
)

// sparse is a file of 20 GB that takes no place on the disk.
var sparse = hostiletest.Case{
	Name: "a sparse file of 20 GB", Ext: ".xlsx", Want: limits.File,
	Write: func(w io.Writer, _ int) error { return w.(*os.File).Truncate(20 << 30) },
}

// Every third of the first hostile workbooks is loaded at full size by a trial; HOSTILE=all loads all of them, of which
// the later ones take most of their minute each.
const (
	everyHostile = 3
	quickHostile = 72
)

// Beside each hostile workbook a load comes to its end within its memory and time, the workbook is a finding or is
// read, and the good workbook of another department is published.
func TestHostileWorkbooks(t *testing.T) {
	trial.Only(t)
	cases := []hostiletest.Case{sparse}
	for i, c := range hostiletest.Cases() {
		if i < quickHostile && i%everyHostile == 0 || os.Getenv("HOSTILE") == "all" {
			cases = append(cases, c)
		}
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			l := loadHostile(t, []hostiletest.Case{c}, func(c hostiletest.Case) int { return c.Full })
			got := l.outcomes[0]
			t.Logf("%-45s %5d MB %5.1f s  %s", c.Name, l.most>>20, l.took.Seconds(), got)
			want := strings.Split(c.Want, "|")
			if slices.Contains(want, limits.ReadingCPU) { // on a busy machine the clock may be faster
				want = append(want, limits.ReadingTime)
			}
			if !slices.Contains(want, got) {
				t.Errorf("it is %s, want %s", got, c.Want)
			}
			if l.most > mostMemory || l.took > mostTime {
				t.Errorf("%d MB, %v", l.most>>20, l.took)
			}
		})
	}
	t.Logf("%d hostile workbooks", len(cases))
}

// All of them side by side, small, at every push.
func TestSmallHostileWorkbooksAreLoaded(t *testing.T) {
	trial.Slow(t)
	cases := append(hostiletest.Cases(), sparse)
	l := loadHostile(t, cases, func(c hostiletest.Case) int { return c.Small })
	within := []string{hostiletest.Read, hostiletest.Damaged, hostiletest.Locked, hostiletest.Other, limits.CellText}
	for i, got := range l.outcomes {
		if want := strings.Split(cases[i].Want, "|"); !slices.Contains(want, got) && !slices.Contains(within, got) {
			t.Errorf("%s is %s, want %s", cases[i].Name, got, cases[i].Want)
		}
	}
	if got := l.outcomes[len(cases)-1]; got != limits.File {
		t.Errorf("the sparse file is %s", got)
	}
	if l.most > mostMemory {
		t.Errorf("%d MB", l.most>>20)
	}
}

// loaded is how a load ended beside hostile workbooks.
type loaded struct {
	most     int64
	took     time.Duration
	outcomes []string
}

// loadHostile loads hostile workbooks of some size and a good one, and looks at what was published of each.
func loadHostile(t *testing.T, cases []hostiletest.Case, size func(hostiletest.Case) int) (l loaded) {
	t.Helper()
	dir := t.TempDir()
	inputs, outputs := filepath.Join(dir, "inputs"), filepath.Join(dir, "outputs")
	text := "成果指標調査票\n指標名,種別,単位,目指す方向,令和7年度実績値,令和8年度実績値\n図書館の来館者数,成果,人,上昇,1200,1300\n"
	putHostile(t, filepath.Join(inputs, "市/令和8年度/福祉部/福祉課/調査票.csv"), func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
	for i, c := range cases {
		file := filepath.Join(inputs, fmt.Sprintf("市/令和8年度/介護部/介護%03d課/調査票%s", i, c.Ext))
		putHostile(t, file, func(w io.Writer) error {
			if c.Name == sparse.Name {
				return c.Write(w, 0)
			}
			b := bufio.NewWriterSize(w, 1<<20)
			return errors.Join(c.Write(b, size(c)), b.Flush())
		})
	}
	program := func(args ...string) *exec.Cmd {
		cmd := exec.Command(plain(), append([]string{
			"--config", filepath.Join(root, "kyogikai.yaml"), "--inputs", inputs, "--outputs", outputs,
		}, args...)...)
		cmd.Env = append(os.Environ(), asProgram+"="+root)
		return cmd
	}
	var says bytes.Buffer
	load := program("load")
	load.Stdout, load.Stderr = &says, &says
	began := time.Now()
	if err := load.Start(); err != nil {
		t.Fatal(err)
	}
	peak := trial.Watch(load.Process.Pid)
	err := load.Wait()
	l.took, l.most = time.Since(began), peak()
	if code := load.ProcessState.ExitCode(); code != exitDone && code != exitFindings {
		t.Fatalf("%v: %s", err, says.String())
	}
	out, err := program("sql", "--format", "csv", `SELECT w.path, w.status, f.code, f.message,
		(SELECT count(*) FROM marts.indicator_years i WHERE i.indicator = '図書館の来館者数' AND i.actual = 1300) AS good
		FROM meta.workbooks w LEFT JOIN meta.findings f ON f.path = w.path AND f.severity = 'error' AND f.cell IS NULL
		QUALIFY row_number() OVER (PARTITION BY w.path ORDER BY f.code) = 1 ORDER BY w.path`).Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	rows, err := csv.NewReader(bytes.NewReader(out)).ReadAll()
	if err != nil || len(rows) != len(cases)+2 {
		t.Fatalf("%d rows for %d workbooks: %v", len(rows), len(cases)+1, err)
	}
	for _, row := range rows[1 : len(rows)-1] {
		l.outcomes = append(l.outcomes, outcomeOf(row))
	}
	if good := rows[len(rows)-1]; good[1] != record.StatusRead || good[4] == "0" {
		t.Errorf("the good workbook: %q", good)
	}
	return l
}

// putHostile writes a file that nobody is still saving.
func putHostile(t *testing.T, file string, write func(w io.Writer) error) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-time.Hour)
	if err := errors.Join(write(f), f.Close(), os.Chtimes(file, old, old)); err != nil {
		t.Fatal(err)
	}
}

// outcomeOf is what came of a workbook, in the words of hostiletest: path, status, and its finding's code and message.
func outcomeOf(row []string) string {
	switch row[2] {
	case finding.WorkbookTooLarge:
		for _, e := range limits.Default().All() {
			if strings.Contains(row[3], fmt.Sprintf("（%s）", e.Name)) {
				return e.Name
			}
		}
		return row[3]
	case finding.WorkbookEncrypted:
		return hostiletest.Locked
	case finding.FileUnsupported:
		return hostiletest.Other
	case finding.WorkbookUnreadable:
		return hostiletest.Damaged
	}
	return hostiletest.Read
}
