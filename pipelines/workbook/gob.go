package workbook

import (
	"bytes"
	"encoding/gob"
	"fmt"
)

// sheetState is a settled sheet on its way from one process to another.
type sheetState struct {
	Name                   string
	Hidden, Flipped        bool
	Rows, Cols             int
	HiddenRows, HiddenCols map[int]bool
	Merges                 []Range
	LongRows               []int
	Cells                  []cellState
}

type cellState struct {
	Row, Col int
	Cell     Cell
}

// GobEncode writes a sheet with its cells.
func (s *Sheet) GobEncode() ([]byte, error) {
	state := sheetState{
		Name: s.Name, Hidden: s.Hidden, Flipped: s.flipped, Rows: s.Rows, Cols: s.Cols, HiddenRows: s.HiddenRows,
		HiddenCols: s.HiddenCols, Merges: s.Merges, LongRows: s.LongRows, Cells: make([]cellState, len(s.cells)),
	}
	for i, c := range s.cells {
		state.Cells[i] = cellState{c.row, c.col, c.Cell}
	}
	var out bytes.Buffer
	if err := gob.NewEncoder(&out).Encode(state); err != nil {
		return nil, fmt.Errorf("encoding a sheet: %w", err)
	}
	return out.Bytes(), nil
}

// GobDecode reads what GobEncode has written.
func (s *Sheet) GobDecode(data []byte) error {
	var state sheetState
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&state); err != nil {
		return fmt.Errorf("decoding a sheet: %w", err)
	}
	*s = *newSheet(state.Name)
	s.Hidden, s.flipped, s.LongRows = state.Hidden, state.Flipped, state.LongRows
	for row := range state.HiddenRows {
		s.HiddenRows[row] = true
	}
	for col := range state.HiddenCols {
		s.HiddenCols[col] = true
	}
	for _, c := range state.Cells {
		s.add(c.Row, c.Col, c.Cell)
	}
	s.Rows, s.Cols, s.Merges = state.Rows, state.Cols, state.Merges
	s.settle()
	return nil
}
