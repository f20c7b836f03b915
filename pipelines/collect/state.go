package collect

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"kyogikai/pipelines/atomicfile"
)

// State is what has been pulled, by source: it is kept in the outputs folder between runs. Without it everything is
// compared anew, and nothing else changes.
type State map[string]*SourceState

// SourceState is what is known of one source.
type SourceState struct {
	At       time.Time          `json:"at"`
	FailedAt time.Time          `json:"failed_at,omitzero"` // since when the source as a whole fails
	Files    map[string]*Pulled `json:"files"`              // by the path at the source
	Problems []Problem          `json:"problems,omitempty"`
	Last     *Report            `json:"last,omitempty"` // of the last time
}

// Pulled is one file as it was pulled last.
type Pulled struct {
	Target       string    `json:"target"` // under inputs
	SHA256       string    `json:"sha256"`
	Hash         string    `json:"hash,omitempty"` // as the source tells it, with its kind
	ETag         string    `json:"etag,omitempty"`
	LastModified string    `json:"last_modified,omitempty"`
	Half         string    `json:"half,omitempty"`    // SHA-256 of what did not look whole when it was seen last
	HalfAt       time.Time `json:"half_at,omitzero"`  // since when
	Removed      string    `json:"removed,omitempty"` // the day on which it was found removed at the source
	RemovedAt    time.Time `json:"removed_at,omitzero"`
	Failed       time.Time `json:"failed,omitzero"` // since when it cannot be pulled
	At           time.Time `json:"at"`

	Municipality string `json:"municipality"`
	Department   string `json:"department"`
}

// fail notes that a file could not be pulled.
func (k *Pulled) fail(now time.Time) {
	if k.Failed.IsZero() {
		k.Failed = now.UTC()
	}
}

// came notes that a file is at the source as it was pulled.
func (k *Pulled) came() {
	k.Removed, k.RemovedAt, k.Failed = "", time.Time{}, time.Time{}
}

// removedAt is when a file was found removed.
func (k *Pulled) removedAt() time.Time { return foundAt(k.RemovedAt, k.Removed) }

// Problem is something that a person should know about a source: a finding, without its severity. Its words do not
// change while the problem lasts.
type Problem struct {
	Code         string `json:"code"` // source_failed, source_removed
	Source       string `json:"source"`
	Municipality string `json:"municipality,omitempty"`
	Department   string `json:"department,omitempty"`
	Path         string `json:"path,omitempty"` // inputs/…; "" where it is about the source as a whole
	What         string `json:"what"`

	At time.Time `json:"at,omitzero"` // of source_removed: when it was found
}

// FoundAt is when a file was found removed at its source; of what older programs noted, the day.
func (p Problem) FoundAt() time.Time { return foundAt(p.At, p.What) }

func foundAt(at time.Time, day string) time.Time {
	if begun, err := time.Parse(time.DateOnly, day); err == nil && at.IsZero() {
		return begun
	}
	return at
}

// stateFile stands in the folder of the state.
const stateFile = "state.json"

// LoadState reads the state in a folder. None, or one that is damaged, is an empty one.
func LoadState(dir string) (State, error) {
	data, err := os.ReadFile(filepath.Join(dir, stateFile))
	if errors.Is(err, fs.ErrNotExist) {
		return State{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading what was collected: %w", err)
	}
	s := State{}
	if json.Unmarshal(data, &s) != nil || s == nil {
		return State{}, nil //nolint:nilerr // what a damaged one said is found out anew
	}
	for name := range s {
		if s[name] == nil {
			delete(s, name)
		}
	}
	return s, nil
}

// Problems are those of the sources that are configured now, in their order.
func (s State) Problems(sources []Source) []Problem {
	var out []Problem
	for _, source := range sources {
		if of := s[source.Name]; of != nil {
			out = append(out, of.Problems...)
		}
	}
	return out
}

// Reports are what pulling the sources that are configured now did the last time, in their order; none of a source that
// was never pulled.
func (s State) Reports(sources []Source) []Report {
	var out []Report
	for _, source := range sources {
		if of := s[source.Name]; of != nil && of.Last != nil {
			out = append(out, *of.Last)
		}
	}
	return out
}

func (s State) of(name string) *SourceState {
	if s[name] == nil {
		s[name] = &SourceState{}
	}
	if s[name].Files == nil {
		s[name].Files = map[string]*Pulled{}
	}
	return s[name]
}

// save replaces the state by rename.
func (s State) save(dir string) error {
	data, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return fmt.Errorf("writing what was collected: %w", err)
	}
	return atomicfile.Write(filepath.Join(dir, stateFile), data)
}
