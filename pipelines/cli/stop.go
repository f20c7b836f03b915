package cli

import (
	"context"
	"fmt"
	"math"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"kyogikai/pipelines/fault"
)

// How long a verb that was told to stop is waited for, in all. A run leaves what does not listen before that, and keeps
// its record; serve waits for such a run.
const (
	usualPatience = 15 * time.Second
	servePatience = 60 * time.Second
	noEnd         = time.Duration(math.MaxInt64) // the verb answers signals itself
)

// wait sets how long the verb is waited for when it is told to stop.
func (o *options) wait(d time.Duration) { o.patience.Store(int64(d)) }

// execute runs the command line. What was told to stop and does not is left: the process ends, and it with it. A panic
// is an error: Go would end the process with the code that means a mistake in the command line.
func (o *options) execute(ctx context.Context, root *cobra.Command) error {
	o.wait(usualPatience)
	done := make(chan error, 1)
	go func() { done <- fault.Contain(func() error { return root.ExecuteContext(ctx) }) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-done:
		return err
	case <-time.After(time.Duration(o.patience.Load())):
		return fmt.Errorf("leaving what did not stop: %w", ctx.Err())
	}
}

// CrashBySignal makes the process end by a signal where Go would end it with code 2, which means a mistake in the
// command line: over what no part of the program can recover from (no memory, a panic that nobody contains). It leaves
// no dump of the memory. Who has set GOTRACEBACK has decided otherwise.
func CrashBySignal(getenv func(string) string) {
	if getenv("GOTRACEBACK") != "" {
		return
	}
	debug.SetTraceback("crash")
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}) // it may always be lowered
}
