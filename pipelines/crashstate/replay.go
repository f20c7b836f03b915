package crashstate

import "slices"

// replay does the ops of a tape one after another, and knows what of them is on disk.
type replay struct {
	tape    *Tape
	done    int   // ops
	live    world // as programs see it
	disk    world // of files what is on disk; of folders the entries that are, pending ones left out
	pending []*pending
	dirty   map[*node][]op // what was done to a node and is not on disk
	blobs   map[*node]*blob
	before  []*pending // when states were made last
}

// pending is a change of names that is not on disk.
type pending struct {
	at      int // its op
	changes []change
	needs   *pending // on disk whenever this is
	text    string
}

func newReplay(t *Tape) *replay {
	return &replay{
		tape: t, live: t.first.clone(), disk: t.first.clone(), dirty: map[*node][]op{}, blobs: map[*node]*blob{},
	}
}

// step does the next op.
func (r *replay) step() {
	o := r.tape.ops[r.done]
	switch r.live.do(o); o.kind {
	case opEntry:
		if o.own {
			r.settle(func(p *pending) bool {
				return slices.ContainsFunc(o.changes, func(c change) bool { return p.touches(c.dir, &c.name) })
			})
			r.disk.do(o)
			break
		}
		p := &pending{at: r.done, changes: o.changes, text: o.text}
		// A rename between folders makes the new name, and takes the old one away, in one op or after it.
		if c := o.changes; len(c) == 2 && c[0].dir != c[1].dir && c[1].node == nil {
			p.changes = c[:1]
			r.pending = append(r.pending, p)
			p = &pending{at: r.done, changes: c[1:], needs: p, text: o.text + ", the old name"}
		}
		r.pending = append(r.pending, p)
	case opWrite, opResize, opReplace, opMode:
		if o.own {
			r.clean(o.node, r.done)
			r.disk.do(o)
			delete(r.blobs, o.node)
			break
		}
		o.since = r.done
		r.dirty[o.node] = append(r.dirty[o.node], o)
		delete(r.blobs, o.node)
	case opSync:
		r.clean(o.node, o.since)
		r.settle(func(p *pending) bool { return p.at < o.since && p.touches(o.node, nil) })
	case opSyncAll:
		for n := range r.dirty {
			r.clean(n, o.since)
		}
		r.settle(func(p *pending) bool { return p.at < o.since })
	case opNothing:
	}
	r.done++
}

// clean puts on disk what was done to a node before an op.
func (r *replay) clean(n *node, before int) {
	dirty := r.dirty[n]
	if len(dirty) == 0 {
		return
	}
	delete(r.blobs, n)
	for len(dirty) > 0 && dirty[0].since < before {
		r.disk.do(dirty[0])
		dirty = dirty[1:]
	}
	if r.dirty[n] = dirty; len(dirty) == 0 {
		delete(r.dirty, n)
	}
}

// settle puts on disk the changes that are chosen, and what they cannot be without: what they need, and earlier ones of
// the same names.
func (r *replay) settle(chosen func(p *pending) bool) {
	on := map[*pending]bool{}
	for i, p := range slices.Backward(r.pending) {
		if !on[p] && !chosen(p) {
			continue
		}
		on[p], on[p.needs] = true, true
		for _, earlier := range r.pending[:i] {
			for _, c := range p.changes {
				on[earlier] = on[earlier] || earlier.touches(c.dir, &c.name)
			}
		}
	}
	r.pending = slices.DeleteFunc(r.pending, func(p *pending) bool {
		if on[p] {
			r.disk.do(op{kind: opEntry, changes: p.changes})
		}
		return on[p]
	})
	r.forget()
}

// forget leaves out the changes in folders that no path leads to any more, whatever is lost.
func (r *replay) forget() {
	if len(r.pending) == 0 {
		return
	}
	named := map[*node][]*node{} // by folder, what pending changes call something in it
	for _, p := range r.pending {
		for _, c := range p.changes {
			if c.node != nil {
				named[c.dir] = append(named[c.dir], c.node)
			}
		}
	}
	reached := map[*node]bool{}
	var reach func(n *node)
	reach = func(n *node) {
		if reached[n] || n.kind != folder {
			return
		}
		reached[n] = true
		for _, in := range r.disk.of(n).entries {
			reach(in)
		}
		for _, in := range named[n] {
			reach(in)
		}
	}
	reach(r.tape.top)
	r.pending = slices.DeleteFunc(r.pending, func(p *pending) bool {
		return !slices.ContainsFunc(p.changes, func(c change) bool { return reached[c.dir] })
	})
}

// touches reports whether a change is of a folder's names, or of one name in it.
func (p *pending) touches(dir *node, name *string) bool {
	return slices.ContainsFunc(p.changes, func(c change) bool {
		return c.dir == dir && (name == nil || c.name == *name)
	})
}

// fate is what became of the contents that were not on disk when power failed.
type fate int

const (
	reached   fate = iota // they reached the disk
	unwritten             // the file is as it was on disk
	torn                  // the first half of what was written reached it
	holes                 // the length did, and what was written is zeros
	noise                 // the length did, and what was written is anything
	fates
)

var fateNames = [fates]string{"contents whole", "contents lost", "contents half", "contents zeros", "contents noise"}

// contents are what is in a node after power failed.
func (r *replay) contents(n *node, f fate) *content {
	dirty := r.dirty[n]
	switch {
	case len(dirty) == 0 || f == unwritten:
		return r.disk.of(n)
	case f == reached:
		return r.live.of(n)
	case f == torn:
		return half(r.disk.of(n), dirty)
	}
	c := r.live.of(n).clone()
	for _, o := range dirty {
		if o.kind != opWrite {
			continue
		}
		from := min(o.offset, int64(len(c.data)))
		for i := range c.data[from:min(from+int64(len(o.data)), int64(len(c.data)))] {
			c.data[from+int64(i)] = 0
			if f == noise {
				c.data[from+int64(i)] = 0xa5
			}
		}
	}
	return c
}

// half does the first half of ops, by the bytes that they write.
func half(c *content, ops []op) *content {
	c = c.clone()
	left := 0
	for _, o := range ops {
		left += len(o.data)
	}
	left /= 2
	w := world{}
	for _, o := range ops {
		w[o.node] = c
		if o.kind == opWrite {
			o.data = o.data[:min(left, len(o.data))]
			left -= len(o.data)
		}
		w.do(o)
		if left == 0 {
			break
		}
	}
	return c
}
