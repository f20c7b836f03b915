// Package atomicfile writes files that are there as a whole or not at all.
package atomicfile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Write replaces a file by rename, so that a reader sees the old one or the new one, and a power cut leaves one of
// them. It makes the folder where there is none. Its error says in Japanese what to do, and wraps the system's.
func Write(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
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
	return nil
}
