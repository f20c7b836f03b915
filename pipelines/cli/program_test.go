package cli

import (
	"context"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"kyogikai/pipelines/bounded"
)

// asProgram makes the test binary run as the program, on the real clock, until the parent kills it.
const asProgram = "KYOGIKAI_TEST_AS_PROGRAM"

// How a test stops the program at one moment and no other, however busy the machine is: the program itself does it,
// before it goes on. The moment is the verb, a slash, and the step whose end the program tells; no step is its first
// look at the clock, before it has begun anything.
const (
	momentStop = "KYOGIKAI_TEST_STOP_AT" // SIGTERM to itself, and no step further before the signal is heard
	momentWait = "KYOGIKAI_TEST_WAIT_AT" // waits until it is told to stop
	momentDeaf = "KYOGIKAI_TEST_DEAF_AT" // says 聞こえません, and hears nothing from then on
	momentDie  = "KYOGIKAI_TEST_DIE_AT"  // panics where nobody contains it
	momentHold = "KYOGIKAI_TEST_HOLD_AT" // waits until the file holdFile is gone
	holdFile   = "hold"                  // in the folder of the process
)

func program() int {
	if _, err := bounded.Enter(os.Getenv); err != nil {
		panic(err)
	}
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	CrashBySignal(os.Getenv)
	m := newMoment(ctx, os.Args[1:])
	return Run(ctx, os.Args[1:], World{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: m.stderr(), Embedded: os.DirFS(os.Getenv(asProgram)),
		Clock: m.clock, Getenv: os.Getenv, Self: self,
	})
}

// moment is where the program stops itself.
type moment struct {
	set  bool
	step string // "" is the first look at the clock
	act  func()
	once sync.Once
}

func newMoment(ctx context.Context, args []string) *moment {
	for name, act := range map[string]func(){
		momentStop: func() {
			_ = syscall.Kill(os.Getpid(), syscall.SIGTERM)
			<-ctx.Done()
		},
		momentWait: func() { <-ctx.Done() },
		momentDeaf: func() {
			_, _ = os.Stderr.WriteString("聞こえません\n") // the test waits for it, and fails where it does not come
			select {}
		},
		momentDie: func() { go panic("a mistake"); select {} },
		momentHold: func() {
			for there := true; there && ctx.Err() == nil; time.Sleep(time.Millisecond) {
				_, err := os.Stat(holdFile)
				there = err == nil
			}
		},
	} {
		if verb, step, ok := strings.Cut(os.Getenv(name), "/"); ok && slices.Contains(args, verb) {
			return &moment{set: true, step: step, act: act}
		}
	}
	return &moment{}
}

func (m *moment) clock() time.Time {
	if m.set && m.step == "" {
		m.once.Do(m.act)
	}
	return time.Now()
}

// stderr is the standard error itself where nothing has to be seen in it: the program asks whether it is a terminal.
func (m *moment) stderr() io.Writer {
	if !m.set || m.step == "" {
		return os.Stderr
	}
	return m
}

func (m *moment) Write(p []byte) (int, error) {
	n, err := os.Stderr.Write(p)
	if strings.Contains(string(p), " "+m.step+" ") {
		m.once.Do(m.act)
	}
	return n, err
}

// plain is a test binary without the race detector, for the tests that start the program dozens of times: what they are
// about happens between processes, which the detector does not see.
var plain = sync.OnceValue(func() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || !slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		return os.Args[0]
	}
	path := filepath.Join(filepath.Dir(outputs), "cli.test")
	if out, err := exec.Command("go", "test", "-c", "-o", path, ".").CombinedOutput(); err != nil {
		panic("building the program without the race detector: " + err.Error() + "\n" + string(out))
	}
	return path
})
