package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// Folders are made where there are none; a file in the way is told.
func TestMkdirAll(t *testing.T) {
	dir := t.TempDir()
	deep := filepath.Join(dir, "一", "二", "三")
	for range 2 { // the second time they are there
		if err := MkdirAll(deep); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := os.Stat(deep); err != nil || !info.IsDir() {
		t.Errorf("%v, %v", info, err)
	}
	file := filepath.Join(dir, "ファイル")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{file, filepath.Join(file, "下")} {
		if err := MkdirAll(path); !errors.Is(err, syscall.ENOTDIR) {
			t.Errorf("%s: %v", path, err)
		}
	}
	broken := filepath.Join(dir, "切れたリンク")
	if err := os.Symlink("ない", broken); err != nil {
		t.Fatal(err)
	}
	if err := MkdirAll(broken); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a link that leads nowhere: %v", err)
	}
}

// A folder is placed where there is none, and never in the place of another.
func TestPlaceFolder(t *testing.T) {
	dir := t.TempDir()
	next, there := filepath.Join(dir, ".next"), filepath.Join(dir, "第1版")
	make := func(text string) {
		t.Helper()
		if err := errors.Join(os.MkdirAll(filepath.Join(next, "下"), 0o755),
			os.WriteFile(filepath.Join(next, "下", "a"), []byte(text), 0o444)); err != nil {
			t.Fatal(err)
		}
	}
	make("一")
	if err := PlaceFolder(next, there); err != nil {
		t.Fatal(err)
	}
	make("二")
	if err := PlaceFolder(next, there); err == nil {
		t.Error("a folder was replaced")
	}
	if data, err := os.ReadFile(filepath.Join(there, "下", "a")); err != nil || string(data) != "一" {
		t.Errorf("%q, %v", data, err)
	}
	if err := PlaceFolder(filepath.Join(dir, "ない"), filepath.Join(dir, "b")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nothing to place: %v", err)
	}
}

// What cannot be put on disk by itself, as a folder of /proc, is no failure; what is not there is passed over.
func TestSync(t *testing.T) {
	if err := Sync(t.TempDir(), filepath.Join(t.TempDir(), "ない"), "/proc"); err != nil {
		t.Error(err)
	}
	file := filepath.Join(t.TempDir(), "a")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Sync(filepath.Join(file, "下")); !errors.Is(err, syscall.ENOTDIR) {
		t.Errorf("below a file: %v", err)
	}
}

// The group of the folders may read them, whatever the process withholds, and they stay in the group of the one above.
func TestGroupMayRead(t *testing.T) {
	old := syscall.Umask(0o077)
	defer syscall.Umask(old)
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o750|fs.ModeSetgid); err != nil {
		t.Fatal(err)
	}
	if err := Write(filepath.Join(dir, "一", "二", "三.txt"), []byte("x")); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]fs.FileMode{
		"一": 0o750 | fs.ModeDir | fs.ModeSetgid, "一/二": 0o750 | fs.ModeDir | fs.ModeSetgid, "一/二/三.txt": 0o644,
	} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode() != want {
			t.Errorf("%s: %v, want %v, %v", name, info.Mode(), want, err)
		}
	}
}
