package reading

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"kyogikai/pipelines/collect"
	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/workbook"
)

// task is the reading of one file, whose it is and of which year by its place.
type task struct {
	ID   string
	File collect.File
	Now  time.Time
	Grid bool // its cells as its author sees them are wanted too
}

// outcome is what came of a task.
type outcome struct {
	Book    *record.Workbook
	Encoded []byte             // the same, as it is kept
	Grid    *workbook.Workbook // nil where it is not wanted, or cannot be opened
	Kept    bool               // the next run need not try again
	Again   bool               // it must, though nothing has changed: the machine may have been the reason
	Failed  string             // what the program failed over, for developers
	Stack   string
}

// book is the workbook of which nothing is read yet.
func (t task) book() *record.Workbook {
	return &record.Workbook{
		ID: t.ID, Path: t.File.Path, SHA256: t.File.SHA256, Municipality: t.File.Municipality,
		FiscalYear: t.File.FiscalYear, Bureau: t.File.Bureau, Department: t.File.Department, Alike: t.File.Alike,
	}
}

// perform reads a file. What it fails over is a finding of the workbook; only ctx makes an error.
func (t task) perform(
	ctx context.Context, forms []form.Form, reads form.Reading, within limits.Set,
) (out outcome, err error) {
	w := t.book()
	out = outcome{Book: w, Kept: true}
	data, complete := []byte(nil), true
	if workbook.Supported(t.File.Name) {
		if data, complete, err = settled(ctx, t.File.Disk, t.Now, within); ctx.Err() != nil {
			return outcome{}, fmt.Errorf("reading %s: %w", t.File.Path, ctx.Err())
		}
		var large *collect.LargeError
		if errors.As(err, &large) {
			form.Refuse(w, &workbook.TooLargeError{Exceeded: within.Beyond(limits.File, large.Size, "")})
			return out, nil
		}
		if err != nil { // it could be read when it was listed
			return outcome{Book: troubled(t.ID, t.File, collect.TroubleOf(err, t.File.Disk))}, nil
		}
		sum := sha256.Sum256(data)
		w.SHA256 = hex.EncodeToString(sum[:])
	} else {
		data = beginning(ctx, t.File.Disk)
	}
	if err := form.Guard(reads, forms, w, data, within); err != nil {
		out.Kept, out.Failed = false, err.Error()
		var p *fault.PanicError
		if errors.As(err, &p) {
			out.Failed, out.Stack = fmt.Sprint(p.Value), string(p.Stack)
		}
		return out, nil
	}
	if !complete && w.Status == record.StatusUnreadable {
		w.Findings[0].Message = "ファイルを開けません（まだ書き込み中です）。保存が終わってから、もう一度提出してください。"
		out.Kept = false
	}
	if t.Grid {
		out.Grid, _ = workbook.Open(w.Path, data, within) // why it cannot be opened is a finding already
	}
	return out, nil
}

// encoded is a value for a pipe or for the cache.
func encoded(v any) ([]byte, error) {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(v); err != nil {
		return nil, fmt.Errorf("encoding: %w", err)
	}
	return b.Bytes(), nil
}

// decoded is what encoded was given.
func decoded[T any](data []byte) (*T, error) {
	v := new(T)
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(v); err != nil {
		return nil, fmt.Errorf("decoding: %w", err)
	}
	return v, nil
}
