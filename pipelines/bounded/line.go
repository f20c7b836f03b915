package bounded

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
)

// Line is what a child asks its parent over for what it may not do itself: a question at a time, each with an answer,
// and with an answer perhaps a file that the parent has opened.
type Line struct {
	mu   sync.Mutex
	conn *net.UnixConn
}

// NewLine makes both ends of a line: the parent's, and the file that the child gets, which the parent closes once the
// child has started.
func NewLine() (parent *Line, child *os.File, err error) {
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("making a line to a child: %w", err)
	}
	child = os.NewFile(uintptr(pair[1]), "line")
	parent, err = LineOn(os.NewFile(uintptr(pair[0]), "line"))
	return parent, child, err
}

// LineOn is the end of a line that a file is. The file is closed.
func LineOn(f *os.File) (*Line, error) {
	defer f.Close() //nolint:errcheck // the line has a descriptor of its own
	conn, err := net.FileConn(f)
	if err != nil {
		return nil, fmt.Errorf("opening a line: %w", err)
	}
	unix, ok := conn.(*net.UnixConn)
	if !ok {
		return nil, errors.New("opening a line: not a socket")
	}
	return &Line{conn: unix}, nil
}

// Ask sends a question and reads its answer, and the file that came with it, nil where none did.
func (l *Line) Ask(question, answer any) (*os.File, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.send(question, nil); err != nil {
		return nil, err
	}
	return l.receive(answer)
}

// Serve answers the questions of the other end until it hangs up. A file that goes with an answer is closed then.
func (l *Line) Serve(answer func(question json.RawMessage) (any, *os.File)) error {
	for {
		var question json.RawMessage
		if _, err := l.receive(&question); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		a, file := answer(question)
		err := l.send(a, file)
		if file != nil {
			_ = file.Close() // the other end has it
		}
		if err != nil {
			return err
		}
	}
}

// Close hangs up.
func (l *Line) Close() { _ = l.conn.Close() }

// lengthSize is how many bytes say how long a message is.
const lengthSize = 4

func (l *Line) send(message any, file *os.File) error {
	data, err := json.Marshal(message)
	if err != nil {
		return fmt.Errorf("writing to a line: %w", err)
	}
	var rights []byte
	if file != nil {
		rights = syscall.UnixRights(int(file.Fd()))
	}
	length := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	if _, _, err := l.conn.WriteMsgUnix(length, rights, nil); err != nil {
		return fmt.Errorf("writing to a line: %w", err)
	}
	if _, err := l.conn.Write(data); err != nil {
		return fmt.Errorf("writing to a line: %w", err)
	}
	return nil
}

func (l *Line) receive(message any) (*os.File, error) {
	var length [lengthSize]byte
	rights := make([]byte, syscall.CmsgSpace(lengthSize))
	n, with, _, _, err := l.conn.ReadMsgUnix(length[:], rights)
	if n == 0 && (err == nil || errors.Is(err, io.EOF)) {
		return nil, io.EOF
	}
	if err == nil && n < lengthSize {
		_, err = io.ReadFull(l.conn, length[n:])
	}
	if err != nil {
		return nil, fmt.Errorf("reading from a line: %w", err)
	}
	file, err := fileIn(rights[:with])
	if err != nil {
		return nil, err
	}
	data := make([]byte, binary.BigEndian.Uint32(length[:]))
	if _, err := io.ReadFull(l.conn, data); err != nil {
		return file, fmt.Errorf("reading from a line: %w", err)
	}
	if err := json.Unmarshal(data, message); err != nil {
		return file, fmt.Errorf("reading from a line: %w", err)
	}
	return file, nil
}

// fileIn is the file that came with a message, nil where none did.
func fileIn(rights []byte) (*os.File, error) {
	messages, err := syscall.ParseSocketControlMessage(rights)
	if err != nil || len(messages) == 0 {
		return nil, err
	}
	files, err := syscall.ParseUnixRights(&messages[0])
	if err != nil || len(files) == 0 {
		return nil, err
	}
	syscall.CloseOnExec(files[0])
	return os.NewFile(uintptr(files[0]), "from the line"), nil
}
