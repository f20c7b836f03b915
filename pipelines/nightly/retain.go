package nightly

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"kyogikai/pipelines/council"
	"kyogikai/pipelines/warehouse"
)

// keepRecords is how long the records of runs are kept whose file is not.
const keepRecords = 400 * 24 * time.Hour

// leftoverAge is how old a half-made file must be before it is removed: another process may be writing a younger one.
const leftoverAge = time.Hour

// retain removes files of old runs. Kept are the newest (keep_runs), the last of every month of the city's calendar, and
// every run that papers in outputs/briefs were made from; and the one before, with which the summary compares.
func retain(env Env, before string) error {
	kept, err := warehouse.Kept(env.WarehouseDir())
	if err != nil {
		return err
	}
	wanted, err := pinned(env)
	if err != nil {
		return err
	}
	wanted[before], wanted[lastTold(env)] = true, true
	zone, err := time.LoadLocation(env.Settings.Timezone)
	if err != nil {
		return fmt.Errorf("設定の timezone を読めません: %w", err)
	}
	months := map[string]bool{}
	for i, id := range kept { // newest first
		at, err := startOf(env, id)
		if err != nil {
			return err
		}
		month := at.In(zone).Format("2006-01")
		if i < env.Settings.KeepRuns || !months[month] {
			wanted[id] = true
		}
		months[month] = true
	}
	if err := warehouse.Prune(env.WarehouseDir(), func(id string) bool { return wanted[id] }); err != nil {
		return err
	}
	return dropRecords(env, wanted)
}

// startOf is when a run began, as its record says: after a clock was wrong once, ids run ahead of it.
func startOf(env Env, id string) (time.Time, error) {
	r, ok, err := recordOf(env, id)
	if err != nil || ok && !r.Started.IsZero() {
		return r.Started, err
	}
	at, err := time.Parse(idForm, id)
	if err != nil {
		return at, fmt.Errorf("reading the id of run %s: %w", id, err)
	}
	return at, nil
}

// pinned are the runs that papers rest on, those that are final for good.
func pinned(env Env) (map[string]bool, error) {
	out := map[string]bool{}
	meetings, err := os.ReadDir(filepath.Join(env.Outputs, "briefs"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("listing papers: %w", err)
	}
	for _, m := range meetings {
		for _, format := range Formats {
			made, ok, err := readMade(filepath.Join(env.Outputs, "briefs", m.Name()), format)
			if err != nil {
				return nil, err
			}
			if ok {
				out[made.Run] = true
			}
		}
	}
	editions, err := allEditions(env)
	if err != nil {
		return nil, err
	}
	for _, e := range editions {
		out[e.Run] = true
	}
	return out, nil
}

// allEditions are the editions of all meetings' final papers.
func allEditions(env Env) ([]council.Edition, error) {
	final, err := os.ReadDir(filepath.Join(env.Outputs, "final"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("listing final papers: %w", err)
	}
	var out []council.Edition
	for _, m := range final {
		if !m.IsDir() {
			continue
		}
		some, err := council.Editions(filepath.Join(env.Outputs, "final", m.Name()))
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

// dropRecords removes records that are old and of no run that is kept.
func dropRecords(env Env, wanted map[string]bool) error {
	entries, err := os.ReadDir(filepath.Join(env.Outputs, "runs"))
	if err != nil {
		return fmt.Errorf("listing runs: %w", err)
	}
	for _, e := range entries {
		id := strings.TrimSuffix(e.Name(), filepath.Ext(e.Name()))
		at, err := time.Parse(idForm, id)
		if err != nil || wanted[id] || env.Clock().Sub(at) < keepRecords {
			continue
		}
		if err := os.Remove(filepath.Join(env.Outputs, "runs", e.Name())); err != nil {
			return fmt.Errorf("removing the record of run %s: %w", id, err)
		}
	}
	return nil
}

// removeLeftovers removes half-made files that killed runs have left. The caller holds the lock.
func removeLeftovers(env Env) {
	half := regexp.MustCompile(`^\.(next-.*|.*\.next)$`)
	_ = filepath.WalkDir(env.Outputs, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !half.MatchString(e.Name()) {
			return nil //nolint:nilerr // what stays is in nobody's way
		}
		if info, err := e.Info(); err == nil && env.Clock().Sub(info.ModTime()) > leftoverAge {
			_ = os.Remove(path)
		}
		return nil
	})
}
