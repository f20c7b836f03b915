package hostiletest

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
)

// packed are hostile in how they are packed.
func packed() []Case {
	const mega = 1 << 20
	whole := func(n int) ([]byte, error) {
		var b bytes.Buffer
		err := book{sheet: ordinary("", func(t *text) {
			for i := 1; i <= n; i++ {
				t.putf(`<row r="%d">%s</row>`, i, inline(fmt.Sprintf("A%d", i), "調査票"))
			}
		}, nil)}.write(&b)
		return b.Bytes(), err
	}
	changed := func(change func(b []byte) []byte) func(w io.Writer, n int) error {
		return func(w io.Writer, n int) error {
			b, err := whole(n)
			if err == nil {
				_, err = w.Write(change(b))
			}
			return err
		}
	}
	return []Case{
		raw("a bomb that says its size", 2, 200, "part", func(t *text, n int) { t.repeat(spaces(mega), n) }),
		made("a bomb in three parts", 1, 90, "unpacked", func(n int) book {
			return book{sheets: 3, sheet: ordinary("", func(t *text) { t.repeat(spaces(mega), n) }, nil)}
		}),
		{Name: "a bomb that lies", Ext: ".xlsx", Small: 1, Full: 300, Want: Damaged, Write: lyingBomb},
		{Name: "entries that lie over one another", Ext: ".xlsx", Small: 3, Full: 1000, Want: "unpacked", Write: overlapping},
		{Name: "a zip in a zip in a zip", Ext: ".xlsx", Small: 2, Full: 8, Want: Other, Write: nested},
		{Name: "very many parts", Ext: ".xlsx", Small: 100, Full: 400_000, Want: "parts", Write: manyParts},
		{Name: "a list of parts cut off", Ext: ".xlsx", Small: 10, Full: 10_000, Want: Damaged,
			Write: changed(func(b []byte) []byte { return b[:len(b)-30] })},
		{Name: "half a file", Ext: ".xlsx", Small: 10, Full: 100_000, Want: Damaged,
			Write: changed(func(b []byte) []byte { return b[:len(b)/2] })},
		{Name: "bytes that are others", Ext: ".xlsx", Small: 10, Full: 10_000, Want: Damaged,
			Write: changed(func(b []byte) []byte {
				at := bytes.Index(b, []byte("xl/worksheets/sheet1.xml")) + 60
				for i := range 20 {
					b[at+i] ^= 0x5A
				}
				return b
			})},
		{Name: "a comment without an end", Ext: ".xlsx", Small: 10, Full: 10_000, Want: Damaged + "|" + Read,
			Write: changed(func(b []byte) []byte { return append(b, bytes.Repeat([]byte("PK\x05\x06"), 20_000)...) })},
		{Name: "nothing but zeros behind a zip's first bytes", Ext: ".xlsx", Small: 100, Full: 90 * mega, Want: Damaged,
			Write: func(w io.Writer, n int) error {
				t := &text{w: w}
				t.put("PK\x03\x04")
				t.repeat("\x00", n)
				return t.err
			}},
		{Name: "paths out of the folder", Ext: ".xlsx", Small: 3, Full: 3, Want: Read, Write: func(w io.Writer, n int) error {
			more := map[string]func(*text){}
			for i := range n {
				more[strings.Repeat("../", i+1)+"etc/kyogikai"] = oneCell
			}
			return book{sheet: ordinary("", oneCell, nil), more: more}.write(w)
		}},
		{Name: "a password", Ext: ".xlsx", Small: 1, Full: 1, Want: Locked, Write: encrypted},
	}
}

// lyingBomb unpacks to so many megabytes and says that it has a hundred bytes.
func lyingBomb(w io.Writer, n int) error {
	plain := bytes.Repeat([]byte(" "), 1<<20)
	var one bytes.Buffer
	f, err := flate.NewWriter(&one, flate.BestSpeed)
	if err != nil {
		return err
	}
	sum := crc32.NewIEEE()
	for range n {
		_, _ = sum.Write(plain) // it never fails
		if _, err := f.Write(plain); err != nil {
			return err
		}
	}
	if err := f.Close(); err != nil {
		return err
	}
	z := zip.NewWriter(w)
	for name, do := range map[string]func(*text){
		"[Content_Types].xml": book{sheets: 1}.types, "xl/workbook.xml": book{sheets: 1,
			named: func(int) string { return "S" }}.workbook,
		"xl/_rels/workbook.xml.rels": book{sheets: 1}.relations,
	} {
		out, err := z.Create(name)
		if err != nil {
			return err
		}
		do(&text{w: out})
	}
	out, err := z.CreateRaw(&zip.FileHeader{
		Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, CRC32: sum.Sum32(), CompressedSize64: uint64(one.Len()),
		UncompressedSize64: 100,
	})
	if err != nil {
		return err
	}
	if _, err := out.Write(one.Bytes()); err != nil {
		return err
	}
	return z.Close()
}

// overlapping names one packed part of a megabyte n times.
func overlapping(w io.Writer, n int) error {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	out, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return err
	}
	if _, err := out.Write(bytes.Repeat([]byte(" "), 1<<20)); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	data := b.Bytes()
	at := bytes.Index(data, []byte("PK\x01\x02"))
	end := bytes.LastIndex(data, []byte("PK\x05\x06"))
	entry := data[at:end]
	file := append(bytes.Clone(data[:at]), bytes.Repeat(entry, n)...)
	tail := bytes.Clone(data[end:])
	binary.LittleEndian.PutUint16(tail[8:], uint16(n))
	binary.LittleEndian.PutUint16(tail[10:], uint16(n))
	binary.LittleEndian.PutUint32(tail[12:], uint32(n*len(entry)))
	_, err = w.Write(append(file, tail...))
	return err
}

// nested packs ten copies of a file n times over.
func nested(w io.Writer, n int) error {
	data := bytes.Repeat([]byte("調査票"), 1000)
	for i := range n {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for k := range 10 {
			out, err := z.Create(fmt.Sprintf("%d-%d.xlsx", i, k))
			if err != nil {
				return err
			}
			if _, err := out.Write(data); err != nil {
				return err
			}
		}
		if err := z.Close(); err != nil {
			return err
		}
		data = b.Bytes()
	}
	_, err := w.Write(data)
	return err
}

func manyParts(w io.Writer, n int) error {
	z := zip.NewWriter(w)
	for i := range n {
		if _, err := z.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("xl/media/%d", i)}); err != nil {
			return err
		}
	}
	return z.Close()
}
