package workbook

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"kyogikai/pipelines/limits"
)

// rich is a text of an .xlsx or .xls with what of it is struck out: some of it by itself, some of it not, and some as
// the cell's font says. Furigana are no part of it.
type rich struct {
	text                 string
	struck, plain, asSet bool
}

// pieces are a rich text that is being read.
type pieces struct {
	rich
	texts []string
	size  int64
}

// add takes a piece of the text. own says that the piece has a font of its own.
func (r *pieces) add(text string, own, struck bool) {
	if text == "" {
		return
	}
	r.texts, r.size = append(r.texts, text), r.size+int64(len(text))
	if strings.TrimSpace(text) == "" {
		return
	}
	switch {
	case !own:
		r.asSet = true
	case struck:
		r.struck = true
	default:
		r.plain = true
	}
}

// whole is the text.
func (r *pieces) whole() rich {
	r.text = strings.Join(r.texts, "")
	return r.rich
}

// strike says what of the text is struck out in a cell whose font is.
func (r rich) strike(font bool) (all, part bool) {
	struck, plain := r.struck || r.asSet && font, r.plain || r.asSet && !font
	return struck && !plain, struck && plain
}

// richText reads an si or is element that was begun.
func (b *budget) richText(p *part) (rich, error) {
	var out pieces
	for {
		t, err := p.next()
		if err != nil {
			return rich{}, whole(err)
		}
		switch t := t.(type) {
		case xml.EndElement:
			return out.whole(), nil
		case xml.StartElement:
			switch t.Name.Local {
			case "t":
				var text string
				text, err = p.text()
				out.add(unescape(text), false, false)
			case "r":
				err = out.run(p)
			default: // furigana
				err = p.skip()
			}
		}
		if err != nil {
			return rich{}, err
		}
		if out.size > b.CellText {
			return rich{}, b.beyond(limits.CellText, 0, "")
		}
	}
}

// run reads an r element: a piece with its font.
func (r *pieces) run(p *part) error {
	own, struck := false, false
	for {
		t, err := p.next()
		if err != nil {
			return whole(err)
		}
		switch t := t.(type) {
		case xml.EndElement:
			if t.Name.Local == "r" {
				return nil
			}
		case xml.StartElement:
			switch t.Name.Local {
			case "rPr":
				own = true
			case "strike":
				v := attr(t, "val")
				struck = v == "" || isTrue(v)
			case "t":
				text, err := p.text()
				if err != nil {
					return err
				}
				r.add(unescape(text), own, struck)
			}
		}
	}
}

var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescape reads characters that XML cannot hold: _x000D_.
func unescape(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	return escaped.ReplaceAllStringFunc(text, func(m string) string {
		v, _ := strconv.ParseUint(m[2:6], 16, 16) // the pattern admits nothing else
		return string(utf16.Decode([]uint16{uint16(v)}))
	})
}

// sharedStrings reads the texts that cells point to.
func (x *xlsx) sharedStrings(p *part) error {
	for {
		t, err := p.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "si" {
			r, err := x.richText(p)
			if err != nil {
				return err
			}
			if err := x.string(r.text); err != nil {
				return err
			}
			x.texts = append(x.texts, r)
		}
	}
}
