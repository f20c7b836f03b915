// Package bounded runs this program again as a child that may use only so much memory, processor time and time, and
// says over which of them it ended.
package bounded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// Limits are what a child may use; 0 is without a limit.
type Limits struct {
	Memory int64         // bytes that are its own: not those of files that it maps, nor what it has only reserved
	CPU    time.Duration // of the processor, for one piece of work
	Time   time.Duration // on the clock, for one piece of work

	// Folder is the only folder that the child may change anything in, "" for every one. A system that cannot hold it to
	// that lets it write no file beyond FileSize; Confined tells.
	Folder   string
	FileSize int64
}

// Limit names what a child ended over.
type Limit string

// What a child may end over; None where it ended by itself.
const (
	None   Limit = ""
	Memory Limit = "memory"
	CPU    Limit = "cpu"
	Time   Limit = "time"
)

// EndError says how a child ended otherwise than well.
type EndError struct {
	Limit  Limit
	Code   int            // with which it ended by itself, -1 where a signal ended it
	Signal syscall.Signal // 0 for none
}

func (e *EndError) Error() string {
	switch {
	case e.Limit != None:
		return fmt.Sprintf("the child was ended over its limit of %s", e.Limit)
	case e.Code < 0:
		return fmt.Sprintf("the child was ended by signal %d", e.Signal)
	}
	return fmt.Sprintf("the child ended with code %d", e.Code)
}

// Crashed reports whether the child ended over a fault of its own: Go ends a program with code 2 over what it cannot
// recover from, and libraries end it by a signal.
func (e *EndError) Crashed() bool {
	const fatal = 2
	return e.Limit == None && (e.Code == fatal || e.Code < 0)
}

// Child is a running child.
type Child struct {
	limits Limits
	free   error         // why the system does not hold it to its folder
	done   chan struct{} // closed when it has ended
	err    error         // how, once done is closed

	mu       sync.Mutex
	process  *os.Process
	busy     bool
	began    time.Time     // the piece of work under way
	usedThen time.Duration // of the processor, before it
	over     Limit
}

// watchEvery is how often a child is looked at. A program can fill some ten megabytes in that time.
const watchEvery = 10 * time.Millisecond

// Start starts a child within limits. It ends with this process, whatever ends that, and with ctx.
//
// The memory is watched from outside, since limits of the system's own count what is only reserved too; Enter sets one
// of those above it, for what is faster than the watch. Work begins and ends with Begin and Done.
func Start(ctx context.Context, c *exec.Cmd, l Limits) (*Child, error) {
	if c.SysProcAttr == nil {
		c.SysProcAttr = &syscall.SysProcAttr{}
	}
	c.SysProcAttr.Pdeathsig = syscall.SIGKILL
	if c.Env == nil {
		c.Env = os.Environ()
	}
	c.Env = append(c.Env, fmt.Sprintf("%s=%d", variable, l.Memory), "GOTRACEBACK=none")
	child := &Child{limits: l, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The system ends the child when the thread that started it ends: this one stays until the child has ended. What
		// it may not do, the child may not either; then it ends with the child.
		runtime.LockOSThread()
		if l.Folder == "" {
			defer runtime.UnlockOSThread()
		} else if child.free = confine(l.Folder); child.free != nil {
			c.Env = append(c.Env, fmt.Sprintf("%s=%d", filesVariable, l.FileSize))
		}
		err := c.Start()
		child.process = c.Process
		started <- err
		if err == nil {
			child.ended(c.Wait())
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("starting a child: %w", err)
	}
	go child.watch(ctx)
	return child, nil
}

// ended notes how the child ended.
func (c *Child) ended(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var exit *exec.ExitError
	switch {
	case c.over != None:
		c.err = &EndError{Limit: c.over, Code: -1, Signal: syscall.SIGKILL}
	case errors.As(err, &exit):
		end := &EndError{Code: exit.ExitCode()}
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			end.Signal = status.Signal()
		}
		c.err = end
	default:
		c.err = err
	}
	close(c.done)
}

func (c *Child) watch(ctx context.Context) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-c.done:
			return
		case <-ctx.Done():
			c.Kill()
			return
		case <-tick.C:
			if over := c.look(); over != None {
				c.end(over)
				return
			}
		}
	}
}

// look finds the limit that the child is over.
func (c *Child) look() Limit {
	c.mu.Lock()
	busy, began, then := c.busy, c.began, c.usedThen
	c.mu.Unlock()
	switch {
	case c.limits.Memory > 0 && c.Memory() > c.limits.Memory:
		return Memory
	case busy && c.limits.Time > 0 && time.Since(began) > c.limits.Time: //nolint:forbidigo // how long, not when
		return Time
	case busy && c.limits.CPU > 0 && processor(c.process.Pid)-then > c.limits.CPU:
		return CPU
	}
	return None
}

// end ends the child over a limit.
func (c *Child) end(over Limit) {
	c.mu.Lock()
	c.over = over
	c.mu.Unlock()
	c.Kill()
}

// Begin says that a piece of work begins: what it takes of the processor and the clock is counted from here.
func (c *Child) Begin() {
	used := processor(c.process.Pid)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy, c.began, c.usedThen = true, time.Now(), used //nolint:forbidigo // how long, not when
}

// Done says that the work is done. Between pieces of work only the memory is limited.
func (c *Child) Done() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy = false
}

// Confined says why the system does not hold the child to its folder; nil where it does, or where it has none.
func (c *Child) Confined() error { return c.free }

// Memory is how many bytes are the child's own now, 0 where it has ended.
func (c *Child) Memory() int64 { return own(c.process.Pid) }

// Ended is closed when the child has ended.
func (c *Child) Ended() <-chan struct{} { return c.done }

// Wait waits for the child's end: nil where it ended with code 0, else an *EndError.
func (c *Child) Wait() error {
	<-c.done
	return c.err
}

// Signal sends the child a signal. That it has ended is no failure.
func (c *Child) Signal(s os.Signal) { _ = c.process.Signal(s) }

// Kill ends the child at once.
func (c *Child) Kill() { _ = c.process.Kill() }
