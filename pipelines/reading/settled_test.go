package reading

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/project/projecttest"
	"kyogikai/pipelines/record"
)

// A file that may still be being saved is waited for: a CSV, of which half is one too, or half a workbook, written
// within the last minute. A clock may be wrong either way.
func TestWaitsWhileSaved(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	whole, err := os.ReadFile("../workbook/testdata/uncalculated.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		data  []byte
		age   time.Duration
		waits bool
	}{
		{"a.csv", []byte("名,値\n"), 0, true}, {"a.csv", []byte("名,値\n"), savingAge, true},
		{"a.csv", []byte("名,値\n"), savingAge + time.Millisecond, false}, {"a.csv", []byte("名,値\n"), -savingAge, true},
		{"a.csv", []byte("名,値\n"), -savingAge - time.Millisecond, false},
		{"a.xlsx", whole, 0, false}, {"a.xlsx", whole[:len(whole)/2], 0, true},
		{"a.xlsx", whole[:len(whole)/2], time.Hour, false}, {"a.xlsx", nil, 0, true},
	} {
		disk := filepath.Join(t.TempDir(), c.name)
		if err := os.WriteFile(disk, c.data, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(disk, time.Time{}, now.Add(-c.age)); err != nil {
			t.Fatal(err)
		}
		soon, stop := context.WithTimeout(context.Background(), savingPause/2) // whoever waits, ends before it is over
		data, settled, err := settled(soon, disk, now, limits.Default())
		stop()
		if errors.Is(err, context.DeadlineExceeded) != c.waits || settled == c.waits ||
			!c.waits && string(data) != string(c.data) {
			t.Errorf("%s of %d bytes, %v old: settled %v, %v", c.name, len(c.data), c.age, settled, err)
		}
	}
}

// A file that never stops growing is read as it is; where that is no workbook, its finding says why. One that no longer
// grows is as it is.
func TestStillBeingSaved(t *testing.T) {
	env := projecttest.Env(t, projecttest.FewInputs(t))
	for _, c := range []struct {
		name  string
		grows bool
		says  string
	}{{"a.xlsx", true, "まだ書き込み中です"}, {"a.xlsx", false, ""}, {"a.csv", true, ""}} {
		disk := filepath.Join(t.TempDir(), c.name)
		begun := []byte("名,値\n")
		if c.name == "a.xlsx" {
			begun = []byte("PK\x03\x04") // as a zip begins
		}
		if err := os.WriteFile(disk, begun, 0o644); err != nil {
			t.Fatal(err)
		}
		r, err := newReader(env, collect.Tree{Files: []collect.File{{Name: c.name, Path: c.name, Disk: disk}}})
		if err != nil {
			t.Fatal(err)
		}
		r.now, r.reads = time.Now(), form.Read
		w := whileWritten(t, r, disk, c.grows)
		unreadable := w.Status == record.StatusUnreadable
		if unreadable != (c.name == "a.xlsx") || unreadable && len(w.Findings) == 0 {
			t.Fatalf("%s, growing %v: %s %v", c.name, c.grows, w.Status, w.Findings)
		}
		for i, f := range w.Findings {
			if said := strings.Contains(f.Message, "まだ書き込み中です"); said != (i == 0 && c.says != "") {
				t.Errorf("%s, growing %v: %s", c.name, c.grows, f.Message)
			}
		}
	}
}

// whileWritten reads the only file of a tree while lines are put to it, or none.
func whileWritten(t *testing.T, r *Reader, disk string, grows bool) *record.Workbook {
	t.Helper()
	done, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		for {
			select {
			case <-done:
				ended <- nil
				return
			case <-time.After(savingPause / 20):
			}
			if !grows {
				continue
			}
			f, err := os.OpenFile(disk, os.O_APPEND|os.O_WRONLY, 0o644)
			if err == nil {
				_, err = f.WriteString("あ,1\n")
				err = errors.Join(err, f.Close())
			}
			if err != nil {
				ended <- err
				return
			}
		}
	}()
	w, err := r.file(context.Background(), 0)
	close(done)
	if err := errors.Join(err, <-ended); err != nil {
		t.Fatal(err)
	}
	return w
}

// Inputs that are reached through a link are the project's all the same, whatever the link is called.
func TestPlacedThroughALink(t *testing.T) {
	real, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	disk := filepath.Join(real, "市", "R5", "部", "課", "a.csv")
	if err := os.MkdirAll(filepath.Dir(disk), 0o755); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(real, link); err != nil {
		t.Fatal(err)
	}
	for _, inputs := range []string{real, link, link + string(filepath.Separator)} {
		for _, at := range []string{disk, filepath.Join(link, "市", "R5", "部", "課", "a.csv")} {
			root, file, err := placed(inputs, at)
			if err != nil || root != real || file.Municipality != "市" || file.FiscalYear != 2023 {
				t.Errorf("%s in %s: %s %+v, %v", at, inputs, root, file, err)
			}
		}
	}
	root, file, err := placed(filepath.Join(real, "none"), disk)
	if err != nil || root != filepath.Join(real, "none") || file.Municipality != "" || file.Path != "a.csv" {
		t.Errorf("in inputs that are not there: %s %+v, %v", root, file, err)
	}
}
