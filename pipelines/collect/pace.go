package collect

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/limits"
)

// Pace is how fast what comes from a share or a server must come: within every span at least so many bytes, or the end.
type Pace struct {
	Span  time.Duration
	Least int64
}

// UsualPace is that of files and folders of this machine, mounted shares among them.
func UsualPace() Pace { return Pace{Span: 30 * time.Second, Least: 1 << 20} }

// hurried is the pace once a share has stalled: what hangs on it has been waited for.
func (p Pace) hurried() Pace { return Pace{max(p.Span/10, time.Millisecond), p.Least / 10} }

// StalledError says that nothing more came, or next to nothing.
type StalledError struct {
	Slow bool // something came
}

func (e *StalledError) Error() string {
	if e.Slow {
		return "遅すぎるので、途中でやめました"
	}
	return "待っても応答がありません"
}

// follow does what may never end, in a goroutine of its own, and leaves it behind when ctx ends or it falls behind the
// pace: a read of a share that hangs cannot be called off. do says what has come.
func follow[T any](
	ctx context.Context, p Pace, do func(ctx context.Context, came func(n int)) (T, error),
) (value T, err error) {
	type result struct {
		value T
		err   error
	}
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	done, all := make(chan result, 1), atomic.Int64{}
	go func() {
		var r result
		r.err = fault.Contain(func() (err error) {
			r.value, err = do(inner, func(n int) { all.Add(int64(n)) })
			return err
		})
		done <- r
	}()
	tick := time.NewTicker(p.Span)
	defer tick.Stop()
	for last := int64(0); ; {
		select {
		case r := <-done:
			return r.value, r.err
		case <-ctx.Done():
			return value, fmt.Errorf("waiting for a share: %w", ctx.Err())
		case <-tick.C:
			now := all.Load()
			if now-last < max(p.Least, 1) {
				return value, &StalledError{now > last}
			}
			last = now
		}
	}
}

// ask is follow for what comes at once.
func ask[T any](ctx context.Context, p Pace, do func() (T, error)) (T, error) {
	return follow(ctx, p, func(context.Context, func(int)) (T, error) { return do() })
}

// SpecialError says that something is neither a file nor a folder: to open a pipe waits for a writer for ever.
type SpecialError struct{ Kind string }

func (e *SpecialError) Error() string { return "ファイルではなく、" + e.Kind + "です" }

// special is the error of a kind of file that is not opened; nil for a regular one.
func special(mode os.FileMode) error {
	switch {
	case mode.IsRegular():
		return nil
	case mode.IsDir():
		return &SpecialError{"フォルダ"}
	case mode&os.ModeNamedPipe != 0:
		return &SpecialError{"名前付きパイプ"}
	case mode&os.ModeSocket != 0:
		return &SpecialError{"ソケット"}
	}
	return &SpecialError{"装置（デバイス）"}
}

// opener opens a file by its flags, as os.OpenFile and (*os.Root).OpenFile do, and tells what stands at its name.
type opener struct {
	stat func(name string) (os.FileInfo, error)
	open func(name string, flag int, perm os.FileMode) (*os.File, error)
}

// disk opens what stands on this machine.
var disk = opener{os.Stat, os.OpenFile}

// regular opens a file, and nothing that is none. It waits for nobody: a pipe may have come in the place of a file.
func (o opener) regular(name string) (*os.File, error) {
	info, err := o.stat(name)
	if err == nil {
		err = special(info.Mode())
	}
	if err != nil {
		return nil, err
	}
	f, err := o.open(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	if info, err = f.Stat(); err == nil {
		err = special(info.Mode())
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// LargeError says that a file is larger than may be; Size is 0 where it grew while it was read.
type LargeError struct{ Size, Most int64 }

func (e *LargeError) Error() string {
	if e.Size == 0 {
		return "大きさが、上限の" + limits.Amount(limits.Bytes, e.Most) + "を超えています"
	}
	return "大きさが" + limits.Amount(limits.Bytes, e.Size) + "で、上限の" + limits.Amount(limits.Bytes, e.Most) + "を超えています"
}

// copy writes what a file of at most so many bytes holds into w, at a pace, and returns what is known of the file
// afterwards. Of a larger one nothing is read: a *LargeError.
func (o opener) copy(ctx context.Context, p Pace, name string, w io.Writer, most int64) (os.FileInfo, error) {
	return follow(ctx, p, func(ctx context.Context, came func(int)) (os.FileInfo, error) {
		f, err := o.regular(name)
		if err != nil {
			return nil, err
		}
		defer f.Close() //nolint:errcheck // read only
		if info, err := f.Stat(); err != nil {
			return nil, err
		} else if info.Size() > most {
			return nil, &LargeError{info.Size(), most}
		}
		from := &atMost{counted{ctx, f, came}, most, most}
		if _, err = io.CopyBuffer(struct{ io.Writer }{w}, from, make([]byte, 64<<10)); err != nil {
			return nil, err
		}
		return f.Stat()
	})
}

// ReadFile reads a file of at most so many bytes, and nothing that is none, at a pace. The second value is what is known
// of it afterwards. Of a larger file nothing is read: a *LargeError.
func ReadFile(ctx context.Context, p Pace, name string, most int64) ([]byte, os.FileInfo, error) {
	return disk.read(ctx, p, name, most)
}

// ReadBeginning reads the beginning of a file, at most so many bytes, as ReadFile does.
func ReadBeginning(ctx context.Context, p Pace, name string, most int64) ([]byte, error) {
	return follow(ctx, p, func(ctx context.Context, came func(int)) ([]byte, error) {
		f, err := disk.regular(name)
		if err != nil {
			return nil, err
		}
		defer f.Close() //nolint:errcheck // read only
		return io.ReadAll(io.LimitReader(counted{ctx, f, came}, most))
	})
}

func (o opener) read(ctx context.Context, p Pace, name string, most int64) ([]byte, os.FileInfo, error) {
	var b bytes.Buffer
	info, err := o.copy(ctx, p, name, &b, most)
	if err != nil {
		return nil, nil, err // what comes to b from now on is nobody's
	}
	return b.Bytes(), info, nil
}

// atMost is a reader that fails where more comes than may.
type atMost struct {
	io.Reader
	most, left int64
}

func (a *atMost) Read(p []byte) (int, error) {
	n, err := a.Reader.Read(p)
	if a.left -= int64(n); a.left < 0 {
		return 0, &LargeError{Most: a.most}
	}
	return n, err
}

// counted tells what is read through it, until ctx ends.
type counted struct {
	ctx  context.Context
	from io.Reader
	came func(n int)
}

func (c counted) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.from.Read(p)
	c.came(n)
	return n, err
}
