// Package atomicfile makes files and folders that are there as a whole or not at all, and that a power cut does not
// take away again.
//
// What is made is written under another name, put on disk, renamed, and the folder that names it is put on disk too;
// so is the folder that names a new folder. When a function returns without an error, what it has made outlasts a power
// cut; when power fails before that, the state of before is there, or the new one.
package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// disk is where files are made: everywhere, or in an *os.Root and never outside it.
type disk interface {
	Mkdir(name string, perm fs.FileMode) error
	Open(name string) (*os.File, error)
	OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error)
	Rename(from, to string) error
	Stat(name string) (fs.FileInfo, error)
}

// everywhere is the whole file system.
type everywhere struct{}

func (everywhere) Mkdir(name string, perm fs.FileMode) error { return os.Mkdir(name, perm) }
func (everywhere) Open(name string) (*os.File, error)        { return os.Open(name) }
func (everywhere) Rename(from, to string) error              { return os.Rename(from, to) }
func (everywhere) Stat(name string) (fs.FileInfo, error)     { return os.Stat(name) }
func (everywhere) OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error) {
	return os.OpenFile(name, flag, perm)
}

// Write replaces a file. It makes the folder where there is none. Its error says in Japanese what to do, and wraps the
// system's.
func Write(path string, data []byte) error {
	if err := MkdirAll(filepath.Dir(path)); err != nil {
		return fmt.Errorf("%s を作れません。権限と空き容量を確かめてください: %w", filepath.Dir(path), err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".next-*")
	if err != nil {
		return fmt.Errorf("%s に書き込めません。フォルダの権限と空き容量を確かめてください: %w", path, err)
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("%s に書き込めません。前のファイルはそのままです。権限と空き容量を確かめてください: %w", path, err)
	}
	return named(everywhere{}, path)
}

// WriteIn replaces a file in a root by way of one of another name in it, and makes the folders that there are not. Both
// names are relative to the root, and on its file system. Its errors are the system's, but for that of Unsure.
func WriteIn(root *os.Root, next, path string, data []byte) error {
	if err := mkdirAll(root, filepath.Dir(path)); err != nil {
		return err
	}
	f, err := root.OpenFile(next, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := root.Rename(next, path); err != nil {
		return err
	}
	return named(root, path)
}

// Place renames a file that has been written under another name, by whomever, once its contents are on disk. Its errors
// are the system's, but for that of Unsure.
func Place(next, path string) error {
	if err := sync(everywhere{}, next); err != nil {
		return err
	}
	if err := os.Rename(next, path); err != nil {
		return err
	}
	return named(everywhere{}, path)
}

// Point makes path a link to target, in place of the link that it was. next is a name beside it that nobody else uses.
func Point(next, path, target string) error {
	if err := os.Remove(next); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Symlink(target, next); err != nil {
		return err
	}
	if err := os.Rename(next, path); err != nil {
		return err
	}
	return named(everywhere{}, path)
}

// Remove removes a file, if it is there, for good: a power cut does not bring it back.
func Remove(path string) error {
	if err := os.Remove(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	return named(everywhere{}, path)
}

// Unsure says that something was done, and that nobody knows whether it outlasts a power cut: the disk did not say so.
type Unsure struct {
	Path string
	Err  error
}

func (e *Unsure) Error() string {
	return fmt.Sprintf("%s は書き換えましたが、ディスクに届いたか分かりません。停電があると前の内容に戻ります。ディスクの状態を確かめて、"+
		"もう一度実行してください: %v", e.Path, e.Err)
}

func (e *Unsure) Unwrap() error { return e.Err }

// named puts on disk what a folder calls path.
func named(d disk, path string) error {
	if err := sync(d, filepath.Dir(path)); err != nil {
		return &Unsure{path, err}
	}
	return nil
}
