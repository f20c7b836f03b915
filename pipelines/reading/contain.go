package reading

import (
	"context"
	"errors"

	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/form"
	"kyogikai/pipelines/record"
	"kyogikai/pipelines/warehouse"
)

// screen compares the workbooks of a municipality with one another, as Reader.screened does.
type screen func(city string, books []*record.Workbook) warehouse.Batch

// contained screens the workbooks of a municipality, the first of which has a number in the tree. Where the program
// fails over them, the workbook that it fails over is found and counts as unreadable, and the others are screened
// again.
func (r *Reader) contained(
	ctx context.Context, city string, first int, books []*record.Workbook, do screen,
) (warehouse.Batch, error) {
	faulty := map[int]bool{}
	for {
		batch, failed := try(do, city, books)
		if failed == nil {
			return batch, nil
		}
		r.failed(city, failed)
		k, err := r.culprit(ctx, city, first, len(books), faulty, do)
		if err != nil {
			return warehouse.Batch{}, err
		}
		if k == len(books) || faulty[k] { // it does not fail again, or not over one more
			return warehouse.Batch{}, failed
		}
		faulty[k] = true
		if books, err = r.anew(ctx, first, len(books), faulty); err != nil {
			return warehouse.Batch{}, err
		}
	}
}

func try(do screen, city string, books []*record.Workbook) (batch warehouse.Batch, err error) {
	err = fault.Contain(func() error {
		batch = do(city, books)
		return nil
	})
	return batch, err
}

// culprit is the first of n workbooks with which screening fails, with those before it; n where it does not.
func (r *Reader) culprit(
	ctx context.Context, city string, first, n int, faulty map[int]bool, do screen,
) (int, error) {
	low, high := 0, n
	for low < high {
		middle := (low + high) / 2
		books, err := r.anew(ctx, first, middle+1, faulty)
		if err != nil {
			return 0, err
		}
		if _, err := try(do, city, books); err != nil {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low, nil
}

// anew reads n workbooks again: a screening that failed has left them half-changed.
func (r *Reader) anew(ctx context.Context, first, n int, faulty map[int]bool) ([]*record.Workbook, error) {
	out := make([]*record.Workbook, n)
	for i := range n {
		w, err := r.file(ctx, first+i)
		if err != nil {
			return nil, err
		}
		if faulty[i] {
			form.Faulty(w)
		}
		r.tree.Files[first+i].SHA256 = w.SHA256
		out[i] = w
	}
	return out, nil
}

// failed keeps for developers where the program failed.
func (r *Reader) failed(what string, err error) {
	r.log.Warn("プログラムの不具合で読めないものがあります", "what", what)
	var p *fault.PanicError
	if errors.As(err, &p) {
		r.log.Debug("panic", "what", what, "value", p.Value, "stack", string(p.Stack))
	}
}
