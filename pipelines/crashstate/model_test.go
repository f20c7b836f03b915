package crashstate

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tape reads a record of calls, written as strace writes them but for the process and for escapes: ~ is the folder.
func tape(t *testing.T, before map[string]string, lines ...string) *Tape {
	t.Helper()
	dir := t.TempDir()
	for name, text := range before {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tp, err := New(dir)
	if err != nil {
		t.Fatal(err)
	}
	var record strings.Builder
	for _, l := range lines {
		if !strings.HasPrefix(l, "1") {
			l = "100 " + l
		}
		fmt.Fprintln(&record, strings.ReplaceAll(l, "~", tp.root))
	}
	if err := tp.Read(strings.NewReader(record.String()), tp.root, 0o022); err != nil {
		t.Fatal(err)
	}
	return tp
}

// shown are all states of a tape: the files in each with their contents, "path=contents" in order.
func shown(t *testing.T, tp *Tape, o Options) []string {
	t.Helper()
	var out []string
	n, err := tp.States(o, func(s State) error {
		var files []string
		for _, it := range s.top {
			switch it.kind {
			case file:
				files = append(files, it.path+"="+string(it.blob.data))
			case link:
				files = append(files, it.path+"→"+it.target)
			case folder:
				if it.path != "" {
					files = append(files, it.path+"/")
				}
			}
		}
		out = append(out, strings.Join(files, " "))
		return nil
	})
	if err != nil || n.Tried != len(out) || n.Different > n.Tried || n.Tried > n.Made {
		t.Fatalf("%d of %+v states, %v", len(out), n, err)
	}
	return out
}

var all = Options{Window: 8, Writes: 8}

func want(t *testing.T, got []string, states ...string) {
	t.Helper()
	got = slices.Compact(slices.Sorted(slices.Values(got)))
	slices.Sort(states)
	if !slices.Equal(got, states) {
		t.Errorf("states\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(states, "\n  "))
	}
}

// What replaces a file: a temporary one, written, synced, renamed.
var (
	makeNext = []string{
		`openat(AT_FDCWD<~>, ".next", O_WRONLY|O_CREAT|O_EXCL, 0644) = 3<~/.next>`, `write(3<~/.next>, "new", 3) = 3`,
	}
	syncNext   = []string{`fsync(3<~/.next>) = 0`, `close(3<~/.next>) = 0`}
	renameNext = []string{`renameat(AT_FDCWD<~>, ".next", AT_FDCWD<~>, "a") = 0`}
	syncDir    = []string{
		`openat(AT_FDCWD<~>, ".", O_RDONLY) = 3<~>`, `fsync(3<~>) = 0`, `close(3<~>) = 0`,
	}
	tell = []string{`write(1<pipe:[7]>, "done", 4) = 4`}
)

// A file that is synced, renamed, and whose folder is synced, is the old one or the new; once the program has said so,
// the new one. Without the sync of the folder the old one may come back; without that of the file half a file is there.
func TestAFileIsReplaced(t *testing.T) {
	before := map[string]string{"a": "old"}
	exempt := func(path string) bool { return path == ".next" }
	for name, c := range map[string]struct {
		calls [][]string
		wrong []string
	}{
		"rightly":                    {[][]string{makeNext, syncNext, renameNext, syncDir, tell}, nil},
		"without that of the folder": {[][]string{makeNext, syncNext, renameNext, tell}, []string{"a is an older one"}},
		"without that of the file": {
			[][]string{makeNext, renameNext, syncDir, tell}, []string{"a is none that ever was there whole"},
		},
		"with that of the folder first": {
			[][]string{makeNext, syncNext, syncDir, renameNext, tell}, []string{"a is an older one"},
		},
		"in place": {
			[][]string{{`openat(AT_FDCWD<~>, "a", O_WRONLY|O_CREAT|O_TRUNC, 0644) = 3<~/a>`, `write(3<~/a>, "new", 3) = 3`,
				`fsync(3<~/a>) = 0`}, tell},
			[]string{"a is none that ever was there whole"},
		},
	} {
		tp := tape(t, before, slices.Concat(c.calls...)...)
		h, wrong := tp.History(), map[string]bool{}
		floor := tp.Said()[0].At
		_, err := tp.States(all, func(s State) error {
			from := 0
			if s.At >= floor {
				from = floor
			}
			for _, w := range h.Wrong(s, from, exempt) {
				wrong[strings.TrimSuffix(w, ", or one that was removed")] = true
			}
			return nil
		})
		if got := slices.Sorted(maps.Keys(wrong)); err != nil || !slices.Equal(got, c.wrong) {
			t.Errorf("%s: %q, %v; want %q", name, got, err, c.wrong)
		}
	}
}

// The states of a file that is replaced, one by one.
func TestStatesOfAReplacement(t *testing.T) {
	tp := tape(t, map[string]string{"a": "old"}, slices.Concat(makeNext, renameNext, syncNext, syncDir)...)
	want(t, shown(t, tp, all),
		"a=old",
		".next= a=old", ".next=new a=old", ".next=n a=old", ".next=\x00\x00\x00 a=old", ".next=\xa5\xa5\xa5 a=old",
		"a=", "a=new", "a=n", "a=\x00\x00\x00", "a=\xa5\xa5\xa5")
}

// Of the newest changes of names every choice may be lost, of those before all or none.
func TestEveryChoiceOfNames(t *testing.T) {
	var calls []string
	for _, name := range []string{"a", "b", "c"} {
		calls = append(calls, fmt.Sprintf(`symlink("x", "%s") = 0`, name))
	}
	tp := tape(t, nil, calls...)
	want(t, shown(t, tp, all), "", "a→x", "b→x", "c→x", "a→x b→x", "a→x c→x", "b→x c→x", "a→x b→x c→x")
	want(t, shown(t, tp, Options{Window: 1, Writes: 1}), "", "a→x", "a→x b→x", "a→x b→x c→x")
	loose := all
	loose.Loose = func(path string) bool { return path != "c" }
	want(t, shown(t, tp, loose), "", "a→x", "a→x b→x", "a→x b→x c→x")
}

// A rename between folders makes the new name before it takes the old one away, and never leaves none.
func TestRenameBetweenFolders(t *testing.T) {
	moved := `rename("一/a", "二/a") = 0`
	syncOf := func(dir string) []string {
		return []string{`open("` + dir + `", O_RDONLY) = 3<~/` + dir + `>`, `fsync(3<~/` + dir + `>) = 0`}
	}
	before := map[string]string{"一/a": "x", "二/b": "y"}
	old, both, done := "一/ 一/a=x 二/ 二/b=y", "一/ 一/a=x 二/ 二/a=x 二/b=y", "一/ 二/ 二/a=x 二/b=y"
	want(t, shown(t, tape(t, before, moved), all), old, both, done)
	last := func(calls ...string) []string {
		tp := tape(t, before, calls...)
		o := all
		o.From = tp.Len()
		return shown(t, tp, o)
	}
	want(t, last(append([]string{moved}, syncOf("二")...)...), both, done)
	want(t, last(append([]string{moved}, syncOf("一")...)...), done)
	want(t, last(moved, `sync() = 0`), done)
	want(t, last(moved, `rename("二/b", "二/a") = 0`),
		"一/ 一/a=x 二/ 二/a=y", "一/ 一/a=x 二/ 二/a=x 二/b=y", "一/ 一/a=x 二/ 二/b=y", "一/ 二/ 二/a=y", "一/ 二/ 二/a=x 二/b=y")
	// Where the first must be on disk, what was called so before it must not come back over it.
	want(t, last(append([]string{`symlink("z", "二/a") = 0`, moved}, syncOf("一")...)...), done)
}

// A folder is there once the one above it is synced, and what is in it once it is itself.
func TestFoldersInFolders(t *testing.T) {
	o := all
	calls := []string{`mkdir("一", 0755) = 0`, `mkdir("一/二", 0755) = 0`}
	want(t, shown(t, tape(t, nil, calls...), o), "", "一/", "一/ 一/二/")
	calls = append(calls, `open("一", O_RDONLY) = 3<~/一>`, `fsync(3<~/一>) = 0`)
	tp := tape(t, nil, calls...)
	o.From = tp.Len()
	want(t, shown(t, tp, o), "", "一/ 一/二/")
	calls = append(calls, `open(".", O_RDONLY) = 4<~>`, `fsync(4<~>) = 0`)
	tp = tape(t, nil, calls...)
	o.From = tp.Len()
	want(t, shown(t, tp, o), "一/ 一/二/")
	// What is done in a folder that is gone for good makes no states.
	tp = tape(t, nil, append(calls, `rmdir("一/二") = 0`, `rmdir("一") = 0`, `fsync(4<~>) = 0`)...)
	o.From = tp.Len()
	if want(t, shown(t, tp, o), ""); len(newestPending(tp)) > 0 {
		t.Error("changes are left in a folder that nothing leads to")
	}
}

func newestPending(tp *Tape) []*pending {
	r := newReplay(tp)
	for r.done < tp.Len() {
		r.step()
	}
	return r.pending
}

// What was done after a sync began is not on disk by it, nor what another program adds by it undone.
func TestSyncsAndOthers(t *testing.T) {
	o := all
	// In order of the ends: a link is made while the sync is under way.
	tp := tape(t, nil, `open(".", O_RDONLY) = 4<~>`, `symlink("x", "a") = 0`, `101 fsync(4<~> <unfinished ...>`,
		`symlink("x", "b") = 0`, `101 <... fsync resumed>) = 0`)
	o.From = tp.Len()
	want(t, shown(t, tp, o), "a→x", "a→x b→x")
	if err := os.Symlink("x", filepath.Join(tp.root, "a")); err != nil {
		t.Fatal(err)
	}
	if err := tp.Verify(); err == nil || !strings.Contains(err.Error(), `"b", a link to x, is not there`) {
		t.Errorf("a link that is not there: %v", err)
	}
	for name, text := range map[string]string{"b": "a file now", "c": "new"} { // what people do is on disk
		if err := os.WriteFile(filepath.Join(tp.root, name), []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	if err := tp.Adopt(); err != nil {
		t.Fatal(err)
	}
	o.From = tp.Len()
	want(t, shown(t, tp, o), "a→x b=a file now c=new")
	if err := os.Remove(filepath.Join(tp.root, "c")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(tp.root, "b"), []byte("other"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := tp.Adopt(); err != nil {
		t.Fatal(err)
	}
	o.From = tp.Len()
	want(t, shown(t, tp, o), "a→x b=other")
	h := tp.History()
	if !h.Since("b", sumText("a file now"), sumText("other")) || h.Since("b", sumText("other"), sumText("a file now")) {
		t.Error("the order of versions is lost")
	}
}

// The mode that was set and is not on disk may be the one of before.
func TestModes(t *testing.T) {
	tp := tape(t, nil, `open("a", O_CREAT|O_WRONLY, 0600) = 3<~/a>`, `fsync(3<~/a>) = 0`, `fchmod(3<~/a>, 0644) = 0`)
	modes := map[string]bool{}
	_, err := tp.States(all, func(s State) error {
		for _, it := range s.top {
			if it.path == "a" {
				modes[it.mode.String()] = true
			}
		}
		return nil
	})
	if got := slices.Sorted(maps.Keys(modes)); err != nil || !slices.Equal(got, []string{"-rw-------", "-rw-r--r--"}) {
		t.Errorf("%q, %v", got, err)
	}
}

// A state is shown as it is, after any other, and copied.
func TestScratch(t *testing.T) {
	tp := tape(t, map[string]string{"一/a": "x", "b": "y"}, `rename("b", "一/a") = 0`, `mkdir("b", 0750) = 0`,
		`symlink("../一/a", "b/c") = 0`, `unlink("一/a") = 0`, `rmdir("一") = 0`)
	scratch, err := NewScratch(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	show := func(s State) error {
		n++
		copied := filepath.Join(t.TempDir(), "copy")
		if err := scratch.Show(s); err != nil {
			return err
		}
		if err := s.Copy(copied); err != nil {
			return err
		}
		for _, dir := range []string{scratch.Dir, copied} {
			here, err := New(dir)
			if err != nil {
				return err
			}
			got, want := newReplay(here).state(all, nil, reached, false), s
			if got.Sum != want.Sum {
				t.Errorf("%v: %s holds %+v, want %+v", s, dir, got.top, want.top)
			}
		}
		return nil
	}
	if _, err := tp.States(all, show); err != nil || n != 15 {
		t.Errorf("%d states, %v", n, err)
	}
}

func sumText(s string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(s))) }
