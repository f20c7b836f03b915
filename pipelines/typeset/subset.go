package typeset

import (
	"maps"
	"slices"
)

// subset cuts a small font that has just the given glyphs, each at its code. Parts of compound glyphs come along.
func (f *sfnt) subset(codes map[uint16]uint16) []byte {
	order := slices.Sorted(maps.Keys(codes))
	c := cutter{font: f, at: map[uint16]uint16{0: 0}, glyphs: []uint16{0}}
	for _, code := range order {
		c.take(codes[code])
	}
	glyf, loca := c.outlines()
	metrics := make([]byte, 4*len(c.glyphs))
	for i, g := range c.glyphs {
		advance, bearing := f.metric(g)
		be.PutUint16(metrics[4*i:], advance)
		be.PutUint16(metrics[4*i+2:], bearing)
	}
	head, hhea, maxp := slices.Clone(f.tables["head"]), slices.Clone(f.tables["hhea"]), slices.Clone(f.tables["maxp"])
	be.PutUint32(head[8:], 0)  // checksum
	be.PutUint16(head[50:], 1) // long offsets
	be.PutUint16(hhea[34:], uint16(len(c.glyphs)))
	be.PutUint16(maxp[4:], uint16(len(c.glyphs)))
	tables := map[string][]byte{
		"head": head, "hhea": hhea, "maxp": maxp, "hmtx": metrics, "loca": loca, "glyf": glyf,
		"OS/2": slices.Clone(f.tables["OS/2"]),
		"post": append([]byte{0, 3, 0, 0}, f.tables["post"][4:32]...), "name": {0, 0, 0, 0, 0, 6},
		"cmap": cmap(order, func(code uint16) uint16 { return c.at[codes[code]] }),
	}
	for _, hints := range []string{"cvt ", "fpgm", "prep", "gasp"} {
		if t := f.tables[hints]; t != nil {
			tables[hints] = slices.Clone(t)
		}
	}
	return assemble(tables)
}

// cutter renumbers the glyphs that are taken.
type cutter struct {
	font   *sfnt
	at     map[uint16]uint16 // new number by old
	glyphs []uint16          // old number by new
}

func (c *cutter) take(glyph uint16) uint16 {
	n, ok := c.at[glyph]
	if !ok {
		n = uint16(len(c.glyphs))
		c.at[glyph] = n
		c.glyphs = append(c.glyphs, glyph)
	}
	return n
}

// outlines copies the glyphs, with the parts of compound ones renumbered.
func (c *cutter) outlines() (glyf, loca []byte) {
	f := c.font
	for i := 0; i < len(c.glyphs); i++ {
		g := int(c.glyphs[i])
		outline := slices.Clone(f.tables["glyf"][f.offsets[g]:f.offsets[g+1]])
		if len(outline) > 10 && int16(be.Uint16(outline)) < 0 {
			c.parts(outline)
		}
		loca = be.AppendUint32(loca, uint32(len(glyf)))
		glyf = append(glyf, outline...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
	}
	return glyf, be.AppendUint32(loca, uint32(len(glyf)))
}

// Flags of the parts of a compound glyph.
const (
	wordArguments  = 1 << 0
	oneScale       = 1 << 3
	moreParts      = 1 << 5
	twoScales      = 1 << 6
	matrixOfScales = 1 << 7
)

func (c *cutter) parts(outline []byte) {
	for p := 10; ; {
		flags := be.Uint16(outline[p:])
		be.PutUint16(outline[p+2:], c.take(be.Uint16(outline[p+2:])))
		p += 6
		if flags&wordArguments != 0 {
			p += 2
		}
		switch {
		case flags&oneScale != 0:
			p += 2
		case flags&twoScales != 0:
			p += 4
		case flags&matrixOfScales != 0:
			p += 8
		}
		if flags&moreParts == 0 {
			return
		}
	}
}

// cmap makes a table of format 4: a segment for every run of codes whose glyphs follow each other.
func cmap(codes []uint16, glyph func(uint16) uint16) []byte {
	type segment struct{ start, end, delta int }
	var segments []segment
	for _, code := range codes {
		delta := int(glyph(code)) - int(code)
		if k := len(segments) - 1; k >= 0 && segments[k].end == int(code)-1 && segments[k].delta == delta {
			segments[k].end++
			continue
		}
		segments = append(segments, segment{int(code), int(code), delta})
	}
	segments = append(segments, segment{0xFFFF, 0xFFFF, 1})
	n := len(segments)
	table := make([]byte, 16+8*n)
	be.PutUint16(table, 4)
	be.PutUint16(table[2:], uint16(len(table)))
	be.PutUint16(table[6:], uint16(2*n))
	for i, s := range segments {
		be.PutUint16(table[14+2*i:], uint16(s.end))
		be.PutUint16(table[16+2*n+2*i:], uint16(s.start))
		be.PutUint16(table[16+4*n+2*i:], uint16(s.delta))
	}
	return append([]byte{0, 0, 0, 1, 0, 3, 0, 1, 0, 0, 0, 12}, table...)
}

// assemble writes a font file of tables.
func assemble(tables map[string][]byte) []byte {
	names := slices.Sorted(maps.Keys(tables))
	out := make([]byte, 12+16*len(names))
	be.PutUint32(out, 0x00010000)
	be.PutUint16(out[4:], uint16(len(names)))
	for i, name := range names {
		record, t := out[12+16*i:], tables[name]
		copy(record, name)
		be.PutUint32(record[8:], uint32(len(out)))
		be.PutUint32(record[12:], uint32(len(t)))
		out = append(out, t...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	return out
}
