package crashstate

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Scratch is a folder that shows one state after another. What two of them share stays: nothing in it may be changed
// but by Show.
type Scratch struct {
	Dir   string
	blobs string
	shown map[string]item
}

// NewScratch makes a scratch folder under dir, which is there and empty.
func NewScratch(dir string) (*Scratch, error) {
	s := &Scratch{filepath.Join(dir, "state"), filepath.Join(dir, "blobs"), map[string]item{}}
	for _, d := range []string{s.Dir, s.blobs} {
		if err := os.Mkdir(d, 0o755); err != nil {
			return nil, fmt.Errorf("making a scratch folder: %w", err)
		}
	}
	return s, nil
}

// Show makes the folder hold a state and nothing else.
func (s *Scratch) Show(state State) error {
	want := make(map[string]item, len(state.top))
	for _, it := range state.top {
		want[it.path] = it
	}
	gone, was := []string(nil), maps.Clone(s.shown)
	for path, is := range s.shown {
		if it, ok := want[path]; !ok || !it.same(is) {
			gone = append(gone, path)
			delete(s.shown, path)
		}
	}
	slices.Sort(gone)
	for _, path := range slices.Backward(gone) {
		if err := os.RemoveAll(filepath.Join(s.Dir, path)); err != nil {
			return fmt.Errorf("showing a state: %w", err)
		}
		if it := was[path]; it.blob != nil && len(it.blob.data) > largeBlob {
			_ = os.Remove(s.kept(it)) // it may still be linked to, or be made anew
		}
		for below := range s.shown {
			if strings.HasPrefix(below, path+"/") {
				delete(s.shown, below)
			}
		}
	}
	for _, it := range state.top { // folders come before what is in them
		if _, there := s.shown[it.path]; there || it.path == "" {
			continue
		}
		if err := s.make(it); err != nil {
			return fmt.Errorf("showing a state: %w", err)
		}
		s.shown[it.path] = it
	}
	return nil
}

func (it item) same(other item) bool {
	if it.blob != nil && other.blob != nil && it.blob.sum != other.blob.sum {
		return false
	}
	return it.kind == other.kind && it.mode == other.mode && it.target == other.target
}

func (s *Scratch) make(it item) error {
	path := filepath.Join(s.Dir, it.path)
	switch it.kind {
	case folder:
		if err := os.Mkdir(path, 0o755); err != nil {
			return err
		}
		return os.Chmod(path, it.mode|0o700)
	case link:
		return os.Symlink(it.target, path)
	}
	// States share the bytes, by links to one file of the same mode.
	kept := s.kept(it)
	if _, err := os.Stat(kept); err != nil {
		if err := os.WriteFile(kept, it.blob.data, 0o600); err != nil {
			return err
		}
		if err := os.Chmod(kept, it.mode); err != nil {
			return err
		}
	}
	return os.Link(kept, path)
}

// kept is the file that what is in an item is kept in.
func (s *Scratch) kept(it item) string {
	return filepath.Join(s.blobs, fmt.Sprintf("%x-%o", it.blob.sum, it.mode))
}

// largeBlob is above which size the contents of a file are not kept once no state that is shown has them.
const largeBlob = 256 << 10

// Copy writes a state into a folder that is not there, where it may be changed.
func (state State) Copy(dir string) error {
	for _, it := range state.top {
		path := filepath.Join(dir, it.path)
		var err error
		switch it.kind {
		case folder:
			err = os.Mkdir(path, it.mode|0o700)
		case link:
			err = os.Symlink(it.target, path)
		case file:
			err = os.WriteFile(path, it.blob.data, it.mode)
		}
		if err != nil {
			return fmt.Errorf("copying a state: %w", err)
		}
	}
	return nil
}
