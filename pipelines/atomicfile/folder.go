package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// MkdirAll makes a folder and those above it that there are not. Whatever the process withholds from its group (umask
// 077), the group of what it makes may read it: who gets in is settled by the folder above, which was there before. Its
// error is the system's.
func MkdirAll(dir string) error { return mkdirAll(everywhere{}, filepath.Clean(dir)) }

func mkdirAll(d disk, dir string) error {
	info, err := d.Stat(dir)
	if err == nil && !info.IsDir() {
		return &fs.PathError{Op: "mkdir", Path: dir, Err: syscall.ENOTDIR}
	}
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	above := filepath.Dir(dir)
	if err := mkdirAll(d, above); err != nil {
		return err
	}
	err = d.Mkdir(dir, 0o755)
	if _, shared := d.(everywhere); shared && err == nil {
		err = share(dir)
	} else if err != nil {
		if info, there := d.Stat(dir); there == nil && info.IsDir() { // another process has made it meanwhile
			err = nil
		}
	}
	if err != nil {
		return err
	}
	return sync(d, above)
}

// share lets the group of a folder read it.
func share(dir string) error {
	const group = 0o050
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm()&group == group {
		return err
	}
	return os.Chmod(dir, info.Mode()&(fs.ModePerm|fs.ModeSetgid|fs.ModeSticky)|group)
}

// PlaceFolder renames a folder that was filled under another name, once everything in it is on disk. There must be none
// of that name, or an empty one. Its errors are the system's, but for that of Unsure.
func PlaceFolder(next, dir string) error {
	err := filepath.WalkDir(next, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() && !e.Type().IsRegular() {
			return err
		}
		return sync(everywhere{}, path)
	})
	if err != nil {
		return err
	}
	if err := os.Rename(next, dir); err != nil {
		return err
	}
	return named(everywhere{}, dir)
}

// Sync puts on disk what folders call the files in them: a process that was killed may have renamed some, and not have
// come to that. Folders that there are not are passed over.
func Sync(dirs ...string) error {
	for _, dir := range dirs {
		if err := sync(everywhere{}, dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// sync puts a file or a folder on disk. There are file systems that cannot do that for a folder by itself (EINVAL on
// some network shares): theirs is the order in which they do what they are told.
func sync(d disk, path string) error {
	f, err := d.Open(path)
	if err != nil {
		return err
	}
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		err = nil
	}
	return errors.Join(err, f.Close())
}
