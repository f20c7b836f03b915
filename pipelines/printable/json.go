package printable

import (
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// JSON is the same JSON in which nothing is hidden: what Line would show stands in strings as \u202e, so that a reader
// gets the very value and a terminal obeys nothing. data is what encoding/json has written, which escapes line breaks
// and the controls of ASCII itself; those that stand between values stay.
func JSON(data []byte) []byte {
	clean := true
	for i := 0; i < len(data) && clean; {
		r, n := utf8.DecodeRune(data[i:])
		clean = r < 0x7F || !hidden(r)
		i += n
	}
	if clean {
		return data
	}
	out := make([]byte, 0, len(data)+len(data)/8)
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		switch {
		case r < 0x7F || !hidden(r):
			out = append(out, data[i:i+n]...)
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		i += n
	}
	return out
}
