package typeset

import (
	"bytes"
	"encoding/xml"
	"math"
	"strings"
	"time"
)

// xmp is the file's metadata in the form that PDF/A asks for. It claims PDF/A-1b, which a validator
// has passed, for a file whose pages were all made here.
func xmp(title string, day time.Time, archivable bool) string {
	var escaped strings.Builder
	_ = xml.EscapeText(&escaped, []byte(title)) // into memory
	date := day.Format("2006-01-02T15:04:05Z")
	claim := ""
	if archivable {
		claim = "<pdfaid:part>1</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>"
	}
	return "<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" ` +
		`xmlns:xmp="http://ns.adobe.com/xap/1.0/" ` +
		`xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">` +
		`<dc:title><rdf:Alt><rdf:li xml:lang="x-default">` + escaped.String() + `</rdf:li></rdf:Alt></dc:title>` +
		`<dc:language><rdf:Bag><rdf:li>ja-JP</rdf:li></rdf:Bag></dc:language>` +
		`<xmp:CreateDate>` + date + `</xmp:CreateDate><xmp:ModifyDate>` + date + `</xmp:ModifyDate>` +
		`<pdf:Producer>kyogikai</pdf:Producer>` + claim +
		`</rdf:Description></rdf:RDF></x:xmpmeta>` + "\n<?xpacket end=\"w\"?>"
}

// sRGB is a small ICC profile (version 2, matrix and curve) of the sRGB colour space of IEC 61966-2-1, with a gamma of
// 2.2 for its curve: papers are black on white, for which the two are the same.
func sRGB() []byte {
	fixed := func(v float64) []byte { return be.AppendUint32(nil, uint32(int32(math.Round(v*65536)))) }
	xyz := func(x, y, z float64) []byte {
		return bytes.Join([][]byte{[]byte("XYZ \x00\x00\x00\x00"), fixed(x), fixed(y), fixed(z)}, nil)
	}
	curve := append([]byte("curv\x00\x00\x00\x00\x00\x00\x00\x01"), be.AppendUint16(nil, uint16(math.Round(2.2*256)))...)
	name := "sRGB"
	description := append([]byte("desc\x00\x00\x00\x00"), be.AppendUint32(nil, uint32(len(name)+1))...)
	description = append(append(description, name...), make([]byte, 1+4+4+2+1+67)...)
	tags := []struct {
		name string
		data []byte
	}{
		{"desc", description}, {"cprt", []byte("text\x00\x00\x00\x00Public domain\x00")}, {"wtpt", xyz(0.9505, 1, 1.0891)},
		{"rXYZ", xyz(0.4360, 0.2225, 0.0139)}, {"gXYZ", xyz(0.3851, 0.7169, 0.0971)}, {"bXYZ", xyz(0.1431, 0.0606, 0.7141)},
		{"rTRC", curve}, {"gTRC", curve}, {"bTRC", curve},
	}
	header := make([]byte, 128)
	copy(header[8:], "\x02\x10\x00\x00mntrRGB XYZ ")
	copy(header[24:], "\x07\xE9\x00\x01\x00\x01") // 2025-01-01
	copy(header[36:], "acsp")
	copy(header[68:], bytes.Join([][]byte{fixed(0.9642), fixed(1), fixed(0.8249)}, nil))
	table := be.AppendUint32(nil, uint32(len(tags)))
	var data []byte
	for _, t := range tags {
		at := 128 + 4 + 12*len(tags) + len(data)
		table = append(table, t.name...)
		table = be.AppendUint32(be.AppendUint32(table, uint32(at)), uint32(len(t.data)))
		data = append(data, t.data...)
		for len(data)%4 != 0 {
			data = append(data, 0)
		}
	}
	out := bytes.Join([][]byte{header, table, data}, nil)
	be.PutUint32(out, uint32(len(out)))
	return out
}
