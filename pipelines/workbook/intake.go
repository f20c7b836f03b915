package workbook

import (
	"bytes"
	"fmt"

	"github.com/xuri/excelize/v2"
)

// Intake is a workbook that a department fills in.
type Intake struct {
	Sheets []IntakeSheet
}

// IntakeSheet is one form: lines above a table, what is said of filling it in, the table with its rows filled in so
// far, notes below it.
type IntakeSheet struct {
	Name    string
	Form    string // the form's id, written into the workbook so that reading it back needs no guess
	Version string
	Record  string
	Lines   []string // the first is the title
	Guide   []string // deadline, legend, how to fill in: the workbook itself says that these are no answers
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
	Least   float64 // what its width may become for print; 0 for three quarters of it
	Choices []string
	Number  bool
	Right   bool // what stands in it are numbers
	// NoValue says what to do where there is no value, to whoever types something else; "" for leaving it blank.
	NoValue string
}

// IntakeCell is a cell of a row. An open one is filled in by the department; Unit is what its number counts. A note
// hangs on the cell.
type IntakeCell struct {
	Text string
	Open bool
	Unit string
	Note string
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
		for _, text := range s.Guide {
			line = append(line, text)
		}
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
	wb.eachIdentity(func(s *Sheet, i int) {
		out[s.At(i, 0).Text] = [3]string{s.At(i, 1).Text, s.At(i, 2).Text, s.At(i, 3).Text}
	})
	return out
}

// Printed are the texts that an intake workbook says it has itself written beside the answers, by sheet.
func (wb *Workbook) Printed() map[string][]string {
	out := map[string][]string{}
	wb.eachIdentity(func(s *Sheet, i int) {
		for j := 4; j < s.Cols; j++ {
			if c := s.At(i, j); !c.Blank() {
				out[s.At(i, 0).Text] = append(out[s.At(i, 0).Text], c.Text)
			}
		}
	})
	return out
}

func (wb *Workbook) eachIdentity(row func(s *Sheet, i int)) {
	for _, s := range wb.Sheets {
		for i := 0; s.Name == identity && i < s.Rows; i++ {
			row(s, i)
		}
	}
}
