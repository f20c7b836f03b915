package simulate

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/trial"
	"kyogikai/pipelines/workbook"
)

// sums are the files of a tree with the sum of each.
func sums(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, path))
		out[path] = fmt.Sprintf("%x", sha256.Sum256(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The same numbers make the same bytes, and a municipality does not depend on how many there are.
func TestWriteIsReproducible(t *testing.T) {
	t.Parallel()
	few, again, many, other := t.TempDir(), t.TempDir(), t.TempDir(), t.TempDir()
	for dir, size := range map[string]Size{few: {2, 20, 7}, again: {2, 20, 7}, many: {4, 20, 7}, other: {2, 20, 8}} {
		if _, err := Write(dir, size); err != nil {
			t.Fatal(err)
		}
	}
	a, b, c, d := sums(t, few), sums(t, again), sums(t, many), sums(t, other)
	if len(a) != 2*(20+2) || len(b) != len(a) || len(c) != 2*len(a) {
		t.Errorf("%d, %d, %d files", len(a), len(b), len(c))
	}
	same := 0
	for path, sum := range a {
		if b[path] != sum || c[path] != sum {
			t.Errorf("%s is not the same", path)
		}
		if d[path] == sum {
			same++
		}
	}
	if same > 4 { // the masters do not depend on the seed
		t.Errorf("%d files of another seed are the same", same)
	}
}

// Every workbook opens, but those that are broken on purpose.
func TestWorkbooksOpen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	municipalities := trial.Count(1, 10)
	all := municipalities * 100
	broken, err := Write(dir, Size{Municipalities: municipalities, Workbooks: 100, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(broken) == 0 || len(broken) > all/20 {
		t.Errorf("%d of %d are broken", len(broken), all)
	}
	opened := 0
	for path := range sums(t, dir) {
		data, err := os.ReadFile(filepath.Join(dir, path))
		if err != nil {
			t.Fatal(err)
		}
		_, err = workbook.Open(filepath.Base(path), data, limits.Default())
		if cut := strings.Contains(strings.Join(broken, "\n"), path); cut != (err != nil) {
			t.Errorf("%s: %v", path, err)
		}
		if bytes.HasPrefix(data, []byte("PK")) && err == nil {
			opened++
		}
	}
	if opened != all-len(broken) {
		t.Errorf("%d workbooks", opened)
	}
}
