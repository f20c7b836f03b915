package reading

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"kyogikai/pipelines/fault"
)

// Results come in the order of the work on any number of cores, and the work is never far ahead of its reader.
func TestInOrder(t *testing.T) {
	for _, cores := range []int{1, 2, 7} {
		before := runtime.GOMAXPROCS(cores)
		defer runtime.GOMAXPROCS(before)
		var begun atomic.Int64
		var got []int
		for v, err := range inOrder(t.Context(), 300, func(_ context.Context, i int) (int, error) {
			begun.Add(1)
			time.Sleep(time.Duration(rand.IntN(200)) * time.Microsecond)
			return i, nil
		}) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, v)
			if ahead := int(begun.Load()) - len(got); ahead > 3*cores+1 {
				t.Fatalf("%d cores: %d pieces ahead", cores, ahead)
			}
		}
		if len(got) != 300 || !slices.IsSorted(got) {
			t.Errorf("%d cores: %d results, %v", cores, len(got), got)
		}
	}
}

// A reader that stops, and work that fails, leave nothing running behind them.
func TestInOrderStops(t *testing.T) {
	var running atomic.Int64
	work := func(_ context.Context, i int) (int, error) {
		running.Add(1)
		defer running.Add(-1)
		time.Sleep(time.Millisecond)
		if i == 20 {
			return 0, errors.New("broken")
		}
		return i, nil
	}
	last := 0
	for v, err := range inOrder(t.Context(), 1000, work) {
		if err != nil {
			break
		}
		last = v
	}
	if last != 19 || running.Load() != 0 {
		t.Errorf("stopped after %d with %d pieces running", last, running.Load())
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	for range inOrder(ctx, 1000, work) {
		if n++; n == 5 {
			cancel()
		}
	}
	if n >= 1000 || running.Load() != 0 {
		t.Errorf("%d results after it was cancelled, %d pieces running", n, running.Load())
	}
}

// A panic in a piece of work is an error of that piece, and ends neither the others nor the process.
func TestInOrderContainsPanics(t *testing.T) {
	t.Parallel()
	done, failed := 0, 0
	for v, err := range inOrder(context.Background(), 20, func(_ context.Context, i int) (int, error) {
		return []int{i}[i/10], nil // from 10 on there is none
	}) {
		var p *fault.PanicError
		switch {
		case err == nil && v == done:
			done++
		case errors.As(err, &p):
			failed++
		default:
			t.Errorf("%d, %v", v, err)
		}
	}
	if done != 10 || failed != 10 {
		t.Errorf("%d done, %d failed", done, failed)
	}
}
