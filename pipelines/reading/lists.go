package reading

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"kyogikai/pipelines/limits"
	"kyogikai/pipelines/warehouse"
	"kyogikai/pipelines/workbook"
)

// listsDir is where the lists of briefs stand: figures that no workbook holds, each file with its source in a first
// line that begins with #.
const listsDir = "templates/briefs"

// lists reads the CSV files beside the briefs. Two of one name, or one without a source, are refused: a figure must
// lead somewhere.
func lists(project fs.FS) ([]warehouse.List, error) {
	files, err := fs.Glob(project, listsDir+"/*.csv")
	if err != nil {
		return nil, fmt.Errorf("listing %s: %w", listsDir, err)
	}
	var out []warehouse.List
	for _, file := range files {
		data, err := fs.ReadFile(project, file)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", file, err)
		}
		wb, err := workbook.Open(path.Base(file), data, limits.Default())
		if err != nil {
			return nil, fmt.Errorf("%s を読めません: %w", file, err)
		}
		l, err := list(file, wb.Sheets[0])
		if err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}

func list(file string, s *workbook.Sheet) (warehouse.List, error) {
	l := warehouse.List{Name: strings.TrimSuffix(path.Base(file), ".csv"), Path: file}
	for i := range s.Rows {
		first := strings.TrimSpace(s.At(i, 0).Text)
		if strings.HasPrefix(first, "#") {
			l.Source += strings.TrimSpace(strings.TrimLeft(first, "# "))
			continue
		}
		var row []string
		blank := true
		for j := range s.Cols {
			text := strings.TrimSpace(s.At(i, j).Text)
			blank = blank && text == ""
			row = append(row, text)
		}
		switch {
		case blank:
		case l.Columns == nil:
			for len(row) > 0 && row[len(row)-1] == "" {
				row = row[:len(row)-1]
			}
			l.Columns = row
		default:
			l.Rows, l.Lines = append(l.Rows, row[:min(len(row), len(l.Columns))]), append(l.Lines, i+1)
		}
	}
	if l.Source == "" || len(l.Columns) == 0 {
		return l, fmt.Errorf("%s:1: 出典と見出しがありません。最初の行に「# 出典: …」、次の行に列の名前を書いてください", file)
	}
	return l, nil
}
