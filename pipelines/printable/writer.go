package printable

import (
	"io"
	"sync"
	"unicode/utf8"
)

// Writer is the last door before a terminal or a log: what passes it is Text. It may be used by several at a time.
type Writer struct {
	mu   sync.Mutex
	w    io.Writer
	rest []byte // the beginning of a character whose end has not come yet
}

// NewWriter is a door to w.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Write implements io.Writer.
func (d *Writer) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := append(d.rest, p...)
	whole := len(all)
	for n := 1; n < utf8.UTFMax && n <= len(all); n++ {
		if at := len(all) - n; utf8.RuneStart(all[at]) {
			if !utf8.FullRune(all[at:]) {
				whole = at
			}
			break
		}
	}
	d.rest = append([]byte(nil), all[whole:]...)
	if _, err := io.WriteString(d.w, Text(string(all[:whole]))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Flush writes what is left of a character that has never ended.
func (d *Writer) Flush() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.rest) == 0 {
		return nil
	}
	rest := d.rest
	d.rest = nil
	_, err := io.WriteString(d.w, Text(string(rest)))
	return err
}
