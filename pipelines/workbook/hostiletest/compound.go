package hostiletest

import (
	"bytes"
	"encoding/binary"
	"io"
	"unicode/utf16"
)

var le = binary.LittleEndian

// What a sector of a compound file is instead of followed by another ([MS-CFB] 2.1).
const (
	sectorSize  = 512
	endOfChain  = 0xFFFFFFFE
	freeSector  = 0xFFFFFFFF
	tableSector = 0xFFFFFFFD
)

// compound makes an OLE compound file of one stream. change may damage its table of sectors, which follows which, and
// its directory, before it is written.
func compound(name string, stream []byte, change func(table []uint32, directory []byte)) []byte {
	stream = append(stream, make([]byte, max(4096-len(stream), 0))...) // a shorter one would be elsewhere
	sectors := (len(stream) + sectorSize - 1) / sectorSize
	perTable := sectorSize / 4
	tables := 1
	for tables*perTable < sectors+1+tables {
		tables++
	}
	table := make([]uint32, tables*perTable)
	for i := range table {
		table[i] = freeSector
	}
	for i := range sectors {
		table[i] = uint32(i + 1)
	}
	table[sectors-1] = endOfChain
	at := sectors // the directory
	table[at] = endOfChain
	for i := range tables {
		table[at+1+i] = tableSector
	}
	directory := make([]byte, sectorSize)
	entry(directory[0:], "Root Entry", 5, 1, endOfChain, 0)
	entry(directory[128:], name, 2, freeSector, 0, uint64(len(stream)))
	entry(directory[256:], "", 0, freeSector, 0, 0)
	entry(directory[384:], "", 0, freeSector, 0, 0)
	if change != nil {
		change(table, directory)
	}
	var out bytes.Buffer
	out.Write(header(at, tables))
	out.Write(stream)
	out.Write(make([]byte, sectors*sectorSize-len(stream)))
	out.Write(directory)
	for _, next := range table {
		out.Write(le.AppendUint32(nil, next))
	}
	return out.Bytes()
}

func header(directory, tables int) []byte {
	h := make([]byte, sectorSize)
	copy(h, []byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1})
	le.PutUint16(h[24:], 0x3E)
	le.PutUint16(h[26:], 3)
	le.PutUint16(h[28:], 0xFFFE)
	le.PutUint16(h[30:], 9) // sectors of 512
	le.PutUint16(h[32:], 6)
	le.PutUint32(h[44:], uint32(min(tables, 109)))
	le.PutUint32(h[48:], uint32(directory))
	le.PutUint32(h[56:], 4096)
	le.PutUint32(h[60:], endOfChain)
	le.PutUint32(h[68:], endOfChain)
	for i := range 109 {
		v := uint32(freeSector)
		if i < tables {
			v = uint32(directory + 1 + i)
		}
		le.PutUint32(h[76+4*i:], v)
	}
	return h
}

// entry writes an entry of the directory.
func entry(b []byte, name string, kind byte, child, start uint32, size uint64) {
	units := utf16.Encode([]rune(name))
	for i, u := range units {
		le.PutUint16(b[2*i:], u)
	}
	if name != "" {
		le.PutUint16(b[64:], uint16(2*len(units)+2))
	}
	b[66], b[67] = kind, 1
	le.PutUint32(b[68:], freeSector)
	le.PutUint32(b[72:], freeSector)
	le.PutUint32(b[76:], child)
	le.PutUint32(b[116:], start)
	le.PutUint64(b[120:], size)
}

func encrypted(w io.Writer, _ int) error {
	_, err := w.Write(compound("EncryptedPackage", make([]byte, 5000), nil))
	return err
}
