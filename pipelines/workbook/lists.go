package workbook

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
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

var cellsOfSheet = regexp.MustCompile(`^(?:'?([^'!]+)'?!)?\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?$`)

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
				from, to, two := strings.Cut(ref, ":")
				if !two {
					to = from
				}
				top, left, ok1 := address(from)
				bottom, right, ok2 := address(to)
				if ok1 && ok2 {
					l.Cells = append(l.Cells, Range{top, left, bottom, right})
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
	m := cellsOfSheet.FindStringSubmatch(formula)
	if m == nil {
		return nil // INDIRECT, OFFSET: what they give depends on other cells
	}
	if m[1] != "" {
		sheet = m[1]
	}
	top, left, ok1 := address(m[2] + m[3])
	bottom, right := top, left
	if m[4] != "" {
		var ok2 bool
		bottom, right, ok2 = address(m[4] + m[5])
		ok1 = ok1 && ok2
	}
	if !ok1 || (bottom-top+1)*(right-left+1) > mostChoices {
		return nil
	}
	var out []string
	for row := top; row <= bottom; row++ {
		for col := left; col <= right; col++ {
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
