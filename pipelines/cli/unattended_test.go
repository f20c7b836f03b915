package cli

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"kyogikai/pipelines/runs"
	"kyogikai/pipelines/trial"
)

// Runs are killed at random moments: the run itself, the scheduler above it, or the child under it alone. What is
// published stays one whole run's, each paper stays whole, and the next run succeeds without help. KILLS=200 kills
// that often.
func TestKilledRunsLeaveWholeFiles(t *testing.T) {
	t.Parallel()
	trial.Slow(t)
	c := newCity(t)
	papers, took := c.references()
	kills := trial.Count(6, 25)
	if n, err := strconv.Atoi(os.Getenv("KILLS")); err == nil {
		kills = n
	}
	random := rand.New(rand.NewPCG(7, 21))
	for i := range kills {
		c.use(i % 2)
		wait := time.Duration(random.Int64N(int64(took)))
		switch i % 3 {
		case 0:
			cmd := c.command("nightly")
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(wait)
			_ = cmd.Process.Kill() // it may have ended
			_ = cmd.Wait()
		default:
			c.catchUp()
			cmd := c.command("serve", "--listen", "")
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(wait)
			if child := childOf(cmd.Process.Pid); i%3 == 2 && child != 0 {
				_ = syscall.Kill(child, syscall.SIGKILL) // it may have ended
				_ = cmd.Process.Signal(syscall.SIGTERM)
			} else {
				_ = cmd.Process.Kill()
			}
			_ = cmd.Wait()
		}
		c.unlocked()
		c.checkWhole(papers)
		if i%4 == 3 {
			c.mustRun("nightly")
			if marts, _ := c.state(); marts != c.whole[i%2] {
				t.Fatalf("after kill %d the next run published something else", i)
			}
		}
	}
	c.use(0)
	c.mustRun("nightly")
	if marts, _ := c.state(); marts != c.whole[0] {
		t.Fatal("the last run published something else")
	}
	c.checkWhole(papers)
	left, err := filepath.Glob(filepath.Join(c.outputs, "warehouse", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range left {
		if !strings.HasSuffix(f, ".duckdb") {
			t.Errorf("left behind: %s", f)
		}
	}
}

// SIGTERM before and after each step of a night ends it with code 130 and a record; the next night does what is left.
func TestStoppedInEachStep(t *testing.T) {
	t.Parallel()
	trial.Slow(t)
	c := newCity(t)
	papers, _ := c.references()
	for i, after := range []string{"", "収集", "読み込み", "取り込み", "集計", "検査", "資料作成", "更新"} {
		c.use(i % 2)
		cmd := c.command("nightly")
		cmd.Env = append(cmd.Env, momentStop+"=nightly/"+after)
		said, err := cmd.CombinedOutput()
		if cmd.ProcessState == nil {
			t.Fatal(err)
		}
		if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || !strings.Contains(string(said), "中断しました") {
			t.Errorf("stopped after %q: exit %d\n%s", after, code, said)
		}
		c.wantInterrupted()
		c.checkWhole(papers)
		c.mustRun("nightly")
		if marts, _ := c.state(); marts != c.whole[i%2] {
			t.Errorf("after a stop after %q the next night published something else", after)
		}
		c.checkWhole(papers)
	}
}

// wantInterrupted wants the newest record to say that its run was stopped.
func (c *city) wantInterrupted() {
	c.t.Helper()
	newest, err := runs.List(c.outputs, 1)
	if err != nil || len(newest) != 1 || newest[0].Status != runs.StatusInterrupted {
		c.t.Errorf("record %+v, %v", newest, err)
	}
}

// Two runs at once: the second names the first and ends with 4. The papers of a meeting wait for a night that is under
// way.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.mustRun("nightly")
	c.use(0)
	c.write(holdFile, nil) // while it is there, the first does not go on after its first step
	first := c.command("nightly")
	first.Env = append(first.Env, momentHold+"=nightly/収集")
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = first.Process.Kill() }) // it may have ended
	holder := fmt.Sprintf("プロセス %d", first.Process.Pid)
	c.until("the first holds the lock", func() bool {
		data, err := os.ReadFile(filepath.Join(c.outputs, ".lock"))
		return err == nil && strings.Contains(string(data), holder)
	})
	said, code := c.run("load")
	if code != exitLocked || !strings.Contains(said, holder) {
		t.Errorf("exit %d, want 夜間の実行 … %s: %s", code, holder, said)
	}
	paper := c.racing("brief", "2040-10-21")
	tty, err := pty.Start(paper) // on a terminal it says that it waits
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close() //nolint:errcheck // nothing is kept of it
	lines := bufio.NewScanner(tty)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "別の実行が終わるのを待っています") && strings.Contains(lines.Text(), holder) {
			if err := os.Remove(filepath.Join(c.dir, holdFile)); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = paper.Wait() // how it ended is its code
	if code := paper.ProcessState.ExitCode(); code != exitFindings {
		t.Errorf("a paper at the same time: exit %d", code)
	}
	if _, err := os.Stat(filepath.Join(c.dir, holdFile)); err == nil {
		t.Fatal("the paper did not wait for the night")
	}
	if err := first.Wait(); err != nil && first.ProcessState.ExitCode() != exitFindings {
		t.Errorf("the first: %v", err)
	}
	marts, _ := c.state()
	c.mustRun("load")
	if again, _ := c.state(); again != marts {
		t.Error("what is published is not what the inputs say")
	}
}

// inNamespace runs a script of shell commands with mounts of its own. $1 is the program, $2 an empty folder.
func (c *city) inNamespace(script string) (string, int) {
	c.t.Helper()
	args := []string{"--mount"}
	if os.Getuid() != 0 {
		args = []string{"--user", "--map-root-user", "--mount"}
	}
	dir := c.t.TempDir()
	cmd := exec.Command("unshare", append(args, "sh", "-ec", script, "sh", plain(), dir)...)
	cmd.Dir, cmd.Env = c.dir, append(os.Environ(), asProgram+"="+filepath.Join(startDir, root))
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		c.t.Fatalf("unshare (util-linux) がありません: %v", err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// A disk that is full in the middle of a run, and outputs that cannot be written: what is published stays, the message
// says what happened and what to do, and with room again the next run succeeds.
func TestFullDiskAndReadOnlyOutputs(t *testing.T) {
	trial.Only(t) // it mounts, which not everybody may
	t.Parallel()
	c := newCity(t)
	c.write("判断.csv", []byte("path,cell,decision,reason,date\nない.xlsx,,取下げ,試験,令和7年10月1日\n"))
	said, code := c.inNamespace(`
		mount -t tmpfs -o size=256m tmpfs "$2"
		run() { "$1" nightly --outputs "$2" 2>&1 && echo "exit 0" || echo "exit $?"; }
		run "$1" "$2"
		was=$(readlink "$2/warehouse/current.duckdb")
		cp "$2"/briefs/2040-10-21/総務協議会資料.pdf /tmp/$$.pdf
		cp 判断.csv inputs/八戸市/判断.csv
		free=$(df -k --output=avail "$2" | tail -1)
		head -c $((free * 1024 - 300000)) /dev/zero > "$2/filler"
		echo "== full"; run "$1" "$2"
		[ "$(readlink "$2/warehouse/current.duckdb")" = "$was" ] && echo "kept file"
		cmp "$2"/briefs/2040-10-21/総務協議会資料.pdf /tmp/$$.pdf && echo "kept paper"
		rm /tmp/$$.pdf
		"$1" sql --outputs "$2" "SELECT count(*) FROM marts.initiatives" >/dev/null && echo "still read"
		rm "$2/filler"
		echo "== room"; run "$1" "$2"
		[ "$(readlink "$2/warehouse/current.duckdb")" != "$was" ] && echo "new file"
		rm inputs/八戸市/判断.csv
		mount -o remount,ro "$2"
		echo "== read only"; run "$1" "$2"
		"$1" sql --outputs "$2" "SELECT 1 AS x" >/dev/null && echo "still read"
		mount -o remount,rw "$2"
		echo "== written"; run "$1" "$2"`)
	if code != 0 {
		t.Fatalf("exit %d\n%s", code, said)
	}
	part := func(from, to string) string {
		_, after, _ := strings.Cut(said, from)
		before, _, _ := strings.Cut(after, to)
		return before
	}
	for _, want := range []string{"exit 1", "kept file", "kept paper", "still read", "空き容量"} {
		if !strings.Contains(part("== full", "== room"), want) {
			t.Errorf("on a full disk: no %s\n%s", want, part("== full", "== room"))
		}
	}
	for _, want := range []string{"exit 3", "new file"} {
		if !strings.Contains(part("== room", "== read only"), want) {
			t.Errorf("with room again: no %s\n%s", want, part("== room", "== read only"))
		}
	}
	for _, want := range []string{"exit 1", "still read", "権限", "いまのデータは変わりません"} {
		if !strings.Contains(part("== read only", "== written"), want) {
			t.Errorf("read only: no %s\n%s", want, part("== read only", "== written"))
		}
	}
	if !strings.Contains(part("== written", "\x00"), "exit 3") {
		t.Errorf("written again:\n%s", part("== written", "\x00"))
	}
}

// The zone of the process changes nothing: the day, the schedule and the times that people read are the city's.
func TestZoneOfTheProcessDoesNotMatter(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.mustRun("nightly")
	answers := map[string]bool{}
	for _, zone := range []string{"America/New_York", "Asia/Tokyo", "UTC"} {
		cmd := c.command("status", "--as-of", "2026-11-22")
		cmd.Env = append(cmd.Env, "TZ="+zone)
		out, err := cmd.Output()
		if len(out) == 0 {
			t.Fatalf("%s: %v", zone, err)
		}
		head, _, _ := strings.Cut(string(out), "\nディスク")
		answers[head] = true
	}
	if len(answers) != 1 {
		t.Errorf("status differs by zone: %v", answers)
	}
}

// serve runs a missed night in a child, answers, and stops at SIGTERM with the record written.
func TestServeStopsInAnOrderlyWay(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.catchUp()
	cmd := c.racing("serve", "--listen", "127.0.0.1:0")
	cmd.Env = append(cmd.Env, momentWait+"=nightly/読み込み") // the child is in the middle of its night when serve is told
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stderr)
	var said strings.Builder
	for lines.Scan() {
		said.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), " 読み込み 終了") {
			_ = cmd.Process.Signal(syscall.SIGTERM)
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("serve: %v\n%s", err, said.String())
	}
	for _, want := range []string{"逃した実行", "次は ", "/healthz", "中断しました", "止まりました"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("does not say %s:\n%s", want, said.String())
		}
	}
	c.wantInterrupted()
}

// An edited schedule holds without a new start, within a minute, and runs what it says; one that cannot be read is
// told.
func TestServeSeesAnEditedSchedule(t *testing.T) {
	trial.Only(t) // it takes that minute
	t.Parallel()
	c := newCity(t)
	settings, err := os.ReadFile(filepath.Join(c.dir, "kyogikai.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := c.command("serve", "--listen", "")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	var said strings.Builder
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		said.WriteString(lines.Text() + "\n")
		switch {
		case strings.Contains(lines.Text(), "夜間（nightly）: 次は ") && strings.Count(said.String(), "次は ") == 1:
			c.write("kyogikai.yaml", []byte(strings.Replace(string(settings), "schedule:", "shedule:", 1)))
		case strings.Contains(lines.Text(), "前の予定のまま続けます"):
			c.write("kyogikai.yaml", append(settings, "jobs: [{name: 毎秒, schedule: '@every 1s', verb: load}]\n"...))
		case strings.Contains(lines.Text(), "終了 job=毎秒"):
			_ = cmd.Process.Signal(syscall.SIGTERM)
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("serve: %v", err)
	}
	if took := time.Since(began); took > 2*time.Minute+30*time.Second || !strings.Contains(said.String(), "予定を改めました") ||
		!strings.Contains(said.String(), "「schedule」") {
		t.Errorf("after %s:\n%s", took, said.String())
	}
}
