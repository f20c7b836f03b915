// Package workers has pieces of work done by children of this program, one piece after another: a piece that needs too
// much of the machine, or that the program breaks over, ends its child and nothing else.
package workers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"

	"kyogikai/pipelines/bounded"
)

// Pool is a number of children of one kind. They are started when they are needed, and stay for the next piece.
type Pool struct {
	command func() *exec.Cmd
	limits  bounded.Limits
	setup   []byte
	free    chan struct{} // a place for each child that may be at work

	mu   sync.Mutex
	idle []*worker
}

// New makes a pool of at most so many children, none of which runs yet. Each is told setup before its first piece of
// work. The limits of time and of the processor are those of one piece. Close ends the children.
func New(command func() *exec.Cmd, size int, limits bounded.Limits, setup []byte) *Pool {
	return &Pool{command: command, limits: limits, setup: setup, free: make(chan struct{}, size)}
}

// Do has a piece of work done, and waits for a child to be free. Where the child ends over it, the error is a
// *bounded.EndError: what a child breaks over that has done other work before is tried once more by a new one, so that
// nothing but the piece itself is to blame. A child that cannot even begin is a *StartError.
func (p *Pool) Do(ctx context.Context, piece []byte) ([]byte, error) {
	select {
	case p.free <- struct{}{}:
		defer func() { <-p.free }()
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting for a child: %w", ctx.Err())
	}
	for {
		w, err := p.take(ctx)
		if err != nil {
			return nil, err
		}
		used := w.pieces > 0
		answer, err := w.do(ctx, piece, p.limits.Memory)
		if err == nil {
			p.give(w)
			return answer, nil
		}
		if ctx.Err() != nil {
			return nil, fmt.Errorf("waiting for a child: %w", ctx.Err())
		}
		var end *bounded.EndError
		if errors.As(err, &end) && used && (end.Limit == bounded.Memory || end.Limit == bounded.None) {
			continue
		}
		return nil, err
	}
}

// take is a child that waits, or a new one.
func (p *Pool) take(ctx context.Context) (*worker, error) {
	p.mu.Lock()
	var w *worker
	if n := len(p.idle); n > 0 {
		w, p.idle = p.idle[n-1], p.idle[:n-1]
	}
	p.mu.Unlock()
	if w != nil {
		return w, nil
	}
	return p.start(ctx)
}

// give takes back a child after its work. One that has grown is let go, so that the machine has its memory back.
func (p *Pool) give(w *worker) {
	if p.limits.Memory > 0 && w.child.Memory() > p.limits.Memory/2 {
		w.leave()
		return
	}
	p.mu.Lock()
	p.idle = append(p.idle, w)
	p.mu.Unlock()
}

// Close ends all children. The pool may be used again.
func (p *Pool) Close() {
	p.mu.Lock()
	idle := p.idle
	p.idle = nil
	p.mu.Unlock()
	for _, w := range idle {
		w.leave()
	}
}

// worker is one child.
type worker struct {
	child  *bounded.Child
	in     io.WriteCloser
	out    io.Reader
	says   *tail // on its error output
	pieces int
}

// StartError says that a child did not begin: no piece of work is to blame.
type StartError struct{ Err error }

func (e *StartError) Error() string {
	return "作業用の子プロセスを始められません。空いているメモリと、プロセスの数の上限（ulimit -u）を確かめてください: " + e.Err.Error()
}

// Unwrap is what it failed over.
func (e *StartError) Unwrap() error { return e.Err }

// start starts a child and waits until it is ready.
func (p *Pool) start(ctx context.Context) (*worker, error) {
	c, w := p.command(), &worker{says: &tail{}}
	c.Stderr = w.says
	var err error
	if w.in, err = c.StdinPipe(); err != nil {
		return nil, &StartError{err}
	}
	if w.out, err = c.StdoutPipe(); err != nil {
		return nil, &StartError{err}
	}
	if w.child, err = bounded.Start(context.Background(), c, p.limits); err != nil {
		return nil, &StartError{err}
	}
	if _, err := w.ask(ctx, p.setup, p.limits.Memory); err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("waiting for a child: %w", ctx.Err())
		}
		return nil, &StartError{fmt.Errorf("%w: %s", err, w.says)}
	}
	return w, nil
}

// do has the child do a piece of work. After an error the child is gone.
func (w *worker) do(ctx context.Context, piece []byte, most int64) ([]byte, error) {
	w.pieces++
	return w.ask(ctx, piece, most)
}

// ask tells the child something and waits for its answer.
func (w *worker) ask(ctx context.Context, piece []byte, most int64) ([]byte, error) {
	w.child.Begin()
	release := context.AfterFunc(ctx, w.child.Kill)
	defer release()
	err := send(w.in, piece)
	var answer []byte
	if err == nil {
		answer, err = receive(w.out, most)
	}
	if err == nil {
		w.child.Done()
		return answer, nil
	}
	if errors.Is(err, errTooLong) {
		w.child.Kill()
		return nil, &bounded.EndError{Limit: bounded.Memory, Code: -1}
	}
	_ = w.in.Close()
	w.child.Kill() // where it has not ended: what it said was no answer
	return nil, w.ended()
}

// ended waits for the child's end and says how it came to it.
func (w *worker) ended() error {
	err := w.child.Wait()
	var end *bounded.EndError
	switch {
	case err == nil:
		return &bounded.EndError{Code: 0} // it left without an answer
	case errors.As(err, &end) && end.Limit == bounded.None && w.says.outOfMemory():
		end.Limit = bounded.Memory // the system refused it what the watch had not seen yet
	}
	return err
}

// leave lets a child go that has nothing to do, and nothing to lose.
func (w *worker) leave() {
	_ = w.in.Close()
	w.child.Kill()
	_ = w.child.Wait()
}

// tail keeps the beginning of what a child says last before it ends: why.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const longestTail = 4 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b[:min(len(b), longestTail-len(t.text))]...)
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}

// outOfMemory reports whether the program ended for want of memory, in the words of Go's runtime and of C++'s. Where
// the system refuses memory to Go's own collector, that fails over an address of nothing, outside every goroutine.
func (t *tail) outOfMemory() bool {
	said := t.String()
	for _, words := range []string{"out of memory", "cannot allocate memory", "bad_alloc"} {
		if strings.Contains(said, words) {
			return true
		}
	}
	return strings.HasPrefix(said, "SIGSEGV") && strings.Contains(said, "goroutine 0 ") &&
		strings.Contains(said, "[idle]:\nruntime.")
}
