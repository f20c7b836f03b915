package atomicfile

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kyogikai/pipelines/crashstate"
	"kyogikai/pipelines/trial"
)

// doingAll makes the test binary do everything that the package does, in the folder that it names.
const doingAll = "KYOGIKAI_TEST_DOING_ALL"

func TestMain(m *testing.M) {
	if dir := os.Getenv(doingAll); dir != "" {
		if err := doAll(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// doAll says after each step that it is done: from then on it must outlast a power cut.
func doAll(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	in := func(names ...string) string { return filepath.Join(append([]string{dir}, names...)...) }
	make := func(name, text string) error { return os.WriteFile(in(name), []byte(text), 0o444) }
	for i, do := range []func() error{
		func() error { return Write(in("深い", "所", "a"), []byte("一つ目")) },
		func() error { return Write(in("深い", "所", "a"), []byte("二つ目")) },
		func() error { return MkdirAll(in("作る", "下")) },
		func() error {
			return errors.Join(root.Mkdir(".next-s", 0o755), WriteIn(root, ".next-s/a", "市/部/a", []byte("一")))
		},
		func() error { return WriteIn(root, ".next-s/a", "市/部/a", []byte("二")) },
		func() error { return errors.Join(make(".next-1", "置く"), Place(in(".next-1"), in("b"))) },
		func() error { return errors.Join(make(".next-1", "また置く"), Place(in(".next-1"), in("b"))) },
		func() error { return Point(in(".next-l"), in("今"), "b") },
		func() error { return Point(in(".next-l"), in("今"), "c") },
		func() error { return Remove(in("b")) },
		func() error {
			return errors.Join(os.MkdirAll(in(".next-2", "下"), 0o700), make(".next-2/a", "版"), make(".next-2/下/b", "版の下"),
				PlaceFolder(in(".next-2"), in("第1版")))
		},
	} {
		if err := do(); err != nil {
			return fmt.Errorf("step %d: %w", i, err)
		}
		fmt.Println("done", i)
	}
	return nil
}

// Whenever power fails, what had been done stays done, and what is done then is done as a whole or not at all. A
// program that does not put folders on disk is found out.
func TestPowerFails(t *testing.T) {
	trial.Needs(t, "strace")
	dir := t.TempDir()
	tape, err := crashstate.New(dir)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), doingAll+"="+dir)
	if code, err := tape.Record(cmd); err != nil || code != 0 || len(tape.Said()) != 12 {
		t.Fatalf("exit %d, %v: %v", code, err, tape.Said())
	}
	history := tape.History()
	wrong := func(tape *crashstate.Tape) (n int, first string) {
		count, err := tape.States(crashstate.Options{Window: 8, Writes: 4}, func(s crashstate.State) error {
			floor := 0
			for _, m := range tape.Said() {
				if m.At <= s.At {
					floor = m.At
				}
			}
			half := func(path string) bool { return strings.HasPrefix(path, ".next-") || strings.Contains(path, "/.next-") }
			if found := history.Wrong(s, floor, half); len(found) > 0 {
				if n++; n == 1 {
					first = fmt.Sprintf("%v: %q", s, found)
				}
			}
			return nil
		})
		if err != nil || count.Different < 100 {
			t.Fatalf("%+v states, %v", count, err)
		}
		t.Logf("%+v states, %d wrong", count, n)
		return n, first
	}
	if n, first := wrong(tape); n > 0 {
		t.Errorf("%d states are wrong, the first %s", n, first)
	}
	if n, _ := wrong(tape.Careless()); n == 0 {
		t.Error("nothing is found where no folder is put on disk")
	}
}
