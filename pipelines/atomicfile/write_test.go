package atomicfile

import (
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
