package workers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kyogikai/pipelines/bounded"
)

// The tests' own program is the child too.
func TestMain(m *testing.M) {
	child, err := bounded.Enter(os.Getenv)
	if err == nil && child {
		err = Serve(os.Stdin, os.Stdout, newWork)
	} else if err == nil {
		os.Exit(m.Run())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

var kept [][]byte

// newWork makes a worker that does what a piece asks for: a word and a number.
func newWork(told []byte) (Worker, error) {
	if string(told) == "fail" {
		return nil, errors.New("it cannot begin")
	}
	pieces := 0
	return func(piece []byte) ([]byte, error) {
		pieces++
		word, of, _ := strings.Cut(string(piece), " ")
		n, _ := strconv.Atoi(of) // 0 where there is none
		switch word {
		case "fill", "grow", "leak":
			if word != "leak" {
				kept = nil
			}
			for range n {
				b := make([]byte, 1<<20)
				for i := range b {
					b[i] = 1
				}
				kept = append(kept, b)
			}
		case "spin":
			for end := time.Now().Add(time.Duration(n) * time.Millisecond); time.Now().Before(end); {
				continue
			}
		case "sleep":
			time.Sleep(time.Duration(n) * time.Millisecond)
		case "panic":
			panic("on purpose")
		case "deep":
			debug.SetMaxStack(64 << 20)
			return []byte(strconv.Itoa(deep(n))), nil
		case "error":
			return nil, errors.New("on purpose")
		case "exit":
			os.Exit(n)
		case "kill":
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		case "long":
			return make([]byte, n<<20), nil
		case "stray":
			fmt.Println("what is no answer")
		}
		return fmt.Appendf(nil, "%s %s %d %d", told, piece, pieces, os.Getpid()), nil
	}, nil
}

// deep calls itself until the stack ends.
func deep(n int) int {
	if n == -1 {
		return 0
	}
	return 1 + deep(n+1)
}

func pool(t *testing.T, size int, l bounded.Limits, told string) *Pool {
	t.Helper()
	p := New(func() *exec.Cmd { return exec.Command("/proc/self/exe") }, size, l, []byte(told))
	t.Cleanup(p.Close)
	return p
}

// do has a piece done and gives the number of the child's pieces and the child's own number.
func do(t *testing.T, p *Pool, piece string) (pieces, child string) {
	t.Helper()
	answer, err := p.Do(t.Context(), []byte(piece))
	if err != nil {
		t.Fatalf("%s: %v", piece, err)
	}
	words := strings.Fields(string(answer))
	return words[len(words)-2], words[len(words)-1]
}

// Children do one piece after another, as many at a time as there may be, and each answers to its own.
func TestPieces(t *testing.T) {
	t.Parallel()
	p := pool(t, 3, bounded.Limits{Memory: 400 << 20, CPU: time.Minute, Time: time.Minute}, "told")
	var all sync.WaitGroup
	var mu sync.Mutex
	children := map[string]int{}
	for i := range 60 {
		all.Go(func() {
			answer, err := p.Do(t.Context(), fmt.Appendf(nil, "echo %d", i))
			if err != nil || !strings.HasPrefix(string(answer), fmt.Sprintf("told echo %d ", i)) {
				t.Errorf("%d: %q, %v", i, answer, err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			children[strings.Fields(string(answer))[4]]++
		})
	}
	all.Wait()
	if len(children) == 0 || len(children) > 3 {
		t.Errorf("%d children: %v", len(children), children)
	}
	large := bytes.Repeat([]byte("x"), 3<<20)
	if answer, err := p.Do(t.Context(), large); err != nil || len(answer) < len(large) {
		t.Errorf("%d bytes for %d: %v", len(answer), len(large), err)
	}
}

// A piece that the program breaks over, or that needs more than it may, ends its child with the reason, and the next
// piece is done.
func TestEnds(t *testing.T) {
	t.Parallel()
	for piece, want := range map[string]bounded.EndError{
		"panic": {Code: 2}, "deep 0": {Code: 2}, "error": {Code: 1}, "exit 3": {Code: 3}, "exit 0": {},
		"kill":                           {Code: -1, Signal: syscall.SIGKILL},
		"fill 500":                       {Limit: bounded.Memory, Code: -1, Signal: syscall.SIGKILL},
		"spin 50000":                     {Limit: bounded.CPU, Code: -1, Signal: syscall.SIGKILL},
		"sleep 20000":                    {Limit: bounded.Time, Code: -1, Signal: syscall.SIGKILL},
		fmt.Sprint("long ", heavier*500): {Limit: bounded.Memory, Code: -1, Signal: syscall.SIGKILL},
	} {
		t.Run(piece, func(t *testing.T) {
			t.Parallel()
			// Each is held to the limit that it is to meet alone: on a busy machine, filling memory is work for seconds too.
			l := bounded.Limits{Memory: heavier * 300 << 20, CPU: time.Minute, Time: time.Minute}
			switch want.Limit {
			case bounded.CPU:
				l.CPU = slower * 500 * time.Millisecond
			case bounded.Time:
				l.Time = time.Second
			}
			p := pool(t, 1, l, "")
			for _, used := range []bool{false, true} {
				if used {
					do(t, p, "echo")
				}
				_, err := p.Do(t.Context(), []byte(piece))
				var end *bounded.EndError
				if !errors.As(err, &end) || end.Limit != want.Limit || want.Limit == bounded.None && *end != want {
					t.Errorf("used %v: %v, want %v", used, err, &want)
				}
			}
			do(t, p, "echo")
		})
	}
}

// What a child breaks over that has done other work before, may be that other work's fault: a new one is asked.
func TestNewChildIsAsked(t *testing.T) {
	t.Parallel()
	p := pool(t, 1, bounded.Limits{Memory: heavier * 600 << 20, CPU: time.Minute, Time: time.Minute}, "")
	_, first := do(t, p, "leak 250")
	if pieces, second := do(t, p, "leak 400"); pieces != "1" || second == first {
		t.Errorf("piece %s of child %s, after %s", pieces, second, first)
	}
}

// A child that has grown is let go after its work, one that has not stays.
func TestGrownChildIsLetGo(t *testing.T) {
	t.Parallel()
	p := pool(t, 1, bounded.Limits{Memory: heavier * 600 << 20}, "")
	_, first := do(t, p, "grow 100")
	pieces, second := do(t, p, "grow 350")
	if first != second || pieces != "2" {
		t.Errorf("a child of a third of the limit was let go: %s, %s", first, second)
	}
	if pieces, third := do(t, p, "echo"); third == second || pieces != "1" {
		t.Errorf("a child of more than half of the limit stayed: %s, %s", second, third)
	}
}

// A child that cannot begin is nobody's work's fault: whoever asks is told.
func TestStartFails(t *testing.T) {
	t.Parallel()
	var start *StartError
	_, err := pool(t, 1, bounded.Limits{}, "fail").Do(t.Context(), nil)
	if !errors.As(err, &start) || !strings.Contains(err.Error(), "it cannot begin") {
		t.Errorf("%v", err)
	}
	none := New(func() *exec.Cmd { return exec.Command("/nonexistent") }, 1, bounded.Limits{}, nil)
	if _, err := none.Do(t.Context(), nil); !errors.As(err, &start) {
		t.Errorf("%v", err)
	}
}

// Whoever waits ends with its context at once: for a free child, and for one that is at work.
func TestDoEndsWithItsContext(t *testing.T) {
	t.Parallel()
	p := pool(t, 1, bounded.Limits{}, "")
	do(t, p, "echo")
	ctx, cancel := context.WithCancel(t.Context())
	errs := make(chan error, 2)
	for range cap(errs) {
		go func() {
			_, err := p.Do(ctx, []byte("sleep 60000"))
			errs <- err
		}()
	}
	time.Sleep(200 * time.Millisecond)
	began := time.Now()
	cancel()
	for range cap(errs) {
		if err := <-errs; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
	if took := time.Since(began); took > 20*time.Second { // the children would sleep for a minute
		t.Errorf("it took %v", took)
	}
	do(t, p, "echo")
}

// A closed pool leaves no child behind.
func TestClose(t *testing.T) {
	t.Parallel()
	p := New(func() *exec.Cmd { return exec.Command("/proc/self/exe") }, 2, bounded.Limits{}, nil)
	_, child := do(t, p, "echo")
	p.Close()
	if _, err := os.Stat("/proc/" + child); !os.IsNotExist(err) {
		t.Errorf("child %s is still there: %v", child, err)
	}
	do(t, p, "echo")
	p.Close()
}

// What is no whole message is an error, and an end between two is none.
func TestMessages(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := send(&out, []byte("abc")); err != nil {
		t.Fatal(err)
	}
	whole := slices.Clone(out.Bytes())
	for n := range len(whole) {
		_, err := receive(bytes.NewReader(whole[:n]), 100)
		if err == nil || (n == 0) != (err.Error() == "EOF") {
			t.Errorf("%d bytes of %d: %v", n, len(whole), err)
		}
	}
	if got, err := receive(bytes.NewReader(whole), 3); err != nil || string(got) != "abc" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := receive(bytes.NewReader(whole), 2); !errors.Is(err, errTooLong) {
		t.Errorf("a message that is too long: %v", err)
	}
}
