package crashstate

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// call is a system call that succeeded, as strace -f -y -xx tells it, or the end of a process (name "exit").
type call struct {
	process int
	name    string
	args    []string
	result  string
	from    int // the mark of when it began
}

// listener is who hears of the calls of a record, in the order in which they ended. Calls that failed have changed
// nothing and are left out.
type listener interface {
	begun(process int, line string) (mark int) // it will end after others
	ended(c call) error
	mark() int // what calls that begin now bear in from
}

// readCalls reads what strace has written.
func readCalls(r io.Reader, l listener) error {
	open := map[int]string{} // by process, what has begun
	since := map[int]int{}
	lines := bufio.NewReaderSize(r, 1<<20)
	for {
		raw, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) && raw == "" {
			return nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("reading the record: %w", err)
		}
		number, line, _ := strings.Cut(strings.TrimSuffix(raw, "\n"), " ")
		process, err := strconv.Atoi(number)
		if err != nil {
			return fmt.Errorf("no process in %.80q", raw)
		}
		line = strings.TrimLeft(line, " ")
		from := l.mark()
		switch {
		case strings.HasPrefix(line, "+++ exited with "):
			code := strings.TrimSuffix(strings.TrimPrefix(line, "+++ exited with "), " +++")
			if err := l.ended(call{process, "exit", []string{code}, "", from}); err != nil {
				return err
			}
			continue
		case strings.HasPrefix(line, "+++"), strings.HasPrefix(line, "---"):
			continue
		case strings.HasSuffix(line, " <unfinished ...>"):
			line = strings.TrimSuffix(line, " <unfinished ...>")
			open[process], since[process] = line, l.begun(process, line)
			continue
		case strings.HasPrefix(line, "<... "):
			_, rest, ok := strings.Cut(line, " resumed>")
			if !ok || open[process] == "" {
				return fmt.Errorf("an end without a beginning: %.80q", raw)
			}
			line, from = open[process]+rest, since[process]
			delete(open, process)
		}
		c, ok, err := parseCall(line)
		if err != nil {
			return err
		}
		if c.process, c.from = process, from; ok {
			if err := l.ended(c); err != nil {
				return err
			}
		}
	}
}

// parseCall parses a line without its process; ok is false where the call failed, or nobody knows how it ended.
func parseCall(line string) (c call, ok bool, err error) {
	name, rest, found := strings.Cut(line, "(")
	end := strings.LastIndex(rest, ") = ")
	if !found || end < 0 {
		// what is behind the closing bracket is set to a column with spaces
		if end = strings.LastIndex(
			rest,
			" = ",
		); !found || end < 0 ||
			!strings.HasSuffix(strings.TrimRight(rest[:end], " "), ")") {
			return c, false, fmt.Errorf("no call: %.80q", line)
		}
	}
	args := strings.TrimSuffix(strings.TrimRight(rest[:end], " "), ")")
	c = call{name: name, result: rest[strings.LastIndex(rest, " = ")+len(" = "):]}
	if strings.HasPrefix(c.result, "-1 ") || strings.HasPrefix(c.result, "?") {
		return c, false, nil
	}
	if c.args, err = splitArgs(args); err != nil {
		return c, false, fmt.Errorf("%w: %.80q", err, line)
	}
	return c, true, nil
}

// splitArgs parts arguments at the commas that are in no bracket and no text.
func splitArgs(s string) ([]string, error) {
	var out []string
	depth, quoted, begin := 0, false, 0
	for i := 0; i < len(s); i++ {
		switch ch := s[i]; {
		case ch == '"':
			quoted = !quoted
			if end := strings.IndexByte(s[i+1:], '"'); quoted && end >= 0 { // texts are long, and hold no quotes
				i += end
			}
		case quoted:
		case strings.IndexByte("[{(<", ch) >= 0:
			depth++
		case strings.IndexByte("]})", ch) >= 0, ch == '>' && s[i-1] != '=':
			depth--
		case ch == ',' && depth == 0:
			out = append(out, strings.TrimSpace(s[begin:i]))
			begin = i + 1
		}
	}
	if quoted || depth != 0 {
		return nil, fmt.Errorf("brackets or quotes that do not close")
	}
	if last := strings.TrimSpace(s[begin:]); last != "" {
		out = append(out, last)
	}
	return out, nil
}

// text is an argument in quotes, as bytes. One that strace has cut short is an error.
func text(arg string) ([]byte, error) {
	if len(arg) < 2 || arg[0] != '"' || arg[len(arg)-1] != '"' {
		return nil, fmt.Errorf("no whole text: %.80s", arg)
	}
	return unescape(arg[1 : len(arg)-1])
}

// unescape reads \xe3\x81; what is not escaped stands for itself.
func unescape(s string) ([]byte, error) {
	out := make([]byte, 0, len(s)/4+1)
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			out = append(out, s[i])
			i++
			continue
		}
		if i+4 > len(s) || s[i+1] != 'x' {
			return nil, fmt.Errorf("no byte: %.20q", s[i:])
		}
		high, low := nibble(s[i+2]), nibble(s[i+3])
		if high < 0 || low < 0 {
			return nil, fmt.Errorf("no byte: %.20q", s[i:])
		}
		out = append(out, byte(high<<4|low))
		i += 4
	}
	return out, nil
}

func nibble(b byte) int { return bytes.IndexByte([]byte("0123456789abcdef"), b) }

// descriptor is an argument or a result like 8<\x2f\x61>: the number, and the path that it led to when it was shown.
func descriptor(s string) (fd int, path string, err error) {
	number, rest, _ := strings.Cut(s, "<")
	if number == "AT_FDCWD" {
		number = "-100"
	}
	if fd, err = strconv.Atoi(number); err != nil {
		return 0, "", fmt.Errorf("no descriptor: %.80q", s)
	}
	rest, _, _ = strings.Cut(rest, ">")
	p, err := unescape(rest)
	return fd, string(p), err
}
