package learn

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"

	"kyogikai/pipelines/bounded"
	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/picture"
	"kyogikai/pipelines/workbook"
	"kyogikai/pipelines/workers"
)

// WorkerKind is the kind of children that learn.
const WorkerKind = "learn"

// Task is what is learned from: examples, and the letters of forms that are taken.
type Task struct {
	Examples []Example
	IDs      []string
	Within   limits.Set
}

// Learned is a proposal with the picture of how each of its examples is read by it.
type Learned struct {
	Name     string
	ID       string
	YAML     []byte
	Items    []Item
	Examples []int
	Sheets   []string // 例.xlsx「シート」
	Records  int      // that the examples are read to have
	Unread   bool     // it recognises the form and reads nothing: too much of it is open
	Pages    [][]byte // HTML, one an example
}

// Outcome is what came of a task. Failed says in Japanese why nothing did.
type Outcome struct {
	Learned []Learned
	Seen    []string // of sheets of which no form is proposed: what stands there
	Failed  string
}

// Serve is the work of a child that learns.
func Serve(in io.Reader, out io.Writer) error {
	return workers.Serve(in, out, func([]byte) (workers.Worker, error) {
		return func(piece []byte) ([]byte, error) {
			var t Task
			if err := gob.NewDecoder(bytes.NewReader(piece)).Decode(&t); err != nil {
				return nil, fmt.Errorf("decoding: %w", err)
			}
			return encoded(Here(t))
		}, nil
	})
}

// By has a child learn, within the limits of reading; pool is nil where there are none.
func By(ctx context.Context, pool *workers.Pool, t Task) (Outcome, error) {
	if pool == nil {
		return Here(t), nil
	}
	piece, err := encoded(t)
	if err != nil {
		return Outcome{}, err
	}
	answer, err := pool.Do(ctx, piece)
	var end *bounded.EndError
	if errors.As(err, &end) && !errors.As(err, new(*workers.StartError)) {
		return Outcome{Failed: ended(t.Within, end)}, nil
	}
	if err != nil {
		return Outcome{}, err //nolint:wrapcheck // the caller says what for
	}
	var out Outcome
	if err := gob.NewDecoder(bytes.NewReader(answer)).Decode(&out); err != nil {
		return Outcome{}, fmt.Errorf("decoding: %w", err)
	}
	return out, nil
}

// ended says what a child was ended for.
func ended(within limits.Set, end *bounded.EndError) string {
	name, known := map[bounded.Limit]string{
		bounded.Memory: limits.ReadingMemory, bounded.CPU: limits.ReadingCPU, bounded.Time: limits.ReadingTime,
	}[end.Limit]
	if !known {
		return "例を調べている途中で、プログラムが止まりました。例を一つずつ試して、止まるファイルを知らせてください"
	}
	e := workbook.TooLargeError{Exceeded: within.Beyond(name, 0, "")}
	return e.Error()
}

// Here learns in this process.
func Here(t Task) Outcome {
	proposals, seen, err := Propose(t.Examples, t.IDs, t.Within)
	var cannot *OpenError
	switch {
	case errors.As(err, &cannot):
		return Outcome{Failed: "「" + cannot.Path + "」を開けません（" + fault.Text(cannot.Err) + "）。開けるファイルを例にしてください"}
	case err != nil:
		return Outcome{Failed: fault.Text(err)}
	}
	out := Outcome{Seen: seen}
	for _, p := range proposals {
		l := Learned{
			Name: p.Name, ID: p.Form.ID, YAML: p.YAML, Items: p.Items, Examples: p.Examples, Sheets: p.Sheets,
			Unread: p.Form.Layout == form.LayoutUnknown,
		}
		for i := range p.Read {
			l.Records += len(p.Read[i].Records)
			r := picture.Reading{Grid: p.grids[i], Read: &p.Read[i], Forms: []form.Form{p.Form}}
			l.Pages = append(l.Pages, picture.Page(r))
		}
		out.Learned = append(out.Learned, l)
	}
	return out
}

func encoded(v any) ([]byte, error) {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(v); err != nil {
		return nil, fmt.Errorf("encoding: %w", err)
	}
	return b.Bytes(), nil
}
