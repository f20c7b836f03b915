package runs

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"kyogikai/pipelines/warehouse"
)

// keepRecords is how long the records of runs are kept whose file is not.
const keepRecords = 400 * 24 * time.Hour

// LeftoverAge is how old a half-made file must be before it is removed: another process may be writing a younger one.
const LeftoverAge = time.Hour

// Retention says which runs are kept beside those that are wanted: the newest Keep, and the last of every month of the
// zone.
type Retention struct {
	Keep   int
	Zone   *time.Location
	Now    time.Time
	Wanted map[string]bool // by what rests on them, whatever their age
}

// Retain removes the files and the records of runs that nobody wants any more, and protects the files that stay.
func Retain(outputs string, r Retention) error {
	kept, err := warehouse.Kept(warehouse.Dir(outputs))
	if err != nil {
		return err
	}
	wanted := maps.Clone(r.Wanted)
	months := map[string]bool{}
	for i, id := range kept { // newest first
		at, err := startOf(outputs, id)
		if err != nil {
			return err
		}
		month := at.In(r.Zone).Format("2006-01")
		if i < r.Keep || !months[month] {
			wanted[id] = true
		}
		months[month] = true
		warehouse.Protect(warehouse.Path(warehouse.Dir(outputs), id))
	}
	if err := warehouse.Prune(warehouse.Dir(outputs), func(id string) bool { return wanted[id] }); err != nil {
		return err
	}
	return dropRecords(outputs, r.Now, wanted)
}

// dropRecords removes records that are old and of no run that is kept. The newest table of old and new addresses holds
// those of all runs before, and stays.
func dropRecords(outputs string, now time.Time, wanted map[string]bool) error {
	entries, err := os.ReadDir(Dir(outputs))
	if err != nil {
		return fmt.Errorf("listing runs: %w", err)
	}
	last, err := LastAddresses(outputs)
	if err != nil {
		return err
	}
	began := map[string]time.Time{} // before the first of a run's files is removed
	for _, e := range entries {
		id := strings.TrimSuffix(e.Name(), filepath.Ext(e.Name()))
		if _, err := time.Parse(idForm, id); err != nil || wanted[id] || last != "" && e.Name() == last+addressesEnding {
			continue
		}
		if _, known := began[id]; !known {
			if began[id], err = startOf(outputs, id); err != nil {
				return err
			}
		}
		if now.Sub(began[id]) < keepRecords {
			continue
		}
		if err := os.Remove(filepath.Join(Dir(outputs), e.Name())); err != nil {
			return fmt.Errorf("removing the record of run %s: %w", id, err)
		}
	}
	return nil
}

// RemoveLeftovers removes half-made files that killed runs have left. The caller holds the lock.
func RemoveLeftovers(outputs string, now time.Time) {
	half := regexp.MustCompile(`^\.(next-.*|.*\.next)$`)
	_ = filepath.WalkDir(outputs, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !half.MatchString(e.Name()) {
			return nil //nolint:nilerr // what stays is in nobody's way
		}
		if info, err := e.Info(); err == nil && now.Sub(info.ModTime()) > LeftoverAge {
			_ = os.Remove(path)
		}
		return nil
	})
}
