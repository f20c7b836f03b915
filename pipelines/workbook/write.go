package workbook

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// look is how a written cell looks.
type look int

const (
	plainText look = iota
	titleText
	headText  // a heading of a table
	boxText   // a cell of a table
	inputText // a cell that the department fills in
	boxNumber
	inputNumber
	guideText // what is said of filling in
)

// sheetWriter writes cells of one sheet and keeps the first error.
type sheetWriter struct {
	f      *excelize.File
	sheet  string
	styles map[look]int
	err    error
}

func newSheetWriter(f *excelize.File, sheet string) *sheetWriter {
	return &sheetWriter{f: f, sheet: sheet, styles: map[look]int{}}
}

func (w *sheetWriter) do(err error) {
	if w.err == nil && err != nil {
		w.err = err
	}
}

func ref(row, col int) string { return fmt.Sprintf("%s%d", columnName(col), row+1) }

func (w *sheetWriter) put(row, col int, value any, l look) {
	if value != nil && value != "" {
		w.do(w.f.SetCellValue(w.sheet, ref(row, col), value))
	}
	w.do(w.f.SetCellStyle(w.sheet, ref(row, col), ref(row, col), w.style(l)))
}

func (w *sheetWriter) width(col int, width float64) {
	w.do(w.f.SetColWidth(w.sheet, columnName(col), columnName(col), width))
}

// height makes a row high enough for a number of lines.
func (w *sheetWriter) height(row, lines int) {
	const line, most = 15, 400 // points; Excel allows 409
	w.do(w.f.SetRowHeight(w.sheet, row+1, float64(min(line*max(lines, 1)+2, most))))
}

// lineCount is the number of lines that a text takes in a column of a width, a full-width character being two wide.
func lineCount(text string, width int) int {
	n := 0
	for _, line := range strings.Split(text, "\n") {
		n += max(1, (Columns(line)+width-3)/(width-2))
	}
	return n
}

// Columns is how wide a line is, in half-width characters.
func Columns(line string) int {
	wide := 0
	for _, r := range line {
		if wide++; r > 0xff {
			wide++
		}
	}
	return wide
}

func (w *sheetWriter) link(row, col int, sheet, cell string) {
	target := "'" + strings.ReplaceAll(sheet, "'", "''") + "'!" + cell
	w.do(w.f.SetCellHyperLink(w.sheet, ref(row, col), target, "Location"))
	st := cellStyle(boxText)
	st.Font.Color, st.Font.Underline = "0563C1", "single"
	id, err := w.f.NewStyle(st)
	w.do(err)
	w.do(w.f.SetCellStyle(w.sheet, ref(row, col), ref(row, col), id))
}

// page sets A4, one page wide, the table's heading on every page.
func (w *sheetWriter) page(landscape bool, headRow int) {
	size, wide, tall := 9, 1, 0
	orientation := "portrait"
	if landscape {
		orientation = "landscape"
	}
	fit := true
	w.do(w.f.SetSheetProps(w.sheet, &excelize.SheetPropsOptions{FitToPage: &fit}))
	w.do(w.f.SetPageLayout(w.sheet, &excelize.PageLayoutOptions{
		Size: &size, Orientation: &orientation, FitToWidth: &wide, FitToHeight: &tall,
	}))
	w.do(w.f.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Titles", Scope: w.sheet,
		RefersTo: fmt.Sprintf("'%s'!$%d:$%d", strings.ReplaceAll(w.sheet, "'", "''"), headRow+1, headRow+1),
	}))
	w.do(w.f.SetPanes(w.sheet, &excelize.Panes{
		Freeze: true, YSplit: headRow + 1, TopLeftCell: ref(headRow+1, 0), ActivePane: "bottomLeft",
	}))
}

// print keeps what is printed to the first columns and rows.
func (w *sheetWriter) print(columns, rows int) {
	w.do(w.f.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Area", Scope: w.sheet,
		RefersTo: fmt.Sprintf("'%s'!$A$1:$%s$%d", strings.ReplaceAll(w.sheet, "'", "''"), columnName(columns-1), rows),
	}))
}

func (w *sheetWriter) style(l look) int {
	if id, ok := w.styles[l]; ok {
		return id
	}
	id, err := w.f.NewStyle(cellStyle(l))
	w.do(err)
	w.styles[l] = id
	return id
}

func cellStyle(l look) *excelize.Style {
	st := &excelize.Style{
		Font:       &excelize.Font{Family: "游ゴシック", Size: bodySize},
		Alignment:  &excelize.Alignment{Vertical: "top", WrapText: l != plainText && l != titleText},
		Protection: &excelize.Protection{Locked: l != inputText && l != inputNumber},
	}
	if l == titleText {
		st.Font.Size, st.Font.Bold = 14, true
	}
	if l != plainText && l != titleText && l != guideText {
		for _, side := range []string{"left", "top", "right", "bottom"} {
			st.Border = append(st.Border, excelize.Border{Type: side, Color: "808080", Style: 1})
		}
	}
	switch l {
	case headText:
		st.Font.Bold, st.Alignment.Vertical, st.Alignment.Horizontal = true, "center", "center"
		st.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E7E6E6"}}
	case inputText, inputNumber:
		st.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"FFFFE0"}}
	}
	if l == boxNumber || l == inputNumber {
		st.Alignment.Horizontal = "right"
	}
	return st
}
