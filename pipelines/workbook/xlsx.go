package workbook

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"kyogikai/pipelines/limits"
)

// xlsx reads an .xlsx. The library opens it and knows its sheets, settings and styles; the cells are read here, as a
// stream: what of them the library leaves out or puts elsewhere without a word (addresses that are not written, results
// that are an empty text, pieces that are struck out, XML that breaks off) is found or refused, at less cost.
type xlsx struct {
	*budget
	file     *excelize.File
	parts    *parts
	date1904 bool
	texts    []rich
	styles   map[int]style // by their numbers

	recalculate bool      // the program that wrote the workbook left calculating to who opens it
	calculated  bool      // a formula has a result that is not 0
	formulas    []formula // of all sheets
}

// style is what of a cell's style changes its meaning.
type style struct {
	format numberFormat
	struck bool
}

// formula is where a formula with a result of 0 stands.
type formula struct {
	sheet    *Sheet
	row, col int
}

// Excel's own limits.
const (
	maxRow = 1 << 20
	maxCol = 1 << 14
)

// workbookPart is the part of a package that lists the sheets, "" where it has none.
func workbookPart(p *parts) string {
	if list, err := relations(p, ""); err == nil {
		for _, r := range list {
			if strings.HasSuffix(r.kind, "/officeDocument") && p.has(r.target) {
				return r.target
			}
		}
	}
	if p.has("xl/workbook.xml") {
		return "xl/workbook.xml"
	}
	return ""
}

func openXLSX(p *parts, b *budget) (*Workbook, error) {
	list, err := relations(p, workbookPart(p))
	if err != nil {
		return nil, err
	}
	f, err := openFrame(p)
	if err != nil {
		return nil, err
	}
	defer f.Close()                                 //nolint:errcheck // only temporary files are behind it
	if f.Styles != nil && f.Styles.NumFmts != nil { // the library takes long over one without an end
		for _, n := range f.Styles.NumFmts.NumFmt {
			if n != nil && len(n.FormatCode) > longestFormat {
				return nil, errFormat
			}
		}
	}
	x := &xlsx{budget: b, file: f, parts: p, styles: map[int]style{}}
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		x.date1904 = *props.Date1904
	}
	if calc, err := f.GetCalcProps(); err == nil && calc.FullCalcOnLoad != nil {
		x.recalculate = *calc.FullCalcOnLoad
	}
	if n := int64(len(f.GetSheetList())); n > b.Sheets {
		return nil, b.beyond(limits.SheetCount, n, "")
	}
	for _, r := range list {
		if strings.HasSuffix(r.kind, "/sharedStrings") && p.has(r.target) {
			if err := x.read(r.target, x.sharedStrings); err != nil {
				return nil, err
			}
		}
	}
	wb := &Workbook{}
	for _, entry := range f.WorkBook.Sheets.Sheet {
		s := newSheet(entry.Name)
		s.Hidden = entry.State != "" && entry.State != "visible"
		broken := fmt.Errorf("%w: シート「%s」の内容が壊れています", ErrUnreadable, s.Name)
		i := slices.IndexFunc(list, func(r relation) bool { return r.id == entry.ID })
		if i < 0 || !p.has(list[i].target) {
			return nil, broken
		}
		cells := false
		err := x.read(list[i].target, func(q *part) (err error) { cells, err = x.sheet(q, s); return err })
		if errors.Is(err, errDamaged) {
			return nil, broken
		}
		if err != nil {
			return nil, err
		}
		if cells {
			wb.Sheets = append(wb.Sheets, s)
		}
	}
	x.uncached()
	return wb, nil
}

// openFrame opens with the library what of a workbook its cells do not stand in: the list of sheets, settings, styles.
// The library unpacks and keeps all that it is given, and the rest may be large.
func openFrame(p *parts) (*excelize.File, error) {
	book := workbookPart(p)
	names := []string{"[Content_Types].xml", relationsOf(""), book, relationsOf(book), "xl/styles.xml"}
	var frame bytes.Buffer
	w := zip.NewWriter(&frame)
	for _, name := range names {
		f := p.files[partName(name)]
		if f == nil {
			continue
		}
		if err := p.fits(f); err != nil {
			return nil, err
		}
		if err := w.Copy(f); err != nil {
			return nil, errDamaged
		}
	}
	if err := w.Close(); err != nil {
		return nil, errDamaged
	}
	f, err := excelize.OpenReader(bytes.NewReader(frame.Bytes()), excelize.Options{
		UnzipSizeLimit: p.Unpacked, UnzipXMLSizeLimit: p.Part,
	})
	if err != nil {
		return nil, errDamaged
	}
	return f, nil
}

// style looks a style up once.
func (x *xlsx) style(id int) style {
	if s, ok := x.styles[id]; ok {
		return s
	}
	var s style
	if st, err := x.file.GetStyle(id); err == nil && st != nil {
		s.format = builtinFormat(st.NumFmt)
		if st.CustomNumFmt != nil {
			s.format = parseFormat(*st.CustomNumFmt)
		}
		s.struck = st.Font != nil && st.Font.Strike
	}
	x.styles[id] = s
	return s
}

// uncached takes back the results of formulas that were never calculated: the program that wrote the workbook asks for
// everything to be calculated, and every formula has a 0 or nothing for its result. A workbook that Excel has saved
// with the same wish has some other result.
func (x *xlsx) uncached() {
	if x.recalculate && !x.calculated {
		uncalculated(x.formulas)
	}
}

func uncalculated(formulas []formula) {
	for _, f := range formulas {
		c, _ := f.sheet.read(f.row, f.col)
		f.sheet.set(f.row, f.col, Cell{Kind: Uncached, Formula: c.Formula, Struck: c.Struck})
	}
}

// read reads a part to its end.
func (x *xlsx) read(name string, do func(*part) error) error {
	p, err := x.parts.open(name)
	if err != nil {
		return err
	}
	defer p.close()
	if err := do(p); err != nil {
		return err
	}
	return p.rest()
}

type relation struct{ id, kind, target string }

// relationsOf is the part that says what another points to.
func relationsOf(part string) string {
	i := strings.LastIndex(part, "/") + 1
	return part[:i] + "_rels/" + part[i:] + ".rels"
}

// relations are what a part points to; those of the package where it is "".
func relations(p *parts, of string) ([]relation, error) {
	q, err := p.open(relationsOf(of))
	if err != nil {
		return nil, err
	}
	defer q.close()
	var out []relation
	for {
		t, err := q.next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "Relationship" {
			out = append(out, relation{attr(e, "Id"), attr(e, "Type"), within(of, attr(e, "Target"))})
		}
	}
}

// sheet reads one sheet. cells is false for one without: a chart, a dialog, macros.
func (x *xlsx) sheet(p *part, s *Sheet) (cells bool, err error) {
	g := sheetReader{xlsx: x, part: p, sheet: s, shared: map[string]shared{}}
	rooted := false
	for {
		t, err := p.next()
		if errors.Is(err, io.EOF) && rooted {
			break
		}
		if err != nil {
			return false, whole(err)
		}
		e, ok := t.(xml.StartElement)
		if end, isEnd := t.(xml.EndElement); isEnd && end.Name.Local == "mergeCells" {
			break // nothing behind it is needed
		}
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "chartsheet", "dialogsheet", "macrosheet":
			return false, nil
		case "worksheet":
			rooted = true
		case "col":
			if isTrue(attr(e, "hidden")) {
				g.hide(number(e, "min"), number(e, "max"))
			}
		case "row":
			if err := g.row(e); err != nil {
				return false, err
			}
		case "mergeCell":
			if r, ok := cellsAt(attr(e, "ref")); ok {
				err = x.merge(s, r)
			}
			if err != nil {
				return false, err
			}
		case "sheetData", "cols", "mergeCells":
		default:
			if rooted {
				err = p.skip()
			}
			if err != nil {
				return false, err
			}
		}
	}
	g.hiddenCols()
	return rooted, nil
}

// cellsAt reads A1, A1:B2, $A$1:$B$2.
func cellsAt(ref string) (r Range, ok bool) {
	from, to, two := strings.Cut(ref, ":")
	if !two {
		to = from
	}
	top, left, ok1 := address(from)
	bottom, right, ok2 := address(to)
	return Range{top, left, bottom, right}, ok1 && ok2
}

// address reads A1, $A$1; from 0.
func address(ref string) (row, col int, ok bool) {
	ref = strings.ReplaceAll(ref, "$", "")
	i := strings.IndexFunc(ref, func(r rune) bool { return r >= '0' && r <= '9' })
	if i < 1 || i > 3 {
		return 0, 0, false
	}
	letters := strings.ToUpper(ref[:i])
	row, err := strconv.Atoi(ref[i:])
	for _, r := range letters {
		if r < 'A' || r > 'Z' {
			return 0, 0, false
		}
	}
	col = columnNumber(letters)
	return row - 1, col, err == nil && row >= 1 && row <= maxRow && col < maxCol
}

// sheetReader reads the cells of one sheet.
type sheetReader struct {
	*xlsx
	part   *part
	sheet  *Sheet
	shared map[string]shared // formulas that cells share, by their number
	hidden []int             // from 0, how many more spans of hidden columns begin than have ended; nil without any
	at     int               // the next row, from 0
}

// hide notes a span of hidden columns, from 1.
func (g *sheetReader) hide(from, to int) {
	if g.hidden == nil {
		g.hidden = make([]int, maxCol+1)
	}
	if from, to = max(from, 1), min(to, maxCol); from <= to {
		g.hidden[from-1]++
		g.hidden[to]--
	}
}

// hiddenCols are the columns that lie in a span, as far as the sheet goes.
func (g *sheetReader) hiddenCols() {
	open := 0
	for col := range min(len(g.hidden), g.sheet.Cols) {
		if open += g.hidden[col]; open > 0 {
			g.sheet.HiddenCols[col] = true
		}
	}
}

// row reads one row. One without a number, and a cell without an address, follow the one before.
func (g *sheetReader) row(e xml.StartElement) error {
	row, numbered := g.at, false
	if n := number(e, "r"); n > 0 {
		row, numbered = n-1, true
	}
	hidden := isTrue(attr(e, "hidden"))
	for col := 0; ; col++ {
		t, err := g.part.next()
		if err != nil {
			return whole(err)
		}
		if _, ok := t.(xml.EndElement); ok {
			break
		}
		e, ok := t.(xml.StartElement)
		switch {
		case !ok:
			col--
			continue
		case e.Name.Local != "c":
			if err := g.part.skip(); err != nil {
				return err
			}
			col--
			continue
		}
		if ref := attr(e, "r"); ref != "" {
			i, j, ok := address(ref)
			if !ok {
				return fmt.Errorf("%w: シート「%s」の%d行目が読めません", ErrUnreadable, g.sheet.Name, row+1)
			}
			if col = j; !numbered && i >= row {
				row = i
			}
		}
		if row >= maxRow || col >= maxCol {
			return errDamaged
		}
		if err := g.cell(e, row, col); err != nil {
			return err
		}
	}
	if hidden && row < maxRow {
		g.sheet.HiddenRows[row] = true
	}
	g.at = row + 1
	return nil
}

// rawCell is a cell as the file holds it.
type rawCell struct {
	kind    string // the type: s, str, inlineStr, b, e, d, n
	style   style
	text    string
	stored  bool // there is a v element
	inline  rich
	formula string
}

func (g *sheetReader) cell(e xml.StartElement, row, col int) error {
	if err := g.count(1); err != nil {
		return err
	}
	c := rawCell{kind: attr(e, "t"), style: g.style(number(e, "s"))}
	for {
		t, err := g.part.next()
		if err != nil {
			return whole(err)
		}
		if _, ok := t.(xml.EndElement); ok {
			break
		}
		e, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "v":
			c.stored = true
			c.text, err = g.part.text()
		case "is":
			c.inline, err = g.richText(g.part)
		case "f":
			c.formula, err = g.formula(e, row, col)
		default:
			err = g.part.skip()
		}
		if err != nil {
			return err
		}
	}
	if n := int64(max(len(c.text), len(c.inline.text), len(c.formula))); n > g.CellText {
		return g.beyond(limits.CellText, n, in(g.sheet, row, col))
	}
	out, err := g.show(c)
	if err != nil {
		return err
	}
	if out.Formula != "" {
		waiting := out.Kind == Uncached || (c.kind == "" || c.kind == "n") && out.Value == "0"
		if waiting {
			g.formulas = append(g.formulas, formula{g.sheet, row, col})
		}
		g.calculated = g.calculated || !waiting
	}
	if old, twice := g.sheet.read(row, col); twice && old != out {
		return errDamaged // nobody can say which of them counts
	}
	return g.put(g.sheet, row, col, out)
}

// formula reads an f element. Cells that share a formula say it once.
func (g *sheetReader) formula(e xml.StartElement, row, col int) (string, error) {
	text, err := g.part.text()
	if err != nil || attr(e, "t") != "shared" {
		return text, err
	}
	id := attr(e, "si")
	if text != "" {
		g.shared[id] = shared{text, row, col}
		return text, nil
	}
	return g.shared[id].at(row, col), nil
}

// show makes a cell as its author sees it.
func (x *xlsx) show(c rawCell) (Cell, error) {
	text := rich{text: c.text, asSet: true}
	switch c.kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(c.text))
		switch {
		case c.text == "":
		case err != nil || i < 0 || i >= len(x.texts):
			return Cell{}, errDamaged
		default:
			text = x.texts[i]
		}
	case "inlineStr":
		if !c.stored || c.inline.text != "" {
			text = c.inline
		}
	case "str":
		text.text = unescape(c.text)
	}
	out := Cell{Kind: Text, Text: text.text}
	switch c.kind {
	case "s", "inlineStr":
	case "str":
		if n := c.style.format.cell(text.text, x.date1904); n.Text == text.text { // a number that a program calls a text
			out = n
		}
		if c.formula != "" && strings.HasPrefix(out.Text, "#") {
			out.Kind = Error
		}
	case "e":
		out.Kind = Error
	case "b":
		out.Kind, out.Text = Bool, "FALSE"
		if isTrue(strings.TrimSpace(c.text)) {
			out.Text = "TRUE"
		}
	case "d":
		out = c.style.format.isoDate(c.text, x.date1904)
	default:
		out = c.style.format.cell(c.text, x.date1904)
		if out.Kind == Text && c.formula != "" && strings.HasPrefix(c.text, "#") {
			out.Kind = Error
		}
	}
	if text.text == "" {
		out = Cell{}
		// =IF(…,"再掲",""): the stored result is an empty text
		if empty := c.kind == "str" && (c.stored || strings.Contains(c.formula, `""`)); c.formula != "" && !empty {
			out.Kind = Uncached
		}
	}
	out.Formula = c.formula
	if out.Kind != Empty {
		out.Struck, out.PartStruck = text.strike(c.style.struck)
	}
	return out, nil
}
