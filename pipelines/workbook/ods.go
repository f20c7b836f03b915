package workbook

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"time"

	"kyogikai/pipelines/limits"
)

// openDocument begins the kinds of OpenDocument files.
const openDocument = "application/vnd.oasis.opendocument."

// mimetype is what a zip says that it is.
func (p *parts) mimetype() string {
	f := p.files["mimetype"]
	if f == nil {
		return ""
	}
	in, err := f.Open()
	if err != nil {
		return ""
	}
	defer in.Close() //nolint:errcheck // read only
	text, err := io.ReadAll(io.LimitReader(in, 200))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

func isODS(p *parts) bool { return strings.HasPrefix(p.mimetype(), openDocument+"spreadsheet") }

// odsReader reads the table document of an .ods ([ODF 1.3] part 3, 9).
type odsReader struct {
	*budget
	part   *part
	styles map[string]odsStyle
	dayed  map[string]bool // formats of dates: whether they show the day
}

// odsStyle is what of a style matters.
type odsStyle struct {
	format        string // of numbers
	struck, plain bool   // struck out, or expressly not
	undisplayed   bool   // of a table
}

func openODS(p *parts, b *budget) (*Workbook, error) {
	if p.has("META-INF/manifest.xml") {
		q, err := p.open("META-INF/manifest.xml")
		if err != nil {
			return nil, err
		}
		defer q.close()
		for {
			t, err := q.next()
			if err != nil {
				break // what is wrong with it does not matter
			}
			if e, ok := t.(xml.StartElement); ok && e.Name.Local == "encryption-data" {
				return nil, fmt.Errorf("%w: パスワードで保護されています", ErrEncrypted)
			}
		}
	}
	q, err := p.open("content.xml")
	if err != nil {
		return nil, err
	}
	defer q.close()
	o := &odsReader{budget: b, part: q, styles: map[string]odsStyle{}, dayed: map[string]bool{}}
	wb, err := o.document()
	if err != nil {
		return nil, err
	}
	return wb, q.rest()
}

// document reads styles and tables.
func (o *odsReader) document() (*Workbook, error) {
	wb := &Workbook{}
	name, format := "", "" // of the style and the format of dates that are read
	for {
		t, err := o.part.next()
		if errors.Is(err, io.EOF) {
			return wb, nil
		}
		if err != nil {
			return nil, err
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch st := o.styles[name]; e.Name.Local {
		case "style":
			name = attr(e, "name")
			o.styles[name] = odsStyle{format: attr(e, "data-style-name")}
		case "date-style":
			format = attr(e, "name")
			o.dayed[format] = false
		case "day":
			o.dayed[format] = format != ""
		case "text-properties":
			for _, property := range []string{"text-line-through-style", "text-line-through-type"} {
				v := attr(e, property)
				st.plain = st.plain || v == "none"
				st.struck = (st.struck || v != "") && !st.plain
			}
			o.styles[name] = st
		case "table-properties":
			st.undisplayed = attr(e, "display") == "false"
			o.styles[name] = st
		case "tracked-changes", "shapes", "dde-links", "content-validations", "named-expressions", "forms":
			if err := o.part.skip(); err != nil {
				return nil, err
			}
		case "table":
			if err := o.sheet(); err != nil {
				return nil, err
			}
			s, err := o.table(e)
			if err != nil {
				return nil, err
			}
			wb.Sheets = append(wb.Sheets, s)
		}
	}
}

// repeated is how often an element stands for itself.
func repeated(e xml.StartElement, name string) int { return min(max(number(e, name), 1), maxRow) }

func collapsed(e xml.StartElement) bool {
	v := attr(e, "visibility")
	return v == "collapse" || v == "filter"
}

// span is a range of rows or columns, the last one out.
type span struct {
	from, to int
	style    string
}

// table reads one sheet.
func (o *odsReader) table(e xml.StartElement) (*Sheet, error) {
	s := newSheet(attr(e, "name"))
	s.Hidden = o.styles[attr(e, "style-name")].undisplayed
	var columns, hiddenCols, hiddenRows []span
	row, col := 0, 0
	for depth := 0; ; {
		t, err := o.part.next()
		if err != nil {
			return nil, whole(err)
		}
		if _, ok := t.(xml.EndElement); ok {
			if depth--; depth < 0 {
				break
			}
			continue
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "table-column":
			to := min(col+repeated(e, "number-columns-repeated"), maxCol)
			if col < to { // what stands further right is refused where something is in it
				columns = append(columns, span{col, to, attr(e, "default-cell-style-name")})
				if collapsed(e) {
					hiddenCols = append(hiddenCols, span{from: col, to: to})
				}
			}
			col = to
			depth++
		case "table-row":
			n := repeated(e, "number-rows-repeated")
			if err := o.row(s, row, n, columns); err != nil {
				return nil, err
			}
			if collapsed(e) && row < maxRow {
				hiddenRows = append(hiddenRows, span{from: row, to: row + n})
			}
			row = min(row+n, maxRow)
		case "table-row-group", "table-rows", "table-header-rows", "table-column-group", "table-columns",
			"table-header-columns":
			depth++
		default: // shapes, the source of a linked table
			if err := o.part.skip(); err != nil {
				return nil, err
			}
		}
	}
	for _, h := range hiddenRows {
		for i := h.from; i < min(h.to, s.Rows); i++ {
			s.HiddenRows[i] = true
		}
	}
	for _, h := range hiddenCols {
		for j := h.from; j < min(h.to, s.Cols); j++ {
			s.HiddenCols[j] = true
		}
	}
	return s, nil
}

// row reads a row that stands for n rows.
func (o *odsReader) row(s *Sheet, row, n int, columns []span) error {
	for col := 0; ; {
		t, err := o.part.next()
		if err != nil {
			return whole(err)
		}
		if _, ok := t.(xml.EndElement); ok {
			return nil
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		times := repeated(e, "number-columns-repeated")
		if e.Name.Local != "table-cell" { // covered by a merged range, or no cell
			if err := o.part.skip(); err != nil {
				return err
			}
			if e.Name.Local == "covered-table-cell" {
				col += times
			}
			continue
		}
		style := attr(e, "style-name")
		if style == "" {
			style = styleOf(columns, col)
		}
		c, err := o.cell(e, o.styles[style])
		if err != nil {
			return err
		}
		if c.Kind != Empty || c.Formula != "" {
			if err := o.place(s, Range{row, col, row + n - 1, col + times - 1}, c); err != nil {
				return err
			}
		}
		right, below := number(e, "number-columns-spanned"), number(e, "number-rows-spanned")
		if right > 1 || below > 1 {
			err = o.merge(s, Range{row, col, row + min(max(below, 1), maxRow) - 1, col + min(max(right, 1), maxCol) - 1})
			if err != nil {
				return err
			}
		}
		col = min(col+times, maxRow)
	}
}

// styleOf is the style of a column's cells. The columns lie side by side.
func styleOf(columns []span, col int) string {
	i, _ := slices.BinarySearchFunc(columns, col, func(s span, col int) int {
		if s.to <= col {
			return -1
		}
		return 1
	})
	if i < len(columns) {
		return columns[i].style
	}
	return ""
}

// place puts a cell into all places that it stands for.
func (o *odsReader) place(s *Sheet, at Range, c Cell) error {
	if at.Bottom >= maxRow || at.Right >= maxCol {
		return o.beyond(limits.Area, int64(at.Bottom+1)*int64(at.Right+1), of(s.Name))
	}
	if err := o.count(int(at.area())); err != nil {
		return err
	}
	for i := at.Top; i <= at.Bottom; i++ {
		for j := at.Left; j <= at.Right; j++ {
			if err := o.put(s, i, j, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// cell reads a cell as its author sees it.
func (o *odsReader) cell(e xml.StartElement, st odsStyle) (Cell, error) {
	var out pieces
	lines := 0
	for {
		t, err := o.part.next()
		if err != nil {
			return Cell{}, whole(err)
		}
		if _, ok := t.(xml.EndElement); ok {
			break
		}
		if e, ok := t.(xml.StartElement); ok && (e.Name.Local == "p" || e.Name.Local == "h") {
			if lines++; lines > 1 {
				out.add("\n", false, false)
			}
			err = o.paragraph(&out, odsStyle{}, 0)
		} else if ok { // remarks, pictures
			err = o.part.skip()
		}
		if err != nil {
			return Cell{}, err
		}
	}
	text := out.whole()
	c := Cell{Kind: Text, Text: text.text}
	value := attr(e, "value")
	switch kind := attr(e, "value-type"); kind {
	case "float", "currency", "percentage":
		c = odsNumber(text.text, value, kind == "percentage")
	case "date":
		c = odsDate(text.text, attr(e, "date-value"), o.dayed, st.format)
	case "time":
		c.Kind = Time
	case "boolean":
		c = Cell{Kind: Bool, Text: strings.ToUpper(attr(e, "boolean-value"))}
	default:
		if text.text == "" {
			c.Text = attr(e, "string-value")
		}
	}
	for _, a := range e.Attr { // value-type stands twice, by two spaces of names
		if a.Name.Local == "value-type" && a.Value == "error" {
			c = Cell{Kind: Error, Text: text.text}
		}
	}
	_, formula, _ := strings.Cut(attr(e, "formula"), "=")
	if c.Text == "" {
		c = Cell{}
		if formula != "" && attr(e, "value-type") == "" {
			c.Kind = Uncached
		}
	}
	c.Formula = formula
	if c.Kind != Empty {
		if text.text == "" {
			text.asSet = true
		}
		c.Struck, c.PartStruck = text.strike(st.struck)
	}
	return c, nil
}

// paragraph reads a p element or a part of one that was begun, without furigana and remarks.
func (o *odsReader) paragraph(text *pieces, st odsStyle, depth int) error {
	const deepest = 50
	for {
		t, err := o.part.next()
		if err != nil {
			return whole(err)
		}
		switch t := t.(type) {
		case xml.CharData:
			text.add(string(t), st.struck || st.plain, st.struck)
		case xml.EndElement:
			return nil
		case xml.StartElement:
			inner := st
			if own := o.styles[attr(t, "style-name")]; own.struck || own.plain {
				inner = own
			}
			switch name := t.Name.Local; {
			case name == "s":
				text.add(strings.Repeat(" ", min(max(number(t, "c"), 1), 1000)), false, false)
				err = o.part.skip()
			case name == "tab" || name == "line-break":
				text.add(map[string]string{"tab": "\t", "line-break": "\n"}[name], false, false)
				err = o.part.skip()
			case name == "ruby-text" || name == "annotation" || name == "note" || depth == deepest,
				strings.Contains(t.Name.Space, ":drawing:"):
				err = o.part.skip()
			default:
				err = o.paragraph(text, inner, depth+1)
			}
			if err != nil {
				return err
			}
		}
		if text.size > o.CellText {
			return o.beyond(limits.CellText, 0, "")
		}
	}
}

var shownNumber = regexp.MustCompile(`[0-9][0-9,]*(?:\.([0-9]+))?`)

// odsNumber makes the cell of a number from what is shown and what is stored. What the format rounds is shown whole.
func odsNumber(shown, stored string, percent bool) Cell {
	value, ok := decimal15(stored)
	if !ok {
		return Cell{Kind: Text, Text: shown}
	}
	exact, sign := value, ""
	if percent {
		exact, sign = scale(value, 100, 1), "%"
	}
	c := Cell{Kind: Number, Text: shown, Value: value}
	if !shownNumber.MatchString(shown) {
		c.Text = exact + sign
		return c
	}
	v, _ := new(big.Rat).SetString(strings.TrimPrefix(exact, "-"))
	for _, m := range shownNumber.FindAllStringSubmatchIndex(shown, -1) {
		text, places := shown[m[0]:m[1]], 0
		if m[2] >= 0 {
			places = m[3] - m[2]
		}
		printed, ok := new(big.Rat).SetString(strings.ReplaceAll(text, ",", ""))
		if !ok || places > 30 {
			continue
		}
		unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
		off := printed.Sub(printed, v)
		if off.Abs(off).Cmp(new(big.Rat).SetFrac(big.NewInt(1), unit.Mul(unit, big.NewInt(2)))) > 0 {
			continue
		}
		f := numberFormat{grouped: strings.Contains(text, ","), decimals: places}
		c.Text = shown[:m[0]] + f.write(strings.TrimPrefix(exact, "-")) + shown[m[1]:]
		break
	}
	return c
}

// odsDate makes the cell of a date: YYYY-MM-DD, or what is shown where its format has no day.
func odsDate(shown, stored string, dayed map[string]bool, format string) Cell {
	day, err := time.Parse(time.DateOnly, stored[:min(len(stored), len(time.DateOnly))])
	if err != nil {
		return Cell{Kind: Text, Text: shown}
	}
	var f numberFormat
	c := f.isoDate(stored, false)
	c.Kind, c.Text = Date, day.Format(time.DateOnly)
	if hasDay, known := dayed[format]; known && !hasDay && shown != "" {
		c.Text = shown
	}
	return c
}
