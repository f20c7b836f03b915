// Package crashstate finds out what a power cut can leave of what a program writes: it records the system calls of a
// run, and makes every state of files and folders that may be found on the disk after power failed between two of them.
// It is for tests.
//
// # What may be lost
//
// A file system keeps two things of a file apart: what is in it, and what a folder calls it. The first is on disk once
// fsync or fdatasync of the file has returned, the second once fsync of the folder has, for what had been done before
// that call began. What is not yet on disk when power fails may be there or not:
//
//   - an entry that was made, renamed or removed is there as it was before or as it is now. Each goes by itself: a
//
// later
//
//	  one may be on disk and an earlier one not, also in the same folder. A rename within a folder is one change, as a
//	  journal makes it; one between folders may leave both names, and never none.
//	- fsync of a file puts no name of it on disk, and fsync of a folder neither contents of files nor what is in the
//	  folders below it.
//	- what was written to a file and not put on disk is there, or not there at all (the file is empty, or as it was
//
// when
//
//	it was put on disk last), or half of it is, or the file has its new length and holds zeros or noise where it was
//	written. The same becomes of all files of one state. So does the mode that was set and not put on disk.
//
// That is more than ext4, XFS or btrfs do with their usual settings, and is what POSIX lets them do. Not in it are
// disks that lie about what they have written, and contents that change after fsync.
package crashstate

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Tape is what runs have done to a folder, one after another, and what the folder held before the first.
type Tape struct {
	root  string
	top   *node // the folder itself
	first world // before the first op
	now   world // after the last
	ops   []op
	said  []Moment
}

// Moment is something that a program said, or its end.
type Moment struct {
	At   int    // of the ops, so many had been done
	Text string // "exit 0" is an end
}

type kind int

const (
	file kind = iota
	folder
	link
)

// node is a file, a folder or a link, whatever folders call it.
type node struct {
	kind   kind
	born   fs.FileMode // its mode when it was made
	path   string      // where it was made
	target string      // of a link
}

// content is what is in a node at some time.
type content struct {
	mode    fs.FileMode
	data    []byte           // of a file
	entries map[string]*node // of a folder
}

// world is what is in all nodes at some time.
type world map[*node]*content

type opKind int

const (
	opEntry   opKind = iota // folders call nodes otherwise: all of changes at once
	opWrite                 // data at offset
	opResize                // offset is the new length
	opReplace               // data is all that is in it now
	opMode                  // mode
	opSync                  // of a file or a folder
	opSyncAll               // of everything
	opNothing
)

// op is a change, or what puts changes on disk.
type op struct {
	kind    opKind
	node    *node
	changes []change
	offset  int64
	data    []byte
	mode    fs.FileMode
	since   int    // of opSync and opSyncAll: ops from here on had not been done when it began
	own     bool   // it was on disk at once
	text    string // for people
}

// change is that a folder calls a node by a name, or, where node is nil, nothing any more.
type change struct {
	dir  *node
	name string
	node *node
	path string // of dir and name, when it was called so
}

// New begins a tape of a folder with what it holds now, all of it on disk.
func New(root string) (*Tape, error) {
	root, err := filepath.EvalSymlinks(root)
	if err != nil {
		return nil, fmt.Errorf("looking for the folder: %w", err)
	}
	t := &Tape{root: root, first: world{}, now: world{}}
	paths := map[string]*node{}
	err = walk(root, func(path string, n *node, c *content) error {
		t.first[n], paths[path] = c, n
		if path == "" {
			t.top = n
			return nil
		}
		dir, name := split(path)
		t.first[paths[dir]].entries[name] = n
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the folder: %w", err)
	}
	t.now = t.first.clone()
	return t, nil
}

// split parts a path in the folder into that of the folder above it, "" for the topmost, and the name.
func split(path string) (dir, name string) {
	dir, name = filepath.Split(path)
	return strings.TrimSuffix(dir, "/"), name
}

// walk calls f for all that is in a folder, folders before what is in them; their paths are relative to it.
func walk(root string, f func(path string, n *node, c *content) error) error {
	return filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		rel := strings.TrimPrefix(strings.TrimPrefix(path, root), "/")
		n, c := &node{path: rel}, &content{mode: info.Mode().Perm()}
		switch {
		case e.IsDir():
			n.kind, c.entries = folder, map[string]*node{}
		case e.Type()&fs.ModeSymlink != 0:
			n.kind, c.mode = link, 0o777
			n.target, err = os.Readlink(path)
		default:
			c.data, err = os.ReadFile(path)
		}
		if err != nil {
			return err
		}
		return f(rel, n, c)
	})
}

func (w world) clone() world {
	out := world{}
	for n, c := range w {
		out[n] = c.clone()
	}
	return out
}

func (c *content) clone() *content {
	return &content{c.mode, slices.Clone(c.data), maps.Clone(c.entries)}
}

// of is what is in a node; one that is new is empty.
func (w world) of(n *node) *content {
	c := w[n]
	if c == nil {
		c = &content{mode: n.born}
		if n.kind == folder {
			c.entries = map[string]*node{}
		}
		w[n] = c
	}
	return c
}

// do does an op to a world in which everything is at once on disk.
func (w world) do(o op) {
	switch o.kind {
	case opEntry:
		for _, c := range o.changes {
			w.of(c.dir).set(c.name, c.node)
		}
	case opWrite:
		w.of(o.node).write(o.offset, o.data)
	case opResize:
		w.of(o.node).resize(o.offset)
	case opReplace:
		w.of(o.node).data = slices.Clone(o.data)
	case opMode:
		w.of(o.node).mode = o.mode
	case opSync, opSyncAll, opNothing:
	}
}

func (c *content) set(name string, n *node) {
	if n == nil {
		delete(c.entries, name)
		return
	}
	c.entries[name] = n
}

func (c *content) write(offset int64, part []byte) {
	if end := offset + int64(len(part)); int64(len(c.data)) < end {
		c.resize(end)
	}
	copy(c.data[offset:], part)
}

func (c *content) resize(size int64) {
	if int64(len(c.data)) < size {
		c.data = append(c.data, make([]byte, size-int64(len(c.data)))...)
	}
	c.data = c.data[:size]
}

// Len is how many ops the tape holds.
func (t *Tape) Len() int { return len(t.ops) }

// Said are the moments of the tape.
func (t *Tape) Said() []Moment { return t.said }

// Careless is the tape of a program that does the same and puts nothing on disk that folders say: who finds nothing
// wrong with its states has not looked.
func (t *Tape) Careless() *Tape {
	out := *t
	out.ops = slices.Clone(t.ops)
	for i := range out.ops {
		if o := &out.ops[i]; o.kind == opSync && o.node.kind == folder {
			o.kind = opNothing
		}
	}
	return &out
}

// find is what a path in the folder leads to now, links not followed; nil where there is nothing.
func (t *Tape) find(path string) *node {
	n := t.top
	for name := range strings.SplitSeq(path, "/") {
		if path == "" || n == nil {
			break
		}
		n = t.now.of(n).entries[name]
	}
	return n
}

// add adds an op to the tape.
func (t *Tape) add(o op) {
	t.ops = append(t.ops, o)
	t.now.do(o)
}

// Verify compares what the tape says the folder holds with what it holds: a difference means that a call was missed, or
// read wrongly, and that the states are worth nothing.
func (t *Tape) Verify() error {
	want := map[string]string{}
	var note func(path string, n *node)
	note = func(path string, n *node) {
		want[path] = describe(n, t.now.of(n))
		for name, in := range t.now.of(n).entries {
			note(strings.TrimPrefix(path+"/"+name, "/"), in)
		}
	}
	note("", t.top)
	var wrong []string
	err := walk(t.root, func(path string, n *node, c *content) error {
		if is := describe(n, c); want[path] != is {
			wrong = append(wrong, fmt.Sprintf("%q is %s, and not %q", path, is, want[path]))
		}
		delete(want, path)
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading the folder: %w", err)
	}
	for _, path := range slices.Sorted(maps.Keys(want)) {
		wrong = append(wrong, fmt.Sprintf("%q, %s, is not there", path, want[path]))
	}
	if len(wrong) > 0 {
		return fmt.Errorf("the recorded calls do not make what is there: %s", strings.Join(wrong[:min(len(wrong), 5)], "; "))
	}
	return nil
}

// describe says what a node is, its contents by their sum.
func describe(n *node, c *content) string {
	switch n.kind {
	case folder:
		return fmt.Sprintf("a folder of mode %o", c.mode)
	case link:
		return "a link to " + n.target
	}
	return fmt.Sprintf("a file of mode %o, %d bytes, %x", c.mode, len(c.data), sha256.Sum256(c.data))
}
