package cli

import (
	"bytes"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/printable"
)

// newJSONHandler writes a log as an object a line. Errors are told as to people: who asked for details gets them too.
func newJSONHandler(w io.Writer, level slog.Level, clock func() time.Time) slog.Handler {
	return slog.NewJSONHandler(visible{w}, &slog.HandlerOptions{
		Level: level,
		ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if len(groups) > 0 {
				return a
			}
			switch a.Key {
			case slog.TimeKey:
				return slog.String(slog.TimeKey, clock().Format(time.RFC3339))
			case slog.MessageKey:
				a.Key = "message"
			}
			if err, ok := a.Value.Any().(error); ok && level > slog.LevelDebug {
				a.Value = slog.StringValue(fault.Text(err))
			}
			return a
		},
	})
}

// visible is a door for lines of JSON, in which nothing is hidden behind it.
type visible struct{ w io.Writer }

func (v visible) Write(p []byte) (int, error) {
	if _, err := v.w.Write(printable.JSON(p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// flusher is a writer that keeps something back until it is whole.
type flusher interface {
	io.Writer
	Flush() error
}

// asksForJSON reports whether a command line asks for a log of JSON. It is asked before the flags are read, because
// what is wrong with them is told in that form too.
func asksForJSON(args []string) bool {
	i := slices.Index(args, "--log-format")
	return slices.Contains(args, "--log-format="+logJSON) || i >= 0 && i+1 < len(args) && args[i+1] == logJSON
}

// newStderr is the standard error of a command line.
func newStderr(w World, inJSON bool) flusher {
	if inJSON {
		return &jsonLines{log: slog.New(newJSONHandler(w.Stderr, slog.LevelInfo, w.Clock))}
	}
	return printable.NewWriter(w.Stderr)
}

// jsonLines makes a line of the log of every line that is written as plain text.
type jsonLines struct {
	mu   sync.Mutex
	log  *slog.Logger
	rest []byte
}

func (j *jsonLines) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.rest = append(j.rest, p...)
	for {
		line, rest, whole := bytes.Cut(j.rest, []byte("\n"))
		if !whole {
			return len(p), nil
		}
		j.say(string(line))
		j.rest = bytes.Clone(rest)
	}
}

func (j *jsonLines) say(line string) {
	if line = strings.TrimSpace(line); line != "" {
		j.log.Info(line)
	}
}

// Flush writes what does not end with a line.
func (j *jsonLines) Flush() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.say(string(j.rest))
	j.rest = nil
	return nil
}
