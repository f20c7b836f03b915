package model

import (
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
	"unicode/utf8"
)

// An auditor reads sql/ in a terminal: no line but those of the headers is wider than 120 characters.
func TestLinesOfSQLAreNarrow(t *testing.T) {
	files := 0
	err := fs.WalkDir(os.DirFS("../../sql"), ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".sql" {
			return err
		}
		files++
		data, err := os.ReadFile("../../sql/" + name)
		header := true
		for i, line := range strings.Split(string(data), "\n") {
			header = header && strings.HasPrefix(line, "--")
			if n := utf8.RuneCountInString(line); n > 120 && !header {
				t.Errorf("sql/%s:%d: %d characters", name, i+1, n)
			}
		}
		return err
	})
	if err != nil || files < 80 {
		t.Errorf("%d files, %v", files, err)
	}
}
