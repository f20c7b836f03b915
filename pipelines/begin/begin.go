// Package begin makes what a person begins with: a city's folders and lists, a meeting, a template. Nothing that is
// there is overwritten.
package begin

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/printable"
)

// File is a file that is to be made, or with nil Data a folder.
type File struct {
	Path string
	Data []byte
}

// ExistsError names files that are there already: none of those that were to be made has been.
type ExistsError struct{ Paths []string }

func (e *ExistsError) Error() string {
	const shown = 20
	paths := e.Paths
	if n := len(paths) - shown; n > 0 {
		paths = append(paths[:shown:shown], fmt.Sprintf("ほか%d件", n))
	}
	return "すでにあります: " + printable.Line(strings.Join(paths, "、")) +
		"。何も書いていません。上書きはしないので、要らないものなら名前を変えるか消してから、もう一度実行してください"
}

// Write makes files and folders, or none: one that is there already is an *ExistsError.
func Write(files []File) error {
	if err := Absent(files); err != nil {
		return err
	}
	for _, f := range files {
		make := atomicfile.MkdirAll
		if f.Data != nil {
			make = func(path string) error { return atomicfile.Write(path, f.Data) }
		}
		if err := make(f.Path); err != nil {
			return fmt.Errorf("%s を書けません。権限と空き容量を確かめてください: %w", f.Path, err)
		}
	}
	return nil
}

// Absent is an *ExistsError where a file is there already. A folder may be there.
func Absent(files []File) error {
	var there ExistsError
	for _, f := range files {
		info, err := os.Lstat(f.Path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return fmt.Errorf("%s を確かめられません。権限を確かめてください。何も書いていません: %w", f.Path, err)
		case f.Data != nil || !info.IsDir():
			there.Paths = append(there.Paths, f.Path)
		}
	}
	if len(there.Paths) > 0 {
		return &there
	}
	return nil
}

// Line is a line of a file that was changed, added or left out: what it was and is, "" where it was not or is no more.
type Line struct {
	Number int    `json:"line"` // in the new text; of a line that is gone, where it would be
	Was    string `json:"was,omitempty"`
	Now    string `json:"now,omitempty"`
}

// Told is the line in words: 3行目: date: 2025-10-21 → date: 2025-11-04.
func (l Line) Told() string {
	bare := func(s string) string { return strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), comment(s))) }
	was, now := bare(l.Was), bare(l.Now)
	switch {
	case was == "":
		return printable.Sprintf("%d行目を加えました: %s", l.Number, now)
	case now == "":
		return printable.Sprintf("%d行目を除きました: %s", l.Number, was)
	}
	return printable.Sprintf("%d行目: %s → %s", l.Number, was, now)
}
