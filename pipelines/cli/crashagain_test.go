package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// ask runs verbs that read in a copy of the state, as a person would after a power cut. States that differ only in what
// is half-made are asked once.
func (o *opening) ask() {
	key := o.state.Files(halfMade)
	if o.asked[key] {
		return
	}
	o.asked[key] = true
	c, gone := o.copied()
	defer gone()
	_, published := o.state.Path(pointer)
	for _, args := range [][]string{
		{"status"}, {"sql", "--format", "csv", "SELECT count(*) AS n FROM marts.initiatives"},
	} {
		var out, said bytes.Buffer
		at := []string{
			"--config", filepath.Join(c.dir, "kyogikai.yaml"), "--inputs", c.inputs, "--outputs", c.outputs,
		}
		code := Run(context.Background(), append(at, args...), World{
			Stdin: strings.NewReader(
				"",
			),
			Stdout:   &out,
			Stderr:   &said,
			Embedded: os.DirFS(root),
			Clock:    time.Now,
			Getenv:   os.Getenv,
		})
		if published != (code == exitDone || code == exitFindings) || !published && code != exitFailed {
			o.failf("%q: exit %d, published %v\n%s%s", args, code, published, out.String(), said.String())
		}
	}
}

// copied is a city that holds what the state does.
func (o *opening) copied() (c *city, gone func()) {
	o.t.Helper()
	dir, err := os.MkdirTemp(o.scratch, "copy")
	if err != nil {
		o.t.Fatal(err)
	}
	c = &city{t: o.t, dir: filepath.Join(dir, "city")}
	c.inputs, c.outputs = filepath.Join(c.dir, "inputs"), filepath.Join(c.dir, "outputs")
	if err := o.state.Copy(c.dir); err != nil {
		o.t.Fatal(err)
	}
	return c, func() { _ = os.RemoveAll(dir) } // the folder goes with the test
}

// again runs the verbs again in a copy of the state, which must publish what they publish undisturbed: nothing that the
// power cut has left is in their way, or passes for what it is not.
func (o *opening) again() {
	c, gone := o.copied()
	defer gone()
	for _, args := range o.verbs {
		if said, code := c.run(args...); code != exitDone && code != exitFindings {
			o.failf("%q again: exit %d\n%s", args, code, said)
			return
		}
	}
	if want := o.publish[c.inputsSum()]; want == "" {
		o.failf("%q again leave inputs that nothing was published from", o.verbs)
	} else if c.marts() != want {
		o.failf("%q again publish something else", o.verbs)
	}
	if half, err := filepath.Glob(filepath.Join(c.outputs, "warehouse", "*.wal")); err != nil || len(half) > 0 {
		o.failf("left half-made: %q, %v", half, err)
	}
}

// inputsSum names what is in the inputs.
func (c *city) inputsSum() string {
	c.t.Helper()
	h := sha256.New()
	err := fs.WalkDir(os.DirFS(c.inputs), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || halfMade(path) {
			return err
		}
		data, err := os.ReadFile(filepath.Join(c.inputs, path))
		fmt.Fprintf(h, "%s %x\n", path, sha256.Sum256(data))
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}
