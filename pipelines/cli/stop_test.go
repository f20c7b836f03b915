package cli

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kyogikai/pipelines/runs"
)

// deaf begins a night that hears nothing after its first step, and waits until it is there.
func (c *city) deaf(signals ...syscall.Signal) (said string, code int, took time.Duration) {
	c.t.Helper()
	cmd := c.command("nightly")
	cmd.Env = append(cmd.Env, momentDeaf+"=nightly/収集")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		c.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = cmd.Process.Kill() }) // it may have ended
	var b strings.Builder
	began := time.Now()
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		b.WriteString(lines.Text() + "\n")
		if lines.Text() == "聞こえません" {
			began = time.Now()
			for _, s := range signals {
				_ = cmd.Process.Signal(s) // where it is not heard, the test says so
			}
		}
	}
	_ = cmd.Wait() // how it ended is its code
	return b.String(), cmd.ProcessState.ExitCode(), time.Since(began)
}

// A step that hears nothing does not keep a run from ending: by SIGTERM, by SIGINT, and by the end of its time. The
// record says how it ended, and the lock is free.
func TestDeafRunEnds(t *testing.T) {
	t.Parallel()
	const within = 12 * time.Second // five are its own; the machine may be busy
	for _, s := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(s.String(), func(t *testing.T) {
			t.Parallel()
			c := newCity(t)
			said, code, took := c.deaf(s)
			if code != exitInterrupted || took > within || !strings.Contains(said, "中断しました") {
				t.Errorf("exit %d after %s\n%s", code, took, said)
			}
			c.wantInterrupted()
		})
	}
	t.Run("its time is over", func(t *testing.T) {
		t.Parallel()
		c := newCity(t)
		settings, err := os.ReadFile(filepath.Join(c.dir, "kyogikai.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		c.write("kyogikai.yaml", append(settings, "limits: {run_time: 1s}\n"...))
		said, code, took := c.deaf()
		if code != exitFailed || took > within ||
			!strings.Contains(said, "失敗しました: 実行の上限の時間（1秒）を過ぎたので、「収集」の途中で止めました") {
			t.Errorf("exit %d after %s\n%s", code, took, said)
		}
		newest, err := runs.List(c.outputs, 1)
		if err != nil || newest[0].Status != runs.StatusFailed || !strings.Contains(newest[0].Error, "run_time") {
			t.Errorf("record %+v, %v", newest, err)
		}
		if runs.UnderWay(c.outputs) {
			t.Error("the lock is held")
		}
	})
}

// A run that crashes does not end with the code that means a mistake in the command line, and a monitor is told.
func TestCrashIsNoMistakeOfUsage(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	cmd := c.command("nightly")
	cmd.Env = append(cmd.Env, momentDie+"=nightly/収集")
	said, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	how, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok || !how.Signaled() || how.Signal() != syscall.SIGABRT || how.CoreDump() {
		t.Errorf("%v\n%s", cmd.ProcessState, said)
	}
	if said, code := c.run("status", "--monitor"); code != exitFindings || !strings.HasPrefix(said, "BROKEN ") ||
		!strings.Contains(said, "まだ何も読み込まれていません") || !strings.Contains(said, "ほかに1件") {
		t.Errorf("exit %d, %s", code, said)
	}
}
