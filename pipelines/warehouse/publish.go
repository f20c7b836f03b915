package warehouse

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

const currentName = "current.duckdb"

// ErrNothingPublished says that no run has published a warehouse yet.
var ErrNothingPublished = errors.New("nothing published")

// Path is where a run's warehouse is built: it is complete once Publish has pointed to it.
func Path(dir, run string) string { return filepath.Join(dir, run+".duckdb") }

// Publish moves the pointer current.duckdb to a run's file by rename: readers see the old file or the new, whole.
func Publish(dir, run string) error {
	next := filepath.Join(dir, ".current.next")
	if err := os.Remove(next); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("publishing %s: %w", run, err)
	}
	if err := os.Symlink(run+".duckdb", next); err != nil {
		return fmt.Errorf("publishing %s: %w", run, err)
	}
	if err := os.Rename(next, filepath.Join(dir, currentName)); err != nil {
		return fmt.Errorf("publishing %s: %w", run, err)
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("publishing %s: %w", run, err)
	}
	defer d.Close() //nolint:errcheck // opened only to sync
	if err := d.Sync(); err != nil {
		return fmt.Errorf("publishing %s: %w", run, err)
	}
	return nil
}

// Current resolves the published file and its run. It returns ErrNothingPublished when there is none.
func Current(dir string) (path, run string, err error) {
	path, err = filepath.EvalSymlinks(filepath.Join(dir, currentName))
	if errors.Is(err, os.ErrNotExist) {
		return "", "", ErrNothingPublished
	}
	if err != nil {
		return "", "", fmt.Errorf("resolving the published warehouse: %w", err)
	}
	return path, strings.TrimSuffix(filepath.Base(path), ".duckdb"), nil
}

// Prune removes files of runs that were killed and published runs beyond the newest keep, never the current one.
func Prune(dir string, keep int) error {
	_, current, err := Current(dir)
	if err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.duckdb"))
	if err != nil {
		return fmt.Errorf("listing runs: %w", err)
	}
	sort.Sort(sort.Reverse(sort.StringSlice(files)))
	kept := 0
	for _, f := range files {
		run := strings.TrimSuffix(filepath.Base(f), ".duckdb")
		if run == "current" || run == current {
			continue
		}
		if run < current { // a newer one was never published
			if kept++; kept < keep {
				continue
			}
		}
		if err := os.Remove(f); err != nil {
			return fmt.Errorf("removing old run %s: %w", run, err)
		}
	}
	return nil
}
