package bounded

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// tries are what a child tries that may not: each gives 0 where it could, 1 where it could not.
var tries = map[string]func(path string) int{
	"create": func(p string) int { return could(os.WriteFile(filepath.Join(p, "new"), []byte("x"), 0o644)) },
	"append": func(p string) int {
		f, err := os.OpenFile(filepath.Join(p, "old"), os.O_WRONLY|os.O_APPEND, 0)
		if err == nil {
			_, err = f.WriteString("more")
		}
		return could(err)
	},
	"truncate": func(p string) int { return could(os.Truncate(filepath.Join(p, "old"), 0)) },
	"rename":   func(p string) int { return could(os.Rename(filepath.Join(p, "old"), filepath.Join(p, "other"))) },
	"remove":   func(p string) int { return could(os.Remove(filepath.Join(p, "old"))) },
	"folder":   func(p string) int { return could(os.Mkdir(filepath.Join(p, "sub"), 0o755)) },
	"link":     func(p string) int { return could(os.Symlink("old", filepath.Join(p, "link"))) },
	"threads": func(p string) int { // none of its threads may
		for range 20 {
			done := make(chan int)
			go func() { done <- could(os.WriteFile(filepath.Join(p, "new"), []byte("x"), 0o644)) }()
			if <-done == 0 {
				return 0
			}
		}
		return 1
	},
	"grandchild": func(p string) int { return could(exec.Command("touch", filepath.Join(p, "new")).Run()) },
	"talk": func(address string) int {
		c, err := net.Dial("tcp", address)
		if err == nil {
			_ = c.Close()
		}
		return could(err)
	},
	"large": func(p string) int {
		return could(os.WriteFile(filepath.Join(p, "large"), make([]byte, 3<<20), 0o644))
	},
	"say": func(text string) int { // to what it has inherited
		_, err := os.Stdout.WriteString(text)
		return could(err)
	},
	"line": talkOverLine,
}

func could(err error) int {
	if err != nil {
		return 1
	}
	return 0
}

// A child can change nothing but beneath its folder, whatever it tries, and there it can; what it has inherited it goes
// on writing to.
func TestWritesBeneathItsFolderAlone(t *testing.T) {
	for what := range tries {
		if what == "say" || what == "talk" || what == "large" || what == "line" {
			continue
		}
		for _, within := range []bool{true, false} {
			own, other := t.TempDir(), t.TempDir()
			dir := map[bool]string{true: own, false: other}[within]
			if err := os.WriteFile(filepath.Join(dir, "old"), []byte("old"), 0o644); err != nil {
				t.Fatal(err)
			}
			code := codeOf(t, child(what, dir), Limits{Folder: own})
			if want := map[bool]int{true: 0, false: 1}[within]; code != want {
				t.Errorf("%s, in its own folder %v: %d", what, within, code)
			}
			data, err := os.ReadFile(filepath.Join(other, "old"))
			if left, _ := os.ReadDir(other); !within && (err != nil || string(data) != "old" || len(left) != 1) {
				t.Errorf("%s has changed another folder: %q, %v, %v", what, data, err, left)
			}
		}
	}
	said := child("say", "inherited")
	var out bytes.Buffer
	said.Stdout = &out
	if code := codeOf(t, said, Limits{Folder: t.TempDir()}); code != 0 || out.String() != "inherited" {
		t.Errorf("%d, %q", code, out.String())
	}
	// The parent may go on as before.
	if err := os.WriteFile(filepath.Join(t.TempDir(), "x"), nil, 0o644); err != nil {
		t.Error(err)
	}
}

// Nor can it reach another machine, this one included.
func TestTalksToNobody(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // of a test
	address := l.Addr().String()
	if code := codeOf(t, child("talk", address), Limits{}); code != 0 {
		t.Errorf("a child that is not confined: %d", code)
	}
	if code := codeOf(t, child("talk", address), Limits{Folder: t.TempDir()}); code != 1 {
		t.Errorf("a confined child: %d", code)
	}
}

// Where the system cannot hold it to a folder, no file gets larger than allowed.
func TestFilesAreBounded(t *testing.T) {
	for _, c := range []struct {
		most string
		code int
	}{{"", 0}, {"3145728", 0}, {"3145727", 1}} {
		cmd := child("large", t.TempDir())
		if c.most != "" {
			cmd.Env = append(os.Environ(), filesVariable+"="+c.most)
		}
		if code := codeOf(t, cmd, Limits{}); (code != 0) != (c.code != 0) {
			t.Errorf("at most %s: %d", c.most, code)
		}
	}
	wrong := map[string]string{variable: "0", filesVariable: "x"}
	if _, err := Enter(func(name string) string { return wrong[name] }); err == nil {
		t.Error("a size that is none is taken")
	}
}

// A folder that is not there confines nobody: that is told, and files are bounded.
func TestConfinedTells(t *testing.T) {
	running, err := Start(t.Context(), child("large", t.TempDir()), Limits{Folder: "/no/such/folder", FileSize: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	if err := running.Wait(); err == nil || running.Confined() == nil {
		t.Errorf("%v, %v", err, running.Confined())
	}
}

func codeOf(t *testing.T, c *exec.Cmd, l Limits) int {
	t.Helper()
	running, err := Start(t.Context(), c, l)
	if err != nil {
		t.Fatal(err)
	}
	err = running.Wait()
	var end *EndError
	if l.Folder != "" && running.Confined() != nil {
		t.Fatalf("this system does not confine: %v", running.Confined())
	}
	if errors.As(err, &end) {
		return end.Code
	}
	if err != nil {
		t.Fatal(err)
	}
	return 0
}

// asked is what goes over the line in these tests, and answered what comes back.
type asked struct{ Text string }

// A child asks its parent over a line, long questions too, and gets files that it could not open itself.
func TestLine(t *testing.T) {
	dir := t.TempDir()
	line, theirs, err := NewLine()
	if err != nil {
		t.Fatal(err)
	}
	c := child("line", "300000")
	c.ExtraFiles = []*os.File{theirs}
	running, err := Start(t.Context(), c, Limits{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	_ = theirs.Close()
	longest, questions := 0, 0
	err = line.Serve(func(question json.RawMessage) (any, *os.File) {
		questions++
		var q asked
		if err := json.Unmarshal(question, &q); err != nil {
			t.Error(err)
		}
		longest = max(longest, len(q.Text))
		if q.Text != "file" {
			return asked{q.Text + "!"}, nil
		}
		f, err := os.Create(filepath.Join(dir, "opened"))
		if err != nil {
			t.Error(err)
		}
		return asked{"here"}, f
	})
	line.Close()
	data, failed := os.ReadFile(filepath.Join(dir, "opened"))
	if err != nil || running.Wait() != nil || longest != 900_000 || questions != 22 || string(data) != "from the child" {
		t.Errorf("%v, %v, %d bytes, %d questions, %q, %v", err, running.Wait(), longest, questions, data, failed)
	}
}

func talkOverLine(length string) int {
	n, err := strconv.Atoi(length)
	if err != nil {
		return 9
	}
	text := strings.Repeat("長", n)
	l, err := LineOn(os.NewFile(3, "line"))
	if err != nil {
		return 1
	}
	for i := range 20 {
		text := text[:i*3]
		var a asked
		if f, err := l.Ask(asked{text}, &a); err != nil || f != nil || a.Text != text+"!" {
			return 2
		}
	}
	var a asked
	if _, err := l.Ask(asked{text}, &a); err != nil || a.Text != text+"!" {
		return 3
	}
	f, err := l.Ask(asked{"file"}, &a)
	if err != nil || f == nil || a.Text != "here" {
		return 4
	}
	_, err = io.WriteString(f, "from the child")
	return could(err)
}
