package bounded

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The tests' own program is the child too: what it does stands in its arguments.
func TestMain(m *testing.M) {
	child, err := Enter(os.Getenv)
	if child && err == nil && len(os.Args) > 2 {
		os.Exit(work(os.Args[1], os.Args[2]))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

var kept [][]byte

func work(what, of string) int {
	if do, ok := tries[what]; ok {
		return do(of)
	}
	n, err := strconv.Atoi(of)
	if err != nil {
		return 99
	}
	switch what {
	case "fill": // so many megabytes, and says so
		for range n {
			piece := make([]byte, 1<<20)
			for i := range piece {
				piece[i] = 1
			}
			kept = append(kept, piece)
		}
		fmt.Println("filled")
		time.Sleep(300 * time.Millisecond)
	case "reserve": // without filling it
		kept = append(kept, make([]byte, n<<20))
		time.Sleep(100 * time.Millisecond)
	case "spin":
		for end := time.Now().Add(time.Duration(n) * time.Millisecond); time.Now().Before(end); {
			continue
		}
	case "sleep":
		time.Sleep(time.Duration(n) * time.Millisecond)
	case "exit":
		return n
	case "panic":
		panic("on purpose")
	case "parent": // starts a child that sleeps, tells its number, and stays
		c := child("sleep", "60000")
		if _, err := Start(context.Background(), c, Limits{}); err != nil {
			return 98
		}
		fmt.Println(c.Process.Pid)
		time.Sleep(time.Minute)
	case "left": // what it may still ask for goes down by what it asks for
		return leftAfter(n)
	case "core":
		var l syscall.Rlimit
		if syscall.Getrlimit(syscall.RLIMIT_CORE, &l) != nil || l.Cur != 0 || l.Max != 0 {
			return 97
		}
	}
	return 0
}

func leftAfter(megabytes int) int {
	before := Left()
	const how = syscall.PROT_READ | syscall.PROT_WRITE
	taken, err := syscall.Mmap(-1, 0, megabytes<<20, how, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return 96
	}
	after := Left()
	switch {
	case raceDetector && before == math.MaxInt64 && after == before:
	case raceDetector || before > 1<<30 || before-after < int64(len(taken)) || Used() > 100<<20:
		return 95
	}
	return 0
}

// Addresses count, filled or not: another 200 MB are 200 MB less to ask for.
func TestLeft(t *testing.T) {
	running, err := Start(t.Context(), child("left", "200"), Limits{Memory: 300 << 20})
	if err != nil {
		t.Fatal(err)
	}
	if err := running.Wait(); err != nil {
		t.Error(err)
	}
	if !raceDetector && Left() < 1<<40 {
		t.Errorf("what nothing limits has %d left", Left())
	}
}

func child(args ...string) *exec.Cmd { return exec.Command("/proc/self/exe", args...) }

// A child ends well below each of its limits, and over the limit's name above it.
func TestLimits(t *testing.T) {
	const mega = 1 << 20
	for _, c := range []struct {
		what, of string
		l        Limits
		want     Limit
	}{
		{"fill", "50", Limits{Memory: 250 * mega}, None},
		{"fill", "400", Limits{Memory: 250 * mega}, Memory},
		{"fill", "300", Limits{}, None},
		{"spin", "100", Limits{CPU: time.Second}, None},
		{"spin", "20000", Limits{CPU: 200 * time.Millisecond}, CPU},
		{"sleep", "1500", Limits{CPU: time.Second}, None},
		{"sleep", "100", Limits{Time: 5 * time.Second}, None},
		{"sleep", "20000", Limits{Time: 200 * time.Millisecond}, Time},
	} {
		running, err := Start(t.Context(), child(c.what, c.of), c.l)
		if err != nil {
			t.Fatal(err)
		}
		running.Begin()
		err = running.Wait()
		var end *EndError
		switch {
		case c.want == None && err != nil:
			t.Errorf("%s %s under %+v: %v", c.what, c.of, c.l, err)
		case c.want != None && (!errors.As(err, &end) || end.Limit != c.want || end.Crashed()):
			t.Errorf("%s %s under %+v: %v, want the limit of %s", c.what, c.of, c.l, err, c.want)
		}
	}
}

// Between pieces of work a child may wait as long as it likes; each piece has the whole time for itself.
func TestWorkIsCountedByThePiece(t *testing.T) {
	running, err := Start(t.Context(), child("sleep", "700"), Limits{Time: 300 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		running.Begin()
		time.Sleep(150 * time.Millisecond)
	}
	running.Done()
	if err := running.Wait(); err != nil {
		t.Error(err)
	}
}

// A child tells by which code it ended, and a fault of the program is told from an answer.
func TestEnds(t *testing.T) {
	for _, c := range []struct {
		what, of string
		code     int
		crashed  bool
	}{{"exit", "1", 1, false}, {"exit", "3", 3, false}, {"panic", "0", 2, true}, {"core", "0", 0, false}} {
		running, err := Start(t.Context(), child(c.what, c.of), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		err = running.Wait()
		var end *EndError
		if c.code == 0 && err != nil ||
			c.code != 0 && (!errors.As(err, &end) || end.Code != c.code || end.Crashed() != c.crashed) {
			t.Errorf("%s %s: %v", c.what, c.of, err)
		}
	}
	running, err := Start(t.Context(), child("sleep", "60000"), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	running.Kill()
	var end *EndError
	if err := running.Wait(); !errors.As(err, &end) || end.Signal != syscall.SIGKILL || !end.Crashed() {
		t.Errorf("killed: %v", err)
	}
}

// A child ends with its context and with its parent, whatever ends that.
func TestEndsWithItsParent(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	running, err := Start(ctx, child("sleep", "60000"), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := running.Wait(); err == nil {
		t.Error("a child outlived its context")
	}

	c := child("parent", "0")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	parent, err := Start(t.Context(), c, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil || syscall.Kill(pid, 0) != nil {
		t.Fatalf("no grandchild: %q, %v", line, err)
	}
	parent.Kill()
	for range 200 {
		if gone(pid) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("a child outlived its parent")
}

// gone reports whether a process has ended, be its remains still there.
func gone(pid int) bool {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(data), ") Z ")
}
