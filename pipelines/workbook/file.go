package workbook

import (
	"fmt"
	"io"
	"os"
	"syscall"

	"kyogikai/pipelines/limits"
)

// ReadFile reads a file within limits, and says what it was after that. One that is larger is a *TooLargeError
// before anything of it is read, one that is no file (a pipe would never end) an error in words for people.
func ReadFile(disk string, within limits.Set) ([]byte, os.FileInfo, error) {
	in, err := os.OpenFile(disk, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("opening: %w", err)
	}
	defer in.Close() //nolint:errcheck // read only
	info, err := in.Stat()
	if err != nil {
		return nil, nil, fmt.Errorf("opening: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("%w: ファイルではありません", ErrUnreadable)
	}
	if info.Size() > within.File {
		return nil, nil, &TooLargeError{Exceeded: within.Beyond(limits.File, info.Size(), "")}
	}
	data, err := io.ReadAll(io.LimitReader(in, within.File+1)) // it may grow while it is read
	if err != nil {
		return nil, nil, fmt.Errorf("reading: %w", err)
	}
	if int64(len(data)) > within.File {
		return nil, nil, &TooLargeError{Exceeded: within.Beyond(limits.File, 0, "")}
	}
	if info, err = in.Stat(); err != nil {
		return nil, nil, fmt.Errorf("reading: %w", err)
	}
	return data, info, nil
}
