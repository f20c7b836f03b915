package warehouse

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"kyogikai/pipelines/atomicfile"
)

const currentName = "current.duckdb"

// ErrNothingPublished says that no run has published a warehouse yet.
var ErrNothingPublished = errors.New("nothing published")

// Dir is the folder of the warehouse files under the outputs.
func Dir(outputs string) string { return filepath.Join(outputs, "warehouse") }

// Path is where a run's warehouse is built: it is complete once Publish has pointed to it.
func Path(dir, run string) string { return filepath.Join(dir, run+".duckdb") }

// Publish moves the pointer current.duckdb to a run's file by rename: readers see the old file or the new, whole.
func Publish(dir, run string) error {
	next := filepath.Join(dir, ".current.next")
	if err := atomicfile.Point(next, filepath.Join(dir, currentName), run+".duckdb"); err != nil {
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

// Discard removes the file of a run that was never published, for good: if it came back, it would pass for one of the
// past.
func Discard(dir, run string) error {
	for _, ending := range []string{"", ".wal", ".tmp"} {
		if err := remove(Path(dir, run) + ending); err != nil {
			return fmt.Errorf("removing run %s: %w", run, err)
		}
	}
	if err := atomicfile.Sync(dir); err != nil {
		return fmt.Errorf("removing run %s: %w", run, err)
	}
	return nil
}

// Prune removes what stands in the folder beside the current run and those that are wanted: files of old runs, of runs
// that were killed, and what DuckDB has left beside them.
func Prune(dir string, wanted func(run string) bool) error {
	_, current, err := Current(dir)
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("listing runs: %w", err)
	}
	for _, e := range entries {
		run, rest, ours := strings.Cut(e.Name(), ".duckdb")
		if !ours || rest == "" && (run == "current" || run == current || run < current && wanted(run)) {
			continue
		}
		if err := remove(filepath.Join(dir, e.Name())); err != nil {
			return fmt.Errorf("removing old run %s: %w", run, err)
		}
	}
	return nil
}
