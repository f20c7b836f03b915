package cli

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// dialogue is the program in a terminal of 80 columns.
type dialogue struct {
	t    *testing.T
	tty  *os.File
	mu   sync.Mutex
	text strings.Builder
	seen int
	home string

	ended chan bool // closed once the program says no more
}

func talk(t *testing.T, c *city, args ...string) *dialogue {
	t.Helper()
	return talkTo(t, c.racing(args...))
}

func talkTo(t *testing.T, cmd *exec.Cmd) *dialogue {
	t.Helper()
	home := t.TempDir()
	cmd.Env = append(cmd.Env, "TERM=xterm", "LANG=C.UTF-8", "HOME="+home)
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: 80})
	if err != nil {
		t.Fatal(err)
	}
	d := &dialogue{t: t, tty: tty, home: home, ended: make(chan bool)}
	go func() {
		defer close(d.ended)
		buffer := make([]byte, 4096)
		for {
			n, err := tty.Read(buffer)
			d.mu.Lock()
			d.text.Write(buffer[:n])
			d.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGKILL)
		_ = cmd.Wait()
		_ = tty.Close()
		<-d.ended
	})
	return d
}

// says types a text and waits until the program says something.
func (d *dialogue) says(typed, want string) string {
	d.t.Helper()
	if _, err := io.WriteString(d.tty, typed); err != nil {
		d.t.Fatal(err)
	}
	var now string
	for began := time.Now(); time.Since(began) < longestWait; time.Sleep(5 * time.Millisecond) {
		d.mu.Lock()
		all := d.text.String()
		d.mu.Unlock()
		now = all[d.seen:]
		// and a prompt after it
		if i := strings.Index(now, want); i >= 0 && (strings.Contains(now[i:], "> ") || want == "実行中") {
			d.seen = len(all)
			return now
		}
	}
	d.t.Fatalf("typed %q: does not say %s:\n%s", typed, want, now)
	return ""
}

// A person in a terminal: help, tables, a query over lines, a mistake with its place, Ctrl-C, completion, a long paste,
// a file, Ctrl-D.
func TestDialogue(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.mustRun("load")
	d := talk(t, c, "sql")
	d.says("", ".quit で終わり")
	d.says(".help\r", "Ctrl-C は、実行中の問合せか")
	d.says(".tables yearly\r", "marts.yearly_flow")
	d.says(".describe yearly\r", "推進期間における総取組数")
	d.says(".macros 構成比\r", "largest_remainder")
	d.says(".examples\r", "@目標から遠い指標")
	d.says(".run 課ごとの指摘\r", "自治体")
	d.says("SELECT kind AS 区分, R6\r", "...>")
	d.says("FROM marts.yearly LIMIT 1;\r", "継続取組")
	d.says("SELECT 指標\rFROM marts.yearly;\r", "「指標」という列や表がありません")
	d.says("SELECT sum(hash(a.range, b.range)) FROM range(100000000) AS a, range(100000000) AS b;\r", "実行中")
	d.says("\x03", "取り消しました")
	d.says("SELECT 1 AS 途中\r", "...>")
	d.says("\x03", "kyogikai>")
	d.says("SELECT count(*) AS 数 FROM marts.initiative_ta\t WHERE pillar = '計';\r", "数")
	d.says(
		"SELECT\r  municipality AS 自治体,\r  count(*) AS 件数\rFROM marts.initiatives\rWHERE scope = '令和6年度'\rGROUP BY "+
			"ALL\rORDER BY ALL;\r",
		"件数",
	)
	// What the history brings back is what was typed, comments and full-width spaces too.
	d.says("SELECT count(*) AS 前 -- 件数\rFROM marts.initiatives WHERE '行　財' = '行　財';\r", "前")
	d.says("SELECT 5 AS 後;\r", "後")
	again := d.says("\x1b[A\x1b[A\r", "前")
	if !strings.Contains(again, "行　財") || strings.Contains(again, "\n 1\r") {
		t.Errorf("from the history: %s", again)
	}
	d.says("DROP TABLE marts.yearly;\r", "読むだけです")
	file := filepath.Join(t.TempDir(), "結果.xlsx")
	d.says(".output "+file+"\r", "kyogikai>")
	d.says("FROM marts.yearly;\r", "行を書きました")
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
	d.says("SELECT 7 AS 表に戻る;\r", "表に戻る")
	// A newer run is told once, and opened when the person says so.
	c.use(0)
	c.mustRun("load")
	d.says("SELECT 8 AS 次;\r", "新しく更新されました")
	d.says(".refresh\r", "を見ています")
	d.says(".nothing\r", "という命令はありません")
	if _, err := io.WriteString(d.tty, "\x04"); err != nil {
		t.Fatal(err)
	}
	select {
	case <-d.ended: // Ctrl-D ends it
	case <-time.After(longestWait):
		t.Error("Ctrl-D does not end the dialogue")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if lines := strings.Split(d.text.String(), "\n"); len(lines) < 60 {
		t.Errorf("only %d lines", len(lines))
	}
}
