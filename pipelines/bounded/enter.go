package bounded

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"
)

// variable is the variable of the environment that tells a child its limit of memory, in bytes.
const variable = "KYOGIKAI_BOUNDED"

// filesVariable tells a child that no file may become larger than so many bytes.
const filesVariable = "KYOGIKAI_BOUNDED_FILES"

// Room above the limit of memory for what is reserved and never filled: Go's own tables, and a stack a thread.
const (
	room          = 256 << 20
	roomForThread = 16 << 20
)

// Enter puts this process under the limits of the child that it is, where it is one: the first thing that main does.
// The system then refuses memory beyond them, Go collects its garbage before it comes near, and nothing that ends the
// process leaves its memory on the disk. It reports whether the process is a child.
func Enter(getenv func(string) string) (child bool, err error) {
	given := getenv(variable)
	if given == "" {
		return false, nil
	}
	memory, err := strconv.ParseInt(given, 10, 64)
	if err != nil {
		return true, fmt.Errorf("reading %s: %w", variable, err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}); err != nil {
		return true, fmt.Errorf("limiting what a child leaves behind: %w", err)
	}
	if err := limitFiles(getenv(filesVariable)); err != nil {
		return true, err
	}
	if memory == 0 {
		return true, nil
	}
	debug.SetMemoryLimit(memory / 10 * 8)
	if raceDetector {
		return true, nil // it reserves terabytes for its notes
	}
	most := uint64(memory) + room + uint64(runtime.NumCPU())*roomForThread
	if err := syscall.Setrlimit(syscall.RLIMIT_DATA, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
		return true, fmt.Errorf("limiting the memory of a child: %w", err)
	}
	return true, nil
}

// limitFiles lets this process write no file beyond a size, "" for any.
func limitFiles(given string) error {
	if given == "" {
		return nil
	}
	size, err := strconv.ParseUint(given, 10, 64)
	if err != nil {
		return fmt.Errorf("reading %s: %w", filesVariable, err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: size, Max: size}); err != nil {
		return fmt.Errorf("limiting the files of a child: %w", err)
	}
	return nil
}
