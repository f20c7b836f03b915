package warehouse

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"
)

// Fingerprint is by what a finished file is known: it is never written again.
type Fingerprint struct {
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified"`
	SHA256   string    `json:"sha256"`

	// Of the file on its disk. A copy of it has others; runs before December 2026 did not note them.
	Changed time.Time `json:"changed,omitzero"`
	Inode   uint64    `json:"inode,omitempty"`
}

// State is the print of a file without what takes reading the whole of it.
func State(path string) (Fingerprint, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Fingerprint{}, fmt.Errorf("looking at the warehouse: %w", err)
	}
	return stateOf(info), nil
}

func stateOf(info os.FileInfo) Fingerprint {
	p := Fingerprint{Size: info.Size(), Modified: info.ModTime().UTC()}
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		p.Changed, p.Inode = time.Unix(s.Ctim.Unix()).UTC(), s.Ino
	}
	return p
}

// Same reports whether the file of a print is untouched since another print of it was taken: the same file on its disk,
// neither written nor given other dates since.
func (p Fingerprint) Same(before Fingerprint) bool {
	return p.Size == before.Size && p.Inode == before.Inode && p.Modified.Equal(before.Modified) &&
		p.Changed.Equal(before.Changed)
}

// FingerprintOf reads a file.
func FingerprintOf(path string) (Fingerprint, error) {
	f, err := os.Open(path)
	if err != nil {
		return Fingerprint{}, fmt.Errorf("reading the warehouse: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	info, err := f.Stat()
	if err != nil {
		return Fingerprint{}, fmt.Errorf("reading the warehouse: %w", err)
	}
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return Fingerprint{}, fmt.Errorf("reading the warehouse: %w", err)
	}
	p := stateOf(info)
	p.SHA256 = hex.EncodeToString(h.Sum(nil))
	return p, nil
}

// Protect takes the right to write away from everybody, since a finished file is never written again, and lets its
// group read it, whatever the process withheld from that: who gets at it is settled by the folders above. A disk that
// knows no such rights, and a file of somebody else's, stay as they are: who opens the file finds out by its
// fingerprint.
func Protect(path string) {
	const write, group = 0o222, 0o040
	info, err := os.Stat(path)
	if err != nil {
		return
	}
	if mode := info.Mode().Perm()&^write | group; mode != info.Mode().Perm() {
		_ = os.Chmod(path, mode)
	}
}

// remove removes a file or a folder, one that may not be written too: shares of Windows keep such files otherwise.
func remove(path string) error {
	err := os.RemoveAll(path)
	if err != nil && os.Chmod(path, 0o600) == nil {
		err = os.RemoveAll(path)
	}
	return err
}

// AlteredError says that a file is not what its run has published.
type AlteredError struct {
	Path string
	Size int64 // that was published
	Now  int64 // that it has
}

func (e *AlteredError) Error() string {
	how := "大きさは同じですが、中身が違います"
	if e.Size != e.Now {
		how = fmt.Sprintf("%dバイトのはずが%dバイトです", e.Size, e.Now)
	}
	return e.Path + ": 作られた後に変えられたか、壊れています（" + how + "）。もとの値とは限らないので、読みませんでした。" +
		"いまのデータなら kyogikai load で作り直してください。前の実行のものなら、バックアップから戻してください"
}
