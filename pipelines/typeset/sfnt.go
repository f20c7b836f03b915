package typeset

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// sfnt is a TrueType font with glyf outlines, parsed as far as measuring and cutting need. It never changes once
// parsed.
type sfnt struct {
	tables  map[string][]byte
	em      int               // units per em
	offsets []uint32          // of the glyphs in glyf, one more than glyphs
	metrics int               // glyphs that have an advance of their own
	glyphs  map[rune]uint16   // by character
	forms   map[form]uint16   // by character and variation selector, where that is not the usual glyph
	usual   map[form]struct{} // forms that are the usual glyph
}

// form is a character with its variation selector (異体字), 0 when there is none.
type form struct{ r, selector rune }

var errFont = errors.New("not a TrueType font with glyf outlines")

// parseFont reads a font file. A damaged one is an error, never a panic.
func parseFont(data []byte) (f *sfnt, err error) {
	defer func() {
		if recover() != nil { // an offset that points outside the file
			f, err = nil, errFont
		}
	}()
	if len(data) < 12 || be.Uint32(data) != 0x00010000 {
		return nil, errFont
	}
	f = &sfnt{tables: map[string][]byte{}, glyphs: map[rune]uint16{}, forms: map[form]uint16{}, usual: map[form]struct{}{}}
	for i := range int(be.Uint16(data[4:])) {
		r := data[12+16*i:]
		at, size := be.Uint32(r[8:]), be.Uint32(r[12:])
		f.tables[string(r[:4])] = data[at : at+size : at+size]
	}
	for _, name := range []string{"head", "maxp", "hhea", "hmtx", "loca", "glyf", "cmap", "post", "OS/2"} {
		if f.tables[name] == nil {
			return nil, fmt.Errorf("%w: no table %s", errFont, name)
		}
	}
	f.em = int(be.Uint16(f.tables["head"][18:]))
	f.metrics = int(be.Uint16(f.tables["hhea"][34:]))
	f.readLoca(int(be.Uint16(f.tables["maxp"][4:])))
	f.readCmap(f.tables["cmap"])
	return f, nil
}

var be = binary.BigEndian

func (f *sfnt) readLoca(glyphs int) {
	loca := f.tables["loca"]
	long := be.Uint16(f.tables["head"][50:]) != 0
	f.offsets = make([]uint32, glyphs+1)
	for i := range f.offsets {
		if long {
			f.offsets[i] = be.Uint32(loca[4*i:])
		} else {
			f.offsets[i] = uint32(be.Uint16(loca[2*i:])) * 2
		}
	}
}

// readCmap reads formats 4 and 12 (characters) and 14 (variation selectors).
func (f *sfnt) readCmap(cmap []byte) {
	for i := range int(be.Uint16(cmap[2:])) {
		sub := cmap[be.Uint32(cmap[4+8*i+4:]):]
		switch be.Uint16(sub) {
		case 4:
			f.readFormat4(sub)
		case 12:
			for k := range int(be.Uint32(sub[12:])) {
				g := sub[16+12*k:]
				first, last, glyph := be.Uint32(g), be.Uint32(g[4:]), be.Uint32(g[8:])
				for c := first; c <= last; c++ {
					f.glyphs[rune(c)] = uint16(glyph + c - first)
				}
			}
		case 14:
			f.readFormat14(sub)
		}
	}
}

func (f *sfnt) readFormat4(sub []byte) {
	n := int(be.Uint16(sub[6:])) / 2
	ends, starts, deltas, ranges := sub[14:], sub[16+2*n:], sub[16+4*n:], sub[16+6*n:]
	for i := range n {
		start, end := int(be.Uint16(starts[2*i:])), int(be.Uint16(ends[2*i:]))
		for c := start; c <= end && c < 0xFFFF; c++ {
			var glyph uint16
			if at := int(be.Uint16(ranges[2*i:])); at == 0 {
				glyph = uint16(c) + be.Uint16(deltas[2*i:])
			} else if glyph = be.Uint16(ranges[2*i+at+2*(c-start):]); glyph != 0 {
				glyph += be.Uint16(deltas[2*i:])
			}
			if glyph != 0 {
				f.glyphs[rune(c)] = glyph
			}
		}
	}
}

func (f *sfnt) readFormat14(sub []byte) {
	for i := range int(be.Uint32(sub[6:])) {
		record := sub[10+11*i:]
		selector := uint24(record)
		if at := be.Uint32(record[3:]); at != 0 {
			table := sub[at:]
			for k := range int(be.Uint32(table)) {
				first := uint24(table[4+4*k:])
				for j := range rune(table[4+4*k+3]) + 1 {
					f.usual[form{first + j, selector}] = struct{}{}
				}
			}
		}
		if at := be.Uint32(record[7:]); at != 0 {
			table := sub[at:]
			for k := range int(be.Uint32(table)) {
				entry := table[4+5*k:]
				f.forms[form{uint24(entry), selector}] = be.Uint16(entry[3:])
			}
		}
	}
}

func uint24(b []byte) rune { return rune(b[0])<<16 | rune(b[1])<<8 | rune(b[2]) }

// glyph of a character. exact is false where the font has the character but not the form that its selector asks for.
func (f *sfnt) glyph(c form) (glyph uint16, exact, ok bool) {
	if c.selector != 0 {
		if g, ok := f.forms[c]; ok {
			return g, true, true
		}
	}
	glyph, ok = f.glyphs[c.r]
	_, usual := f.usual[c]
	return glyph, c.selector == 0 || usual, ok && glyph != 0
}

// advance of a glyph in em.
func (f *sfnt) advance(glyph uint16) float64 {
	a, _ := f.metric(glyph)
	return float64(a) / float64(f.em)
}

func (f *sfnt) metric(glyph uint16) (advance, bearing uint16) {
	h, g := f.tables["hmtx"], int(glyph)
	if g < f.metrics {
		return be.Uint16(h[4*g:]), be.Uint16(h[4*g+2:])
	}
	return be.Uint16(h[4*(f.metrics-1):]), be.Uint16(h[4*f.metrics+2*(g-f.metrics):])
}
