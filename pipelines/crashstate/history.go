package crashstate

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
)

// History is what stood at each path, and when: a file that was renamed to it, alone or in a folder, as it was then.
// What was written to it where it stands is in no history: half of it may be found.
type History map[string][]version

// version is what stood at a path from some number of ops on.
type version struct {
	from  int
	there bool
	sum   [sha256.Size]byte // of a file's contents, or of a link's target; zero for a folder
}

// History is that of all files and links in the folder.
func (t *Tape) History() History {
	h, w := History{}, t.first.clone()
	h.note(w, 0, "", t.top)
	for i, o := range t.ops {
		w.do(o)
		if o.kind == opReplace {
			h.note(w, i+1, o.node.path, o.node)
		}
		if o.kind != opEntry {
			continue
		}
		for _, c := range o.changes {
			h.gone(i+1, c.path)
			if c.node != nil {
				h.note(w, i+1, c.path, c.node)
			}
		}
	}
	return h
}

// note adds what stands at a path, and below it.
func (h History) note(w world, from int, path string, n *node) {
	switch n.kind {
	case file:
		h[path] = append(h[path], version{from, true, sha256.Sum256(w.of(n).data)})
	case link:
		h[path] = append(h[path], version{from, true, sha256.Sum256([]byte(n.target))})
	case folder:
		h[path] = append(h[path], version{from: from, there: true})
		for name, in := range w.of(n).entries {
			h.note(w, from, join(path, name), in)
		}
	}
}

// gone adds that nothing stands at a path any more, nor below it.
func (h History) gone(from int, path string) {
	for p, versions := range h {
		if (p == path || len(p) > len(path) && p[:len(path)+1] == path+"/") && versions[len(versions)-1].there {
			h[p] = append(versions, version{from: from})
		}
	}
}

// Was reports whether something stood at a path at some time up to a number of ops.
func (h History) Was(path string, at int) bool {
	return slices.ContainsFunc(h[path], func(v version) bool { return v.there && v.from <= at })
}

// Wrong says what in a state is none of what stood there at some time from floor, a number of ops, until power failed:
// what had been done before floor must not be lost, and nothing may be there in part. Paths that are exempt may hold
// anything.
func (h History) Wrong(s State, floor int, exempt func(path string) bool) []string {
	found := map[string]version{}
	for _, it := range s.top {
		switch it.kind {
		case file:
			found[it.path] = version{there: true, sum: it.blob.sum}
		case link:
			found[it.path] = version{there: true, sum: sha256.Sum256([]byte(it.target))}
		case folder:
			found[it.path] = version{there: true}
		}
	}
	paths := maps.Clone(found)
	for path := range h {
		paths[path] = version{}
	}
	var out []string
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		if !exempt(path) && !h.allows(path, found[path], floor, s.At) {
			out = append(out, h.explain(path, found[path]))
		}
	}
	return out
}

// allows reports whether a version stood at a path at some time between two numbers of ops, both included.
func (h History) allows(path string, v version, from, to int) bool {
	versions := append([]version{{}}, h[path]...) // nothing at first
	for i, was := range versions {
		ended := i+1 < len(versions) && versions[i+1].from <= from
		if was.from <= to && !ended && was.there == v.there && was.sum == v.sum {
			return true
		}
	}
	return false
}

func (h History) explain(path string, v version) string {
	older := slices.ContainsFunc(h[path], func(was version) bool { return was.there && was.sum == v.sum })
	switch {
	case !v.there:
		return path + " is gone"
	case older:
		return path + " is an older one, or one that was removed"
	}
	return fmt.Sprintf("%s is none that ever was there whole", path)
}

// Since reports whether of two versions of a file, named by their SHA-256 in hexadecimal, the second is the first or
// came after it.
func (h History) Since(path, first, second string) bool {
	seen := false
	for _, v := range h[path] {
		sum := hex.EncodeToString(v.sum[:])
		seen = seen || v.there && sum == first
		if seen && v.there && sum == second {
			return true
		}
	}
	return false
}
