package workbook

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/ianaindex"

	"kyogikai/pipelines/limits"
)

// parts are the files of a zip: an .xlsx, an .ods. Their names are compared without regard to case.
type parts struct {
	*budget
	files map[string]*zip.File
	left  int64 // bytes that may still be unpacked
}

var errDamaged = fmt.Errorf("%w: ファイルが途中で切れているか、壊れています", ErrUnreadable)

// openParts lists the parts of a zip. What they say of their sizes is counted before anything is unpacked, and what
// they turn out to be while it is.
func openParts(data []byte, b *budget) (*parts, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, errDamaged
	}
	if n := int64(len(z.File)); n > b.Parts {
		return nil, b.beyond(limits.Parts, n, "")
	}
	p := &parts{budget: b, files: map[string]*zip.File{}, left: b.Unpacked}
	total := uint64(0)
	for _, f := range z.File {
		p.files[partName(f.Name)] = f
		total += min(f.UncompressedSize64, 1<<50) // the sum of all stays below what it can hold
	}
	if total > uint64(b.Unpacked) {
		return nil, b.beyond(limits.Unpacked, int64(total), "")
	}
	return p, nil
}

func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

func (p *parts) has(name string) bool { return p.files[partName(name)] != nil }

// within finds a part that another names: relative to the other's folder, or from the top.
func within(from, target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if strings.HasPrefix(target, "/") {
		return path.Clean(target)[1:]
	}
	return path.Join(path.Dir(from), target)
}

// part reads the XML of one file of a zip.
type part struct {
	*xml.Decoder
	body  io.ReadCloser
	of    *parts
	left  int64 // bytes that it may still have
	read  int   // bytes since the last token
	depth int   // elements that are open
}

// What no part that a program wrote comes near to: bytes between two tokens (a picture may stand in a text), elements
// within one another.
const (
	longestToken = 16 << 20
	deepest      = 200_000
)

// fits refuses a part that says that it is larger than may be.
func (p *parts) fits(f *zip.File) error {
	if f.UncompressedSize64 > uint64(p.Part) {
		return p.beyond(limits.Part, int64(min(f.UncompressedSize64, math.MaxInt64)), "")
	}
	return nil
}

// open opens a part; the caller closes it.
func (p *parts) open(name string) (*part, error) {
	f := p.files[partName(name)]
	if f == nil {
		return nil, errDamaged
	}
	if err := p.fits(f); err != nil {
		return nil, err
	}
	body, err := f.Open()
	if err != nil {
		return nil, errDamaged
	}
	out := &part{body: body, of: p, left: p.Part}
	out.Decoder = xml.NewDecoder(out)
	out.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		e, err := ianaindex.IANA.Encoding(label)
		if err != nil || e == nil {
			return nil, fmt.Errorf("unknown encoding %q", label)
		}
		return e.NewDecoder().Reader(in), nil
	}
	return out, nil
}

// Read unpacks. It is the decoder's source.
func (p *part) Read(b []byte) (int, error) {
	n, err := p.body.Read(b)
	p.read += n
	if p.of.left -= int64(n); p.of.left < 0 {
		return 0, p.of.beyond(limits.Unpacked, 0, "")
	}
	if p.left -= int64(n); p.left < 0 {
		return 0, p.of.beyond(limits.Part, 0, "")
	}
	if p.read > longestToken {
		return 0, p.of.beyond(limits.CellText, 0, "")
	}
	return n, err //nolint:wrapcheck // an io.Reader
}

// next is the next token; io.EOF at the end of a whole file.
func (p *part) next() (xml.Token, error) {
	p.read = 0
	t, err := p.Token()
	switch t.(type) {
	case xml.StartElement:
		p.depth++
	case xml.EndElement:
		p.depth--
	}
	switch {
	case p.depth > deepest:
		return nil, errDamaged
	case err == nil || errors.Is(err, io.EOF), errors.Is(err, ErrTooLarge):
		return t, err //nolint:wrapcheck // the caller says what it was reading
	}
	return nil, errDamaged
}

// rest unpacks what is not read, so that its checksum is compared.
func (p *part) rest() error {
	for b := make([]byte, 32<<10); ; p.read = 0 {
		_, err := p.Read(b)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if errors.Is(err, ErrTooLarge) {
			return err
		}
		if err != nil {
			return errDamaged
		}
	}
}

func (p *part) close() { _ = p.body.Close() }

// text is the text of the element that was begun, without that of elements in it.
func (p *part) text() (string, error) {
	var out []byte
	for depth := 0; ; {
		t, err := p.next()
		if err != nil {
			return "", whole(err)
		}
		switch t := t.(type) {
		case xml.CharData:
			if depth == 0 {
				out = append(out, t...)
			}
		case xml.StartElement:
			depth++
		case xml.EndElement:
			if depth == 0 {
				return string(out), nil
			}
			depth--
		}
	}
}

// skip passes over the element that was begun.
func (p *part) skip() error {
	_, err := p.text()
	return err
}

// whole makes an error of an end that comes too early.
func whole(err error) error {
	if errors.Is(err, io.EOF) {
		return errDamaged
	}
	return err
}

// attr is an attribute by its local name, "" where there is none.
func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// isTrue reads a boolean attribute.
func isTrue(value string) bool { return value == "1" || value == "true" || value == "on" }

// number is an attribute that counts; 0 where it is none.
func number(e xml.StartElement, name string) int {
	n, err := strconv.Atoi(attr(e, name))
	if err != nil || n < 0 {
		return 0
	}
	return n
}
