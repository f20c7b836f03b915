package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "新しい", "a.txt")
	for _, text := range []string{"一", "二"} {
		if err := Write(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if data, err := os.ReadFile(path); err != nil || string(data) != text {
			t.Errorf("%q, %v", data, err)
		}
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
	// Where a folder stands in the way, the old state stays and the message says what to do.
	if err := Write(filepath.Dir(path), []byte("x")); err == nil || !strings.Contains(err.Error(), "権限と空き容量を確かめてください") {
		t.Errorf("%v", err)
	}
	if err := Write(filepath.Join(path, "下", "b.txt"), nil); err == nil || !strings.Contains(err.Error(), "を作れません") {
		t.Errorf("%v", err)
	}
}

// In a root a file is written like anywhere, and none outside it.
func TestWriteIn(t *testing.T) {
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close() //nolint:errcheck // nothing is written through it any more
	if err := root.Mkdir(".staging", 0o755); err != nil {
		t.Fatal(err)
	}
	const next = ".staging/next"
	for _, text := range []string{"長い一", "二"} {
		if err := WriteIn(root, next, "八戸市/部/a.txt", []byte(text)); err != nil {
			t.Fatal(err)
		}
		if data, err := os.ReadFile(filepath.Join(dir, "八戸市/部/a.txt")); err != nil || string(data) != text {
			t.Errorf("%q, %v", data, err)
		}
	}
	if err := WriteIn(root, next, "../a.txt", nil); err == nil {
		t.Error("a file outside the root was written")
	}
	if err := WriteIn(root, "ない/next", "a.txt", nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nowhere to write: %v", err)
	}
}

// A file that somebody has written is placed as it is; a link is pointed elsewhere; a file is removed, or is not there.
func TestPlacePointRemove(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	for _, text := range []string{"一", "二"} {
		if err := errors.Join(os.WriteFile(path("next"), []byte(text), 0o600), Place(path("next"), path("a")),
			Point(path("next"), path("link"), text)); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(path("a"))
		target, err2 := os.Readlink(path("link"))
		if err != nil || err2 != nil || string(data) != text || target != text {
			t.Errorf("%q, %q, %v, %v", data, target, err, err2)
		}
	}
	if err := os.Symlink("左", path("next")); err != nil { // left by a run that was killed
		t.Fatal(err)
	}
	if err := Point(path("next"), path("link"), "三"); err != nil {
		t.Error(err)
	}
	if err := Place(path("ない"), path("a")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nothing to place: %v", err)
	}
	for range 2 {
		if err := Remove(path("a")); err != nil {
			t.Error(err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("%v, %v", left, err)
	}
	if err := errors.Join(os.Mkdir(path("b"), 0o755), os.WriteFile(path("b/c"), nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	if err := Remove(path("b")); err == nil {
		t.Error("a folder with something in it was removed")
	}
}

// shut is a disk that does what it is told, and cannot say whether that has reached it.
type shut struct{ everywhere }

func (shut) Open(name string) (*os.File, error) {
	f, err := os.Open(name)
	if err == nil {
		err = f.Close()
	}
	return f, err
}

// What is in place, and may be gone after a power cut, is told as that.
func TestUnsure(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	err := named(shut{}, path)
	var unsure *Unsure
	if !errors.As(err, &unsure) || unsure.Path != path || !errors.Is(err, os.ErrClosed) ||
		!strings.Contains(err.Error(), "停電があると前の内容に戻ります") {
		t.Errorf("%v", err)
	}
}
