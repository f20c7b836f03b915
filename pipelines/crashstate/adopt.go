package crashstate

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Adopt adds to the tape what others have done to the folder since: it is on disk, and power does not fail in between.
func (t *Tape) Adopt() error {
	here := map[string]bool{}
	err := walk(t.root, func(path string, n *node, c *content) error {
		here[path] = true
		old := t.find(path)
		if old == nil || old.kind != n.kind || old.target != n.target {
			dir, name := split(path)
			n.born = c.mode
			t.add(op{kind: opEntry, own: true, changes: []change{{t.find(dir), name, n, path}}})
			old = n
		}
		is := t.now.of(old)
		if is.mode != c.mode {
			t.add(op{kind: opMode, node: old, mode: c.mode, own: true})
		}
		if !bytes.Equal(is.data, c.data) {
			t.add(op{kind: opReplace, node: old, data: c.data, own: true})
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading the folder: %w", err)
	}
	var gone []change
	var look func(path string, n *node)
	look = func(path string, n *node) {
		for _, name := range slices.Sorted(maps.Keys(t.now.of(n).entries)) {
			in, at := t.now.of(n).entries[name], strings.TrimPrefix(path+"/"+name, "/")
			if !here[at] {
				gone = append(gone, change{n, name, nil, at})
				continue
			}
			look(at, in)
		}
	}
	look("", t.top)
	for _, c := range gone {
		t.add(op{kind: opEntry, own: true, changes: []change{c}})
	}
	return t.Verify()
}
