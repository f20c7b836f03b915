package runs

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"kyogikai/pipelines/atomicfile"
	"kyogikai/pipelines/warehouse"
)

// Look is how closely a file is looked at before it is read.
type Look int

const (
	// ByState looks at the size, the dates and the place on the disk; where these are not what they were when the whole
	// file was last looked at, at the contents.
	ByState Look = iota
	// ByContents reads the whole file: for what is told of a figure for good.
	ByContents
)

// Open opens the published file, which has to be what its run has published: a *warehouse.AlteredError says that it is
// not. It returns warehouse.ErrNothingPublished where there is none.
func Open(ctx context.Context, outputs string, look Look) (*warehouse.Reader, error) {
	path, run, err := warehouse.Current(warehouse.Dir(outputs))
	if err != nil {
		return nil, err
	}
	if err := verify(outputs, path, run, look); err != nil {
		return nil, err
	}
	return warehouse.OpenFile(ctx, path, run)
}

// OpenRun opens what one run has published, as Open does. It returns a *warehouse.NoRunError where that is not kept.
func OpenRun(ctx context.Context, outputs, run string, look Look) (*warehouse.Reader, error) {
	kept, err := warehouse.Kept(warehouse.Dir(outputs))
	if err != nil {
		return nil, err
	}
	if !slices.Contains(kept, run) {
		return nil, &warehouse.NoRunError{Run: run, Kept: kept}
	}
	return OpenBuilt(ctx, outputs, run, look)
}

// OpenBuilt opens the file of a run that is whole, whether it has been published or will be.
func OpenBuilt(ctx context.Context, outputs, run string, look Look) (*warehouse.Reader, error) {
	if err := Verify(outputs, run, look); err != nil {
		return nil, err
	}
	return warehouse.OpenFile(ctx, warehouse.Path(warehouse.Dir(outputs), run), run)
}

// Whole reports whether the file of a run opens and is what the run has published.
func Whole(ctx context.Context, outputs, run string, look Look) bool {
	db, err := OpenBuilt(ctx, outputs, run, look)
	if err != nil {
		return false
	}
	db.Close()
	return true
}

// Verify says whether the file of a run is what the run has published: a *warehouse.AlteredError where it is not. Runs
// that have no record, or none of their file, are taken as they are.
func Verify(outputs, run string, look Look) error {
	return verify(outputs, warehouse.Path(warehouse.Dir(outputs), run), run, look)
}

func verify(outputs, path, run string, look Look) error {
	r, ok, err := Find(outputs, run)
	if err != nil {
		return err
	}
	if !ok || r.File.Size == 0 {
		return nil
	}
	now, err := warehouse.State(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // who opens it says so
	}
	if err != nil {
		return &warehouse.DamagedError{Path: path, Cause: err}
	}
	if now.Size != r.File.Size {
		return &warehouse.AlteredError{Path: path, Size: r.File.Size, Now: now.Size}
	}
	if r.File.SHA256 == "" {
		return nil
	}
	if look == ByState && (now.Same(r.File) || now.Same(verified(outputs, run, r.File.SHA256))) {
		return nil
	}
	if now, err = warehouse.FingerprintOf(path); err != nil {
		return &warehouse.DamagedError{Path: path, Cause: err}
	}
	if now.SHA256 != r.File.SHA256 {
		return &warehouse.AlteredError{Path: path, Size: r.File.Size, Now: now.Size}
	}
	if !now.Same(r.File) {
		remember(outputs, run, now)
	}
	return nil
}

// verifiedPath is where it is kept how a run's file stood when the whole of it was last looked at: another copy of it
// than the run has made.
func verifiedPath(outputs, run string) string { return filepath.Join(Dir(outputs), run+".verified") }

// verified is the state in which a run's file was found whole; an empty one where that is not known, or where the file
// then held something else than the run's record says.
func verified(outputs, run, sum string) warehouse.Fingerprint {
	var p warehouse.Fingerprint
	data, err := os.ReadFile(verifiedPath(outputs, run))
	if err != nil || json.Unmarshal(data, &p) != nil || p.SHA256 != sum {
		return warehouse.Fingerprint{}
	}
	return p
}

// remember keeps how a run's file stood. Who may not write there, looks at the whole file again the next time.
func remember(outputs, run string, p warehouse.Fingerprint) {
	if data, err := json.Marshal(p); err == nil {
		_ = atomicfile.Write(verifiedPath(outputs, run), append(data, '\n'))
	}
}
