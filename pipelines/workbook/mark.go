package workbook

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"kyogikai/pipelines/limits"
)

// Note is something that a department has to look at: a cell of a sheet, a whole sheet (no cell), or the file.
type Note struct {
	Sheet, Cell string
	Kind        string // 誤り, 注意, 参考
	Found       string
	Text        string
}

// listSheet is the name of the sheet that lists the notes.
const listSheet = "差戻し票"

// Mark writes a copy of a workbook in which the cells in question are highlighted and commented, with a first sheet
// that lists the notes and links to them. data is not changed. A file that is no .xlsx or .xlsm is copied cell by cell
// (.xls, .csv), and one that cannot be opened within limits becomes the list alone. ext is the ending of the copy's
// name.
func Mark(
	name string, data []byte, within limits.Set, heading []string, notes []Note,
) (out []byte, ext string, err error) {
	f, ext, err := editable(name, data, within)
	if err != nil {
		return nil, "", err
	}
	defer f.Close() //nolint:errcheck // written to a buffer
	m := &marker{f: f, styles: map[[2]int]int{}}
	if err := m.addList(heading, notes); err != nil {
		return nil, "", fmt.Errorf("writing the list: %w", err)
	}
	for _, c := range byCell(notes) {
		if err := m.mark(c); err != nil {
			return nil, "", fmt.Errorf("marking %s %s: %w", c[0].Sheet, c[0].Cell, err)
		}
	}
	var buffer bytes.Buffer
	if err := f.Write(&buffer); err != nil {
		return nil, "", fmt.Errorf("writing the copy: %w", err)
	}
	return buffer.Bytes(), ext, nil
}

// editable opens a copy that can be written to.
func editable(name string, data []byte, within limits.Set) (*excelize.File, string, error) {
	wb, err := Open(name, data, within)
	if err != nil { // the list alone
		f := excelize.NewFile()
		return f, ".xlsx", f.SetSheetName("Sheet1", listSheet)
	}
	if isZip(data) {
		if f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
			UnzipSizeLimit: within.Unpacked, UnzipXMLSizeLimit: within.Part,
		}); err == nil {
			if len(f.GetSheetList()) > 0 {
				return f, strings.ToLower(path.Ext(name)), nil
			}
			_ = f.Close()
		}
	}
	f := excelize.NewFile()
	for i, s := range wb.Sheets {
		sheet := s.Name
		if sheet == "" {
			sheet = "CSV"
		}
		if i == 0 {
			err = f.SetSheetName("Sheet1", sheet)
		} else {
			_, err = f.NewSheet(sheet)
		}
		if err != nil {
			return nil, "", fmt.Errorf("copying sheet %s: %w", sheet, err)
		}
		if err := copySheet(f, sheet, s); err != nil {
			return nil, "", fmt.Errorf("copying sheet %s: %w", sheet, err)
		}
	}
	return f, ".xlsx", nil
}

func copySheet(f *excelize.File, sheet string, s *Sheet) error {
	var err error
	s.Each(func(row, col int, c Cell) {
		if err == nil {
			err = f.SetCellStr(sheet, s.Ref(row, col), c.Text)
		}
	})
	for _, m := range s.Merges {
		if err == nil {
			err = f.MergeCell(sheet, s.Ref(m.Top, m.Left), s.Ref(m.Bottom, m.Right))
		}
	}
	return err
}

// byCell groups the notes of each cell, in the order of the first.
func byCell(notes []Note) [][]Note {
	var out [][]Note
	for _, n := range notes {
		if n.Cell == "" {
			continue
		}
		i := slices.IndexFunc(out, func(g []Note) bool { return g[0].Sheet == n.Sheet && g[0].Cell == n.Cell })
		if i < 0 {
			out = append(out, []Note{n})
			continue
		}
		out[i] = append(out[i], n)
	}
	return out
}

type marker struct {
	f      *excelize.File
	styles map[[2]int]int // highlighted copies by style and colour
}

// colours of the highlights by kind: errors red, the rest yellow.
var colours = map[string]string{"誤り": "FFC7CE"}

// mark highlights a cell, keeping its number format and borders, and adds a comment to what is there.
func (m *marker) mark(notes []Note) error {
	sheet, cell := m.sheet(notes[0].Sheet), notes[0].Cell
	style, err := m.f.GetCellStyle(sheet, cell)
	if err != nil {
		return err
	}
	colour, red := "FFEB9C", 0
	text := ""
	for _, n := range notes {
		if c := colours[n.Kind]; c != "" {
			colour, red = c, 1
		}
		text += "［" + n.Kind + "］" + n.Text + "\n"
	}
	marked, ok := m.styles[[2]int{style, red}]
	if !ok {
		st, err := m.f.GetStyle(style)
		if err != nil {
			return err
		}
		// excelize writes its own alpha before a colour that has one already: such a file opens as damaged.
		for i := range st.Border {
			st.Border[i].Color = rgb(st.Border[i].Color)
		}
		if st.Font != nil {
			st.Font.Color = rgb(st.Font.Color)
		}
		st.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
		if marked, err = m.f.NewStyle(st); err != nil {
			return err
		}
		m.styles[[2]int{style, red}] = marked
	}
	if err := m.f.SetCellStyle(sheet, cell, cell, marked); err != nil {
		return err
	}
	old, err := m.f.GetComments(sheet)
	if err != nil {
		return err
	}
	for _, c := range old {
		if c.Cell == cell {
			text += "（元のコメント）" + strings.TrimSpace(commentText(c))
			if err := m.f.DeleteComment(sheet, cell); err != nil {
				return err
			}
		}
	}
	return m.f.AddComment(sheet, excelize.Comment{
		Author: "kyogikai", Cell: cell, Paragraph: []excelize.RichTextRun{{Text: strings.TrimSpace(text)}}, Width: 320,
		Height: 120,
	})
}

// commentText is what a comment says. What Excel writes is in runs of their own fonts, and nothing beside them.
func commentText(c excelize.Comment) string {
	text := c.Text
	for _, r := range c.Paragraph {
		text += r.Text
	}
	return text
}

// rgb is a colour without its alpha.
func rgb(colour string) string {
	if len(colour) == len("AARRGGBB") {
		return colour[2:]
	}
	return colour
}

// sheet is the name of a note's sheet in the copy: a CSV's has one there.
func (m *marker) sheet(name string) string {
	if name == "" {
		return "CSV"
	}
	return name
}

// addList writes the first sheet.
func (m *marker) addList(heading []string, notes []Note) error {
	f := m.f
	name := listSheet
	for i := 2; ; i++ {
		index, err := f.GetSheetIndex(name)
		if err != nil {
			return err
		}
		if index < 0 || len(f.GetSheetList()) == 1 && name == listSheet {
			break
		}
		name = fmt.Sprintf("%s%d", listSheet, i)
	}
	if _, err := f.NewSheet(name); err != nil {
		return err
	}
	if err := m.moveFirst(name); err != nil {
		return err
	}
	index, err := f.GetSheetIndex(name)
	if err != nil {
		return err
	}
	f.SetActiveSheet(index)
	w := newSheetWriter(f, name)
	m.writeList(w, heading, notes)
	return w.err
}

// moveFirst puts a sheet before the others. Names that belong to one sheet (print ranges) point to it by its number,
// which changes: they are taken away and given back.
func (m *marker) moveFirst(name string) error {
	first := m.f.GetSheetList()[0]
	if first == name {
		return nil
	}
	var own []excelize.DefinedName
	for _, n := range m.f.GetDefinedName() {
		if n.Scope == "" || n.Scope == "Workbook" {
			continue
		}
		n := n
		if err := m.f.DeleteDefinedName(&n); err != nil {
			return err
		}
		own = append(own, n)
	}
	if err := m.f.MoveSheet(name, first); err != nil {
		return err
	}
	for i := range own {
		if err := m.f.SetDefinedName(&own[i]); err != nil {
			return err
		}
	}
	return nil
}

// writeList writes the heading, then one line a note with a link to its cell.
func (m *marker) writeList(w *sheetWriter, heading []string, notes []Note) {
	for i, width := range []float64{5, 7, 18, 8, 24, 70} {
		w.width(i, width)
	}
	for i, line := range heading {
		look := plainText
		if i == 0 {
			look = titleText
		}
		w.put(i, 0, line, look)
	}
	top := len(heading) + 1
	for j, head := range []string{"番号", "区分", "シート", "セル", "記入されている内容", "確かめること・直し方"} {
		w.put(top, j, head, headText)
	}
	for i, n := range notes {
		row := top + 1 + i
		for j, v := range []any{i + 1, n.Kind, n.Sheet, n.Cell, n.Found, n.Text} {
			w.put(row, j, v, boxText)
		}
		w.height(row, max(lineCount(n.Found, 24), lineCount(n.Text, 70), lineCount(n.Sheet, 18)))
		if n.Cell != "" {
			w.link(row, 3, m.sheet(n.Sheet), n.Cell)
		}
	}
	w.page(true, top)
}
