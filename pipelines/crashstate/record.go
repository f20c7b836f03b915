package crashstate

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// traced are the calls that are recorded: those that the tape holds, and those that it must know of.
var traced = func() string {
	var names []string
	for name := range handlers {
		if name != "exit" {
			names = append(names, "?"+name) // not every machine has all of them
		}
	}
	return strings.Join(names, ",")
}()

// Record runs a command under strace and adds to the tape what it, and what it begins, do to the folder. It returns the
// command's code.
func (t *Tape) Record(cmd *exec.Cmd) (code int, err error) {
	dir, err := os.MkdirTemp("", "crashstate")
	if err != nil {
		return 0, fmt.Errorf("recording: %w", err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // what stays is in nobody's way
	out := filepath.Join(dir, "calls")
	tracer, err := exec.LookPath("strace")
	if err != nil {
		return 0, fmt.Errorf("recording: %w", err)
	}
	// No text is cut short: the longest is what one call writes.
	args := []string{"strace", "-f", "-y", "-xx", "-s", strconv.Itoa(1 << 28), "--seccomp-bpf", "-e", "signal=none",
		"-e", "trace=" + traced, "-o", out, cmd.Path}
	cmd.Path, cmd.Args = tracer, append(args, cmd.Args[1:]...)
	if err := cmd.Run(); cmd.ProcessState == nil {
		return 0, fmt.Errorf("recording: %w", err)
	}
	code = cmd.ProcessState.ExitCode()
	f, err := os.Open(out)
	if err != nil {
		return code, fmt.Errorf("recording: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	cwd, err := absolute(cmd.Dir)
	if err != nil {
		return code, err
	}
	umask, err := ownUmask()
	if err != nil {
		return code, err
	}
	if err := t.Read(f, cwd, umask); err != nil {
		return code, err
	}
	t.said = append(t.said, Moment{t.Len(), "exit " + strconv.Itoa(code)})
	return code, t.Verify()
}

// Read adds to the tape what a record of strace (-f -y -xx) says of a command that was begun in cwd.
func (t *Tape) Read(record io.Reader, cwd string, umask os.FileMode) error {
	d := &decoder{tape: t, processes: map[int]*process{}, begins: map[int]string{}, umask: umask}
	d.first = &process{map[int]*opened{}, &cwd}
	return readCalls(record, d)
}
