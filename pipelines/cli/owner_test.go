package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// verb is a command of the name with the flags of check, as the command line gives them.
func verb(t *testing.T, name string, flags ...string) *cobra.Command {
	t.Helper()
	c := &cobra.Command{Use: name}
	for _, f := range []string{"returns", "reading", "form"} {
		c.Flags().String(f, "", "")
	}
	for _, f := range flags {
		if err := c.Flags().Set(f, "1"); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// Root leaves nothing in the outputs of another user, who could not replace it at night; who runs in them, counts, not
// whose the folder is.
func TestRootDoesNotWriteForAnother(t *testing.T) {
	const other = 4711
	folder := func(owner, lock int) string {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, ".lock"), nil, 0o644); err != nil {
			t.Fatal(err)
		}
		if lock < 0 {
			_ = os.Remove(filepath.Join(dir, ".lock"))
		} else if err := os.Chown(filepath.Join(dir, ".lock"), lock, -1); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(dir, owner, -1); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	self := os.Getuid()
	if self != 0 { // who is not root cannot give files away, and has some of its own
		folder = func(int, int) string { return t.TempDir() }
	}
	for _, c := range []struct {
		name    string
		verb    *cobra.Command
		outputs string
		uid     int
		refused bool
	}{
		{"root in the folder of another", verb(t, "load"), folder(other, other), 0, true},
		{"root before the first run", verb(t, "nightly"), folder(other, -1), 0, true},
		{"the service itself", verb(t, "load"), folder(other, other), other, false},
		{"a verb that only reads", verb(t, "status"), folder(other, other), 0, false},
		{"check that only prints", verb(t, "check"), folder(other, other), 0, false},
		{"check of a form", verb(t, "check", "form"), folder(other, other), 0, false},
		{"check that marks copies", verb(t, "check", "returns"), folder(other, other), 0, true},
		{"check that draws", verb(t, "check", "reading"), folder(other, other), 0, true},
		{"outputs that are not there yet", verb(t, "load"), filepath.Join(t.TempDir(), "none"), 0, false},
	} {
		o := &options{outputs: c.outputs}
		err := o.refuseForeign(c.verb, c.uid)
		if (err != nil) != c.refused {
			t.Errorf("%s: %v", c.name, err)
		}
		if err != nil && !strings.Contains(err.Error(), "kyogikai "+c.verb.Name()+" のように") {
			t.Errorf("%s: %v does not say what to type", c.name, err)
		}
	}
	if self == 0 { // what root has always run in stays root's
		o := &options{outputs: folder(other, 0)}
		if err := o.refuseForeign(verb(t, "load"), 0); err != nil {
			t.Errorf("root in what root has run in: %v", err)
		}
	}
}

// Every verb that is named exists, and none of its flags is another verb's.
func TestWritersAreVerbs(t *testing.T) {
	for name, flags := range writers {
		out, _, code := run(t.Context(), append(strings.Fields(name), "--help")...)
		if code != exitDone || !strings.Contains(out, "kyogikai "+name) {
			t.Errorf("%s is no verb", name)
		}
		for _, f := range flags {
			if !strings.Contains(out, "--"+f) {
				t.Errorf("%s has no --%s", name, f)
			}
		}
	}
}
