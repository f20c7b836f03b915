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
