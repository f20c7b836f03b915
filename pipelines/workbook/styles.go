package workbook

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
)

// style is what of a cell's style changes its meaning.
type style struct {
	format numberFormat
	struck bool
}

// styles reads the styles of cells.
func styles(p *part) ([]style, error) {
	var out []style
	var fonts []bool // struck out
	codes := map[int]string{}
	section := ""
	for {
		t, err := p.next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if e, ok := t.(xml.EndElement); ok && e.Name.Local == section {
			section = ""
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch name := e.Name.Local; {
		case section == "" && (name == "numFmts" || name == "fonts" || name == "cellXfs"):
			section = name
		case section == "" && name != "styleSheet":
			if err := p.skip(); err != nil {
				return nil, err
			}
		case section == "numFmts" && name == "numFmt":
			codes[number(e, "numFmtId")] = attr(e, "formatCode")
		case section == "fonts" && name == "font":
			fonts = append(fonts, false)
		case section == "fonts" && name == "strike" && len(fonts) > 0:
			v := attr(e, "val")
			fonts[len(fonts)-1] = v == "" || isTrue(v)
		case section == "cellXfs" && name == "xf":
			id, font := number(e, "numFmtId"), number(e, "fontId")
			s := style{format: builtinFormat(id), struck: font < len(fonts) && fonts[font]}
			if code, ok := codes[id]; ok {
				s.format = parseFormat(code)
			}
			out = append(out, s)
		}
	}
}

// number is an attribute that counts; 0 where it is none.
func number(e xml.StartElement, name string) int {
	n, err := strconv.Atoi(attr(e, name))
	if err != nil || n < 0 {
		return 0
	}
	return n
}
