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
	"slices"
	"strings"
	"syscall"
	"time"
)

// remoteFolder is anything that an installed rclone reaches: SMB, SharePoint, Box, S3, SFTP, WebDAV.
type remoteFolder struct {
	source  *Source
	program string
	staged  string // where prepare has put the files
}

// rcloneLimit is how long one call of rclone may take.
const rcloneLimit = time.Hour

// stopDelay is how long rclone may take to end after it was told to.
const stopDelay = 10 * time.Second

func openRclone(s *Source) (door, error) {
	program, err := exec.LookPath("rclone")
	if err != nil {
		return nil, failure{text: "rclone が入っていません。入れてください（例: apt-get install rclone）。"}
	}
	return &remoteFolder{source: s, program: program}, nil
}

// run runs rclone with its own configuration. It ends with this process.
func (r *remoteFolder) run(ctx context.Context, stdin []byte, args ...string) ([]byte, error) {
	args = append(
		args, "--contimeout", "20s", "--timeout", "60s", "--retries", "1", "--low-level-retries", "3", "--max-depth",
		fmt.Sprint(maxDepth+1),
	)
	if r.source.RcloneConfig != "" {
		args = append(args, "--config", r.source.RcloneConfig)
	}
	ctx, cancel := context.WithTimeout(ctx, rcloneLimit)
	defer cancel()
	c := exec.CommandContext(ctx, r.program, args...)
	var stdout, stderr bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(stdin), &stdout, &stderr
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGTERM) } // and what it has started
	c.WaitDelay = stopDelay
	if err := c.Run(); err != nil {
		_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) // nothing of it stays behind
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return nil, failure{text: fmt.Sprintf("rclone が %v たっても終わらないので止めました。%s の具合を確かめてください。", rcloneLimit, r.source.Rclone)}
		}
		if ctx.Err() != nil {
			return nil, fmt.Errorf("rclone: %w", ctx.Err())
		}
		return nil, failure{
			text: fmt.Sprintf(
				"rclone が %s に届きません（%s）。rclone lsf %s で確かめてください。", r.source.Rclone, said(stderr.String()), r.source.Rclone,
			),
			soon: true,
		}
	}
	return stdout.Bytes(), nil
}

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

func (r *remoteFolder) list(ctx context.Context) ([]remote, error) {
	data, err := r.run(ctx, nil, "lsjson", "--recursive", "--files-only", "--hash", r.source.Rclone)
	if err != nil {
		return nil, err
	}
	var entries []struct {
		Path    string            `json:"Path"`
		Size    int64             `json:"Size"`
		ModTime time.Time         `json:"ModTime"`
		Hashes  map[string]string `json:"Hashes"`
	}
	if err := json.Unmarshal(data, &entries); err != nil {
		return nil, fmt.Errorf("rclone の一覧を読めません: %w", err)
	}
	var out []remote
	for _, e := range entries {
		f := remote{name: e.Path, size: e.Size, modified: e.ModTime}
		for _, kind := range slices.Sorted(maps.Keys(e.Hashes)) {
			if e.Hashes[kind] != "" {
				f.hash = kind + ":" + e.Hashes[kind]
				break
			}
		}
		out = append(out, f)
	}
	return out, nil
}

// prepare copies the files in one go: a process a file would take seconds each.
func (r *remoteFolder) prepare(ctx context.Context, files []remote, staging string) error {
	if len(files) == 0 {
		return nil
	}
	dir, err := os.MkdirTemp(staging, "rclone-*")
	if err != nil {
		return fmt.Errorf("inputs に書き込めません。権限と空き容量を確かめてください: %w", err)
	}
	r.staged = dir
	return r.copy(ctx, files)
}

func (r *remoteFolder) copy(ctx context.Context, files []remote) error {
	var names bytes.Buffer
	for _, f := range files {
		fmt.Fprintln(&names, f.name)
	}
	_, err := r.run(ctx, names.Bytes(), "copy", "--files-from-raw", "-", "--ignore-times", r.source.Rclone, r.staged)
	var why failure
	if errors.As(err, &why) && len(files) > 1 {
		return nil // some may have come: each of the others says why when it is asked for
	}
	return err
}

// get reads what was copied. A file that did not come, or did not come whole, is copied again.
func (r *remoteFolder) get(ctx context.Context, f remote, _ *Pulled) (content, error) {
	name := filepath.Join(r.staged, filepath.FromSlash(f.name))
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
