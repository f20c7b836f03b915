package crashstate

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Options say which states are made of a tape.
type Options struct {
	// Window is of how many of the newest changes of names that are not on disk every choice may be lost; what is older
	// is there, or lost with all others.
	Window int
	// Writes is after how many of the writes to files, between two ops of another kind, power fails. It fails after each
	// op of another kind.
	Writes int
	// Loose reports whether what stands at a path need not outlast a power cut. Such changes are there, or all lost, or
	// every second one is.
	Loose func(path string) bool
	// From is the op after which the first state is made.
	From int
}

// State is what may be found on the disk after power failed.
type State struct {
	At   int // after so many ops
	Lost string
	Sum  [sha256.Size]byte // of everything in it
	top  []item
}

// item is what stands at a path.
type item struct {
	path   string
	kind   kind
	mode   fs.FileMode
	target string
	blob   *blob
}

// blob is what is in a file of a state.
type blob struct {
	of   [fates]*blob // of a node
	sum  [sha256.Size]byte
	data []byte
}

// Count is how many states there were: made, handed on, and with files that no other had.
type Count struct{ Made, Tried, Different int }

// States makes the states of a tape, in the order of its ops, and hands them to f until that fails. Of those that are
// equal one is handed on, and another each time the program has said something since: what was said must have stayed.
func (t *Tape) States(o Options, f func(s State) error) (n Count, err error) {
	type key struct {
		sum  [sha256.Size]byte
		said int
	}
	r, stops := newReplay(t), t.stops(o.Writes)
	seen, different := map[key]bool{}, map[[sha256.Size]byte]bool{}
	said := 0
	for {
		for said < len(t.said) && t.said[said].At <= r.done {
			said++
		}
		if r.done >= o.From && stops[r.done] {
			err := r.states(o, func(s State) error {
				n.Made++
				if seen[key{s.Sum, said}] {
					return nil
				}
				seen[key{s.Sum, said}], different[s.Sum] = true, true
				n.Tried++
				return f(s)
			})
			if err != nil {
				return n, err
			}
		}
		if n.Different = len(different); r.done == t.Len() {
			return n, nil
		}
		r.step()
	}
}

// stops are after how many ops power fails.
func (t *Tape) stops(writes int) map[int]bool {
	out := map[int]bool{0: true, t.Len(): true}
	for i := 0; i < t.Len(); {
		end := i
		for end < t.Len() && t.ops[end].kind == opWrite {
			end++
		}
		if end == i {
			out[i], out[i+1] = true, true
			i++
			continue
		}
		for k := range writes {
			out[i+(end-i)*(k+1)/writes] = true
		}
		i = end
	}
	for i := 1; i < t.Len(); i++ {
		if t.ops[i-1].own && t.ops[i].own {
			delete(out, i)
		}
	}
	return out
}

// states makes the states after the ops that are done.
func (r *replay) states(o Options, f func(s State) error) error {
	firm, loose := r.split(o)
	window := firm[max(0, len(firm)-o.Window):]
	n := 1 // fates of contents
	if len(r.dirty) > 0 && r.firmDirty(o, "", r.tape.top) {
		n = int(fates)
	}
	choices := 1 << len(window)
	// Where only contents have changed since the last states, every choice of names has been made.
	names := slices.Clone(r.pending)
	if len(names) > 0 && slices.Equal(names, r.before) {
		choices = 1
	}
	if r.before = names; r.done > 0 && o.loose(r.tape.ops[r.done-1].path()) {
		choices, n = 1, 1
	}
	for choice := range choices {
		lost := map[*pending]bool{}
		for i, p := range window {
			lost[p] = choice>>i&1 == 1
		}
		if !consistent(lost) {
			continue
		}
		for fate := range fate(n) {
			if err := f(r.state(o, lost, fate, false)); err != nil {
				return err
			}
		}
	}
	if len(loose) == 0 && len(firm) == len(window) || len(firm) == len(window) && r.done%looseEvery > 0 {
		return nil
	}
	return r.slack(o, firm, loose, f)
}

// split parts the changes of names that are not on disk into those that must get there, and the others.
func (r *replay) split(o Options) (firm, loose []*pending) {
	for _, p := range r.pending {
		if o.loose(p.changes[0].path) {
			loose = append(loose, p)
		} else {
			firm = append(firm, p)
		}
	}
	return firm, loose
}

// firmDirty reports whether below a path stands, as programs see it, what must reach the disk and has not.
func (r *replay) firmDirty(o Options, path string, n *node) bool {
	if len(r.dirty[n]) > 0 && !o.loose(path) {
		return true
	}
	for name, in := range r.live.of(n).entries {
		if r.firmDirty(o, join(path, name), in) {
			return true
		}
	}
	return false
}

// slack makes the states in which all changes of names are lost that are not on disk, and those in which of the loose
// ones every second is, whatever becomes of the contents.
func (r *replay) slack(o Options, firm, loose []*pending, f func(s State) error) error {
	everything, second := map[*pending]bool{}, map[*pending]bool{}
	for _, p := range slices.Concat(firm, loose) {
		everything[p] = true
	}
	for i, p := range loose {
		second[p] = i%2 == 0
	}
	for _, lost := range []map[*pending]bool{everything, second} {
		for fate := range fates {
			if !consistent(lost) {
				continue
			}
			if err := f(r.state(o, lost, fate, true)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (o Options) loose(path string) bool { return o.Loose != nil && o.Loose(path) }

// path is where what an op is about stands, or was made.
func (o op) path() string {
	switch {
	case o.node != nil:
		return o.node.path
	case len(o.changes) > 0:
		return o.changes[0].path
	}
	return ""
}

// looseEvery is after how many ops what need not outlast a power cut is lost.
const looseEvery = 8

// consistent reports whether what is not lost has what it needs.
func consistent(lost map[*pending]bool) bool {
	for p := range lost {
		if !lost[p] && lost[p.needs] {
			return false
		}
	}
	return true
}

// state is the one in which some changes of names are lost. Unless slack, the fate of contents is not that of those
// that need not outlast a power cut: they are whole.
func (r *replay) state(o Options, lost map[*pending]bool, f fate, slack bool) State {
	over := map[*node]map[string]*node{}
	var names []string
	for _, p := range r.pending {
		if lost[p] {
			names = append(names, p.text)
			continue
		}
		for _, c := range p.changes {
			if over[c.dir] == nil {
				over[c.dir] = map[string]*node{}
			}
			over[c.dir][c.name] = c.node
		}
	}
	s := State{At: r.done, Lost: fateNames[f]}
	if n := len(names) - mostNamed; n > 0 {
		names = append([]string{fmt.Sprintf("%d changes of names", n)}, names[n:]...)
	}
	if len(names) > 0 {
		s.Lost = strings.Join(names, ", ") + "; " + s.Lost
	}
	var add func(path string, n *node)
	add = func(path string, n *node) {
		as := f
		if !slack && o.loose(path) {
			as = reached
		}
		it := item{path: path, kind: n.kind, target: n.target}
		if n.kind == file {
			it.blob = r.blob(n, as)
		}
		it.mode = r.contents(n, min(as, unwritten)).mode
		s.top = append(s.top, it)
		if n.kind != folder {
			return
		}
		for name, in := range r.disk.of(n).entries {
			if _, changed := over[n][name]; !changed {
				add(join(path, name), in)
			}
		}
		for name, in := range over[n] {
			if in != nil {
				add(join(path, name), in)
			}
		}
	}
	add("", r.tape.top)
	slices.SortFunc(s.top, func(a, b item) int { return strings.Compare(a.path, b.path) })
	s.Sum = sumOf(s.top)
	return s
}

// mostNamed is how many of the changes that are lost a state names.
const mostNamed = 9

func join(dir, name string) string {
	if dir == "" {
		return name
	}
	return dir + "/" + name
}

func sumOf(items []item) (out [sha256.Size]byte) {
	h := sha256.New()
	for _, it := range items {
		h.Write([]byte(it.path))
		h.Write([]byte{0, byte(it.kind)})
		h.Write(binary.LittleEndian.AppendUint32(nil, uint32(it.mode)))
		h.Write([]byte(it.target))
		if it.blob != nil {
			h.Write(it.blob.sum[:])
		}
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// blob is what is in a file after power failed.
func (r *replay) blob(n *node, f fate) *blob {
	if len(r.dirty[n]) == 0 {
		f = reached
	}
	b := r.blobs[n]
	if b == nil {
		b = &blob{}
		r.blobs[n] = b
	}
	if b.of[f] == nil {
		data := slices.Clone(r.contents(n, f).data)
		b.of[f] = &blob{sum: sha256.Sum256(data), data: data}
	}
	return b.of[f]
}

// Files is a sum of all files and links of a state but those that are left out: where two have the same, only those
// differ.
func (s State) Files(without func(path string) bool) [sha256.Size]byte {
	return sumOf(
		slices.DeleteFunc(slices.Clone(s.top), func(it item) bool { return it.kind == folder || without(it.path) }),
	)
}

// SHA256 is the sum of a file of a state, in hexadecimal; "" where there is none.
func (s State) SHA256(path string) string {
	if i, ok := s.find(path); ok && s.top[i].blob != nil {
		return hex.EncodeToString(s.top[i].blob.sum[:])
	}
	return ""
}

func (s State) find(path string) (int, bool) {
	return slices.BinarySearchFunc(s.top, path, func(it item, path string) int { return strings.Compare(it.path, path) })
}

// Path is what a state holds at a path: the contents of a file, the target of a link; ok is false where there is
// nothing.
func (s State) Path(path string) (data []byte, ok bool) {
	i, ok := s.find(path)
	if !ok {
		return nil, false
	}
	if b := s.top[i].blob; b != nil {
		return b.data, true
	}
	return []byte(s.top[i].target), true
}

func (s State) String() string { return fmt.Sprintf("after %d ops, lost: %s", s.At, s.Lost) }
