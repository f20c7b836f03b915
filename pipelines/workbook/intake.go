package workbook

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Intake is a workbook that a department fills in.
type Intake struct {
	Sheets []IntakeSheet
}

// IntakeSheet is one form: lines above a table, the table with its rows filled in so far, notes below it.
type IntakeSheet struct {
	Name    string
	Form    string // the form's id, written into the workbook so that reading it back needs no guess
	Version string
	Record  string
	Lines   []string // the first is the title
	Columns []IntakeColumn
	Rows    [][]IntakeCell
	Spare   int // empty rows below the last
	Notes   []string

	Unprinted int // columns at the end that are not printed: what only the program needs
}

// IntakeColumn is a column of the table. Choices become a drop-down; Number asks for a number.
type IntakeColumn struct {
	Head    string
	Width   float64
	Choices []string
	Number  bool
}

// IntakeCell is a cell of a row. An open one is filled in by the department; Unit is what its number counts.
type IntakeCell struct {
	Text string
	Open bool
	Unit string
}

// identity is the hidden sheet that says which sheet is which form.
const identity = "_kyogikai"

// WriteIntake writes an intake workbook.
func WriteIntake(in Intake) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // written to a buffer
	for i, s := range in.Sheets {
		var err error
		if i == 0 {
			err = f.SetSheetName("Sheet1", s.Name)
		} else {
			_, err = f.NewSheet(s.Name)
		}
		if err != nil {
			return nil, fmt.Errorf("making sheet %s: %w", s.Name, err)
		}
		w := newSheetWriter(f, s.Name)
		w.intake(s)
		if w.err != nil {
			return nil, fmt.Errorf("writing sheet %s: %w", s.Name, w.err)
		}
	}
	if err := writeIdentity(f, in.Sheets); err != nil {
		return nil, fmt.Errorf("writing the form's identity: %w", err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		return nil, fmt.Errorf("writing the intake workbook: %w", err)
	}
	return out.Bytes(), nil
}

func writeIdentity(f *excelize.File, sheets []IntakeSheet) error {
	if _, err := f.NewSheet(identity); err != nil {
		return err
	}
	for i, s := range sheets {
		line := []any{s.Name, s.Form, s.Record, s.Version}
		if err := f.SetSheetRow(identity, ref(i, 0), &line); err != nil {
			return err
		}
	}
	f.SetActiveSheet(0)
	return f.SetSheetVisible(identity, false, true)
}

// Identities are the forms that an intake workbook says its sheets are: sheet → form id, record, version. Other
// workbooks say none.
func (wb *Workbook) Identities() map[string][3]string {
	out := map[string][3]string{}
	for _, s := range wb.Sheets {
		for i := 0; s.Name == identity && i < s.Rows; i++ {
			out[s.At(i, 0).Text] = [3]string{s.At(i, 1).Text, s.At(i, 2).Text, s.At(i, 3).Text}
		}
	}
	return out
}

// intake writes one sheet.
func (w *sheetWriter) intake(s IntakeSheet) {
	for i, line := range s.Lines {
		look := plainText
		if i == 0 {
			look = titleText
		}
		w.put(i, 0, line, look)
	}
	head := len(s.Lines) + 1
	for j, c := range s.Columns {
		w.put(head, j, c.Head, headText)
		w.width(j, c.Width)
	}
	lines := 1
	for _, c := range s.Columns {
		lines = max(lines, lineCount(c.Head, int(c.Width)))
	}
	w.height(head, lines)
	for i := range len(s.Rows) + s.Spare {
		w.intakeRow(s, head+1+i, i)
	}
	last := head + len(s.Rows) + s.Spare
	for i, note := range s.Notes {
		w.put(last+2+i, 0, note, plainText)
	}
	w.page(true, head)
	if s.Unprinted > 0 {
		w.print(len(s.Columns)-s.Unprinted, last+2+len(s.Notes))
	}
	w.do(w.f.ProtectSheet(s.Name, &excelize.SheetProtectionOptions{
		SelectLockedCells: true, SelectUnlockedCells: true, FormatColumns: true, FormatRows: true,
	}))
}

func (w *sheetWriter) intakeRow(s IntakeSheet, row, i int) {
	lines := 1
	for j, c := range s.Columns {
		cell := IntakeCell{Open: true}
		if i < len(s.Rows) {
			cell = s.Rows[i][j]
		}
		look := boxText
		if cell.Open {
			look = inputText
			w.validate(row, j, c, cell)
		}
		w.put(row, j, cell.Text, look)
		lines = max(lines, lineCount(cell.Text, int(c.Width)))
	}
	w.height(row, lines)
}

// validate gives a cell its drop-down, or asks for a number and says its unit.
func (w *sheetWriter) validate(row, col int, c IntakeColumn, cell IntakeCell) {
	v := excelize.NewDataValidation(true)
	v.Sqref = ref(row, col)
	switch {
	case len(c.Choices) > 0:
		w.do(v.SetDropList(c.Choices))
		v.SetError(excelize.DataValidationErrorStyleStop, c.Head, strings.Join(c.Choices, " ")+" のいずれかを選んでください。")
	case c.Number:
		const most = 1e15
		w.do(v.SetRange(-most, most, excelize.DataValidationTypeDecimal, excelize.DataValidationOperatorBetween))
		unit := ""
		if cell.Unit != "" && cell.Unit != "－" {
			unit = "（単位：" + cell.Unit + "）"
		}
		v.SetInput(c.Head, "数字だけを記入してください"+unit)
		v.SetError(excelize.DataValidationErrorStyleStop, c.Head, "数字だけを記入してください"+unit+"。値がないときは空欄にしてください。")
	default:
		return
	}
	w.do(w.f.AddDataValidation(w.sheet, v))
}
