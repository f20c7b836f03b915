package reading

import (
	"context"
	"iter"
	"runtime"
	"sync"

	"kyogikai/pipelines/fault"
)

// inOrder does n pieces of work on all cores and hands on the results in their order, whatever the number of cores. It
// is never more than a few pieces ahead of its reader, so that memory does not grow with n. A panic in one is an error
// of that one: in a goroutine of its own it would end the process.
func inOrder[T any](ctx context.Context, n int, work func(ctx context.Context, i int) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		type result struct {
			value T
			err   error
		}
		ctx, cancel := context.WithCancel(ctx)
		cores := runtime.GOMAXPROCS(0)
		ahead, free := make(chan chan result, 2*cores), make(chan struct{}, cores)
		var workers sync.WaitGroup
		defer workers.Wait() // nothing goes on working after the last result
		defer cancel()
		workers.Go(func() {
			defer close(ahead)
			for i := range n {
				done := make(chan result, 1)
				select {
				case ahead <- done:
				case <-ctx.Done():
					return
				}
				free <- struct{}{}
				workers.Go(func() {
					var r result
					r.err = fault.Contain(func() (err error) {
						r.value, err = work(ctx, i)
						return err
					})
					done <- r
					<-free
				})
			}
		})
		for done := range ahead {
			if r := <-done; !yield(r.value, r.err) {
				return
			}
		}
	}
}
