package collect

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// remoteFolder is anything that an installed rclone reaches: SMB, SharePoint, Box, S3, SFTP, WebDAV.
type remoteFolder struct {
	source  *Source
	program string
	staged  string // where prepare has put the files
	left    bool   // the other end no longer answers
}

// stopDelay is how long rclone may take to end after it was told to.
const stopDelay = 3 * time.Second

func openRclone(s *Source) (door, error) {
	program, err := exec.LookPath("rclone")
	if err != nil {
		return nil, failure{text: "rclone が入っていません。入れてください（例: apt-get install rclone）。"}
	}
	return &remoteFolder{source: s, program: program}, nil
}

// ran is what a call of rclone wrote.
type ran struct{ stdout, stderr string }

// run runs rclone with its own configuration. It ends with this process, and when nothing has come for much longer than
// rclone itself waits for an answer: neither words nor, as done measures it, bytes. Where it fails, what it wrote is
// returned all the same.
func (r *remoteFolder) run(ctx context.Context, stdin []byte, done func() int64, args ...string) (ran, error) {
	idle := r.source.idle()
	again := "2"
	if args[0] == "lsjson" { // which is called again as a whole
		again = "1"
	}
	args = append(
		args, "--contimeout", min(dialTimeout, idle).String(), "--timeout", max(idle/2, time.Second).String(), "--retries", "1",
		"--low-level-retries", again, "--max-depth", fmt.Sprint(maxDepth+1),
	)
	if r.source.RcloneConfig != "" {
		args = append(args, "--config", r.source.RcloneConfig)
	}
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	c := exec.CommandContext(inner, r.program, args...)
	var stdout, stderr written
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(stdin), &stdout, &stderr
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGTERM) } // and what it has started
	c.WaitDelay = stopDelay
	ended := make(chan error, 1)
	go func() { ended <- c.Run() }()
	p := Pace{Span: 2 * idle, Least: 1}
	if args[0] == "copy" {
		p.Least = 2 * r.source.pace(leastOfServer).Least
	}
	err := watch(ctx, p, ended, func() int64 { return stdout.len() + stderr.len() + done() })
	if err != nil {
		cancel()
		select { // it is not left behind, unless it hangs in the system
		case <-ended:
		case <-time.After(2 * stopDelay):
		}
		if c.Process != nil {
			_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) // nothing of it stays behind
		}
	}
	return ran{stdout.String(), stderr.String()}, err
}

// watch waits for the end of something that says how much of it is done, as long as it keeps the pace.
func watch(ctx context.Context, p Pace, ended <-chan error, done func() int64) error {
	tick := time.NewTicker(p.Span)
	defer tick.Stop()
	for last := int64(0); ; {
		select {
		case err := <-ended:
			return err
		case <-ctx.Done():
			return fmt.Errorf("rclone: %w", ctx.Err())
		case <-tick.C:
		}
		now := done()
		if now-last < max(p.Least, 1) {
			return &StalledError{now > last}
		}
		last = now
	}
}

// written is what a process has written so far.
type written struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(p)
}

func (w *written) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.String()
}

func (w *written) len() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return int64(w.b.Len())
}

// failed is what a call that failed means.
func (r *remoteFolder) failed(ctx context.Context, out ran, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("rclone: %w", ctx.Err())
	}
	why := said(out.stderr)
	var stalled *StalledError
	if errors.As(err, &stalled) {
		why = stalled.Error()
	}
	return failure{
		text: fmt.Sprintf("rclone が %s に届きません（%s）。rclone lsf %s で確かめてください。", r.source.Rclone, why, r.source.Rclone),
		soon: true, dead: stalled != nil && !stalled.Slow || unanswered.MatchString(out.stderr),
	}
}

// unanswered is how rclone says that the other end does not answer.
var unanswered = regexp.MustCompile(
	`(?i)timeout|timed out|deadline exceeded|connection (?:refused|reset)|no such host|no route to host|network is unreachable|` +
		`broken pipe|host is down|\bEOF\b`,
)

// said is the last line that rclone wrote, without the time before it.
func said(stderr string) string {
	lines := strings.Split(strings.TrimSpace(stderr), "\n")
	line := lines[len(lines)-1]
	for _, level := range []string{"Failed to", "ERROR :", "CRITICAL:", "NOTICE:"} {
		if i := strings.Index(line, level); i >= 0 {
			return strings.TrimSpace(strings.TrimPrefix(line[i:], level))
		}
	}
	return line
}

func (r *remoteFolder) list(
	ctx context.Context, again func(context.Context, func() error) error,
) (out listing, err error) {
	err = again(ctx, func() error {
		answer, err := r.run(ctx, nil, func() int64 { return 0 }, "lsjson", "--recursive", "--hash", r.source.Rclone)
		if out, err = r.listed(answer, err); err != nil {
			return r.failed(ctx, answer, err)
		}
		return nil
	})
	return out, err
}

// entry is a file or a folder as rclone lists it.
type entry struct {
	Path    string            `json:"Path"`
	Size    int64             `json:"Size"`
	ModTime time.Time         `json:"ModTime"`
	IsDir   bool              `json:"IsDir"`
	Hashes  map[string]string `json:"Hashes"`
}

// listed reads a listing. Where rclone failed over folders alone, the rest holds.
func (r *remoteFolder) listed(answer ran, failed error) (listing, error) {
	out := listing{folders: []string{""}}
	var entries []entry
	if err := json.Unmarshal([]byte(answer.stdout), &entries); err != nil {
		if failed == nil {
			failed = fmt.Errorf("rclone の一覧を読めません: %w", err)
		}
		return out, failed
	}
	for _, e := range entries {
		if e.IsDir {
			out.folders = append(out.folders, e.Path)
			continue
		}
		f := remote{name: e.Path, size: e.Size, modified: e.ModTime}
		for _, kind := range slices.Sorted(maps.Keys(e.Hashes)) {
			if e.Hashes[kind] != "" {
				f.hash = kind + ":" + e.Hashes[kind]
				break
			}
		}
		out.files = append(out.files, f)
	}
	if failed == nil {
		return out, nil
	}
	for line := range strings.Lines(answer.stderr) {
		_, rest, isError := strings.Cut(line, "ERROR : ")
		if !isError {
			continue
		}
		at := ""
		for _, e := range entries {
			if strings.HasPrefix(rest, e.Path+": ") && len(e.Path) > len(at) {
				at = e.Path
			}
		}
		if at == "" {
			return out, failed
		}
		out.failed = append(out.failed, unseen{at, fmt.Sprintf("%s を見られません（%s）。権限を確かめてください。", at,
			strings.TrimSpace(strings.TrimPrefix(rest, at+": ")))})
	}
	if len(out.failed) == 0 {
		return out, failed
	}
	unseen := func(name string) bool {
		return slices.ContainsFunc(out.failed, func(u unseen) bool { return u.name == name })
	}
	out.folders = slices.DeleteFunc(out.folders, unseen)
	out.files = slices.DeleteFunc(out.files, func(f remote) bool { return unseen(f.name) })
	return out, nil
}

// prepare copies the files in one go: a process a file would take seconds each.
func (r *remoteFolder) prepare(ctx context.Context, files []remote, staging string) error {
	if len(files) == 0 {
		return nil
	}
	if r.staged == "" {
		dir, err := os.MkdirTemp(staging, "rclone-*")
		if err != nil {
			return fmt.Errorf("inputs に書き込めません。権限と空き容量を確かめてください: %w", err)
		}
		r.staged = dir
	}
	err := r.copy(ctx, files)
	if err == nil {
		return nil
	}
	for _, f := range files { // of a call that failed, what has come may be half
		name := r.at(f)
		if info, err := os.Stat(name); err == nil && (f.size < 0 || info.Size() != f.size) {
			_ = os.Remove(name)
		}
	}
	var why failure
	if errors.As(err, &why) && !why.dead {
		return nil // each of the others says why when it is asked for
	}
	r.left = true
	return err
}

// at is where a file is put that is copied.
func (r *remoteFolder) at(f remote) string {
	return filepath.Join(r.staged, filepath.FromSlash(f.name))
}

func (r *remoteFolder) prepared(files []remote) (come, lacking []remote) {
	for _, f := range files {
		if _, err := os.Stat(r.at(f)); r.left && err != nil {
			lacking = append(lacking, f)
		} else {
			come = append(come, f)
		}
	}
	return come, lacking
}

func (r *remoteFolder) copy(ctx context.Context, files []remote) error {
	var names bytes.Buffer
	for _, f := range files {
		fmt.Fprintln(&names, f.name)
	}
	limited, cancel := context.WithTimeout(ctx, r.source.longestFile()*time.Duration(len(files)))
	defer cancel()
	answer, err := r.run(limited, names.Bytes(), func() int64 { return sizeOf(r.staged) },
		"copy", "--files-from-raw", "-", "--ignore-times", r.source.Rclone, r.staged)
	if err == nil {
		return nil
	}
	if limited.Err() != nil && ctx.Err() == nil {
		return failure{text: fmt.Sprintf("rclone で %s から、%sたっても届きません。ネットワークと相手の具合を確かめてください。",
			r.source.Rclone, span(r.source.longestFile()))}
	}
	return r.failed(ctx, answer, err)
}

// sizeOf is how large the files of a folder are together, those that are still being written too.
func sizeOf(dir string) int64 {
	var n int64
	_ = filepath.WalkDir(dir, func(_ string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			if info, err := e.Info(); err == nil {
				n += info.Size()
			}
		}
		return nil
	})
	return n
}

// get reads what was copied. A file that did not come, or did not come whole, is copied again.
func (r *remoteFolder) get(ctx context.Context, f remote, _ *Pulled) (content, error) {
	name := r.at(f)
	data, err := os.ReadFile(name)
	if err != nil {
		if err := r.copy(ctx, []remote{f}); err != nil {
			return content{}, err
		}
		if data, err = os.ReadFile(name); err != nil {
			return content{}, failure{text: f.name + " がもうありません。", soon: true}
		}
	}
	_ = os.Remove(name) // asked for again, it is copied again
	return content{data: data, modified: f.modified}, nil
}

func (r *remoteFolder) close() {}
