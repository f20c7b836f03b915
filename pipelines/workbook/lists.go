package workbook

import (
	"bytes"
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// List is a drop-down list: the cells of a sheet that have it, and what may be chosen there.
type List struct {
	Sheet   string
	Cells   []Range
	Choices []string
}

// mostChoices are the choices of a drop-down list that are looked at: what is longer is no list of answers.
const mostChoices = 60

// Lists are the drop-down lists of an .xlsx or .xlsm, those whose choices stand in the file: written into the list, or
// cells, also by a name. A file of another kind has none that can be read. The caller bounds time and memory.
func Lists(data []byte) ([]List, error) {
	if !bytes.HasPrefix(data, []byte("PK")) {
		return nil, nil
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("opening for its drop-down lists: %w", err)
	}
	defer func() { _ = f.Close() }()
	var out []List
	for _, sheet := range f.GetSheetList() {
		found, err := f.GetDataValidations(sheet)
		if err != nil {
			continue // a chart sheet has none
		}
		for _, v := range found {
			if v.Type != "list" {
				continue
			}
			l := List{Sheet: sheet, Choices: choicesOf(f, sheet, v.Formula1)}
			for _, ref := range strings.Fields(v.Sqref) {
				if r, ok := cellsAt(ref); ok {
					l.Cells = append(l.Cells, r)
				}
			}
			if len(l.Choices) > 0 && len(l.Cells) > 0 {
				out = append(out, l)
			}
		}
	}
	return out, nil
}

// choicesOf are the choices that the formula of a drop-down list names.
func choicesOf(f *excelize.File, sheet, formula string) []string {
	formula = html.UnescapeString(formula) // as the XML of the sheet has it
	formula = strings.TrimSpace(strings.TrimPrefix(formula, "="))
	if inner, ok := strings.CutPrefix(formula, `"`); ok {
		return choices(strings.Split(strings.TrimSuffix(inner, `"`), ","))
	}
	for _, n := range f.GetDefinedName() {
		if n.Name == formula {
			formula = n.RefersTo
			break
		}
	}
	if of, cells, elsewhere := strings.Cut(formula, "!"); elsewhere {
		sheet, formula = strings.Trim(of, "'"), cells
	}
	r, ok := cellsAt(formula)
	if !ok || (r.Bottom-r.Top+1)*(r.Right-r.Left+1) > mostChoices {
		return nil // INDIRECT, OFFSET: what they give depends on other cells
	}
	var out []string
	for row := r.Top; row <= r.Bottom; row++ {
		for col := r.Left; col <= r.Right; col++ {
			name, err := excelize.CoordinatesToCellName(col+1, row+1)
			if err != nil {
				continue
			}
			if text, err := f.GetCellValue(sheet, name); err == nil {
				out = append(out, text)
			}
		}
	}
	return choices(out)
}

// choices are texts without blanks, each once.
func choices(texts []string) []string {
	var out []string
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" && !slices.Contains(out, t) && len(out) < mostChoices {
			out = append(out, t)
		}
	}
	return out
}
