package collect

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"kyogikai/pipelines/fault"
)

// directory is a folder of this machine, a mounted share among them. Links that lead out of it are not followed.
type directory struct {
	path string
	root *os.Root
}

func openDirectory(s *Source) (door, error) {
	root, err := os.OpenRoot(s.Directory)
	if err != nil {
		return nil, failure{text: fmt.Sprintf("フォルダ %s を開けません（%s）。共有フォルダが繋がっているか、権限があるかを確かめてください。", s.Directory, reason(err))}
	}
	return &directory{s.Directory, root}, nil
}

// reason is a system's error without the path that it names.
func reason(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return fault.Quote(err)
}

func (d *directory) list(ctx context.Context) ([]remote, error) {
	var out []remote
	err := fs.WalkDir(d.root.FS(), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return failure{
				text: fmt.Sprintf("フォルダ %s を一覧できません（%s）。権限を確かめてください。", filepath.Join(d.path, name), reason(err)), soon: true,
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if e.IsDir() {
			if name != "." && strings.HasPrefix(e.Name(), ".") {
				return fs.SkipDir
			}
			return nil
		}
		f := remote{name: name, size: -1}
		if info, err := d.root.Stat(filepath.FromSlash(name)); err == nil {
			if info.IsDir() {
				out = append(out, remote{name: name, bad: name + " はほかのフォルダへのリンクなので、中を見ませんでした。実物のフォルダを置いてください。"})
				return nil
			}
			if !info.Mode().IsRegular() {
				return nil // a pipe or a device is no workbook
			}
			f.size, f.modified = info.Size(), info.ModTime()
		}
		if e.Type()&fs.ModeSymlink != 0 && f.size < 0 { // it leads out of the folder: to a file or a folder, nobody knows
			f.bad = name + " は、このフォルダの外か、ない所へのリンクです。実物を置いてください。"
		}
		out = append(out, f)
		return nil
	})
	return out, err
}

func (d *directory) prepare(context.Context, []remote, string) error { return nil }

// get reads a file. One that changes while it is read is not whole.
func (d *directory) get(_ context.Context, f remote, _ *Pulled) (content, error) {
	name := filepath.FromSlash(f.name)
	before, err := d.root.Stat(name)
	if err != nil {
		return content{}, failure{
			text: fmt.Sprintf("%s を開けません（%s）。権限を確かめ、リンクなら実物を置いてください。", filepath.Join(d.path, name), reason(err)), soon: true,
		}
	}
	data, err := d.root.ReadFile(name)
	if err != nil {
		return content{}, failure{
			text: fmt.Sprintf("%s を読めません（%s）。権限を確かめてください。", filepath.Join(d.path, name), reason(err)), soon: true,
		}
	}
	after, err := d.root.Stat(name)
	if err != nil || after.Size() != int64(len(data)) || !after.ModTime().Equal(before.ModTime()) {
		return content{}, &halfError{sum(data)}
	}
	return content{data: data, modified: after.ModTime()}, nil
}

func (d *directory) close() { _ = d.root.Close() }
