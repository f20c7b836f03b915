// Package hostiletest makes workbooks that are meant to exhaust whoever reads them, for tests.
package hostiletest

import (
	"fmt"
	"io"
	"strings"
)

// Case is one hostile file. The same file is made small, for a test of every push, and as large as it does harm.
type Case struct {
	Name  string
	Ext   string // of the file's name
	Small int
	Full  int
	Write func(w io.Writer, n int) error // n is how much there is of what does the harm
	// Want is what comes of the full file within the usual limits: the name of the limit that it is beyond, or one of
	// Damaged, Locked, Other and Read; several where the machine decides, with | between them.
	Want string
}

// What comes of a file that is beyond no limit.
const (
	Damaged = "damaged" // it cannot be opened
	Locked  = "locked"  // by a password
	Other   = "other"   // it is a file of another kind
	Read    = "read"
)

// Cases are all hostile files.
func Cases() []Case {
	var out []Case
	for _, group := range [][]Case{packed(), markup(), cells(), sheets(), styles(), formed(), legacy(), open(), plain()} {
		out = append(out, group...)
	}
	return out
}

// text writes texts, and keeps the first error.
type text struct {
	w   io.Writer
	err error
}

func (t *text) put(s string) {
	if t.err == nil {
		_, t.err = io.WriteString(t.w, s)
	}
}

func (t *text) putf(format string, args ...any) { t.put(fmt.Sprintf(format, args...)) }

// repeat writes a text n times, in larger pieces.
func (t *text) repeat(s string, n int) {
	const piece = 1 << 16
	per := max(piece/len(s), 1)
	many := strings.Repeat(s, min(per, n))
	for ; n >= per; n -= per {
		t.put(many)
	}
	t.put(strings.Repeat(s, n))
}

// column is the letters of a column, from 0.
func column(col int) string {
	name := ""
	for col++; col > 0; col = (col - 1) / 26 {
		name = string(rune('A'+(col-1)%26)) + name
	}
	return name
}
