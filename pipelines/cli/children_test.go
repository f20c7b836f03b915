package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kyogikai/pipelines/runs"
)

// slowInputs are inputs with a workbook that takes seconds to read.
func slowInputs(t *testing.T) string {
	t.Helper()
	inputs := filepath.Join(t.TempDir(), "inputs")
	file := filepath.Join(inputs, "市/令和8年度/福祉部/介護課/調査票.csv")
	line := "来館者数（" + strings.Repeat("本館・分館・", 20) + "）,令和8年度12月末時点で約1,200人程度\n"
	text := "成果指標調査票\n指標名,種別,単位,目指す方向,令和7年度実績値,令和8年度実績値\n" + strings.Repeat(line, 60_000)
	old := time.Now().Add(-time.Hour)
	if err := errors.Join(
		os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o644), os.Chtimes(file, old, old),
	); err != nil {
		t.Fatal(err)
	}
	return inputs
}

// childrenOf are the processes that a process has started.
func childrenOf(pid int) []string {
	var out []string
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid)) // the pattern is one
	for _, file := range tasks {
		data, err := os.ReadFile(file)
		if err == nil {
			out = append(out, strings.Fields(string(data))...)
		}
	}
	return out
}

// There is a process with a number, and it has not ended.
func lives(pid string) bool {
	data, err := os.ReadFile("/proc/" + pid + "/stat")
	return err == nil && !strings.Contains(string(data), ") Z ")
}

// However a run ends while children read, they end with it, at once; and nothing is published.
func TestChildrenEndWithTheRun(t *testing.T) {
	t.Parallel()
	inputs := slowInputs(t)
	for name, c := range map[string]struct {
		signal syscall.Signal
		group  bool // as Ctrl-C on a terminal, which the children hear too
		code   int
	}{
		"SIGTERM": {syscall.SIGTERM, false, exitInterrupted}, "Ctrl-C": {syscall.SIGINT, true, exitInterrupted},
		"SIGKILL": {syscall.SIGKILL, false, -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			outputs := filepath.Join(t.TempDir(), "outputs")
			cmd := exec.Command(
				plain(), "--config", filepath.Join(root, "kyogikai.yaml"), "--inputs", inputs, "--outputs", outputs, "load",
			)
			cmd.Env = append(os.Environ(), asProgram+"="+root)
			cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			var says bytes.Buffer
			cmd.Stdout, cmd.Stderr = &says, &says
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			var children []string
			for end := time.Now().Add(time.Minute); len(children) == 0; time.Sleep(10 * time.Millisecond) {
				if children = childrenOf(cmd.Process.Pid); time.Now().After(end) {
					t.Fatalf("no child reads: %s", says.String())
				}
			}
			time.Sleep(300 * time.Millisecond) // it is at work
			pid := cmd.Process.Pid
			if c.group {
				pid = -pid
			}
			began := time.Now()
			if err := syscall.Kill(pid, c.signal); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait()
			if code := cmd.ProcessState.ExitCode(); code != c.code || time.Since(began) > 20*time.Second {
				t.Errorf("code %d after %v: %s", code, time.Since(began), says.String())
			}
			for _, child := range children {
				for end := time.Now().Add(10 * time.Second); lives(child); time.Sleep(10 * time.Millisecond) {
					if time.Now().After(end) {
						t.Fatalf("child %s outlives the run", child)
					}
				}
			}
			if list, err := runs.List(outputs, 9); err != nil || len(list) > 0 && list[0].Status == runs.StatusPublished {
				t.Errorf("%+v, %v", list, err)
			}
		})
	}
}

// The verb by which children are started is nobody's: it is not listed, and says so.
func TestWorkerIsNobodysVerb(t *testing.T) {
	t.Parallel()
	stdout, _, _ := run(t.Context(), "--help")
	if strings.Contains(stdout, "worker") {
		t.Error(stdout)
	}
	if _, stderr, code := run(t.Context(), "worker", "something"); code != exitUsage ||
		!strings.Contains(stderr, "このプログラムが自分で使う") {
		t.Errorf("%d: %s", code, stderr)
	}
}
