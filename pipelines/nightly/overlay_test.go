package nightly

import (
	"io/fs"
	"path"
	"slices"
	"testing/fstest"
)

// overlay is a file system with one file more, or another in its place.
type overlay struct {
	fs.FS
	name, data string
}

func (o overlay) Open(name string) (fs.File, error) {
	if name == o.name {
		return fstest.MapFS{name: {Data: []byte(o.data)}}.Open(name)
	}
	return o.FS.Open(name)
}

func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(o.FS, name)
	if err == nil && name == path.Dir(o.name) {
		more, _ := fs.ReadDir(fstest.MapFS{o.name: {Data: []byte(o.data)}}, name)
		entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return e.Name() == path.Base(o.name) })
		entries = append(entries, more...)
	}
	return entries, err
}
