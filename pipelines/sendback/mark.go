package sendback

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"kyogikai/pipelines/bounded"
	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/workbook"
	"kyogikai/pipelines/workers"
)

// Copy is what a marked copy is made of: a file as it was when the findings were made, and what is to be said of it.
// One without a file is the list alone.
type Copy struct {
	Name, Disk, SHA256 string
	Within             limits.Set
	Heading            []string
	Notes              []workbook.Note
}

// Marked is a marked copy, and the ending of its name. Stale says that the file has changed since: there is no copy.
type Marked struct {
	Data   []byte
	Ext    string
	Stale  bool
	Failed string // why a child made none, in words for people
}

// Marker makes marked copies.
type Marker func(ctx context.Context, c Copy) (Marked, error)

// Here marks in this process. Of a file that is too large to be read the list alone is made.
func Here(ctx context.Context, c Copy) (out Marked, err error) {
	var data []byte
	if c.Disk != "" {
		data, _, err = collect.ReadFile(ctx, collect.UsualPace(), c.Disk, c.Within.File)
		sum := sha256.Sum256(data)
		if errors.Is(err, fs.ErrNotExist) || err == nil && hex.EncodeToString(sum[:]) != c.SHA256 {
			return Marked{Stale: true}, nil
		}
		if err != nil && !errors.As(err, new(*collect.LargeError)) {
			return Marked{}, fmt.Errorf("reading %s: %w", c.Name, err)
		}
	}
	out.Data, out.Ext, err = mark(workbook.Mark, c.Name, data, c.Within, c.Heading, c.Notes)
	return out, err
}

// WorkerKind is the kind of children that mark.
const WorkerKind = "mark"

// Serve is the work of a child that marks.
func Serve(in io.Reader, out io.Writer) error {
	return workers.Serve(in, out, func([]byte) (workers.Worker, error) {
		return func(piece []byte) ([]byte, error) {
			var c Copy
			if err := gob.NewDecoder(bytes.NewReader(piece)).Decode(&c); err != nil {
				return nil, fmt.Errorf("decoding: %w", err)
			}
			marked, err := Here(context.Background(), c)
			if err != nil {
				marked = Marked{Failed: fault.Text(err)}
			}
			return encoded(marked)
		}, nil
	})
}

// By has children mark. Of a file over which a child ends the list alone is made, here.
func By(pool *workers.Pool) Marker {
	return func(ctx context.Context, c Copy) (Marked, error) {
		piece, err := encoded(c)
		if err != nil {
			return Marked{}, err
		}
		answer, err := pool.Do(ctx, piece)
		var end *bounded.EndError
		if errors.As(err, &end) && !errors.As(err, new(*workers.StartError)) {
			c.Disk, c.Notes = "", inWords(c.Notes)
			return Here(ctx, c)
		}
		if err != nil {
			return Marked{}, err //nolint:wrapcheck // the caller names the file
		}
		var out Marked
		if err := gob.NewDecoder(bytes.NewReader(answer)).Decode(&out); err != nil {
			return Marked{}, fmt.Errorf("decoding: %w", err)
		}
		if out.Failed != "" {
			return Marked{}, errors.New(out.Failed)
		}
		return out, nil
	}
}

func encoded(v any) ([]byte, error) {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(v); err != nil {
		return nil, fmt.Errorf("encoding: %w", err)
	}
	return b.Bytes(), nil
}

// marking writes a copy of a workbook with its notes, as workbook.Mark does.
type marking func(
	name string, data []byte, within limits.Set, heading []string, notes []workbook.Note,
) ([]byte, string, error)

// mark marks a copy. Where that fails over what is in the file, the list alone is written, with the places in its
// words: the other departments get theirs.
func mark(
	do marking, name string, data []byte, within limits.Set, heading []string, notes []workbook.Note,
) (marked []byte, ext string, err error) {
	err = fault.Contain(func() error {
		marked, ext, err = do(name, data, within, heading, notes)
		return err
	})
	if err == nil {
		return marked, ext, nil
	}
	return do(name, nil, within, heading, inWords(notes))
}

// inWords are notes that lead to no cell, with their places in words.
func inWords(notes []workbook.Note) []workbook.Note {
	list := slices.Clone(notes)
	for i, n := range list {
		if at := strings.Trim(n.Sheet+" › "+n.Cell, " ›"); at != "" {
			list[i].Text = at + "：" + n.Text
		}
		list[i].Sheet, list[i].Cell = "", ""
	}
	return list
}
