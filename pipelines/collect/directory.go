package collect

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	"kyogikai/pipelines/fault"
)

// directory is a folder of this machine, a mounted share among them. Links that lead out of it are not followed.
type directory struct {
	source *Source
	path   string
	root   *os.Root
	again  func(context.Context, func() error) error
	out    listing
}

func openDirectory(ctx context.Context, s *Source) (door, error) {
	root, err := ask(ctx, s.pace(1), func() (*os.Root, error) { return os.OpenRoot(s.Directory) })
	if err != nil {
		return nil, failure{text: fmt.Sprintf("フォルダ %s を開けません（%s）。共有フォルダが繋がっているか、権限があるかを確かめてください。", s.Directory, reason(err))}
	}
	return &directory{source: s, path: s.Directory, root: root}, nil
}

// reason is a system's error without the path that it names.
func reason(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return fault.Quote(err)
}

// gone reports an error that a share gives for everything: it has come off, or its server does not answer.
func gone(err error) bool {
	var stalled *StalledError
	if errors.As(err, &stalled) {
		return !stalled.Slow
	}
	for _, lost := range []error{
		syscall.ENOTCONN, syscall.ESTALE, syscall.EHOSTDOWN, syscall.EHOSTUNREACH, syscall.ETIMEDOUT, syscall.ENODEV,
		syscall.ECONNREFUSED, syscall.ECONNRESET,
	} {
		if errors.Is(err, lost) {
			return true
		}
	}
	return false
}

// list walks through the folders, each by itself: one that may not be looked into hides no other.
func (d *directory) list(ctx context.Context, again func(context.Context, func() error) error) (listing, error) {
	d.again, d.out = again, listing{}
	err := d.folder(ctx, "")
	return d.out, err
}

// folder lists one folder. Its error is that of the source as a whole.
func (d *directory) folder(ctx context.Context, name string) error {
	at := filepath.Join(d.path, filepath.FromSlash(name))
	var entries []fs.DirEntry
	err := d.again(ctx, func() (err error) {
		entries, err = ask(ctx, d.source.pace(1), func() ([]fs.DirEntry, error) { return fs.ReadDir(d.root.FS(), path.Join(".", name)) })
		if err != nil && ctx.Err() == nil {
			err = failure{
				text: fmt.Sprintf("フォルダ %s を一覧できません（%s）。権限を確かめてください。", at, reason(err)), dead: gone(err), soon: gone(err),
			}
		}
		return err
	})
	var why failure
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("listing %s: %w", at, ctx.Err())
	case err != nil && (name == "" || errors.As(err, &why) && why.dead):
		return err
	case err != nil:
		d.out.failed = append(d.out.failed, unseen{name, cause(err)})
		return nil
	}
	d.out.folders = append(d.out.folders, name)
	for _, e := range entries {
		if err := d.entry(ctx, path.Join(name, e.Name()), e); err != nil {
			return err
		}
	}
	return nil
}

// entry lists what stands at one place.
func (d *directory) entry(ctx context.Context, name string, e fs.DirEntry) error {
	if e.IsDir() {
		if strings.HasPrefix(e.Name(), ".") {
			return nil
		}
		return d.folder(ctx, name)
	}
	if !Submission(e.Name()) {
		return nil
	}
	f := remote{name: name, size: -1}
	info, err := ask(ctx, d.source.pace(1), func() (fs.FileInfo, error) { return d.root.Stat(filepath.FromSlash(name)) })
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("listing %s: %w", d.path, ctx.Err())
	case err == nil && info.IsDir():
		d.out.failed = append(d.out.failed, unseen{name, name + " はほかのフォルダへのリンクなので、中を見ませんでした。実物のフォルダを置いてください。"})
		return nil
	case err == nil && !info.Mode().IsRegular():
		d.out.failed = append(d.out.failed, unseen{name, name + " は" + special(info.Mode()).Error() + "。" + doRemove})
		return nil
	case err == nil:
		f.size, f.modified = info.Size(), info.ModTime()
	case e.Type()&fs.ModeSymlink != 0: // it leads out of the folder: to a file or a folder, nobody knows
		d.out.failed = append(d.out.failed, unseen{name, name + " は、このフォルダの外か、ない所へのリンクです。実物を置いてください。"})
		return nil
	}
	d.out.files = append(d.out.files, f)
	return nil
}

func (d *directory) prepare(context.Context, []remote, string) error { return nil }

func (d *directory) prepared(files []remote) (come, lacking []remote) { return files, nil }

// get reads a file. One that changes while it is read is not whole.
func (d *directory) get(ctx context.Context, f remote, _ *Pulled) (content, error) {
	name := filepath.FromSlash(f.name)
	in := opener{d.root.Stat, d.root.OpenFile}
	limited, cancel := context.WithTimeout(ctx, d.source.longestFile())
	defer cancel()
	before, err := ask(limited, d.source.pace(1), func() (fs.FileInfo, error) { return d.root.Stat(name) })
	if err != nil {
		return content{}, d.failed(ctx, "%s を開けません（%s）。権限を確かめ、リンクなら実物を置いてください。", name, err)
	}
	data, after, err := in.read(limited, d.source.pace(leastOfShare), name, d.source.limit())
	var large *LargeError
	if errors.As(err, &large) {
		return content{}, failure{text: d.source.tooLarge()}
	}
	if err != nil {
		return content{}, d.failed(ctx, "%s を読めません（%s）。権限を確かめてください。", name, err)
	}
	if after.Size() != int64(len(data)) || !after.ModTime().Equal(before.ModTime()) {
		return content{}, &halfError{sum(data)}
	}
	return content{data: data, modified: after.ModTime()}, nil
}

// failed is the failure of one file.
func (d *directory) failed(ctx context.Context, text, name string, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("reading %s: %w", name, ctx.Err())
	}
	why := reason(err)
	if errors.Is(err, context.DeadlineExceeded) {
		why = span(d.source.longestFile()) + "で読み終わりません"
	}
	return failure{text: fmt.Sprintf(text, filepath.Join(d.path, name), why), soon: true, dead: gone(err)}
}

func (d *directory) close() { _ = d.root.Close() }
