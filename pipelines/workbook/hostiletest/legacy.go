package hostiletest

import (
	"fmt"
	"io"
	"math"
)

// rec is a record of BIFF8 ([MS-XLS] 2.3).
func rec(kind uint16, body []byte) []byte {
	return append(le.AppendUint16(le.AppendUint16(nil, kind), uint16(len(body))), body...)
}

func bof(kind uint16) []byte { return rec(0x0809, append(words(0x0600, kind), make([]byte, 12)...)) }

func words(values ...uint16) []byte {
	var out []byte
	for _, v := range values {
		out = le.AppendUint16(out, v)
	}
	return out
}

var eof = rec(0x000A, nil)

// listed is the record that lists a sheet.
func listed(offset int, name string) []byte {
	b := append(le.AppendUint32(nil, uint32(offset)), 0, 0, byte(len(name)), 0)
	return rec(0x0085, append(b, name...))
}

// stream is a workbook of one sheet: its own records, and the sheet's.
func stream(globals, sheet func(t *text)) func(t *text) {
	return func(t *text) {
		var head text
		var kept keeper
		head.w = &kept
		if globals != nil {
			globals(&head)
		}
		first := append(bof(5), kept...)
		offset := len(first) + len(listed(0, "S")) + len(eof)
		t.put(string(first) + string(listed(offset, "S")) + string(eof) + string(bof(0x10)))
		sheet(t)
		t.put(string(eof))
	}
}

type keeper []byte

func (k *keeper) Write(b []byte) (int, error) {
	*k = append(*k, b...)
	return len(b), nil
}

// xls is a case of an .xls with a stream.
func xls(name string, small, full int, want string, do func(n int) func(t *text)) Case {
	return Case{Name: name, Ext: ".xls", Small: small, Full: full, Want: want, Write: func(w io.Writer, n int) error {
		var kept keeper
		do(n)(&text{w: &kept})
		_, err := w.Write(compound("Workbook", kept, nil))
		return err
	}}
}

// broken is a case of an .xls whose table of sectors or directory is damaged.
func broken(name, want string, change func(table []uint32, directory []byte)) Case {
	return Case{Name: name, Ext: ".xls", Small: 20, Full: 400_000, Want: want, Write: func(w io.Writer, n int) error {
		var kept keeper
		stream(nil, numbers(n))(&text{w: &kept})
		_, err := w.Write(compound("Workbook", kept, change))
		return err
	}}
}

func number(row, col int) []byte {
	return rec(0x0203, le.AppendUint64(words(uint16(row), uint16(col), 0), math.Float64bits(float64(row))))
}

func numbers(n int) func(t *text) {
	return func(t *text) {
		for i := range n {
			t.put(string(number(i/100, i%100)))
		}
	}
}

// legacy are hostile files of the old format.
func legacy() []Case {
	return []Case{
		broken("sectors in a circle", Damaged+"|"+Read, func(table []uint32, _ []byte) { table[3] = 1 }),
		broken("a sector that follows itself", Damaged+"|"+Read, func(table []uint32, _ []byte) { table[2] = 2 }),
		broken("sectors beyond the file", Damaged, func(table []uint32, _ []byte) { table[2] = 0x7FFFFFF0 }),
		broken("a chain that ends early", Damaged, func(table []uint32, _ []byte) { table[4] = endOfChain }),
		broken("a directory in a circle", Damaged+"|"+Read+"|"+Other, func(_ []uint32, d []byte) {
			le.PutUint32(d[128+68:], 1)
			le.PutUint32(d[128+72:], 1)
			le.PutUint32(d[128+76:], 0)
		}),
		broken("a stream that says it is of terabytes", Damaged+"|"+Read, func(_ []uint32, d []byte) {
			le.PutUint64(d[128+120:], 1<<42)
		}),
		xls("more cells than may be in an xls", 100, 1_000_000, "cells", func(n int) func(*text) {
			return stream(nil, numbers(n))
		}),
		xls("records of many numbers", 1, 30_000, "cells", func(n int) func(*text) {
			return stream(nil, func(t *text) {
				for i := range n {
					body := words(uint16(i), 0)
					for range 256 {
						body = append(body, 0, 0, 1, 0, 0, 0)
					}
					t.put(string(rec(0x00BD, append(body, 255, 0))))
				}
			})
		}),
		xls("texts that are not there in an xls", 1, 1, Damaged, func(int) func(*text) {
			return stream(func(t *text) { t.put(string(rec(0x00FC, []byte{255, 255, 255, 255, 255, 255, 255, 255}))) },
				numbers(1))
		}),
		xls("very many empty texts", 100, 12_000_000, "strings", func(n int) func(*text) {
			return stream(func(t *text) {
				const per = 2700
				body := le.AppendUint32(le.AppendUint32(nil, uint32(n)), uint32(n))
				kind := uint16(0x00FC)
				for ; n > 0; n -= per {
					t.put(string(rec(kind, append(body, make([]byte, 3*min(per, n))...))))
					body, kind = nil, 0x003C
				}
			}, numbers(1))
		}),
		xls("a text of 65,535 characters in every cell", 3, 3000, "text|"+Damaged, func(n int) func(*text) {
			return stream(func(t *text) {
				body := append(le.AppendUint32(le.AppendUint32(nil, 1), 1), 0xFF, 0xFF, 0)
				t.put(string(rec(0x00FC, append(body, make([]byte, 8000)...))))
				for range 8 {
					t.put(string(rec(0x003C, make([]byte, 8200))))
				}
			}, func(t *text) {
				for i := range n {
					t.put(string(rec(0x00FD, append(words(uint16(i), 0, 0), 0, 0, 0, 0))))
				}
			})
		}),
		xls("texts with fonts without an end", 10, 5000, Damaged+"|"+Read, func(n int) func(*text) {
			return stream(func(t *text) {
				body := le.AppendUint32(le.AppendUint32(nil, uint32(n)), uint32(n))
				kind := uint16(0x00FC)
				for range n {
					t.put(string(rec(kind, append(body, 1, 0, 8|4, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 'a'))))
					body, kind = nil, 0x003C
				}
			}, numbers(1))
		}),
		xls("very many sheets in an xls", 3, 2_000_000, "sheets", func(n int) func(*text) {
			return func(t *text) {
				t.put(string(bof(5)))
				t.repeat(string(listed(20, "S")), n)
				t.put(string(eof))
			}
		}),
		xls("sheets that are all the same place", 9, 900, Damaged, func(n int) func(*text) {
			return func(t *text) {
				t.put(string(bof(5)))
				offset := len(bof(5)) + n*len(listed(0, "S000")) + len(eof)
				for i := range n {
					t.put(string(listed(offset, fmt.Sprintf("S%03d", i))))
				}
				t.put(string(eof) + string(bof(0x10)))
				numbers(400)(t)
				t.repeat(string(rec(0x1234, make([]byte, 8000))), 1+n*4)
				t.put(string(eof))
			}
		}),
		xls("merges of nothing in an xls", 10, 200_000, "merges", func(n int) func(*text) {
			return stream(nil, func(t *text) {
				t.put(string(number(0, 0)))
				for ; n > 0; n -= 1000 {
					body := words(uint16(min(n, 1000)))
					for i := range min(n, 1000) {
						body = append(body, words(uint16(i), uint16(i), 5, 6)...)
					}
					t.put(string(rec(0x00E5, body)))
				}
			})
		}),
		xls("records of nothing", 100, 11_000, Read, func(n int) func(*text) {
			return stream(nil, func(t *text) {
				t.put(string(number(0, 0)))
				t.repeat(string(rec(0x1234, make([]byte, 8200))), n)
			})
		}),
		xls("number formats of 64 kilobytes", 2, 1000, Damaged, func(n int) func(*text) {
			return stream(func(t *text) {
				for i := range n {
					body := append(words(uint16(200+i), 60_000), 0)
					t.put(string(rec(0x041E, append(body, make([]byte, 60_000)...))))
				}
			}, numbers(1))
		}),
		xls("half an xls", 100, 100_000, Damaged, func(n int) func(*text) {
			return func(t *text) {
				var kept keeper
				stream(nil, numbers(n))(&text{w: &kept})
				t.put(string(kept[:len(kept)-1000]))
			}
		}),
		xls("an xls with a password", 1, 1, Locked, func(int) func(*text) {
			return stream(func(t *text) { t.put(string(rec(0x002F, make([]byte, 6)))) }, numbers(1))
		}),
	}
}
