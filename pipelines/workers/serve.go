package workers

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// Worker does one piece of work.
type Worker func(piece []byte) ([]byte, error)

// Serve is what a child does: it is made ready by setup, and works on piece after piece until its parent has no more.
// An error ends the child.
func Serve(in io.Reader, out io.Writer, setup func(told []byte) (Worker, error)) error {
	in = bufio.NewReader(in)
	told, err := receive(in, math.MaxInt64)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return err
	}
	work, err := setup(told)
	if err != nil {
		return err
	}
	if err := send(out, nil); err != nil { // ready
		return err
	}
	for {
		piece, err := receive(in, math.MaxInt64)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		answer, err := work(piece)
		if err != nil {
			return err
		}
		if err := send(out, answer); err != nil {
			return err
		}
	}
}

// errTooLong says that a message is longer than anything may be.
var errTooLong = errors.New("a message is too long")

// send writes a message behind its length.
func send(to io.Writer, message []byte) error {
	var head [8]byte
	binary.LittleEndian.PutUint64(head[:], uint64(len(message)))
	if _, err := to.Write(head[:]); err != nil {
		return fmt.Errorf("sending: %w", err)
	}
	if _, err := to.Write(message); err != nil {
		return fmt.Errorf("sending: %w", err)
	}
	return nil
}

// receive reads a message; io.EOF where there is none.
func receive(from io.Reader, most int64) ([]byte, error) {
	var head [8]byte
	if _, err := io.ReadFull(from, head[:]); err != nil {
		return nil, err //nolint:wrapcheck // io.EOF is no failure
	}
	n := binary.LittleEndian.Uint64(head[:])
	if most > 0 && n > uint64(most) {
		return nil, errTooLong
	}
	message := make([]byte, n)
	if _, err := io.ReadFull(from, message); err != nil {
		return nil, fmt.Errorf("receiving: %w", errors.Join(io.ErrUnexpectedEOF, err))
	}
	return message, nil
}
