package cli

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	"kyogikai/pipelines/fault"
	"kyogikai/pipelines/printable"
)

// Forms of what goes to standard error.
const (
	logText = "text"
	logJSON = "json" // an object a line: time, level, message, and keys of its own
)

func (o *options) checkLogFormat() error {
	if o.logFormat != logText && o.logFormat != logJSON {
		return usageError{"--log-format は " + logText + " か " + logJSON + " です"}
	}
	return nil
}

// level is how grave a line of the log has to be at least. Who asks for lines that programs read, has no person before
// the terminal to be spared.
func (o *options) level() slog.Level {
	switch {
	case o.verbose:
		return slog.LevelDebug
	case o.logging || o.logFormat == logJSON:
		return slog.LevelInfo
	}
	return slog.LevelWarn
}

// logger is the log of this process, with times of a zone.
func (o *options) logger(zone *time.Location) *slog.Logger {
	clock := func() time.Time { return o.Clock().In(zone) }
	if o.logFormat == logJSON {
		return slog.New(newJSONHandler(o.rawStderr, o.level(), clock))
	}
	return slog.New(lineHandler{w: o.Stderr, level: o.level(), clock: clock, mu: &sync.Mutex{}})
}

// runLog is the log that a run keeps beside its record.
func (o *options) runLog(w io.Writer, zone *time.Location) *slog.Logger {
	return slog.New(lineHandler{
		w: w, level: min(o.level(), slog.LevelInfo), clock: func() time.Time { return o.Clock().In(zone) }, mu: &sync.Mutex{},
	})
}

// lineHandler writes a log as plain lines for people: the time in the city's zone, how grave, the message, its details.
// One record is one line, whatever the names in it.
type lineHandler struct {
	w     io.Writer
	level slog.Level
	clock func() time.Time
	mu    *sync.Mutex
	attrs []slog.Attr
}

var levelNames = map[slog.Level]string{
	slog.LevelDebug: "詳細", slog.LevelInfo: "", slog.LevelWarn: "注意", slog.LevelError: "異常",
}

// Enabled implements slog.Handler.
func (h lineHandler) Enabled(_ context.Context, l slog.Level) bool { return l >= h.level }

// Handle implements slog.Handler.
func (h lineHandler) Handle(_ context.Context, r slog.Record) error {
	var b strings.Builder
	b.WriteString(h.clock().Format(time.DateTime))
	for _, s := range []string{levelNames[r.Level], printable.Line(r.Message)} {
		if s != "" {
			b.WriteString(" " + s)
		}
	}
	each := func(a slog.Attr) bool {
		if v := h.value(a.Value); v != "" {
			printable.Fprintf(&b, " %s=%s", a.Key, v)
		}
		return true
	}
	for _, a := range h.attrs {
		each(a)
	}
	r.Attrs(each)
	h.mu.Lock()
	defer h.mu.Unlock()
	_, err := io.WriteString(h.w, b.String()+"\n")
	return err
}

// value is a detail as it is written. An error is told to people; whoever asked for details gets the whole of it.
func (h lineHandler) value(v slog.Value) string {
	if err, ok := v.Any().(error); ok && h.level > slog.LevelDebug {
		return strings.ReplaceAll(fault.Text(err), "\n", " ") // of several side by side
	}
	return v.String()
}

// WithAttrs implements slog.Handler.
func (h lineHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	h.attrs = append(h.attrs[:len(h.attrs):len(h.attrs)], attrs...)
	return h
}

// WithGroup implements slog.Handler. Nothing here uses groups.
func (h lineHandler) WithGroup(string) slog.Handler { return h }
