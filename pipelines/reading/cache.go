package reading

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/project"
	"kyogikai/pipelines/record"
)

// readings are what earlier runs have read from workbooks, by what they were read from: outputs/cache. A workbook is
// read anew where its bytes, its place, a form, the reading rules or the program has changed. Without the folder
// everything is read anew, and nothing else changes.
type readings struct {
	dir   string
	rules [sha256.Size]byte // of the program and the forms
	words map[string]string // the sum of each municipality's 語彙.csv

	mu     sync.Mutex
	used   map[string]bool
	reused int
}

func newReadings(env project.Env, tree collect.Tree) (*readings, error) {
	h := sha256.New()
	fmt.Fprintln(h, env.Version, form.Version)
	for _, l := range env.Settings.Limits.All() {
		fmt.Fprintln(h, l.Name, l.Value)
	}
	err := fs.WalkDir(env.Project, "templates/forms", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(env.Project, name)
		fmt.Fprintf(h, "%s %x\n", name, sha256.Sum256(data))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("templates/forms を読めません: %w", err)
	}
	words := map[string]string{}
	for city, masters := range tree.Masters {
		words[city] = masters[collect.Vocabulary].SHA256
	}
	return &readings{
		dir: filepath.Join(env.Outputs, "cache"), rules: [sha256.Size]byte(h.Sum(nil)), words: words, used: map[string]bool{},
	}, nil
}

// key names everything that the reading of a file follows from.
func (r *readings) key(f collect.File) string {
	sum := sha256.Sum256(fmt.Appendf(
		nil, "%x|%s|%s|%s|%s|%d|%s|%s", r.rules, r.words[f.Municipality], f.SHA256, f.Path, f.Municipality, f.FiscalYear,
		f.Bureau, f.Department,
	))
	return hex.EncodeToString(sum[:])
}

// path spreads the files over folders, so that none holds too many.
func (r *readings) path(key string) string { return filepath.Join(r.dir, key[:2], key[2:]) }

// get is what was read of a file before, nil where it was not. A file of the cache that is not whole counts for
// nothing.
func (r *readings) get(f collect.File) *record.Workbook {
	key := r.key(f)
	data, err := os.ReadFile(r.path(key))
	if err != nil || len(data) < sha256.Size {
		return nil
	}
	if sum := sha256.Sum256(data[sha256.Size:]); !bytes.Equal(sum[:], data[:sha256.Size]) {
		return nil
	}
	w, err := decoded[record.Workbook](data[sha256.Size:])
	if err != nil {
		return nil
	}
	r.use(key)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reused++
	return w
}

// put keeps what was read of a file, encoded. That it cannot be kept is no failure: the file is read again the next
// time.
func (r *readings) put(f collect.File, book []byte) {
	sum := sha256.Sum256(book)
	key := r.key(f)
	path := r.path(key)
	next := filepath.Join(filepath.Dir(path), ".next-"+filepath.Base(path))
	if os.MkdirAll(filepath.Dir(path), 0o755) != nil || writeBoth(next, sum[:], book) != nil ||
		os.Rename(next, path) != nil {
		_ = os.Remove(next)
		return
	}
	r.use(key)
}

// writeBoth writes a file of two pieces: what was read of a large workbook is in memory once.
func writeBoth(file string, first, second []byte) error {
	out, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return fmt.Errorf("keeping what was read: %w", err)
	}
	_, err1 := out.Write(first)
	_, err2 := out.Write(second)
	return errors.Join(err1, err2, out.Close())
}

func (r *readings) use(key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.used[r.path(key)] = true
}

// prune removes what this run had no use for.
func (r *readings) prune() {
	_ = filepath.WalkDir(r.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !r.used[path] {
			_ = os.Remove(path) // what stays is in nobody's way
		}
		return nil
	})
}
