package runs

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"kyogikai/pipelines/warehouse"
)

const fileRun = "20261101T000000Z"

// withFile makes an outputs folder with a run whose record knows its file.
func withFile(t *testing.T, content string) (outputs, path string) {
	t.Helper()
	outputs = kept(t, nil, fileRun)
	path = warehouse.Path(warehouse.Dir(outputs), fileRun)
	write(t, path, content)
	note(t, outputs, path)
	return outputs, path
}

// note puts the file as it stands into the run's record.
func note(t *testing.T, outputs, path string) {
	t.Helper()
	r, _, err := Find(outputs, fileRun)
	if err != nil {
		t.Fatal(err)
	}
	if r.File, err = warehouse.FingerprintOf(path); err != nil {
		t.Fatal(err)
	}
	if err := r.Save(outputs); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func altered(err error) bool {
	var a *warehouse.AlteredError
	return errors.As(err, &a)
}

// A file is what its run has published as long as its contents are, whatever its dates and its place on the disk.
func TestVerify(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(t *testing.T, outputs, path string)
		altered bool
		noted   bool // that the whole of it was looked at
	}{
		"untouched": {func(*testing.T, string, string) {}, false, false},
		"other dates": {func(t *testing.T, _, path string) {
			if err := os.Chtimes(path, time.Time{}, time.Now().Add(-time.Hour)); err != nil {
				t.Fatal(err)
			}
		}, false, true},
		"a copy put back": {func(t *testing.T, _, path string) {
			write(t, path+".copy", "published")
			if err := os.Rename(path+".copy", path); err != nil {
				t.Fatal(err)
			}
		}, false, true},
		"longer":  {func(t *testing.T, _, path string) { write(t, path, "published!") }, true, false},
		"shorter": {func(t *testing.T, _, path string) { write(t, path, "publishe") }, true, false},
		"empty":   {func(t *testing.T, _, path string) { write(t, path, "") }, true, false},
		"another, with the dates of before": {func(t *testing.T, _, path string) {
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			write(t, path, "Published")
			if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
				t.Fatal(err)
			}
		}, true, false},
		"no record": {func(t *testing.T, outputs, path string) {
			write(t, path, "other")
			if err := os.Remove(recordPath(outputs, fileRun)); err != nil {
				t.Fatal(err)
			}
		}, false, false},
		"a record that knows no contents": {func(t *testing.T, outputs, path string) {
			r, _, err := Find(outputs, fileRun)
			if err != nil {
				t.Fatal(err)
			}
			r.File.SHA256, r.File.Inode = "", 0
			write(t, path, "Published")
			if err := r.Save(outputs); err != nil {
				t.Fatal(err)
			}
		}, false, false},
		"a record of the version before": {func(t *testing.T, outputs, _ string) {
			r, _, err := Find(outputs, fileRun)
			if err != nil {
				t.Fatal(err)
			}
			r.File.Inode, r.File.Changed = 0, time.Time{}
			if err := r.Save(outputs); err != nil {
				t.Fatal(err)
			}
		}, false, true},
		"no file": {func(t *testing.T, _, path string) {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}, false, false},
	} {
		for _, look := range []Look{ByState, ByContents} {
			outputs, path := withFile(t, "published")
			c.change(t, outputs, path)
			err := Verify(outputs, fileRun, look)
			if altered(err) != c.altered || err != nil && !c.altered {
				t.Errorf("%s, look %d: %v", name, look, err)
			}
			if _, err := os.Stat(verifiedPath(outputs, fileRun)); (err == nil) != c.noted {
				t.Errorf("%s, look %d: noted %v", name, look, err == nil)
			}
			if err := Verify(outputs, fileRun, look); altered(err) != c.altered {
				t.Errorf("%s, look %d, once more: %v", name, look, err)
			}
		}
	}
}

// What was looked at is not read again as long as it stands as it did; for what is told of a figure for good, it is.
func TestVerifiedFileIsNotReadAgain(t *testing.T) {
	outputs, path := withFile(t, "published")
	write(t, path, "Published")
	r, _, err := Find(outputs, fileRun)
	if err != nil {
		t.Fatal(err)
	}
	sum := r.File.SHA256
	state, err := warehouse.State(path)
	if err != nil {
		t.Fatal(err)
	}
	if state.SHA256 = sum; Verify(outputs, fileRun, ByState) == nil {
		t.Error("another file is taken")
	}
	remember(outputs, fileRun, state) // it says that this file was found to hold what the record says
	if err := Verify(outputs, fileRun, ByState); err != nil {
		t.Errorf("read again: %v", err)
	}
	if err := Verify(outputs, fileRun, ByContents); !altered(err) {
		t.Errorf("not read: %v", err)
	}
	state.SHA256 = "of another file"
	remember(outputs, fileRun, state)
	if err := Verify(outputs, fileRun, ByState); !altered(err) {
		t.Errorf("what was noted of other contents is taken: %v", err)
	}
}

// Every way to open a run's file looks at it first, and says what is wrong, what that means, and what to do.
func TestOpenLooksFirst(t *testing.T) {
	ctx := context.Background()
	outputs := t.TempDir()
	dir := warehouse.Dir(outputs)
	path := warehouse.Path(dir, fileRun)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	b, err := warehouse.Create(ctx, path, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(b.Finish(ctx), warehouse.Publish(dir, fileRun)); err != nil {
		t.Fatal(err)
	}
	if err := (&Run{ID: fileRun, Kind: KindLoad, Status: StatusPublished}).Save(outputs); err != nil {
		t.Fatal(err)
	}
	note(t, outputs, path)
	opens := map[string]func() (*warehouse.Reader, error){
		"Open":      func() (*warehouse.Reader, error) { return Open(ctx, outputs, ByState) },
		"OpenRun":   func() (*warehouse.Reader, error) { return OpenRun(ctx, outputs, fileRun, ByContents) },
		"OpenBuilt": func() (*warehouse.Reader, error) { return OpenBuilt(ctx, outputs, fileRun, ByState) },
	}
	for name, open := range opens {
		db, err := open()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		db.Close()
	}
	if !Whole(ctx, outputs, fileRun, ByContents) {
		t.Error("a whole file is none")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := errors.Join(os.Remove(path), os.WriteFile(path, data, 0o444)); err != nil {
		t.Fatal(err)
	}
	for name, open := range opens {
		if _, err := open(); !altered(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if Whole(ctx, outputs, fileRun, ByState) {
		t.Error("a damaged file is whole")
	}
	var none *warehouse.NoRunError
	if _, err := OpenRun(ctx, outputs, "20260101T000000Z", ByState); !errors.As(err, &none) {
		t.Errorf("a run that is not kept: %v", err)
	}
}
