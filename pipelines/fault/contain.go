package fault

import (
	"fmt"
	"runtime/debug"
)

// PanicError is what the program did that nobody foresaw, as an error: what it panicked with, and where.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Contain runs f. A panic in it becomes a *PanicError; what ends the whole process (memory, a stack without end) does
// not.
func Contain(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &PanicError{p, debug.Stack()}
		}
	}()
	return f()
}
