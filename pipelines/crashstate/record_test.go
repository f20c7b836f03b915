package crashstate

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"unsafe"

	"kyogikai/pipelines/trial"
)

// callingAll makes the test binary call everything that a tape can hold, in the folder that it names.
const callingAll = "KYOGIKAI_TEST_CALLING_ALL"

func TestMain(m *testing.M) {
	if dir := os.Getenv(callingAll); dir != "" {
		if err := callAll(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func callAll(dir string) error {
	if err := os.Chdir(dir); err != nil {
		return err
	}
	a, err := os.OpenFile("a", os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return err
	}
	write := func(f *os.File, text string) error {
		_, err := f.WriteString(text)
		return err
	}
	at := func(f *os.File, text string, offset int64) error {
		_, err := f.WriteAt([]byte(text), offset)
		return err
	}
	seek := func(f *os.File, offset int64) error {
		_, err := f.Seek(offset, io.SeekStart)
		return err
	}
	second, err := syscall.Dup(int(a.Fd()))
	if err != nil {
		return err
	}
	b := os.NewFile(uintptr(second), "b") // stands where a does
	err = errors.Join(write(a, "いろは"), at(a, "X", 20), seek(a, 3), write(b, "に"), write(a, "ほ"), a.Truncate(18),
		a.Truncate(30), syscall.Fallocate(int(a.Fd()), 0, 10, 40), syscall.Fallocate(int(a.Fd()), 0, 0, 4), a.Sync(),
		syscall.Fdatasync(int(a.Fd())), a.Chmod(0o640), os.Chmod("a", 0o604))
	added, err2 := os.OpenFile("added", os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err = errors.Join(err, err2); err != nil {
		return err
	}
	err = errors.Join(write(added, "一行目\n"), at2(added), write(added, "三行目\n"))
	copied, err2 := os.Create("copied")
	if err = errors.Join(err, err2); err != nil {
		return err
	}
	_, err = io.Copy(copied, io.LimitReader(a, 7)) // copy_file_range
	_, err2 = syscall.Sendfile(int(copied.Fd()), int(a.Fd()), nil, 5)
	buffers := [][]byte{[]byte("vec"), []byte("tor, \"quoted\" \x00\xff>)")}
	if err = errors.Join(err, err2, vector(copied, buffers), os.Truncate("copied", 30)); err != nil {
		return err
	}
	err = errors.Join(os.Mkdir("d", 0o777), os.Mkdir("d/e", 0o700), os.Link("a", "d/hard"), os.Symlink("a", "soft"),
		os.Rename("d/hard", "d/e/hard"), os.Rename("soft", "d/soft"), os.Mkdir("f", 0o755), os.Remove("f"),
		os.WriteFile("gone", []byte("x"), 0o600), os.Remove("gone"), os.WriteFile("d/e/again", []byte("long"), 0o600),
		os.WriteFile("d/e/again", []byte("s"), 0o600), os.Rename("d/e/again", "added"))
	return errors.Join(err, shell(), threads())
}

// at2 writes through a descriptor of its own to a file that another one appends to.
func at2(added *os.File) error {
	f, err := os.OpenFile(added.Name(), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString("二行目\n")
	return errors.Join(err, f.Close())
}

func vector(f *os.File, parts [][]byte) error {
	iovs := make([]syscall.Iovec, len(parts))
	for i, p := range parts {
		iovs[i] = syscall.Iovec{Base: &p[0], Len: uint64(len(p))}
	}
	_, _, errno := syscall.Syscall(syscall.SYS_WRITEV, f.Fd(), uintptr(unsafe.Pointer(&iovs[0])), uintptr(len(iovs)))
	if errno != 0 {
		return errno
	}
	return nil
}

// shell does by other processes what another one does by itself.
func shell() error {
	f, err := os.OpenFile("said", os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // what is in it is compared
	cmd := exec.Command("sh", "-ec", `
		echo 標準出力
		(umask 077; cd d/e; echo 一 > ./rel; echo 二 >> rel; mv rel ../rel; (echo 三; sh -c 'echo 四' & wait) > sub)
		mkdir -p g/h; echo x > g/h/i; mv g j; rm j/h/i; rmdir j/h
		echo 標準出力も`)
	cmd.Stdout = f
	return cmd.Run()
}

// threads write at once.
func threads() error {
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() {
			for k := range 20 {
				next, name := fmt.Sprintf(".t%d", i), fmt.Sprintf("t%d", i%3)
				errs[i] = errors.Join(errs[i], os.WriteFile(next, []byte(strings.Repeat(fmt.Sprint(i), k+1)), 0o644),
					os.Rename(next, name+fmt.Sprint(i)))
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// What is recorded makes what is there, to the byte; Record compares. The whole of it, as the last state, is there too.
func TestRecord(t *testing.T) {
	trial.Needs(t, "strace")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "before"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	tape, err := New(dir)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), callingAll+"="+dir)
	if code, err := tape.Record(cmd); err != nil || code != 0 {
		t.Fatalf("exit %d, %v: %v", code, err, tape.Said())
	}
	seen := map[string]bool{}
	for _, o := range tape.ops {
		seen[fmt.Sprint(o.kind)] = true
	}
	if len(seen) < 5 || tape.Len() < 300 {
		t.Errorf("%d ops of %d kinds", tape.Len(), len(seen))
	}
	scratch, err := NewScratch(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var last State
	if _, err := tape.States(Options{Window: 0, Writes: 1, From: tape.Len()}, func(s State) error {
		if strings.HasSuffix(s.Lost, fateNames[reached]) && !strings.Contains(s.Lost, ";") {
			last = s
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := scratch.Show(last); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("diff", "-r", "--no-dereference", dir, scratch.Dir).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// What a tape cannot hold is refused, and so is a record that is cut short.
func TestRefused(t *testing.T) {
	for want, lines := range map[string][]string{
		"a tape cannot hold O_DSYNC": {`open("a", O_CREAT|O_DSYNC, 0600) = 3<~/a>`},
		"a tape cannot hold this call": {
			`open("a", O_CREAT|O_RDWR, 0600) = 3<~/a>`, `mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 3<~/a>, 0) = 0x7f00`,
		},
		"it comes from outside":      {`rename("/etc/passwd", "a") = 0`},
		`"a" was never made`:         {`open("a", O_WRONLY) = 3<~/a>`},
		"2 bytes of 3 were recorded": {`open("a", O_CREAT|O_RDWR, 0600) = 3<~/a>`, `write(3<~/a>, "ab", 3) = 3`},
		"no whole text":              {`open("a", O_CREAT|O_RDWR, 0600) = 3<~/a>`, `write(3<~/a>, "ab"..., 3) = 3`},
		"an end without a beginning": {`<... write resumed>) = 3`},
		"no call":                    {`what is this`},
		"brackets or quotes":         {`write(3<~/a>, [{"a", 3) = 3`},
		"no byte":                    {`mkdir("\xg1", 0755) = 0`},
		`no folder for "ない/a"`:       {`mkdir("ない/a", 0755) = 0`},
		"fallocate": {
			`open("a", O_CREAT|O_RDWR, 0600) = 3<~/a>`,
			`fallocate(3<~/a>, FALLOC_FL_PUNCH_HOLE, 0, 1) = 0`,
		},
		"only what comes from the fol": {
			`open("a", O_CREAT|O_RDWR, 0600) = 3<~/a>`,
			`sendfile(3<~/a>, 4</etc/passwd>, NULL, 9) = 9`,
		},
	} {
		dir := t.TempDir()
		tp, err := New(dir)
		if err != nil {
			t.Fatal(err)
		}
		record := "100 " + strings.ReplaceAll(strings.Join(lines, "\n100 "), "~", tp.root)
		if err := tp.Read(strings.NewReader(record), dir, 0o022); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want %s", lines, err, want)
		}
	}
	// What is elsewhere, or only looks, or failed, is nothing to a tape.
	tp := tape(t, nil, `open("/etc/passwd", O_RDONLY) = 3</etc/passwd>`, `write(3</etc/passwd>, "x", 1) = 1`,
		`mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE, 3<~/a>, 0) = 0x7f00`, `mkdir("/tmp/x", 0755) = 0`,
		`unlink("a") = -1 ENOENT (No such file or directory)`, `fsync(3</etc/passwd>) = 0`, `rename("/tmp/x", "/tmp/y") = 0`,
		`exit_group(0) = ?`, `+++ exited with 0 +++`)
	if tp.Len() != 0 {
		t.Errorf("%d ops", tp.Len())
	}
}

// Processes and threads: a child has copies of descriptors, a thread the same; a call that has not ended is done when
// it ends.
func TestProcesses(t *testing.T) {
	tp := tape(t, nil,
		`100 open("a", O_CREAT|O_RDWR, 0600) = 3<~/a>`,
		`100 clone(child_stack=NULL, flags=CLONE_VM|CLONE_FILES|SIGCHLD <unfinished ...>`,
		`101 write(3<~/a>, "thread", 6) = 6`,
		`100 <... clone resumed>) = 101`,
		`100 vfork( <unfinished ...>`,
		`102 chdir("/tmp") = 0`,
		`102 write(3<~/a>, ", child", 7) = 7`,
		`102 close(3<~/a>) = 0`,
		`102 openat(AT_FDCWD<~>, "b", O_CREAT|O_WRONLY|O_APPEND, 0666) = 3<~/b>`,
		`102 write(3<~/b>, "of the child", 12) = 12`,
		`102 +++ exited with 0 +++`,
		`100 <... vfork resumed>) = 102`,
		`100 write(3<~/a>, ", end" <unfinished ...>`,
		`101 pwrite64(3<~/a>, "T", 1, 0) = 1`,
		`100 <... write resumed>, 5) = 5`,
		`100 mkdir("here", 0755) = 0`,
		`101 dup2(3<~/a>, 7) = 7<~/a>`,
		`101 lseek(7<~/a>, 1, SEEK_SET) = 1`,
		`100 write(3<~/a>, "H", 1) = 1`,
	)
	var files []string
	for name, n := range tp.now.of(tp.top).entries {
		files = append(files, name+"="+string(tp.now.of(n).data))
	}
	slices.Sort(files)
	if want := []string{"a=THread, child, end", "b=of the child", "here="}; !slices.Equal(files, want) {
		t.Errorf("%q, want %q", files, want)
	}
}
