package workbook

import "unicode/utf16"

// chars reads the Unicode strings of a BIFF record, which may run over into CONTINUE records ([MS-XLS] 2.5.293).
type chars struct {
	parts [][]byte
	part  int
	at    int
}

// bytes takes n bytes, going on in the next part where one ends.
func (c *chars) bytes(n int) ([]byte, bool) {
	var out []byte
	for n > 0 {
		if !c.advance() {
			return nil, false
		}
		k := min(n, len(c.parts[c.part])-c.at)
		out = append(out, c.parts[c.part][c.at:c.at+k]...)
		c.at, n = c.at+k, n-k
	}
	return out, true
}

// advance goes to the next part when this one is used up.
func (c *chars) advance() bool {
	for c.part < len(c.parts) && c.at >= len(c.parts[c.part]) {
		c.part, c.at = c.part+1, 0
	}
	return c.part < len(c.parts)
}

// text reads one string whose length field has lengthSize bytes, without its fonts.
func (c *chars) text(lengthSize int) (string, bool) {
	s, _, ok := c.rich(lengthSize)
	return s, ok
}

// rich reads one string with its fonts: four bytes each, a place and the font from there on. Phonetic data is skipped.
func (c *chars) rich(lengthSize int) (text string, runs []byte, ok bool) {
	head, ok := c.bytes(lengthSize + 1)
	if !ok {
		return "", nil, false
	}
	n := int(head[0])
	if lengthSize == 2 {
		n = int(le.Uint16(head))
	}
	flags := head[lengthSize]
	fonts, skip := 0, 0
	if flags&8 != 0 {
		b, ok := c.bytes(2)
		if !ok {
			return "", nil, false
		}
		fonts = 4 * int(le.Uint16(b))
	}
	if flags&4 != 0 {
		b, ok := c.bytes(4)
		if !ok {
			return "", nil, false
		}
		skip = int(le.Uint32(b))
	}
	if text, ok = c.units(n, flags&1 != 0); !ok {
		return "", nil, false
	}
	if runs, ok = c.bytes(fonts); !ok {
		return "", nil, false
	}
	_, ok = c.bytes(skip)
	return text, runs, ok
}

// units reads n characters of one or two bytes. Each part that the characters run into begins with a new flag byte.
func (c *chars) units(n int, wide bool) (string, bool) {
	var out []uint16
	for len(out) < n {
		if c.part < len(c.parts) && c.at >= len(c.parts[c.part]) {
			if !c.advance() {
				return "", false
			}
			wide = c.parts[c.part][0]&1 != 0
			c.at = 1
		}
		if c.part >= len(c.parts) {
			return "", false
		}
		if !wide {
			b, ok := c.bytes(1)
			if !ok {
				return "", false
			}
			out = append(out, uint16(b[0]))
			continue
		}
		b, ok := c.bytes(2)
		if !ok {
			return "", false
		}
		out = append(out, le.Uint16(b))
	}
	return string(utf16.Decode(out)), true
}
