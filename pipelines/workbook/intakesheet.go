package workbook

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// intake writes one sheet.
func (w *sheetWriter) intake(s IntakeSheet) {
	for i, line := range s.Lines {
		look := plainText
		if i == 0 {
			look = titleText
		}
		w.put(i, 0, line, look)
	}
	printed := len(s.Columns) - s.Unprinted
	paper, widths, pages := fitPaper(s.Columns[:printed])
	for _, c := range s.Columns[printed:] {
		widths = append(widths, c.Width)
	}
	s.Columns = slices.Clone(s.Columns)
	for j := range s.Columns {
		w.width(j, widths[j])
		s.Columns[j].Width = widths[j]
	}
	w.guide(s)
	head := len(s.Lines) + len(s.Guide) + 1
	lines := 1
	for j, c := range s.Columns {
		w.put(head, j, c.Head, headText)
		lines = max(lines, lineCount(c.Head, int(c.Width)))
	}
	w.tall(head, lines)
	for i := range len(s.Rows) + s.Spare {
		w.intakeRow(s, head+1+i, i)
	}
	for j := range s.Columns {
		w.validate(s, head+1, j)
	}
	last := head + len(s.Rows) + s.Spare
	for i, note := range s.Notes {
		w.put(last+2+i, 0, note, plainText)
	}
	w.page(true, head)
	w.printOn(paper, pages)
	if s.Unprinted > 0 {
		w.print(printed, last+2+len(s.Notes))
	}
	w.do(w.f.ProtectSheet(s.Name, &excelize.SheetProtectionOptions{
		SelectLockedCells: true, SelectUnlockedCells: true, FormatColumns: true, FormatRows: true, InsertRows: true,
	}))
}

// guide writes what is said of filling in, each line as wide as the table.
func (w *sheetWriter) guide(s IntakeSheet) {
	wide := 0.0
	for _, c := range s.Columns {
		wide += c.Width
	}
	for i, line := range s.Guide {
		row := len(s.Lines) + i
		w.put(row, 0, line, guideText)
		if n := len(s.Columns); n > 1 {
			w.do(w.f.MergeCell(w.sheet, ref(row, 0), ref(row, n-1)))
		}
		w.tall(row, lineCount(line, int(wide)))
	}
}

// tall makes a row high enough for a number of lines of the size and font of the cells.
func (w *sheetWriter) tall(row, lines int) {
	const line, most = 17, 400 // points; Excel allows 409
	w.do(w.f.SetRowHeight(w.sheet, row+1, float64(min(line*max(lines, 1)+2, most))))
}

func (w *sheetWriter) intakeRow(s IntakeSheet, row, i int) {
	lines := 1
	for j, c := range s.Columns {
		cell := s.cell(i, j)
		look := boxText
		switch {
		case cell.Open && c.Right:
			look = inputNumber
		case cell.Open:
			look = inputText
		case c.Right:
			look = boxNumber
		}
		w.put(row, j, cell.value(c), look)
		if cell.Note != "" {
			w.note(row, j, cell.Note)
		}
		lines = max(lines, lineCount(cell.Text, int(c.Width)))
	}
	w.tall(row, lines)
}

// cell is a cell of the table; in the rows below the last all are open.
func (s IntakeSheet) cell(i, j int) IntakeCell {
	if i < len(s.Rows) {
		return s.Rows[i][j]
	}
	return IntakeCell{Open: true}
}

// plainDecimal is a number that a cell shows just as it is written, up to so many characters: of more, a narrow column
// shows 1.2E+08.
var plainDecimal = regexp.MustCompile(`^-?(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?$`)

const shownWhole = 7

// value is what is put into a cell: a number where that is shown as the text is, else the text.
func (c IntakeCell) value(column IntakeColumn) any {
	if column.Right && len(c.Text) <= shownWhole && plainDecimal.MatchString(c.Text) {
		if n, err := strconv.ParseFloat(c.Text, 64); err == nil {
			return n
		}
	}
	return c.Text
}

// note hangs a note on a cell, large enough to be read whole.
func (w *sheetWriter) note(row, col int, text string) {
	const wide, line = 260, 22 // pixels
	w.do(w.f.AddComment(w.sheet, excelize.Comment{
		Cell: ref(row, col), Author: "kyogikai", Text: text, Width: wide, Height: uint(line * (lineCount(text, wide/8) + 1)),
	}))
}

// validate gives the open cells of a column their drop-down, or asks for a number and says its unit. What holds for
// cells below each other is one range, so that a row that is inserted between them has it too.
func (w *sheetWriter) validate(s IntakeSheet, top, col int) {
	c := s.Columns[col]
	if len(c.Choices) == 0 && !c.Number {
		return
	}
	var units []string
	rows := map[string][]int{}
	for i := range len(s.Rows) + s.Spare {
		cell := s.cell(i, col)
		if !cell.Open {
			continue
		}
		unit := ""
		if c.Number && cell.Unit != "－" {
			unit = cell.Unit
		}
		if !slices.Contains(units, unit) {
			units = append(units, unit)
		}
		rows[unit] = append(rows[unit], top+i)
	}
	for _, unit := range units {
		w.do(w.f.AddDataValidation(w.sheet, w.validation(c, unit, ranges(rows[unit], col))))
	}
}

// ranges are the cells of a column in some rows, those below each other as one.
func ranges(rows []int, col int) string {
	var out []string
	for k := 0; k < len(rows); {
		n := 1
		for k+n < len(rows) && rows[k+n] == rows[k]+n {
			n++
		}
		at := ref(rows[k], col)
		if n > 1 {
			at += ":" + ref(rows[k+n-1], col)
		}
		out = append(out, at)
		k += n
	}
	return strings.Join(out, " ")
}

// longestTitle and longestMessage are how many characters Excel takes for the title of a message and the message; a
// workbook with longer ones is damaged to it.
const longestTitle, longestMessage = 32, 225

// validation is what the cells of a column accept.
func (w *sheetWriter) validation(c IntakeColumn, unit, cells string) *excelize.DataValidation {
	v := excelize.NewDataValidation(true)
	v.Sqref = cells
	title := c.Head
	if r := []rune(title); len(r) > longestTitle {
		title = string(r[:longestTitle])
	}
	if len(c.Choices) > 0 {
		w.do(v.SetDropList(c.Choices))
		says := strings.Join(c.Choices, " ") + " のいずれかを選んでください。" + c.NoValue
		if len([]rune(says)) > longestMessage {
			says = "一覧から選んでください。" + c.NoValue
		}
		v.SetError(excelize.DataValidationErrorStyleStop, title, says)
		return v
	}
	const most = 1e15
	w.do(v.SetRange(-most, most, excelize.DataValidationTypeDecimal, excelize.DataValidationOperatorBetween))
	if unit != "" {
		unit = "（単位：" + unit + "）"
	}
	v.SetInput(title, "数字だけを記入してください"+unit)
	v.SetError(excelize.DataValidationErrorStyleStop, title,
		"数字だけを記入してください"+unit+"。"+cmp.Or(c.NoValue, "値がないときは空欄にしてください。"))
	return v
}
